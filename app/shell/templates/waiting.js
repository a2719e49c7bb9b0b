// Names what this browser keeps and is about to lose, before somebody signs out.
(async () => {
  const said = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
  const lines = [];
  const letters = await window.outbox.all().catch(() => []);
  if (letters.length) lines.push(said('handrail-waiting')?.gone);
  try { lines.push(JSON.parse(said('flutter.handrail.card'))?.gone); } catch { /* no card */ }
  const form = document.querySelector('main form');
  lines.filter(Boolean).forEach((words) => {
    form.before(Object.assign(document.createElement('p'), { className: 'problem', dir: 'auto', textContent: words }));
  });
})();
