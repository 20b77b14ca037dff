// Single keys, as templates/help/_keys.html lists them. Never while one types, and not where somebody switched them off:
// with speech input a spoken word would press them.
(function () {
  const TYPING = 'input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]';

  function visible(element) {
    return element.getClientRects().length > 0;
  }
  // What is in front: an open dialog, or else the page.
  function front() {
    return document.querySelector('dialog[open]') || document.getElementById('main');
  }
  // A page that has just been loaded may not have its htmx at the link yet: a click would leave the page.
  function open(link) {
    const early = window.htmx && link.hasAttribute('hx-get') && !link.hasAttribute('data-htmx-powered');
    if (!early) return link.click();
    document.addEventListener('htmx:after:process', function () { open(link); }, { once: true });
  }
  function generate() {
    const link = Array.from(document.querySelectorAll('[data-wand]')).find(visible);
    const address = document.getElementById('keys').dataset.generate;
    if (link) open(link);
    else if (address) location.assign(address);
  }
  function search() {
    const field = Array.from(front().querySelectorAll('input[type=search]:not([data-find])')).find(visible);
    if (!field) return;
    field.focus();
    field.select();
  }
  function walk(step) {
    const rows = Array.from(front().querySelectorAll('li.job, li.asset')).filter(visible);
    const now = rows.findIndex(function (row) { return row.contains(document.activeElement); });
    const row = rows[now < 0 ? (step > 0 ? 0 : rows.length - 1) : now + step];
    const link = row && row.querySelector('[data-open]');
    if (!link) return;
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }
  // The box of the row or file that has the focus; then the bar of what can be done with the ticked ones.
  function tick() {
    const row = document.activeElement.closest('li.job, li.asset, li.folder');
    const box = row && row.querySelector('.job-tick, .pick');
    if (box) box.click();
  }
  function bar() {
    const first = document.querySelector('.several.is-open .several-acts button, .selection button');
    if (first && visible(first)) first.focus();
  }
  const KEYS = {
    g: generate,
    n: generate,
    '/': search,
    j: function () { walk(1); },
    k: function () { walk(-1); },
    x: tick,
    b: bar,
    '?': function () { document.getElementById('keys').showModal(); },
  };

  function off() {
    return localStorage.getItem('keys') === 'off';
  }
  document.querySelectorAll('.keys-switch').forEach(function (box) {
    box.checked = !off();
    box.addEventListener('change', function () { localStorage.setItem('keys', box.checked ? 'on' : 'off'); });
  });
  // From a job or a file to the one beside it. Not one of the single keys above: no spoken word presses it.
  document.addEventListener('keydown', function (event) {
    const rel = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key];
    if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    if (event.target.closest('input, textarea, select, video, audio, [contenteditable], dialog')) return;
    const link = document.querySelector('a[rel=' + rel + ']');
    if (link) link.click();
  });
  document.addEventListener('keydown', function (event) {
    const act = KEYS[event.key];
    if (!act || off() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.target.matches(TYPING)) return;
    const open = document.querySelector('dialog[open]');
    if (open && (open.id !== 'dialog' || act === generate)) return;
    event.preventDefault();
    act();
  });
})();
