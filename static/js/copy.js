// Buttons that copy what a field holds or an element says. Without this script they could not, and are not shown.
document.addEventListener('click', function (event) {
  const button = event.target.closest('[data-copies]');
  if (!button) return;
  const source = document.getElementById(button.dataset.copies);
  const say = function (words, level) {
    document.dispatchEvent(new CustomEvent('toast', { detail: { text: words, level: level } }));
  };
  const copied = navigator.clipboard ? navigator.clipboard.writeText(source.value ?? source.textContent) : Promise.reject();
  copied.then(function () { say('Copied.'); }, function () {
    if (source.select) source.select();
    say('Your browser does not let this page copy. Select the text instead.', 'error');
  });
});
