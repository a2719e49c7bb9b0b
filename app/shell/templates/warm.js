// Registers the worker, which keeps a page for times without network, and lets it fetch the engine
// while somebody still reads and types, unless somebody pays for every byte.
(() => {
  if (!('serviceWorker' in navigator)) return;
  const keepOnly = 'keepOnly' in document.currentScript.dataset || navigator.connection?.saveData;

  async function start() {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    // The way to help says in which language, and for which country.
    active.postMessage({ keep: document.querySelector('.corner a[href^="/help"]')?.search ?? '' });
    if (!keepOnly) active.postMessage({ warm: window.renderer() });
  }

  // After an upgrade the new worker takes over from the one that was asked.
  if (navigator.serviceWorker.controller) {
    navigator.serviceWorker.addEventListener('controllerchange', () => start().catch(() => {}), { once: true });
  }

  // Where the engine itself is loading, nothing else may stand in its way.
  const settled = 'flet' in window ? 'flutter-first-frame' : 'load';
  addEventListener(settled, () => start().catch(() => {}), { once: true });
})();
