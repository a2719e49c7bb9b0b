// Says it when the connection is gone for more than a moment, and takes it back at once.
(() => {
  const MOMENT = 2000;
  const box = document.getElementById('away');
  const words = document.getElementById('away-words');
  let timer = null;

  function show() {
    const corner = document.querySelector('header.corner').getBoundingClientRect();
    box.style.insetBlockStart = `${corner.bottom}px`;
    box.replaceChildren(words.content.cloneNode(true));
  }

  addEventListener('connection', ({ detail }) => {
    if (detail === 'lost') {
      timer ??= setTimeout(show, MOMENT);
    } else {
      clearTimeout(timer);
      timer = null;
      box.replaceChildren();
    }
  });
})();
