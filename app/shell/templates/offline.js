// Opens the address again as soon as somebody answers there. Each time that was not true after all,
// the next try waits longer: a page that keeps loading itself would eat battery and data.
(() => {
  const FIRST = 2000, LONGEST = 60000, FORGOTTEN = 600000, PATIENCE = 8000, KEPT = 'handrail-offline';
  let waiting = 0, timer = null, asking = false;

  function opened() {
    try {
      const [times, last] = JSON.parse(sessionStorage.getItem(KEPT)) ?? [0, 0];
      return Date.now() - last < FORGOTTEN ? times : 0;
    } catch { return 0; }
  }

  function open() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify([opened() + 1, Date.now()]));
    } catch { /* the first wait is long enough to be no storm */ }
    if (location.pathname === '/offline') location.replace('/');
    else location.reload();
  }

  const later = (wait) => { clearTimeout(timer); timer = setTimeout(ask, wait); };

  async function ask() {
    if (asking || window.left) return;
    asking = true;
    const there = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout?.(PATIENCE) })
      .then(({ ok }) => ok, () => false);
    asking = false;
    if (there) return open();
    waiting = Math.min(LONGEST, (waiting || FIRST) * 2);
    later(waiting * (0.75 + Math.random() / 2));
  }

  addEventListener('DOMContentLoaded', () => {
    const said = document.getElementById('said');
    document.getElementById('again').addEventListener('click', async (event) => {
      event.preventDefault();
      said.textContent = '';
      await ask();
      said.textContent = said.dataset.still;
    });
  });
  addEventListener('online', () => { waiting = 0; later(Math.random() * 500); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) later(0); });
  later(Math.min(LONGEST, FIRST * 2 ** opened()));
})();
