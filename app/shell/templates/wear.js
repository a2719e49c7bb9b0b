// Wears the look and the size of text that somebody chose in the app on this device. No page needs it.
(() => {
  try {
    const kept = (name) => JSON.parse(localStorage.getItem('flutter.handrail.' + name));
    const root = document.documentElement;
    root.dataset.look = kept('look') ?? 'device';
    root.style.fontSize = `${Number(kept('text_percent') ?? 100)}%`;
  } catch { /* what the device itself asks for stays */ }
})();
