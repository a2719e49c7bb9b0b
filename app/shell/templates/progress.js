// Fetches what the engine is going to ask for, each file once, and shows how much of it is here. Of
// a file that is unpacked as it arrives, the share that came counts; a script counts when it is whole.
(() => {
  const PICTURES = 250, AT_ONCE = 700, PATIENCE = 20000;
  const { both, [window.renderer()]: chosen = [] } = window.parts;
  const parts = new Map([...both, ...chosen].map(([name, sent, whole]) => [
    new URL(name, document.baseURI).href, { sent, whole, here: 0 },
  ]));
  const native = window.fetch;
  const started = new Map();
  const root = document.documentElement;
  const total = (what) => [...parts.values()].reduce((sum, part) => sum + part[what], 0);

  async function count(response, part) {
    part.sent = Number(response.headers.get('content-length')) || part.sent;
    const reader = response.body.getReader();
    let got = 0;
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      got += piece.value.length;
      part.here = Math.max(part.here, Math.min(1, got / part.whole) * part.sent);
    }
  }

  // Counting costs a slow phone half a second: what the worker keeps is not counted on its way.
  async function watched(answer, url, part) {
    const [response, kept] = await Promise.all([answer, isKept(url)]);
    if (response.ok && !kept) count(response.clone(), part).catch(() => {});
    return response;
  }

  async function isKept(url) {
    try {
      return Boolean(await caches.match(url, { ignoreVary: true }));
    } catch {
      return false;
    }
  }

  function begin(part, url) {
    if (/\.m?js$/.test(url)) {
      const script = url.endsWith('/main.dart.js') ? { rel: 'preload', as: 'script' } : { rel: 'modulepreload' };
      if (!url.endsWith('/flutter_bootstrap.js')) {
        document.head.append(Object.assign(document.createElement('link'), script, { href: url }));
      }
      return;
    }
    const answer = watched(native(url), url, part);
    started.set(url, answer);
    answer.catch(() => {});
  }

  // The engine gets what is under way already.
  window.fetch = function (address, ...wishes) {
    const url = typeof address === 'string' ? new URL(address, document.baseURI).href : '';
    const answer = started.get(url);
    started.delete(url);
    return answer ?? native.call(this, address, ...wishes);
  };
  new PerformanceObserver((seen) => {
    for (const { name, encodedBodySize } of seen.getEntries()) {
      const part = parts.get(name);
      if (part) part.here = part.sent = encodedBodySize || part.sent;
    }
  }).observe({ type: 'resource', buffered: true });
  parts.forEach(begin);

  let last = performance.now(), before = 0, gone = false;
  const megabytes = new Intl.NumberFormat(`${root.lang}-u-nu-latn`, {
    minimumFractionDigits: 1, maximumFractionDigits: 1,
  });

  function show() {
    const now = performance.now(), here = total('here'), all = total('sent');
    if (here !== before && !gone) root.classList.remove('stuck');
    if (here !== before || document.hidden) last = now;
    if (now - last > PATIENCE || gone) root.classList.add('stuck');
    before = here;
    const bar = document.getElementById('bar');
    if (!bar || now < AT_ONCE) return;
    root.classList.toggle('arriving', here < all);
    root.classList.toggle('arrived', here >= all);
    const words = bar.dataset.words.replace('{here}', megabytes.format(here / 1e6))
      .replace('{all}', megabytes.format(all / 1e6));
    bar.setAttribute('aria-valuemax', (all / 1e6).toFixed(1));
    bar.setAttribute('aria-valuenow', (here / 1e6).toFixed(1));
    bar.setAttribute('aria-valuetext', words);
    bar.firstElementChild.style.transform = `scaleX(${here / all})`;
    document.getElementById('bytes').textContent = words;
  }

  const pictures = setInterval(show, PICTURES);
  addEventListener('gone', () => { gone = true; });
  addEventListener('begun', () => {
    clearInterval(pictures);
    started.clear();
    window.fetch = native;
  });
})();
