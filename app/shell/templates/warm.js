// Registers the worker, which keeps a page for times without network, and lets it fetch the engine
// while somebody still reads and types, unless somebody pays for every byte.
(() => {
  if (!('serviceWorker' in navigator)) return;
  const keepOnly = 'keepOnly' in document.currentScript.dataset || navigator.connection?.saveData;

  // As Flutter's own start script chooses: a Chromium that compiles and decodes gets the lean engine.
  function lean() {
    const garbage = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 95, 1, 120, 0];
    return (navigator.vendor === 'Google Inc.' || navigator.userAgent.includes('Edg/'))
      && 'ImageDecoder' in window && 'v8BreakIterator' in Intl && 'Segmenter' in Intl
      && WebAssembly.validate(new Uint8Array(garbage));
  }

  async function start() {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    // The way to help says in which language, and for which country.
    active.postMessage({ keep: document.querySelector('.corner a[href^="/help"]')?.search ?? '' });
    if (!keepOnly) active.postMessage({ warm: lean() ? 'lean' : 'full' });
  }

  // Where the engine itself is loading, nothing else may stand in its way.
  const settled = 'flet' in window ? 'flutter-first-frame' : 'load';
  addEventListener(settled, () => start().catch(() => {}), { once: true });
})();
