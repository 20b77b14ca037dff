// The generation form: Ctrl or Cmd + Enter, characters left, and a draft of what is typed, kept in this tab for this person.
(function () {
  let pending = null;
  let example = false;

  function words(order) {
    return Array.from(order.querySelectorAll('textarea, input[type=text]'));
  }
  function shown(order) {
    return Array.from(order.elements).filter(function (field) {
      return field.name && !['hidden', 'submit', 'button', 'search', 'file'].includes(field.type) && (field.type !== 'radio' || field.checked);
    });
  }
  function changed(order) {
    order.dispatchEvent(new Event('input', { bubbles: true }));
  }

  function keep(order) {
    clearTimeout(pending);
    const name = 'draft/' + order.dataset.draft;
    if (!words(order).some(function (field) { return field.value.trim(); })) return sessionStorage.removeItem(name);
    const fields = shown(order).map(function (field) { return [field.name, field.value]; });
    sessionStorage.setItem(name, JSON.stringify({ key: order.elements.idempotency_key.value, fields: fields }));
  }
  // A draft whose key is that of the last job has been submitted: it is not brought back.
  function restore(order) {
    if (!('restore' in order.dataset)) return;
    delete order.dataset.restore;
    const name = 'draft/' + order.dataset.draft;
    const draft = JSON.parse(sessionStorage.getItem(name) || 'null');
    if (!draft) return;
    if (draft.key === order.dataset.last) return sessionStorage.removeItem(name);
    const provider = order.querySelector('[name=provider]:checked');
    draft.fields.forEach(function (pair) { fill(order, pair[0], pair[1]); });
    order.querySelector('#order-draft').hidden = false;
    const now = order.querySelector('[name=provider]:checked');
    if (now && now !== provider) now.dispatchEvent(new Event('change', { bubbles: true }));
    else changed(order);
  }
  function fill(order, name, value) {
    const field = order.elements.namedItem(name);
    if (!field) return;
    if (field instanceof RadioNodeList) {
      const choice = Array.from(field).find(function (radio) { return radio.value === value && !radio.disabled; });
      if (choice) choice.checked = true;
    } else if (field.tagName !== 'SELECT' || Array.from(field.options).some(function (option) { return option.value === value; })) {
      field.value = value;
    }
  }

  function count(order) {
    order.querySelectorAll('[data-count]').forEach(function (output) {
      const left = Number(output.dataset.count) - document.getElementById(output.htmlFor.value).value.length;
      const many = Math.abs(left).toLocaleString('en') + (Math.abs(left) === 1 ? ' character' : ' characters');
      const text = many + (left < 0 ? ' too many' : ' left');
      if (output.textContent !== text) output.textContent = text;
      output.classList.toggle('is-low', left < Number(output.dataset.count) / 20);
    });
  }
  // On a page that has just been loaded htmx may come to the price after us.
  function listening(order) {
    const price = order.querySelector('#quote');
    return !price || price.hasAttribute('data-htmx-powered');
  }
  function begin() {
    const order = document.getElementById('order');
    if (!order) return;
    if (listening(order)) restore(order);
    count(order);
    if (example) order.querySelector('[data-main]').focus();
    example = false;
  }

  document.addEventListener('DOMContentLoaded', begin);
  document.addEventListener('htmx:after:process', begin); // not earlier: the price listens from here on
  document.addEventListener('input', function (event) {
    const order = event.target.closest('#order');
    if (!order) return;
    count(order);
    if (event.target.matches('[data-main]')) order.querySelectorAll('.examples').forEach(function (row) { delete row.dataset.keep; });
    clearTimeout(pending);
    pending = setTimeout(keep, 300, order);
  });
  document.addEventListener('change', function (event) {
    const order = event.target.closest('#order');
    if (order) keep(order);
  });
  document.addEventListener('click', function (event) {
    if (event.target.closest('.example')) example = true;
    if (!event.target.closest('[data-discard]')) return;
    const order = event.target.closest('#order');
    sessionStorage.removeItem('draft/' + order.dataset.draft);
    order.reset();
    order.querySelector('#order-draft').hidden = true;
    order.querySelector('[data-main]').focus();
    changed(order);
  });
  document.addEventListener('submit', function (event) {
    if (event.target.id === 'order') keep(event.target);
  }, true);
  document.addEventListener('keydown', function (event) {
    const order = event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.closest('#order');
    const button = order && order.querySelector('#order-submit');
    if (!button) return;
    event.preventDefault();
    if (!button.disabled) order.requestSubmit(button);
  });

  // The server did not answer, or not as it should: what was typed stays, and the form's key makes a second try safe.
  function trouble(event) {
    const order = event.target.closest && event.target.closest('#order');
    const answer = event.detail && event.detail.ctx && event.detail.ctx.response;
    if (!order || event.target !== order || (answer && [401, 402, 403, 422].includes(answer.status))) return;
    const note = order.querySelector('#order-trouble');
    note.textContent = answer && answer.status < 500
      ? window.answered(answer.status) + ' What you typed is kept.'
      : 'Creative Hub did not answer. What you typed is kept. Press Generate again in a moment: even if the first try arrived, there will be one job, charged once.';
    note.hidden = false;
    note.scrollIntoView({ block: 'nearest' });
  }
  document.addEventListener('htmx:error', trouble);
  document.addEventListener('htmx:response:error', trouble);
})();
