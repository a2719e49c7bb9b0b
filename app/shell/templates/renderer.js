// Which files of the engine this browser will ask for, as Flutter's own start script chooses: a name
// in the list of files. A Chromium that draws on a graphics card and compiles what is collected by
// itself gets the lean engine; Safari and Firefox the full one.
window.renderer = () => {
  const garbage = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 95, 1, 120, 0];
  const blink = navigator.vendor === 'Google Inc.' || navigator.userAgent.includes('Edg/');
  const equipped = blink && 'ImageDecoder' in window && 'v8BreakIterator' in Intl && 'Segmenter' in Intl;

  function draws() {
    const canvas = document.createElement('canvas');
    const card = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
    card?.getExtension('WEBGL_lose_context')?.loseContext();
    return Boolean(card);
  }

  const compiles = WebAssembly.validate(new Uint8Array(garbage));
  if (window.flet?.webRenderer !== 'canvaskit' && blink && compiles && draws()) return equipped ? 'lean' : 'heavy';
  return equipped ? 'chromium' : 'full';
};
