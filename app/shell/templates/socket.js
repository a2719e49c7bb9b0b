// Stands in for WebSocket. Flet's client doubles its waiting time without end and knows nothing of
// our close codes; here a lost connection is dialled again soon, never all phones at once, and a
// connection that only looks open is noticed when the page comes back to light.
(() => {
  const Native = window.WebSocket;
  const SIGNED_OUT = 4401, LOCKED = 4423, RESTARTING = 1012;
  const PING = 2, PONG = 3, ACTIVE = 16, LOCK_MINUTES = 17;
  const FIRST_WAIT = 500, LONGEST_WAIT = 10000, RESTART_SPREAD = 4000, PROBE_WAIT = 4000;
  let current = null;
  let restarting = false;

  class Socket extends EventTarget {
    constructor(url) {
      super();
      Object.assign(this, {
        url: String(url), protocol: '', extensions: '', bufferedAmount: 0,
        readyState: 0, binaryType: 'arraybuffer',
        onopen: null, onmessage: null, onerror: null, onclose: null,
      });
      this.tries = 0;
      current = this;
      this.dialLater(restarting ? Math.random() * RESTART_SPREAD : 0);
      restarting = false;
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

    received(data) {
      clearTimeout(this.probing);
      this.probing = null;
      const [kind, minutes] = data.byteLength <= 2 ? new Uint8Array(data) : [];
      // The server's first word says that it will serve us; only then is the socket open.
      if (kind === PONG && this.readyState === 0) {
        this.readyState = 1;
        this.emit(new Event('open'));
      } else if (kind === PING) {
        this.native.send(new Uint8Array([PONG]));
      } else if (kind === LOCK_MINUTES) {
        dispatchEvent(new CustomEvent('lock-minutes', { detail: minutes }));
      } else if (kind !== PONG && this.readyState === 1) {
        this.emit(new MessageEvent('message', { data }));
        dispatchEvent(new Event('drawing'));
      }
    }

    ended({ code, reason }) {
      this.native = null;
      clearTimeout(this.probing);
      if (window.left) return;
      if (code === SIGNED_OUT) {
        location.replace('/signed-out');
      } else if (code === LOCKED) {
        dispatchEvent(new Event('locked'));
      } else if (this.readyState === 0) {
        const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries++);
        this.dialLater(wait * (0.5 + Math.random() / 2));
      } else {
        restarting = code === RESTARTING;
        this.readyState = 3;
        this.emit(new CloseEvent('close', { code, reason, wasClean: true }));
      }
    }

    // The page is visible, or the network is back: dial now, or find out whether it still works.
    wake() {
      if (this.readyState === 0 && !this.native) {
        this.tries = 0;
        this.dialLater(Math.random() * FIRST_WAIT);
      } else if (this.readyState === 1 && !this.probing) {
        this.native.send(new Uint8Array([PING]));
        this.probing = setTimeout(() => {
          const native = this.native;
          this.ended({ code: 1006, reason: '' });
          native.close();
        }, PROBE_WAIT);
      }
    }

    send(data) {
      if (this.readyState === 1) this.native.send(data);
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
    if (current?.readyState === 1) current.native.send(new Uint8Array([ACTIVE]));
  });
  addEventListener('online', () => current?.wake());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) current?.wake();
  });
})();
