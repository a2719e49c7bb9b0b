// Leaves at once: what is on the screen goes first, then the page itself, also out of the history.
// Without network the neutral site would be the browser's error page: the worker has an empty one.
// Nothing here waits for a network or for our server; without script the link alone still leads away.
// The server learns it from the beacon, or from the cookie when it is asked for the next page.
(() => {
  const PRESSES = 3, PAUSE = 1500;
  let presses = 0, last = 0;

  function leave() {
    const site = document.getElementById('exit')?.href ?? '/blank';
    const installed = matchMedia('(display-mode: standalone)').matches || navigator.standalone;
    window.left = true;
    document.title = '';
    document.body?.replaceChildren();
    const secure = location.protocol === 'https:' ? '; secure' : '';
    document.cookie = `handrail-left=1; path=/; samesite=strict${secure}`;
    navigator.sendBeacon?.('/lock');
    const alone = !navigator.onLine && navigator.serviceWorker?.controller;
    location.replace(installed || alone ? '/blank' : site);
  }

  // Back would restore the emptied page from memory; asked for again, it is the locked one.
  addEventListener('pageshow', (event) => { if (event.persisted && window.left) location.reload(); });

  addEventListener('click', (event) => {
    if (!event.target.closest?.('#exit')) return;
    event.preventDefault();
    leave();
  }, true);

  // Three times Shift and nothing in between: writing capital letters is no wish to leave.
  addEventListener('keydown', (event) => {
    if (event.key === ' ' && event.target.id === 'exit') {
      event.preventDefault();
      leave();
    } else if (event.key !== 'Shift' || event.repeat) {
      presses = event.repeat ? presses : 0;
    } else {
      presses = event.timeStamp - last > PAUSE ? 1 : presses + 1;
      last = event.timeStamp;
      if (presses === PRESSES) leave();
    }
  }, true);
})();
