// The page of one job: buttons that copy a text, and the arrow keys that lead to its neighbours.
(function () {
  document.addEventListener('click', function (event) {
    const button = event.target.closest('[data-copies]');
    if (!button) return;
    const text = document.getElementById(button.dataset.copies).textContent;
    const say = function (words, level) {
      document.dispatchEvent(new CustomEvent('toast', { detail: { text: words, level: level } }));
    };
    const copied = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject();
    copied.then(function () { say('Copied.'); }, function () { say('Your browser does not let this page copy. Select the text instead.', 'error'); });
  });
  document.addEventListener('keydown', function (event) {
    const rel = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key];
    if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    if (event.target.closest('input, textarea, select, video, audio, [contenteditable], dialog')) return;
    const link = document.querySelector('a[rel=' + rel + ']');
    if (link) link.click();
  });
})();
