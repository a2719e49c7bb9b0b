// Fetches the engine while somebody still reads and types, so that the first screen comes at once.
// Whatever a page asks for meanwhile is served from the same download: nothing is fetched twice.
const BASE = '$(base)';
const FILES = $(files);
const flying = new Map();
const seen = new Set();
let warming = 0;

function get(url, priority) {
  if (!flying.has(url)) {
    seen.add(url);
    const answer = fetch(url, { priority });
    flying.set(url, answer);
    const landed = () => flying.delete(url);
    // Read to its end, whoever else reads it: only a whole file is kept by the browser.
    answer.then((response) => response.clone().arrayBuffer())
      .catch(() => seen.delete(url))
      .finally(landed);
  }
  return flying.get(url).then((response) => response.clone());
}

async function warm(renderer) {
  warming += 1;
  try {
    for (const file of [...FILES.both, ...(FILES[renderer] ?? [])]) {
      const url = new URL(BASE + file, location.href).href;
      if (!seen.has(url)) await (await get(url, 'low')).arrayBuffer();
    }
  } finally {
    warming -= 1;
  }
}

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('message', (event) => {
  if (event.data?.warm) event.waitUntil(warm(event.data.warm).catch(() => {}));
});
addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || !pathname.startsWith(BASE)) return;
  // What is there already comes from the browser's own store, without a detour.
  if (warming && (flying.has(request.url) || !seen.has(request.url))) {
    event.respondWith(get(request.url, 'high'));
  }
});
