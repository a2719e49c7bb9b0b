// Stands in for WebSocket. Flet's client doubles its waiting time without end and knows nothing of
// our close codes; here a lost connection is dialled again soon, never all phones at once, and a
// connection that only looks open is noticed when the page comes back to light. The client covers
// the screen as soon as it hears of a loss, so it hears of none while its session lives: we take that
// up again in its place. What was typed meanwhile goes first, or the screen would come back without.
(() => {
  const Native = window.WebSocket;
  const SIGNED_OUT = 4401, NO_SESSION = 4410, LOCKED = 4423, RESTARTING = 1012;
  const PING = 2, PONG = 3, ACTIVE = 16, LOCK_MINUTES = 17, RESUME = 18, GREETING = 19;
  const FLET = 0, REGISTER = 1, EVENT = 3, UPDATE = 4;
  const FIRST_WAIT = 500, LONGEST_WAIT = 10000, RESTART_SPREAD = 4000, PROBE_WAIT = 4000;
  const BACK_WAIT = 1000, CONFIRM_WAIT = 500, PRESS_WAIT = 8000;
  // The last word of each field that the server has not confirmed yet.
  const typed = new Map();
  let current = null;
  // The client's session, and how many messages of it are drawn since it came as a whole.
  let session = null;
  let drawn = 0;

  const latin = (bytes) => String.fromCharCode(...bytes.subarray(0, 48));
  const tell = (detail) => dispatchEvent(new CustomEvent('connection', { detail }));

  function sessionIn(bytes) {
    const start = latin(bytes).indexOf('session_id') + 'session_id'.length;
    return latin(bytes.subarray(start + 1, start + 1 + (bytes[start] & 31)));
  }

  // The same for all frames that say what stands in one field, and null for any other.
  function fieldOf(bytes) {
    const name = { [UPDATE]: '\xa5value', [EVENT]: '\xa6change' }[bytes[2]];
    const head = latin(bytes);
    const end = name && bytes[0] === FLET ? head.indexOf(name) : -1;
    return end < 0 ? null : head.slice(0, end);
  }

  const isPress = (bytes) => bytes[0] === FLET && bytes[2] === EVENT && latin(bytes).includes('\xa5click');

  class Socket extends EventTarget {
    constructor(url) {
      super();
      Object.assign(this, {
        url: String(url), protocol: '', extensions: '', bufferedAmount: 0,
        readyState: 0, binaryType: 'arraybuffer',
        onopen: null, onmessage: null, onerror: null, onclose: null,
      });
      Object.assign(this, { tries: 0, asked: 0, confirming: null, unsure: [], lost: false });
      current = this;
      this.dialLater(0);
    }

    dialLater(wait) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.dial(), wait);
    }

    dial() {
      const native = this.native = new Native(`${this.url}?${window.wishes()}`);
      native.binaryType = 'arraybuffer';
      native.onmessage = (event) => { if (native === this.native) this.received(event.data); };
      native.onclose = (event) => { if (native === this.native) this.ended(event); };
    }

    opened() {
      tell('back');
      if (!this.lost) {
        this.readyState = 1;
        this.emit(new Event('open'));
        return;
      }
      this.lost = false;
      this.asked = 0;
      typed.forEach((frame) => this.native.send(frame));
      this.native.send(new TextEncoder().encode(`${String.fromCharCode(RESUME)}${session}.${drawn}`));
      this.resumed = true;
      this.confirmSoon();
    }

    // Something was said meanwhile. The whole screen over itself would keep Flutter busy for very long;
    // a new page has it soon, with what was typed: the server heard that first.
    async anew() {
      await window.keepWords();
      location.reload();
    }

    // The client has to begin anew.
    async over() {
      this.readyState = 3;
      await window.keepWords();
      session = null;
      typed.clear();
      this.emit(new CloseEvent('close', { code: 1006, reason: '', wasClean: false }));
    }

    received(data) {
      clearTimeout(this.probing);
      this.probing = null;
      const [kind, minutes] = new Uint8Array(data);
      // The server's first word says that it will serve us; only then is the socket open.
      if (kind === PONG && !this.connected) {
        this.opened();
      } else if (kind === PONG) {
        this.asked -= 1;
        if (this.asked === 0) this.unsure.forEach(([field, frame]) => {
          if (typed.get(field) === frame) typed.delete(field);
        });
      } else if (kind === PING) {
        this.native.send(new Uint8Array([PONG]));
      } else if (kind === LOCK_MINUTES) {
        dispatchEvent(new CustomEvent('lock-minutes', { detail: minutes }));
      } else if (kind === GREETING) {
        const [build, mark] = new TextDecoder().decode(data).slice(1).split('.');
        const greeting = new CustomEvent('greeting', { cancelable: true, detail: { build, mark } });
        if (!dispatchEvent(greeting)) this.rest();
      } else if (this.readyState === 1) {
        const bytes = new Uint8Array(data);
        if (bytes[2] === REGISTER) {
          if (this.resumed) return this.anew();
          session = sessionIn(bytes);
          drawn = 0;
        } else {
          drawn += 1;
        }
        this.emit(new MessageEvent('message', { data }));
        dispatchEvent(new Event('drawing'));
      }
    }

    ended({ code }) {
      this.native = null;
      clearTimeout(this.probing);
      if (window.left) return;
      if (code === SIGNED_OUT) {
        location.replace('/signed-out');
      } else if (code === LOCKED) {
        dispatchEvent(new Event('locked'));
      } else if (code === NO_SESSION || (this.connected && !session)) {
        this.over();
      } else if (this.readyState === 0 || this.lost) {
        tell('lost');
        const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries++);
        this.dialLater(wait * (0.5 + Math.random() / 2));
      } else {
        tell('lost');
        this.lost = true;
        this.tries = 0;
        this.dialLater(code === RESTARTING ? Math.random() * RESTART_SPREAD : 0);
      }
    }

    // This page is about to go: another one will speak to that server.
    rest() {
      const native = this.native;
      this.native = null;
      tell('lost');
      native.close();
    }

    get connected() {
      return this.readyState === 1 && !this.lost;
    }

    // The page is visible, or the network is back: dial now, or find out whether it still works.
    // A call from before the network was back may hang for minutes.
    wake(online) {
      if ((this.readyState === 0 || this.lost) && (online || !this.native)) {
        const native = this.native;
        this.native = null;
        native?.close();
        this.tries = 0;
        this.dialLater(Math.random() * FIRST_WAIT);
      } else {
        this.doubt(online ? BACK_WAIT : PROBE_WAIT);
      }
    }

    // Anything that comes within that time shows that the connection works.
    doubt(wait) {
      if (!this.connected || (this.probing && wait >= this.patience)) return;
      clearTimeout(this.probing);
      this.patience = wait;
      this.ask();
      this.probing = setTimeout(() => this.lose(), wait);
    }

    lose() {
      if (!this.connected) return;
      const native = this.native;
      this.ended({ code: 1006 });
      native.close();
    }

    ask() {
      this.asked += 1;
      this.native.send(new Uint8Array([PING]));
    }

    // The answer comes after all that was sent before.
    confirmSoon() {
      if (this.confirming || !typed.size) return;
      this.confirming = setTimeout(() => {
        this.confirming = null;
        if (!this.connected) return;
        this.unsure = [...typed];
        this.ask();
      }, CONFIRM_WAIT);
    }

    send(data) {
      const bytes = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
      const field = fieldOf(bytes);
      if (field !== null) {
        typed.delete(field);
        typed.set(field, bytes.slice());
      }
      const press = isPress(bytes);
      if (!this.connected) {
        // Never sent later: who pressed may be gone by then, or have done something else.
        if (press) dispatchEvent(new Event('unsent'));
        return;
      }
      this.native.send(data);
      if (press) this.doubt(PRESS_WAIT);
      this.confirmSoon();
    }

    close(code = 1000, reason = '') {
      clearTimeout(this.timer);
      clearTimeout(this.probing);
      if (this.readyState >= 2) return;
      const native = this.native;
      this.native = null;
      this.readyState = 3;
      if (native) native.close(code, reason);
      this.emit(new CloseEvent('close', { code, reason, wasClean: true }));
    }

    emit(event) {
      this.dispatchEvent(event);
      const handler = this['on' + event.type];
      if (typeof handler === 'function') handler.call(this, event);
    }
  }

  Object.entries({ CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }).forEach(([name, value]) => {
    Socket[name] = Socket.prototype[name] = value;
  });
  window.WebSocket = Socket;
  // Somebody is there: the server must hear it also when nothing of it reaches a control.
  addEventListener('somebody', () => {
    if (current?.connected) current.native.send(new Uint8Array([ACTIVE]));
  });
  addEventListener('online', () => current?.wake(true));
  addEventListener('offline', () => current?.lose());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) current?.wake(false);
  });
})();
