// The words of a campaign draft are kept in this tab until they are saved: a link, a reload or a login in between loses none.
(function () {
  const form = document.getElementById('campaign');
  if (!form) return; // the page was left while it came
  const name = form.dataset.draft;
  const SENT = 'campaign/sent';

  function fields() {
    return Array.from(document.querySelectorAll('.campaign-fields :is(input, textarea, select)'));
  }
  function preview() {
    const first = fields().find(function (field) { return field.name !== 'name'; });
    first.dispatchEvent(new Event('input', { bubbles: true }));
  }
  function restore() {
    const kept = JSON.parse(sessionStorage.getItem(name) || 'null');
    const changed = kept && fields().filter(function (field) { return field.name in kept && field.value !== kept[field.name]; });
    if (!changed || !changed.length) return;
    changed.forEach(function (field) { field.value = kept[field.name]; });
    document.getElementById('campaign-back').hidden = false;
    preview();
  }

  // What was sent and taken is no draft any more; what was refused stands in the form as it was sent.
  if (document.querySelector('#messages .note[data-level=success]')) sessionStorage.removeItem(sessionStorage.getItem(SENT));
  sessionStorage.removeItem(SENT);
  // Not earlier: from then on the picture of the ad follows what is typed.
  if ('restore' in form.dataset) document.addEventListener('htmx:after:process', restore, { once: true });

  document.addEventListener('input', function (event) {
    if (!event.target.closest('.campaign-fields') || !event.isTrusted) return;
    sessionStorage.setItem(name, JSON.stringify(Object.fromEntries(fields().map(function (field) { return [field.name, field.value]; }))));
  });
  document.addEventListener('submit', function (event) {
    if (event.target.id === 'campaign') sessionStorage.setItem(SENT, name);
  });
  document.addEventListener('click', function (event) {
    if (!event.target.closest('#campaign-back [data-forget]')) return;
    sessionStorage.removeItem(name);
    location.reload();
  });
})();
