// The library: how many are selected, questions in a dialog instead of a page, dragging onto a folder.
(function () {
  const selection = document.getElementById('selection');
  const dialog = document.getElementById('library-dialog');

  function picks() {
    return Array.from(document.querySelectorAll('.pick:checked'));
  }
  function count() {
    const label = document.getElementById('selection-count');
    if (!label) return;
    const chosen = picks();
    const words = chosen.length + ' selected';
    if (label.textContent !== words) label.textContent = words;
    selection.dataset.count = chosen.length;
    const oneOnly = selection.querySelector('[data-one]');
    if (oneOnly) oneOnly.hidden = chosen.length !== 1;
    const filesOnly = selection.querySelector('[data-files]');
    if (filesOnly) filesOnly.hidden = chosen.some(function (pick) { return !['image', 'video'].includes(pick.dataset.kind); });
  }
  document.addEventListener('change', function (event) {
    if (event.target.matches('.pick')) count();
    if (event.target.matches('[data-submits]')) event.target.form.requestSubmit();
  });
  document.addEventListener('reset', function () { setTimeout(count); });
  document.addEventListener('htmx:after:swap', function () {
    count();
    // The forms were made for the address with which the page came: they lead back to the present one.
    const library = document.getElementById('library');
    if (library) document.querySelectorAll('#main input[name=next]').forEach(function (field) { field.value = library.getAttribute('hx-get'); });
  });
  window.addEventListener('pageshow', count);

  document.addEventListener('submit', function (event) {
    const act = event.submitter && event.submitter.dataset.act;
    if (!act || event.target !== selection || !dialog) return;
    event.preventDefault();
    const address = event.submitter.formAction + '?' + new URLSearchParams(new FormData(selection, event.submitter));
    fetch(address, { headers: { 'HX-Request': 'true' } }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error();
      return answer.text();
    }).then(function (text) {
      dialog.innerHTML = text;
      dialog.showModal();
      const field = dialog.querySelector('input[type=text]');
      if (field) field.select();
    }).catch(function () { window.location.href = address; });
  });
  if (dialog) {
    dialog.addEventListener('click', function (event) {
      if (event.target !== dialog && !event.target.closest('[data-close]')) return;
      event.preventDefault();
      dialog.close();
    });
  }

  let dragged = null;
  document.addEventListener('dragstart', function (event) {
    const thing = event.target.closest && event.target.closest('[data-drag]');
    if (!thing) return;
    dragged = thing;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', '');
  });
  document.addEventListener('dragend', function () {
    dragged = null;
    mark(null);
  });
  function mark(target) {
    document.querySelectorAll('.is-target').forEach(function (other) { other.classList.remove('is-target'); });
    if (target) target.classList.add('is-target');
  }
  function targetOf(event) {
    const target = dragged && event.target.closest && event.target.closest('[data-drop]');
    return target && target !== dragged ? target : null;
  }
  document.addEventListener('dragover', function (event) {
    if (!dragged) return;
    const target = targetOf(event);
    mark(target);
    if (target) event.preventDefault();
  });
  document.addEventListener('drop', function (event) {
    const target = targetOf(event);
    if (!target) return;
    event.preventDefault();
    const form = document.getElementById('drop');
    form.elements.into.value = target.dataset.drop;
    const own = dragged.querySelector('.pick');
    const chosen = own.checked ? picks() : [own];
    chosen.filter(function (pick) { return pick.value !== target.dataset.drop; }).forEach(function (pick) {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = pick.name;
      field.value = pick.value;
      form.append(field);
    });
    form.submit();
  });

  document.addEventListener('keydown', function (event) {
    if (event.target.matches('#picker-find') && event.key === 'Enter') {
      event.preventDefault();
      document.getElementById('picker-search').click();
    }
  });
})();
