// The look that somebody chose on this device: around the canvas from the first moment, and told to
// the server with every socket, so that its first drawing has it too. Flutter keeps it as JSON.
(() => {
  const BEFORE = 'flutter.handrail.';

  function kept(name) {
    try {
      return JSON.parse(localStorage.getItem(BEFORE + name));
    } catch {
      return null;
    }
  }

  function dress() {
    const root = document.documentElement;
    root.dataset.look = kept('look') ?? 'device';
    root.toggleAttribute('data-calm', Boolean(kept('calm')));
    root.style.setProperty('--text', Number(kept('text_percent') ?? 100) / 100);
  }

  window.wishes = () => new URLSearchParams({
    look: kept('look') ?? 'device',
    calm: kept('calm') ? 1 : 0,
    text: kept('text_percent') ?? 100,
    more: matchMedia('(prefers-contrast: more)').matches ? 1 : 0,
    hidden: document.hidden ? 1 : 0,
    still: matchMedia('(prefers-reduced-motion: reduce)').matches ? 1 : 0,
  });

  // Only other windows are told of a change; this one has to look for itself.
  const keep = Storage.prototype.setItem;
  Storage.prototype.setItem = function (name, value) {
    keep.call(this, name, value);
    if (['look', 'calm', 'text_percent'].map((each) => BEFORE + each).includes(name)) dress();
  };
  dress();
})();
