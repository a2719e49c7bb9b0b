// Says it when the connection is gone for more than a moment, at once to who presses something
// meanwhile, and takes it back when it is there again.
(() => {
  const MOMENT = 2000;
  const box = document.getElementById('away');
  let timer = null;

  function show(id) {
    const words = document.getElementById(id);
    const corner = document.querySelector('header.corner').getBoundingClientRect();
    box.style.insetBlockStart = `${corner.bottom}px`;
    box.replaceChildren(words.content.cloneNode(true));
  }

  addEventListener('connection', ({ detail }) => {
    if (detail === 'lost') {
      timer ??= setTimeout(show, MOMENT, 'away-words');
    } else {
      clearTimeout(timer);
      timer = null;
      box.replaceChildren();
    }
  });
  addEventListener('unsent', () => {
    clearTimeout(timer);
    timer ??= true;
    show('unsent-words');
  });
})();
