// Lets the worker fetch what comes after this page, unless somebody pays for every byte.
(() => {
  if (!('serviceWorker' in navigator) || navigator.connection?.saveData) return;

  // As Flutter's own start script chooses: a Chromium that compiles and decodes gets the lean engine.
  function lean() {
    const garbage = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 95, 1, 120, 0];
    return (navigator.vendor === 'Google Inc.' || navigator.userAgent.includes('Edg/'))
      && 'ImageDecoder' in window && 'v8BreakIterator' in Intl && 'Segmenter' in Intl
      && WebAssembly.validate(new Uint8Array(garbage));
  }

  addEventListener('load', async () => {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ warm: lean() ? 'lean' : 'full' });
  });
})();
