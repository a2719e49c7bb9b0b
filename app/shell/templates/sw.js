// Keeps the engine of this version, and one page for times without network: nothing of anybody.
// Whatever several pages ask for meanwhile comes from one download: nothing is fetched twice.
const BASE = '$(base)', ASSETS = BASE + '$(assets)';
const FILES = $(files);
const ENGINE = 'handrail-engine-$(hash)', OFFLINE = 'handrail-offline-$(kept)';
const PATIENCE = $(patience);
const PAGE = '/offline', BLANK = '/blank', ENGLISH = 'en';
// Their answers take away the worker and its stores: it stays out of their way.
const PASSED_BY = ['/signout', '/signed-out'];
const flying = new Map();

const stored = (name, url) => caches.open(name)
  .then((cache) => cache.match(url, { ignoreVary: true })).catch(() => undefined);

async function store(url, response) {
  const forever = response.ok && response.headers.get('cache-control')?.includes('immutable');
  const cache = forever && await caches.open(ENGINE).catch(() => null);
  // Read to its end either way: only a whole file is kept by the browser itself.
  return cache ? cache.put(url, response) : response.arrayBuffer();
}

function get(url, priority) {
  if (!flying.has(url)) {
    const answer = fetch(url, { priority });
    const landed = answer.then((response) => store(url, response.clone())).catch(() => {})
      .finally(() => flying.delete(url));
    flying.set(url, { answer, landed });
  }
  return flying.get(url).answer.then((response) => response.clone());
}

async function engine(url) {
  return !flying.has(url) && await stored(ENGINE, url) || get(url, 'high');
}

async function warm(renderer) {
  for (const file of [...FILES.both, ...(FILES[renderer] ?? [])]) {
    const url = new URL(BASE + file, location.href).href;
    if (!await stored(ENGINE, url)) await (await get(url, 'low')).arrayBuffer();
    await flying.get(url)?.landed;
  }
}

async function offlineCaches() {
  const names = (await caches.keys()).filter((name) => name.startsWith('handrail-offline-'));
  return names.sort((one) => (one === OFFLINE ? -1 : 1));
}

// The pages of the newest store that has any: the person's own language first, then English.
async function keptPages() {
  for (const name of await offlineCaches()) {
    const urls = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url));
    const pages = urls.filter(({ pathname }) => pathname === PAGE);
    const spoken = ({ searchParams }) => searchParams.get('lang');
    if (pages.length) {
      return { name, urls, pages: pages.sort((one, two) => (spoken(one) === ENGLISH) - (spoken(two) === ENGLISH)) };
    }
  }
  return { name: OFFLINE, urls: [], pages: [] };
}

// Keeps the page in the language and country that the address of the help page names.
async function keep(search) {
  const wish = new URLSearchParams(search);
  const before = await keptPages();
  const known = before.pages[0]?.searchParams;
  const wanted = wish.get('lang') ?? known?.get('lang') ?? navigator.language;
  const lang = /^en([-_][A-Z]|$)/.test(wanted) ? ENGLISH : wanted;
  const country = wish.get('country') ?? known?.get('country');
  const address = (path, language) => new URL(`${path}?${new URLSearchParams({
    lang: language, ...(country && path === PAGE ? { country } : {}),
  })}`, location.href).href;
  const urls = [...new Set([address(PAGE, lang), address(PAGE, ENGLISH), address(BLANK, lang)])];
  const there = before.name === OFFLINE ? before.urls.map(String) : [];
  const missing = urls.filter((url) => !there.includes(url));
  const answers = await Promise.all(missing.map((url) => fetch(url, { credentials: 'omit' })));
  if (!answers.every(({ ok }) => ok)) throw new Error('not all of it came');
  const cache = await caches.open(OFFLINE);
  await Promise.all(missing.map((url, place) => cache.put(url, answers[place])));
  await Promise.all(there.filter((url) => !urls.includes(url)).map((url) => cache.delete(url)));
}

async function away(url) {
  const { name, pages } = await keptPages();
  const cache = await caches.open(name);
  if (url.pathname === BLANK) return cache.match(BLANK, { ignoreSearch: true, ignoreVary: true });
  const lang = url.searchParams.get('lang');
  const page = pages.find(({ searchParams }) => searchParams.get('lang') === lang) ?? pages[0];
  return cache.match(page, { ignoreVary: true });
}

// A server that hangs is no better than none; should its answer still come, nobody waits for it.
async function page(event) {
  const url = new URL(event.request.url);
  const kept = () => away(url).catch(() => undefined);
  const answer = event.preloadResponse.then((found) => found ?? fetch(event.request));
  const enough = new Promise((done) => { setTimeout(done, url.pathname === BLANK ? 0 : PATIENCE); });
  const found = await Promise.race([answer, enough]).catch(() => undefined);
  return found ?? await kept() ?? answer;
}

// No content: the browser stays on the page with the form, which hears of it and says so.
async function send(request) {
  try {
    return await fetch(request);
  } catch {
    (await clients.matchAll({ type: 'window' })).forEach((each) => each.postMessage({ unsent: true }));
    return new Response(null, { status: 204 });
  }
}

// The first time, a worker without its page would be no help; later, the page from before is some.
async function install() {
  const { pages } = await keptPages();
  await keep('').catch((error) => { if (!pages.length) throw error; });
}

// The engine stays when only fonts or icons are new.
async function dropOldAssets() {
  const cache = await caches.open(ENGINE);
  const old = (await cache.keys()).filter(({ url }) => {
    const { pathname } = new URL(url);
    return pathname.includes('/assets/') && !pathname.startsWith(ASSETS);
  });
  await Promise.all(old.map((each) => cache.delete(each)));
}

async function activate() {
  const { name } = await keptPages();
  const kept = [ENGINE, name];
  const old = (await caches.keys()).filter((each) => each.startsWith('handrail-') && !kept.includes(each));
  await Promise.all(old.map((each) => caches.delete(each)));
  await dropOldAssets();
  await registration.navigationPreload?.enable();
  await clients.claim();
}

addEventListener('install', (event) => {
  skipWaiting();
  event.waitUntil(install());
});
addEventListener('activate', (event) => event.waitUntil(activate()));
addEventListener('message', (event) => {
  const { keep: search, warm: renderer } = event.data ?? {};
  if (typeof search === 'string') event.waitUntil(keep(search).catch(() => {}));
  if (renderer) event.waitUntil(warm(renderer).catch(() => {}));
});
addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, href } = new URL(request.url);
  const opens = request.mode === 'navigate' && !PASSED_BY.includes(pathname);
  if (origin !== location.origin) return;
  if (request.method === 'POST' && opens) event.respondWith(send(request));
  if (request.method !== 'GET') return;
  if (pathname.startsWith(BASE)) {
    const answer = engine(href);
    event.respondWith(answer);
    event.waitUntil(answer.then(() => flying.get(href)?.landed, () => {}));
  } else if (opens) {
    event.respondWith(page(event));
  }
});
