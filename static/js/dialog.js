// The generation dialog: shown when its content arrives; leaving it goes to the folder behind it, where new files now are.
(function () {
  // A form that was sent comes back whole: to what is wrong in it, or to the word on it above the jobs. A price or a poll moves nothing.
  function arrived() {
    const wrong = document.querySelector('#order [aria-invalid=true]');
    const send = document.getElementById('order-submit');
    if (wrong) wrong.focus();
    else if (send && document.activeElement === document.body) send.focus({ preventScroll: true });
    const area = document.querySelector('#generate .jobs-area');
    const word = area && area.querySelector('#jobs-messages .note');
    if (!word) return;
    if (area.getBoundingClientRect().top > window.innerHeight / 2) area.scrollIntoView();
    word.tabIndex = -1;
    word.focus({ preventScroll: true });
  }
  // Where one writes first; not on a phone, whose keyboard would cover the rest.
  function begin(place) {
    const first = place.querySelector('#order [aria-invalid=true], form textarea, form input[type=text]');
    if (first && window.matchMedia('(pointer: fine)').matches) first.focus({ preventScroll: true });
  }
  document.addEventListener('click', function (event) {
    if (event.target.closest('#dialog a[data-close]')) sessionStorage.setItem('wand', 'left');
  });
  document.addEventListener('DOMContentLoaded', function () {
    const wand = sessionStorage.getItem('wand') && document.querySelector('#main [data-wand]');
    sessionStorage.removeItem('wand');
    if (wand) wand.focus({ preventScroll: true });
    const page = document.getElementById('generate');
    if (page && document.activeElement === document.body) begin(page);
  });
  document.addEventListener('htmx:after:swap', function (event) {
    const dialog = document.getElementById('dialog');
    if (dialog && dialog.firstElementChild && !dialog.open) {
      dialog.showModal();
      begin(dialog);
    }
    const target = event.detail.ctx.target;
    if (target && target.id === 'generate') arrived();
  });
  document.addEventListener('cancel', function (event) {
    if (event.target.id !== 'dialog') return;
    event.preventDefault();
    event.target.querySelector('a[data-close]').click();
  }, true);
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') return;
    const front = document.querySelector('dialog:modal') || document;
    front.querySelectorAll('details:is(.menu, .confirm)[open]').forEach(function (menu) {
      event.preventDefault(); // the dialog around it stays
      menu.open = false;
      menu.querySelector('summary').focus();
    });
  });
  // A press on plain text inside a menu gives the focus to what lies around the menu.
  document.addEventListener('focusout', function (event) {
    const menu = event.target.closest('details.menu[open]');
    const next = event.relatedTarget;
    if (menu && next && !menu.contains(next) && !next.contains(menu)) menu.open = false;
  });
})();
