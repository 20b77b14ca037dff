// Fields that take a file: choose, paste an address, or drop one: a file of this computer, of the library, or an address.
(function () {
  const KINDS = { image: 'an image', video: 'a video', audio: 'a sound' };
  const LOST = 'The connection was lost. Try again in a moment.';

  function begin() {
    document.querySelectorAll('#order [data-find][hidden], #order [data-upload][hidden]').forEach(function (part) { part.hidden = false; });
  }
  function field(target) {
    return target.closest && target.closest('#order .media-field');
  }
  // Where a thing that is dragged belongs. A file beside the fields is meant for the first of them; on a form without one it is
  // taken and nothing happens: left to itself the browser would show it, and throw away the page.
  function meant(event) {
    const own = field(event.target);
    const file = !own && event.target.closest && event.target.closest('#generate') && event.dataTransfer.types.includes('Files');
    if (own || file) event.preventDefault();
    return own || (file && document.querySelector('#order .media-field'));
  }
  function say(media, text) {
    media.querySelector('[data-state]').textContent = text;
    media.querySelector('[data-sent]').textContent = ''; // beside it: nobody wants to hear every percent
  }
  // Takes the library's file with this id, which may not be among those that are shown.
  async function choose(media, id) {
    const files = media.querySelector('[data-files]');
    await htmx.ajax('GET', media.dataset.filesAt + '&chosen=' + encodeURIComponent(id), { target: '#' + files.id, swap: 'outerHTML' });
    media.querySelector('[data-address]').value = '';
    media.querySelector('[data-files]').dispatchEvent(new Event('change', { bubbles: true }));
  }
  async function upload(media, file) {
    if (!file.type.startsWith(media.dataset.media + '/')) {
      return say(media, 'This field takes ' + KINDS[media.dataset.media] + '; “' + file.name + '” is something else.');
    }
    say(media, 'Uploading “' + file.name + '”');
    try {
      await loadTus(media.dataset.tus);
    } catch (error) {
      return say(media, LOST);
    }
    const sending = new tus.Upload(file, {
      endpoint: media.dataset.endpoint,
      chunkSize: 8 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 5000, 10000],
      removeFingerprintOnSuccess: true,
      headers: { 'X-CSRFToken': media.closest('form').querySelector('[name=csrfmiddlewaretoken]').value },
      metadata: { filename: file.name },
      onProgress: function (sent, total) { media.querySelector('[data-sent]').textContent = Math.floor(100 * sent / total) + ' %'; },
      onError: function (error) {
        const answer = error.originalResponse;
        const plain = answer && (answer.getHeader('content-type') || '').startsWith('text/plain');
        say(media, '“' + file.name + '” was not uploaded. ' + (plain && answer.getBody() || LOST));
      },
      onSuccess: function () {
        // An upload and the file it becomes have the same id.
        choose(media, sending.url.split('/').pop()).then(function () { say(media, '“' + file.name + '” is in your library, and chosen.'); });
      }
    });
    sending.start();
  }
  function take(media, address) {
    const own = new URL(address, location.href);
    const found = own.origin === location.origin && /\/files\/([0-9a-f-]{36})/.exec(own.pathname);
    if (found) return choose(media, found[1]);
    const input = media.querySelector('[data-address]');
    input.value = address;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  document.addEventListener('DOMContentLoaded', begin);
  document.addEventListener('htmx:after:swap', begin);
  document.addEventListener('input', function (event) {
    const media = field(event.target);
    if (!media || !event.target.matches('[data-address]') || !event.target.value) return;
    const none = media.querySelector('input[type=radio][value=""]');
    if (none) none.checked = true;
  });
  document.addEventListener('change', function (event) {
    const media = field(event.target);
    if (media && event.target.type === 'file' && event.target.files.length) {
      upload(media, event.target.files[0]);
      event.target.value = '';
    }
    if (media && event.target.type === 'radio' && event.target.value) media.querySelector('[data-address]').value = '';
  });
  ['dragenter', 'dragover'].forEach(function (name) {
    document.addEventListener(name, function (event) {
      const media = meant(event);
      if (media) media.classList.add('is-over');
    });
  });
  document.addEventListener('dragleave', function (event) {
    const media = document.querySelector('.media-field.is-over');
    if (media && !media.contains(event.relatedTarget)) media.classList.remove('is-over');
  });
  document.addEventListener('drop', function (event) {
    const media = meant(event);
    if (!media) return;
    media.classList.remove('is-over');
    const address = event.dataTransfer.getData('text/uri-list').split('\n')[0].trim();
    if (event.dataTransfer.files.length) return upload(media, event.dataTransfer.files[0]);
    if (address) take(media, address);
  });
  document.addEventListener('paste', function (event) {
    const media = field(event.target);
    const file = media && event.clipboardData.files[0];
    if (!file) return;
    event.preventDefault();
    upload(media, file);
  });
})();
