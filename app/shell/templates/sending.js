// Says it in words when a form does not get through, in place of the browser's own page, which would
// take what was typed with it. The worker tells when the network failed; a server may also be silent.
(() => {
  const PATIENCE = 10000;
  const line = document.getElementById('unsent');
  let button = null, timer = null;

  function tell() {
    clearTimeout(timer);
    button.before(line);
    line.hidden = false;
    line.textContent = line.dataset.words;
    line.scrollIntoView({ block: 'nearest' });
    button = null;
  }

  addEventListener('submit', (event) => {
    const { target: form, submitter } = event;
    if (form.method !== 'post') return;
    button = submitter ?? form.querySelector('button');
    line.hidden = true;
    if (navigator.onLine) {
      timer = setTimeout(tell, PATIENCE);
    } else {
      event.preventDefault();
      tell();
    }
  });
  addEventListener('pagehide', () => clearTimeout(timer));
  navigator.serviceWorker?.addEventListener('message', ({ data }) => { if (data?.unsent && button) tell(); });
  navigator.serviceWorker?.startMessages();
})();
