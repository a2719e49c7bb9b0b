// What Flutter's page takes from people who see little, or walk with keys, given back. Must stand
// before start.js, which hides some of the focus from all that comes after it.
(() => {
  const seen = (selector, found) => {
    const look = (_, watch) => {
      const it = document.querySelector(selector);
      if (!it) return;
      watch.disconnect();
      found(it);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true });
  };

  // Two fingers enlarge the page. Flutter forbids it twice, in the viewport and by touch-action, and
  // would draw everything narrower, since it takes the enlarged part for the whole window.
  function zoom() {
    seen('meta[flt-viewport]', (meta) => { meta.content = 'width=device-width, initial-scale=1'; });
    const style = document.createElement('style');
    style.textContent = '[style*="touch-action: none"] { touch-action: pinch-zoom !important; }';
    document.head.append(style);
    for (const side of window.VisualViewport ? ['width', 'height'] : []) {
      const own = Object.getOwnPropertyDescriptor(VisualViewport.prototype, side);
      Object.defineProperty(VisualViewport.prototype, side, {
        ...own, get() { return own.get.call(this) * this.scale; },
      });
    }
  }

  // A line around what has the keyboard: Flutter tints it so faintly that few can tell.
  function ring() {
    const line = document.createElement('div');
    let at = null, keys = false;

    function follow() {
      const box = at?.isConnected ? at.getBoundingClientRect() : null;
      line.hidden = !box?.width;
      if (line.hidden) return;
      for (const side of ['left', 'top', 'width', 'height']) line.style[side] = `${box[side]}px`;
      requestAnimationFrame(follow);
    }

    line.id = 'ring';
    line.style = 'position: fixed; z-index: 9; pointer-events: none; border-radius: 16px;'
      + ' outline: 3px solid var(--primary); outline-offset: 2px;';
    line.hidden = true;
    line.setAttribute('aria-hidden', 'true');
    addEventListener('DOMContentLoaded', () => document.body.append(line));
    addEventListener('focusin', ({ target }) => {
      at = keys && target.localName === 'flt-semantics' ? target : null;
      follow();
    }, true);
    addEventListener('focusout', () => { at = null; }, true);
    // Flutter gives the keyboard to its first button also when nobody wants one.
    addEventListener('keydown', () => { keys = true; }, true);
    addEventListener('pointerdown', () => { keys = false; at = null; }, true);
  }

  // Screen readers can jump to the main part, and skip help and the exit above it. Until a screen
  // stands there, the first words are the main part.
  function landmark() {
    addEventListener('begun', () => document.querySelector('flutter-view').setAttribute('role', 'main'));
  }

  zoom();
  ring();
  landmark();
})();
