// Written for browsers of ten years ago, which cannot read the scripts after it. Whoever cannot start
// the app must still be told so in words: this script marks the page, its style shows what fits.
(function () {
  var root = document.documentElement;
  var begun = false;

  function mark(name) {
    if (!begun && (' ' + root.className + ' ').indexOf(' ' + name + ' ') < 0) root.className += ' ' + name;
  }

  function ours(address) {
    return !address || address.indexOf(location.protocol + '//' + location.host) === 0;
  }

  if (!window.WebSocket || !window.WebAssembly || !WebAssembly.compileStreaming || !window.fetch) mark('unable');

  // A script that says nothing to this browser, one that broke, and one that never came.
  window.addEventListener('error', function (event) {
    if (event.target && event.target.tagName === 'SCRIPT') mark('stuck');
    else if (event.message && ours(event.filename)) mark('unable');
  }, true);
  window.addEventListener('unhandledrejection', function (event) {
    var name = event.reason && event.reason.name;
    mark(name === 'CompileError' || name === 'LinkError' ? 'unable' : 'stuck');
  });
  window.addEventListener('begun', function () { begun = true; });
})();
