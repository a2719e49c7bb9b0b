// Reads a list aloud with the device's own voice. Without a voice for the page's language there is
// no button: a German sentence in an English mouth helps nobody.
(() => {
  const list = document.querySelector('[data-aloud]');
  if (!list || !window.speechSynthesis) return;
  const lang = document.documentElement.lang;
  const spoken = (tag) => tag.toLowerCase().split(/[-_]/)[0];
  let button = null;

  function offer() {
    const voice = speechSynthesis.getVoices().find((each) => each.localService
      && spoken(each.lang) === spoken(lang));
    if (!voice || button) return;
    button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    const rest = () => { button.textContent = list.dataset.aloud; };
    rest();
    button.addEventListener('click', () => {
      const reading = speechSynthesis.speaking;
      speechSynthesis.cancel();
      if (reading) return rest();
      for (const line of list.children) {
        const words = new SpeechSynthesisUtterance(line.textContent);
        Object.assign(words, { voice, lang: voice.lang, rate: 0.9 });
        if (line === list.lastElementChild) words.onend = rest;
        speechSynthesis.speak(words);
      }
      button.textContent = list.dataset.stop;
    });
    list.after(button);
  }

  addEventListener('pagehide', () => speechSynthesis.cancel());
  speechSynthesis.addEventListener?.('voiceschanged', offer);
  offer();
})();
