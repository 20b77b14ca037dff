// Buttons that copy a field: hidden in the page, since without this script they could not.
(function () {
  document.querySelectorAll('[data-copy]').forEach(function (button) {
    const field = document.getElementById(button.dataset.copy);
    const words = button.querySelector('[data-copied]');
    const before = words.textContent;
    button.hidden = false;
    button.addEventListener('click', function () {
      field.select();
      const copied = navigator.clipboard ? navigator.clipboard.writeText(field.value) : Promise.reject();
      copied.catch(function () { document.execCommand('copy'); }).then(function () {
        button.focus();
        words.textContent = words.dataset.copied;
        setTimeout(function () { words.textContent = before; }, 2000);
      });
    });
  });
})();
