// The page of one job: the arrow keys lead to its neighbours.
(function () {
  document.addEventListener('keydown', function (event) {
    const rel = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key];
    if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    if (event.target.closest('input, textarea, select, video, audio, [contenteditable], dialog')) return;
    const link = document.querySelector('a[rel=' + rel + ']');
    if (link) link.click();
  });
})();
