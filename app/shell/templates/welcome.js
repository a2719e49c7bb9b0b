// The welcome stays until a screen of ours stands behind it: the engine's very first picture is a
// wheel with an English word, before the server has said what to draw.
(() => {
  const FRAMES = 2, FADE = 200, PATIENCE = 20000;
  const once = (kind) => new Promise((done) => { addEventListener(kind, done, { once: true }); });
  const frame = () => new Promise((done) => { requestAnimationFrame(done); });

  // What is drawn can be read aloud; the wheel has no words.
  const drawn = () => [...document.querySelectorAll('[id^="flt-semantic-node-"]')]
    .some((node) => node.ariaLabel || node.textContent.trim());

  Promise.all([once('flutter-first-frame'), once('drawing')]).then(async () => {
    const asked = performance.now();
    while (!drawn() && performance.now() - asked < PATIENCE) await frame();
    for (let count = 0; count < FRAMES; count += 1) await frame();
    dispatchEvent(new Event('begun'));
    const welcome = document.getElementById('welcome');
    welcome.inert = true;
    welcome.classList.add('going');
    setTimeout(() => welcome.remove(), FADE);
  });

  addEventListener('click', (event) => {
    if (event.target.closest?.('#seen')) document.documentElement.classList.remove('unkept');
    if (!event.target.closest?.('#again')) return;
    event.preventDefault();
    location.reload();
  });
})();
