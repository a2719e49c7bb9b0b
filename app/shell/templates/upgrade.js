// Opens the page anew when the server has another build than the one this page came from, or no longer
// has its files: once for each build, so that two builds side by side cannot chase it to and fro. It
// waits for a pause in what somebody does, and hands the words in the fields on to the new page.
(() => {
  const TRIED = 'handrail-upgrade', WORDS = 'handrail-words', PAUSE = 2000, LOOK = 250, SETTLE = 300;
  const AGAIN = 1000, WORDS_KEPT = 900000;
  const FIELDS = 'input:not([type=password]), textarea:not([data-apart])';
  const DEEDS = ['pointerdown', 'keydown', 'input', 'touchmove'];
  const nameOf = (field) => field.getAttribute('aria-label');
  const written = new Set();
  const wait = (time) => new Promise((done) => { setTimeout(done, time); });
  let going = false, last = -PAUSE, mark = '', drawings = 0, looking = null, putting = false;

  const read = (name) => {
    try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; }
  };

  // What the engine says stands in a field, once it has taken it over.
  async function wordsIn(field) {
    if (document.activeElement !== field) {
      field.focus();
      await wait(SETTLE);
    }
    return field.value;
  }

  async function keepWords() {
    const words = [];
    for (const field of written) {
      const text = field.isConnected && await wordsIn(field);
      if (text) words.push([nameOf(field), text]);
    }
    written.clear();
    if (words.length) {
      sessionStorage.setItem(WORDS, JSON.stringify({ mark, at: Date.now(), path: location.pathname, words }));
    }
  }

  // Whether the field had to be filled, and is to be looked at again: on a slow phone the engine may
  // take it over, and empty it, only after that.
  async function filled(field, text) {
    const empty = !await wordsIn(field);
    if (empty && document.activeElement === field) document.execCommand('insertText', false, text);
    await wait(SETTLE);
    field.blur();
    return empty;
  }

  // Into fields of the same name, if the server left them empty.
  async function putBack() {
    if (putting) return;
    const kept = read(WORDS);
    if (!kept) clearInterval(looking);
    if (kept?.path !== location.pathname) return;
    sessionStorage.removeItem(WORDS);
    if (kept.mark !== mark || Date.now() - kept.at > WORDS_KEPT) return;
    putting = true;
    const open = [];
    for (const [name, text] of kept.words) {
      const field = [...document.querySelectorAll(FIELDS)].find((each) => nameOf(each) === name);
      if (!field || await filled(field, text)) open.push([name, text]);
    }
    if (open.length) sessionStorage.setItem(WORDS, JSON.stringify({ ...kept, words: open }));
    putting = false;
  }

  async function goWhenQuiet() {
    while (!document.hidden && performance.now() - last < PAUSE) await wait(LOOK);
    await keepWords();
    location.reload();
  }

  function look() {
    clearInterval(looking);
    looking = setInterval(putBack, AGAIN);
  }

  // Whether this page is about to go.
  function outdated(theirs) {
    const step = `${window.build}>${theirs}`, tried = read(TRIED) ?? [];
    if (going) return true;
    if (tried.includes(step)) return false;
    sessionStorage.setItem(TRIED, JSON.stringify([...tried, step]));
    // Without a memory it could go on for ever.
    if (!window.outlastsPage(sessionStorage, TRIED)) return false;
    going = true;
    goWhenQuiet();
    return true;
  }

  addEventListener('greeting', (event) => {
    const { build, mark: mine } = event.detail;
    mark = mine;
    drawings = 0;
    if (build !== window.build && outdated(build)) event.preventDefault();
  });

  // A new session draws its screen with its second word.
  addEventListener('drawing', () => {
    drawings += 1;
    if (drawings === 2) look();
  });
  addEventListener('begun', look);
  Object.assign(window, { keepWords, wordsIn });

  // What a page asks for later, a font above all, may have gone with the process that had it.
  const ours = (address) => String(address).startsWith(location.origin + window.flet?.entrypointBaseUrl);
  const native = window.fetch;
  window.fetch = async function (...wishes) {
    const answer = await native.apply(this, wishes);
    if (answer.status === 404 && ours(answer.url) && !outdated('gone')) dispatchEvent(new Event('gone'));
    return answer;
  };
  addEventListener('error', ({ target }) => {
    const address = target?.src || target?.href;
    if (ours(address)) window.fetch(address, { method: 'HEAD' }).catch(() => {});
  }, true);

  DEEDS.forEach((deed) => addEventListener(deed, ({ type, target }) => {
    last = performance.now();
    if (type === 'input' && target.matches?.(FIELDS)) written.add(target);
  }, { capture: true, passive: true }));
})();
