// The generation dialog: shown when its content arrives; leaving it goes to the folder behind it, where new files now are.
(function () {
  document.addEventListener('htmx:after:swap', function () {
    const dialog = document.getElementById('dialog');
    if (dialog && dialog.firstElementChild && !dialog.open) {
      dialog.showModal();
      const first = dialog.querySelector('form textarea, form input[type=text]');
      if (first && window.matchMedia('(pointer: fine)').matches) first.focus();
    }
    const wrong = document.querySelector('#order [aria-invalid=true]');
    if (wrong) wrong.focus();
    const area = document.querySelector('#generate .jobs-area');
    if (area && area.querySelector('.note') && area.getBoundingClientRect().top > window.innerHeight / 2) area.scrollIntoView();
  });
  document.addEventListener('cancel', function (event) {
    if (event.target.id !== 'dialog') return;
    event.preventDefault();
    event.target.querySelector('a[data-close]').click();
  }, true);
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') return;
    document.querySelectorAll('details.menu[open]').forEach(function (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
    });
  });
})();
