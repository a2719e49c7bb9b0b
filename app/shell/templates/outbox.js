// Keeps what somebody writes without network until it can be posted, sealed for the server alone: this
// phone cannot read it, nor can whoever has it in hand later. It belongs to one sign-in, by its mark.
(() => {
  const NAME = 'handrail-outbox', STORE = 'letters', PATIENCE = 15000, AGAIN = 30000;
  const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
  const bytes = (text) => new TextEncoder().encode(text);
  let mark = null, posting = null, timer = null;

  function flat(...parts) {
    const letters = parts.flatMap((part) => Array.from(new Uint8Array(part), (byte) => String.fromCharCode(byte)));
    return btoa(letters.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  }

  function raw(text) {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt());
  }

  async function seal(letterbox, text, place) {
    const { subtle } = crypto, [key, address] = letterbox.split('.');
    const theirs = await subtle.importKey('raw', raw(address), CURVE, false, []);
    const mine = await subtle.generateKey(CURVE, false, ['deriveBits']);
    const salt = await subtle.exportKey('raw', mine.publicKey);
    const secret = await subtle.deriveBits({ name: 'ECDH', public: theirs }, mine.privateKey, 256);
    const root = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
    const kind = { name: 'AES-GCM', length: 256 };
    const derived = { name: 'HKDF', hash: 'SHA-256', salt, info: bytes('handrail letter') };
    const once = await subtle.deriveKey(derived, root, kind, false, ['encrypt']);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const closed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bytes(place) }, once, bytes(text));
    return `${key}.${flat(salt)}.${flat(iv, closed)}`;
  }

  function opened() {
    return new Promise((done, failed) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'id', autoIncrement: true });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = asked.onblocked = () => failed(asked.error);
    });
  }

  async function within(mode, act) {
    const base = await opened();
    try {
      const work = base.transaction(STORE, mode), asked = act(work.objectStore(STORE));
      return await new Promise((done, failed) => {
        work.oncomplete = () => done(asked.result);
        work.onerror = work.onabort = () => failed(work.error);
      });
    } finally {
      base.close();
    }
  }

  const all = () => within('readonly', (letters) => letters.getAll());
  const drop = (id) => within('readwrite', (letters) => letters.delete(id));

  // Keeps one text, in place of the one with its id if that is still there. `seen` null: not to be
  // sent without being asked. Rejects where the browser keeps nothing.
  async function keep(text, { letterbox, mark: whose = mark, thread, seen, id }) {
    const client = crypto.randomUUID();
    const letter = await seal(letterbox, text, `${whose}:${thread}:${client}`);
    const entry = { mark: whose, thread, client, seen, letter, ...(id ? { id } : {}) };
    return within('readwrite', (letters) => letters.put(entry));
  }

  // True when it is no more ours to keep, null when nobody has heard yet why it was refused.
  async function posted({ thread, client, letter, seen }) {
    const answer = await fetch('/outbox', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ thread, client, letter, seen }),
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    if (answer.status !== 200) return false;
    const said = await answer.json();
    const refused = new CustomEvent('refused', { cancelable: true, detail: said });
    return said.state !== 'refused' || !dispatchEvent(refused) || null;
  }

  // One after the other, so that their order stays; what another sign-in wrote goes unread.
  async function postAll(held) {
    clearTimeout(timer);
    for (const entry of await all()) {
      if (window.left) return;
      if (entry.mark !== mark) {
        await drop(entry.id);
      } else if (entry.id !== held()) {
        const over = await posted(entry).catch(() => false);
        if (over === false) {
          timer = setTimeout(post, AGAIN);
          return;
        }
        if (over) await drop(entry.id);
      }
    }
  }

  // `held` names what somebody is still writing.
  function post() {
    if (!mark) return Promise.resolve();
    posting = (posting ?? Promise.resolve()).then(() => postAll(window.outbox.held)).catch(() => {})
      .then(() => dispatchEvent(new Event('posted')));
    return posting;
  }

  // What another person kept here, should their sign-out not have taken it away.
  function forget(mine) {
    try {
      if (JSON.parse(localStorage.getItem('handrail-letters'))?.mark === mine) return;
      localStorage.removeItem('handrail-letters');
      const card = JSON.parse(JSON.parse(localStorage.getItem('flutter.handrail.card')));
      if (card && card.mark !== mine) localStorage.removeItem('flutter.handrail.card');
    } catch { /* nothing is kept */ }
  }

  addEventListener('greeting', ({ detail }) => {
    mark = detail.mark;
    forget(mark);
    post();
  });
  addEventListener('connection', ({ detail }) => {
    if (detail === 'back') post();
    else clearTimeout(timer);
  });
  window.outbox = { all, drop, keep, post, held: () => null, mark: () => mark };
})();
