// Where a line of text may end. Flutter's small engines ask Intl.v8BreakIterator, which Chromium calls
// deprecated and may take away; this answers in its place, from the library before it. That one knows
// no words of scripts without spaces, no joined emoji and no French quotes.
(() => {
  if (!('v8BreakIterator' in Intl) || !('Segmenter' in Intl)) return;
  const { LineBreaker } = self['css-line-break'];
  const words = new Intl.Segmenter([], { granularity: 'word' });
  const signs = new Intl.Segmenter([], { granularity: 'grapheme' });
  const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf]/;
  const JOINED = /[\u200d\ufe0f\u{1f000}-\u{1ffff}]/u;
  const QUOTE_OPENS = /(?:^|[\s([{])\p{Pi} *$/u, QUOTE_CLOSES = /^\p{Pf}(?:$|[\s.,;:!?)\]}])/u;
  // Most of what people read: it may end behind each space, and nowhere else.
  const PLAIN = /^[\p{Script=Latin}\p{Nd}]+[.,;:!?]*(?: [\p{Script=Latin}\p{Nd}]+[.,;:!?]*)*$/u;
  const NEAR = 8;

  function together(text, end) {
    const before = text.slice(Math.max(0, end - NEAR), end), after = text.slice(end, end + 2);
    return QUOTE_OPENS.test(before) || QUOTE_CLOSES.test(after);
  }

  // The library counts letters, the engine counts halves of those beyond the first 65,536.
  function fromLibrary(text) {
    const points = Array.from(text), breaker = LineBreaker(text, { lineBreak: 'strict', wordBreak: 'normal' });
    const found = [];
    let point = 0, end = 0;
    for (let next = breaker.next(); !next.done; next = breaker.next()) {
      for (; point < next.value.end; point += 1) end += points[point].length;
      if (end === text.length || !together(text, end)) found.push(end);
    }
    return found;
  }

  function behindSpaces(text) {
    const found = [];
    for (let end = text.indexOf(' ') + 1; end && end < text.length; end = text.indexOf(' ', end) + 1) found.push(end);
    return text ? [...found, text.length] : found;
  }

  function ends(text) {
    if (PLAIN.test(text)) return behindSpaces(text);
    let found = fromLibrary(text);
    if (JOINED.test(text)) {
      const whole = new Set(Array.from(signs.segment(text), ({ index }) => index)).add(text.length);
      found = found.filter((end) => whole.has(end));
    }
    if (UNSPACED.test(text)) {
      const more = Array.from(words.segment(text), ({ index }) => index)
        .filter((index) => index && UNSPACED.test(text[index - 1]) && UNSPACED.test(text[index]));
      found = [...new Set([...found, ...more])].sort((one, two) => one - two);
    }
    return found;
  }

  Intl.v8BreakIterator = class {
    adoptText(text) { this.ends = ends(text); this.at = -1; }
    first() { this.at = -1; return 0; }
    next() { this.at += 1; return this.ends[this.at] ?? -1; }
    current() { return this.at < 0 ? 0 : this.ends[Math.min(this.at, this.ends.length - 1)] ?? 0; }
  };
})();
