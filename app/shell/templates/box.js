// Covers the box of a chat with one of the same look while there is no connection: what is typed into
// the canvas reaches nobody then. Where the box lies, and of which thread it is, the canvas says itself.
(() => {
  const MOMENT = 2000, PAUSE = 400, LOOK = 250;
  const CARD = 'flutter.handrail.card', LETTERS = 'handrail-letters';
  const box = document.getElementById('box');
  const [field, list, line] = ['textarea', 'ul', '[role=status]'].map((each) => box.querySelector(each));
  const fresh = document.getElementById('waits');
  const { letterbox } = box.dataset;
  let lost = false, timer = null, looking = null, place = null, begun = '', draft = null, saving = null;
  // One thing after the other, or a text that was sent could be kept once more.
  let work = Promise.resolve();

  // For the pages that know neither the language of the reader nor who they are.
  function remember(name, what) {
    try { localStorage.setItem(name, JSON.stringify(what)); } catch { /* they then say nothing */ }
  }

  const spot = () => document.querySelector('[flt-semantics-identifier^="box "]');
  const then = (act) => { work = work.then(act).catch(() => { line.textContent = line.dataset.unkept; }); return work; };

  function follow() {
    const node = spot();
    const [, thread, seen] = node?.getAttribute('flt-semantics-identifier').split(' ') ?? [];
    const here = thread === place.thread;
    box.hidden = !here;
    if (here && !lost) place.seen = Number(seen);
    if (!here && !lost) leave();
    if (!here) return;
    const { left, bottom, width } = node.getBoundingClientRect();
    Object.assign(box.style, { left: `${left}px`, width: `${width}px`, bottom: `${Math.max(0, innerHeight - bottom)}px` });
    node.inert = true;
  }

  async function cover() {
    timer = null;
    const node = spot();
    if (place || !node || !window.outbox.mark() || !crypto.subtle) return;
    const [, thread, seen] = node.getAttribute('flt-semantics-identifier').split(' ');
    place = { letterbox, thread, seen: Number(seen) };
    const theirs = node.querySelector('textarea, input');
    const at = theirs === document.activeElement;
    begun = theirs ? await window.wordsIn(theirs) : '';
    if (!lost) return uncover();
    field.value = begun;
    // Two of one name at the same time would be one too many, also for what puts words back.
    field.setAttribute('aria-label', field.dataset.apart);
    line.textContent = line.dataset.lost;
    remember('handrail-waiting', { stay: box.dataset.stay, gone: box.dataset.gone });
    box.querySelector('.muted').textContent = document.querySelector('[flt-semantics-identifier="readers"]')?.textContent ?? '';
    follow();
    looking = setInterval(follow, LOOK);
    if (at) field.focus();
    else theirs?.blur();
  }

  function uncover() {
    clearInterval(looking);
    const at = document.activeElement === field, node = spot();
    box.hidden = true;
    place = null;
    field.value = '';
    field.removeAttribute('aria-label');
    list.replaceChildren();
    if (node) node.inert = false;
    if (at) node?.querySelector('textarea, input')?.focus();
  }

  // What somebody changed here stays until they have sent it, or taken it out again.
  function uncoverIfDone() {
    if (!place || lost || list.childElementCount || (field.value !== begun && field.value.trim())) return;
    then(keepDraft).then(uncover);
  }

  // They went to another screen: what they wrote is asked about when they come back to the chat.
  function leave() {
    clearInterval(looking);
    then(keepDraft).then(() => {
      draft = null;
      uncover();
      window.outbox.post();
    });
  }

  // What is not sent yet outlives this page, too.
  async function keepDraft() {
    clearTimeout(saving);
    const text = field.value.trim(), id = draft;
    if (!place) return;
    if (text && text !== begun.trim()) {
      draft = await window.outbox.keep(text, { ...place, seen: null, id });
    } else if (id) {
      draft = null;
      await window.outbox.drop(id);
    }
  }

  async function send(text) {
    const row = fresh.content.cloneNode(true);
    row.querySelector('span').textContent = text;
    await window.outbox.keep(text, { ...place, id: draft });
    draft = null;
    list.append(row);
    list.lastElementChild.scrollIntoView({ block: 'nearest' });
    if (!lost) window.outbox.post();
  }

  box.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(saving);
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    begun = '';
    then(() => send(text).catch((error) => { field.value ||= text; throw error; }));
  });
  field.addEventListener('input', () => {
    clearTimeout(saving);
    saving = setTimeout(() => then(keepDraft).then(uncoverIfDone), PAUSE);
  });
  addEventListener('connection', ({ detail }) => {
    lost = detail === 'lost';
    if (lost) {
      timer ??= setTimeout(cover, MOMENT);
    } else {
      clearTimeout(timer);
      timer = null;
      line.textContent = '';
      uncoverIfDone();
    }
  });
  addEventListener('unsent', () => {
    clearTimeout(timer);
    if (lost) cover();
  });
  addEventListener('posted', async () => {
    const waiting = await window.outbox.all().catch(() => []);
    if (waiting.some(({ id }) => id !== draft)) return;
    list.replaceChildren();
    uncoverIfDone();
  });
  addEventListener('refused', (event) => {
    const { words, text } = event.detail, told = document.createElement('p');
    if (place) {
      event.preventDefault();
      line.textContent = words;
      field.value = [text, field.value].filter(Boolean).join('\n');
    } else {
      told.textContent = words;
      document.getElementById('away').replaceChildren(told);
    }
  });

  // A message that is written before the app can open is asked about when others wrote after this.
  function rememberSeen() {
    const [, thread, seen] = spot()?.getAttribute('flt-semantics-identifier').split(' ') ?? [];
    const mark = window.outbox.mark();
    if (!mark || !localStorage.getItem(CARD)) return;
    const known = JSON.parse(localStorage.getItem(LETTERS) ?? '{}');
    const last = thread ? { thread, seen: Number(seen) } : { thread: known.thread, seen: known.seen };
    remember(LETTERS, { letterbox, mark, ...last });
    remember('handrail-waiting', { stay: box.dataset.stay, gone: box.dataset.gone });
  }
  for (const moment of ['posted', 'pagehide']) addEventListener(moment, rememberSeen);
  document.addEventListener('visibilitychange', rememberSeen);

  window.outbox.held = () => (box.hidden ? null : draft);
  const keepWords = window.keepWords;
  window.keepWords = async () => {
    if (place) await then(keepDraft);
    await keepWords();
  };
})();
