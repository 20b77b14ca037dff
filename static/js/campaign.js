// The words and files of a campaign draft are kept in this tab until they are saved: a link, a reload or a login in between
// loses none. They come back through the same step as every change of the files: the server draws the form anew.
(function () {
  const form = document.getElementById('campaign');
  if (!form) return; // the page was left while it came
  const name = form.dataset.draft;
  const SENT = 'campaign/sent';
  let last = JSON.stringify(now());

  function fields() {
    return Array.from(document.querySelectorAll('.campaign-fields :is(input, textarea, select)'));
  }
  function cards() {
    return Array.from(document.querySelectorAll('#campaign input[name=asset]'));
  }
  function now() {
    const words = Object.fromEntries(fields().map(function (field) { return [field.name, field.value]; }));
    return { words: words, files: cards().map(function (card) { return card.value; }) };
  }
  function keep() {
    const present = JSON.stringify(now());
    if (present !== last) sessionStorage.setItem(name, last = present);
  }
  function restore() {
    const kept = JSON.parse(sessionStorage.getItem(name) || 'null');
    if (!kept) return;
    const there = now();
    if (form.dataset.restore === 'words') kept.files = there.files; // the address names the files
    if (JSON.stringify(kept) === JSON.stringify(there)) return;
    fields().forEach(function (field) { if (field.name in kept.words) field.value = kept.words[field.name]; });
    cards().forEach(function (card) { card.remove(); });
    kept.files.forEach(function (id) {
      const card = document.createElement('input');
      card.type = 'hidden';
      card.name = 'asset';
      card.value = id;
      form.append(card);
    });
    document.getElementById('campaign-restore').click();
  }

  // What was sent and taken is no draft any more; what was refused stands in the form as it was sent.
  if (document.querySelector('#messages .note[data-level=success]')) sessionStorage.removeItem(sessionStorage.getItem(SENT));
  sessionStorage.removeItem(SENT);
  // Not earlier: before that the button would send the form as a page.
  if (form.dataset.restore) document.addEventListener('htmx:after:process', restore, { once: true });

  document.addEventListener('input', function (event) {
    if (event.target.closest('.campaign-fields')) keep();
  });
  document.addEventListener('htmx:after:swap', keep);
  document.addEventListener('submit', function (event) {
    if (event.target.id === 'campaign') sessionStorage.setItem(SENT, name);
  });
  document.addEventListener('click', function (event) {
    if (!event.target.closest('#campaign-back [data-forget]')) return;
    sessionStorage.removeItem(name);
    location.replace(form.getAttribute('action')); // a reload would send a refused form again
  });
})();
