// Shows what somebody chose to keep on this device for times without network, and takes a message that
// is sent later. Not to whoever comes after somebody who left in a hurry.
(() => {
  const kept = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
  const add = (to, kind, text, more = {}) => {
    to.append(Object.assign(document.createElement(kind), { textContent: text, ...more }));
    return to.lastElementChild;
  };

  function show(place, card) {
    Object.assign(place, { lang: card.lang, dir: card.dir });
    add(place, 'h2', card.title);
    add(place, 'p', card.age, { className: 'muted' });
    card.lines.forEach((line) => add(place, 'p', line));
    if (card.dial) {
      add(add(place, 'p', ''), 'a', card.call, { className: 'button', href: `tel:${card.dial}`, dir: 'auto' });
    }
  }

  // Only after this phone has been in the app with the card: it then knows for whom to seal.
  function write(place, { thread, words }, to, told) {
    const form = add(place, 'form', '');
    add(form, 'p', words.readers, { className: 'muted' });
    const label = add(form, 'label', words.message);
    const field = add(label, 'textarea', '', { rows: 3, maxLength: 20000, dir: 'auto' });
    add(form, 'button', words.send);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      field.value = '';
      const seen = to.thread === thread ? to.seen : 0;
      try {
        await window.outbox.keep(text, { letterbox: to.letterbox, mark: to.mark, thread, seen });
        tell(told);
      } catch {
        field.value = text;
        told.textContent = words.unkept;
      }
    });
  }

  async function tell(told) {
    const letters = await window.outbox.all().catch(() => []);
    told.textContent = letters.length ? kept('handrail-waiting')?.stay ?? '' : '';
  }

  addEventListener('DOMContentLoaded', () => {
    const place = document.getElementById('kept'), card = kept('flutter.handrail.card');
    const to = kept('handrail-letters');
    if (document.cookie.includes('handrail-left=')) return;
    const told = document.createElement('p');
    told.setAttribute('role', 'status');
    tell(told).then(() => { place.hidden &&= !told.textContent; });
    try {
      const mine = card && JSON.parse(card);
      if (mine) {
        show(place, mine);
        if (to && mine.write && crypto.subtle) write(place, mine.write, to, told);
        place.hidden = false;
      }
    } catch { /* the numbers for help are there */ }
    place.append(told);
  });
})();
