// A page restored from the browser's memory would show what was on it before somebody signed out,
// and WebKit restores a Flutter page frozen.
addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });

addEventListener('DOMContentLoaded', () => {
  const show = (id) => document.getElementById(id)?.removeAttribute('hidden');
  if (!('WebAssembly' in window) || !('WebSocket' in window)) show('old');
  else setTimeout(() => show('slow'), 8000);
});

// Flutter builds its tree for screen readers only after a hidden button was pressed, on phones at
// its very centre.
addEventListener('flutter-first-frame', () => {
  let tries = 0;
  const timer = setInterval(() => {
    const button = document.querySelector('flt-semantics-placeholder');
    if (button) {
      const box = button.getBoundingClientRect();
      button.dispatchEvent(new MouseEvent('click', {
        bubbles: true, clientX: box.left + box.width / 2, clientY: box.top + box.height / 2,
      }));
    }
    if (button || ++tries > 50) clearInterval(timer);
  }, 100);
}, { once: true });
