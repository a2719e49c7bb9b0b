// Shows the way of this phone alone, and offers one button where the browser can do it by itself.
(() => {
  const find = (id) => document.getElementById(id);
  const agent = navigator.userAgent;
  const apple = /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1);
  let asking = null;

  function show(id) {
    find('ways').hidden = true;
    find(id).hidden = false;
  }

  if (matchMedia('(display-mode: standalone)').matches || navigator.standalone) show('have');
  if (apple) find('android').hidden = true;
  else if (agent.includes('Android')) find('apple').hidden = true;

  // Who has been here needs no card about it on the first screen. Flutter reads it as JSON.
  try { localStorage.setItem('flutter.handrail.install', '"read"'); } catch { /* then it stays */ }

  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    asking = event;
    find('offered').hidden = false;
    find('android').hidden = find('apple').hidden = true;
  });
  find('put').addEventListener('click', async () => {
    await asking.prompt();
    // The browser lets a page ask once.
    const { outcome } = await asking.userChoice;
    find('offered').hidden = true;
    if (outcome !== 'accepted') find('android').hidden = false;
  });
  addEventListener('appinstalled', () => show('done'));
})();
