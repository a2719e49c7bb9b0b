// Covers the screen when nobody has used this device for the time the server named, tells the server,
// and goes to the page that unlocks it. What came too late, a touch after the night, does nothing.
(() => {
  const KEPT = 'handrail-active', TELL = 15000, SHARE = 5000;
  const DEEDS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove', 'click', 'input'];
  let minutes = 0, last = Date.now(), told = 0, shared = 0, over = false;

  const cover = (on) => document.documentElement.classList.toggle('covered', on);

  // Another tab of this device may be in use.
  function latest() {
    try { return Math.max(last, Number(localStorage.getItem(KEPT))); } catch { return last; }
  }

  async function lock(tell) {
    if (over || window.left) return;
    over = true;
    cover(true);
    if (tell) {
      const patience = AbortSignal.timeout?.(2000);
      await fetch('/lock', { method: 'POST', keepalive: true, signal: patience }).catch(() => {});
    }
    location.replace('/locked?next=' + encodeURIComponent(location.pathname + location.search));
  }

  function check() {
    const idle = Date.now() - latest();
    if (minutes && (idle > minutes * 60000 || idle < -60000)) lock(true);
    return over;
  }

  function did(event) {
    if (check()) return event.stopImmediatePropagation();
    last = Date.now();
    if (last - told > TELL) {
      told = last;
      dispatchEvent(new Event('somebody'));
    }
    if (last - shared > SHARE) {
      shared = last;
      try { localStorage.setItem(KEPT, String(last)); } catch { /* this tab knows it still */ }
    }
  }

  DEEDS.forEach((deed) => addEventListener(deed, did, { capture: true, passive: true }));
  addEventListener('lock-minutes', (event) => { minutes = event.detail; check(); });
  addEventListener('locked', () => lock(false));
  // Out of sight it is covered: a browser shows its last picture first when the page comes back.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) cover(true);
    else if (!check()) cover(false);
  });
  addEventListener('pagehide', () => cover(true));
  addEventListener('focus', check);
  setInterval(check, 1000);
})();
