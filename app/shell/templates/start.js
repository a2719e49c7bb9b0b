// A page restored from the browser's memory would show what was on it before somebody signed out,
// and WebKit restores a Flutter page frozen.
addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });

// The client fetches a player for animations from a foreign host at every start. The policy would
// forbid it; better not to try at all: a script from elsewhere gets no address.
(() => {
  const source = Object.getOwnPropertyDescriptor(HTMLScriptElement.prototype, 'src');
  Object.defineProperty(HTMLScriptElement.prototype, 'src', {
    ...source,
    set(address) {
      if (new URL(address, document.baseURI).origin === location.origin) source.set.call(this, address);
    },
  });
})();

// Flutter builds its tree for screen readers only after a hidden button was pressed, on phones at
// its very centre. Before the first frame: a field that is touched earlier would stay out of that
// tree, and every later one too.
(() => {
  function press() {
    const button = document.querySelector('flt-semantics-placeholder');
    const box = button?.getBoundingClientRect();
    if (!box?.width) return requestAnimationFrame(press);
    button.dispatchEvent(new MouseEvent('click', {
      bubbles: true, clientX: box.left + box.width / 2, clientY: box.top + box.height / 2,
    }));
  }
  new MutationObserver((_, watch) => {
    if (!document.querySelector('flt-semantics-placeholder')) return;
    watch.disconnect();
    press();
  }).observe(document, { subtree: true, childList: true });
})();

// A button that belongs to a field leaves it the keyboard: else a phone's keys would go with each
// message. The browser would give it to what is tapped, and then the engine once more.
(() => {
  const belongs = (node) => node.closest?.('[flt-semantics-identifier="keeps-keyboard"]');
  const { focus } = HTMLElement.prototype;
  addEventListener('mousedown', (event) => { if (belongs(event.target)) event.preventDefault(); }, true);
  HTMLElement.prototype.focus = function (...wishes) {
    if (belongs(this) && document.activeElement?.matches('textarea, input')) return;
    focus.apply(this, wishes);
  };
})();

// Flutter takes every Tab for itself and goes round in its canvas, so nobody could reach help or the
// exit without a pointer. The browser walks better, in the order of the page. Only a field from
// before the tree was there takes its focus back, and needs Flutter to let go of it. Flutter must
// not notice a visit to the corner: on return it would jump to where it was before.
(() => {
  const inCorner = (node) => node?.closest?.('.corner, #box');
  const isTab = ({ key, target }) => key === 'Tab' && !target.closest?.('flt-text-editing-host');
  const hide = (kinds, when) => kinds.forEach((kind) => addEventListener(kind, (event) => {
    if (when(event)) event.stopImmediatePropagation();
  }, true));

  // It marks what has the focus only for people who press keys that it knows of.
  addEventListener('keyup', (event) => {
    if (!event.isTrusted || !isTab(event) || inCorner(event.target)) return;
    for (const kind of ['keydown', 'keyup']) {
      event.target.dispatchEvent(new KeyboardEvent(kind, { key: 'F20', code: 'F20', bubbles: true }));
    }
  }, true);
  hide(['keydown', 'keyup'], (event) => inCorner(event.target) || isTab(event));
  hide(['focusin', 'focusout'], ({ target, relatedTarget }) => inCorner(target) || inCorner(relatedTarget));

  // A long text with nothing to press in it must be reached as well, to be scrolled.
  let asked = false;
  function openTexts() {
    asked = false;
    for (const area of document.querySelectorAll('flt-semantics[role="group"][style*="-y: scroll"]')) {
      if (area.querySelector('[tabindex="0"], input, textarea')) area.removeAttribute('tabindex');
      else area.tabIndex = 0;
    }
  }
  new MutationObserver(() => {
    if (!asked) requestAnimationFrame(openTexts);
    asked = true;
  }).observe(document, { subtree: true, childList: true, attributeFilter: ['style'] });
})();
