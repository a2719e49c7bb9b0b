// A browser may forbid its storage, or have no room left. The engine keeps its session there and would
// not start: what cannot be kept is remembered until the page goes, and somebody is told so.
(() => {
  const native = Object.getOwnPropertyDescriptors(Storage.prototype);
  const refused = new WeakMap();
  const standIns = new WeakSet();
  const tell = () => document.documentElement.classList.add('unkept');

  function spare(storage) {
    if (!refused.has(storage)) refused.set(storage, new Map());
    return refused.get(storage);
  }

  function kept(storage) {
    if (standIns.has(storage)) return [];
    const count = native.length.get.call(storage);
    return Array.from({ length: count }, (_, place) => native.key.value.call(storage, place));
  }

  // Whether the page that comes after this one will find it.
  window.outlastsPage = (storage, name) => !spare(storage).has(name) && kept(storage).includes(name);

  const names = (storage) => [...new Set([...kept(storage), ...spare(storage).keys()])];

  Object.assign(Storage.prototype, {
    getItem(name) {
      const found = spare(this).get(String(name));
      if (found !== undefined || standIns.has(this)) return found ?? null;
      return native.getItem.value.call(this, name);
    },
    setItem(name, value) {
      try {
        native.setItem.value.call(this, name, value);
        spare(this).delete(String(name));
      } catch {
        spare(this).set(String(name), String(value));
        if (String(name).startsWith('flutter.handrail.')) tell();
      }
    },
    removeItem(name) {
      spare(this).delete(String(name));
      if (!standIns.has(this)) native.removeItem.value.call(this, name);
    },
    clear() {
      spare(this).clear();
      if (!standIns.has(this)) native.clear.value.call(this);
    },
    key(place) {
      return names(this)[place] ?? null;
    },
  });
  Object.defineProperty(Storage.prototype, 'length', {
    ...native.length,
    get() { return names(this).length; },
  });

  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      window[name].getItem('handrail');
    } catch {
      const value = Object.create(Storage.prototype);
      standIns.add(value);
      Object.defineProperty(window, name, { value, configurable: true });
      tell();
    }
  }
})();
