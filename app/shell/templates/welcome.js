// The welcome stays until a screen of ours stands behind it: the engine's very first picture is a
// wheel with an English word, before the server has said what to draw.
(() => {
  const FRAMES = 4, FADE = 200, SECOND_WORD = 300;
  const once = (kind) => new Promise((done) => { addEventListener(kind, done, { once: true }); });
  const frame = () => new Promise((done) => { requestAnimationFrame(done); });

  async function drawn() {
    await once('drawing');
    await Promise.race([once('drawing'), new Promise((done) => { setTimeout(done, SECOND_WORD); })]);
  }

  Promise.all([once('flutter-first-frame'), drawn()]).then(async () => {
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
