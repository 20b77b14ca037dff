// Uploads on the library's pages: several at once, each with its progress, cancelled by a press, taken up again after the line
// dropped or the page was closed (tus). The plain form in the page does the same without JavaScript.
(function () {
  const form = document.getElementById('upload-form');
  const section = document.getElementById('uploads');
  if (!form) return;
  const AT_ONCE = 2;
  const MOST = Number(form.dataset.most);
  const LARGEST = Number(form.dataset.largest);
  const LOST = 'The connection was lost. Choose the file again, and it goes on where it stopped.';
  const PIECE = 8 * 1024 * 1024;
  const waiting = [];
  let running = 0;
  let kept = 0;
  let showing = null;

  const input = form.querySelector('input[type=file]');
  const choose = document.getElementById('upload-choose');
  choose.hidden = false;
  document.getElementById('upload').hidden = true;
  choose.addEventListener('click', function () { input.click(); });
  input.addEventListener('change', function () {
    begin(Array.from(input.files));
    input.value = '';
  });

  function begin(files) {
    if (!files.length) return;
    if (!section.firstElementChild) section.append(part('h2', 'Uploads', 'uploads-title'), part('ul', '', 'uploads-list'), status());
    section.hidden = false;
    files.forEach(function (file, index) {
      const row = rowOf(file);
      document.getElementById('uploads-list').append(row.item);
      if (index >= MOST) refuse(row, 'At most ' + MOST + ' files at once. Choose it again when these are done.');
      else if (file.size > LARGEST) refuse(row, form.dataset.larger);
      else waiting.push({ file: file, row: row });
    });
    loadTus(form.dataset.tus).then(next, function () {
      waiting.splice(0).forEach(function (job) { refuse(job.row, LOST); });
    });
  }

  function next() {
    while (running < AT_ONCE && waiting.length) start(waiting.shift());
    if (!running && !waiting.length && kept) {
      say(kept === 1 ? '1 file is uploaded.' : kept + ' files are uploaded.');
      kept = 0;
    }
  }
  // What has arrived is shown while the others are under way, once a second.
  function show() {
    showing = showing || setTimeout(function () {
      showing = null;
      document.getElementById('library-shown').value = document.querySelectorAll('#assets > .asset').length;
      htmx.trigger(document.getElementById('library'), 'library-changed');
    }, 1000);
  }

  function start(job) {
    const row = job.row;
    if (row.gone) return;
    running += 1;
    let ended = false;
    function end() {
      if (ended) return;
      ended = true;
      running -= 1;
      next();
    }
    const upload = new tus.Upload(job.file, {
      endpoint: form.dataset.endpoint,
      chunkSize: PIECE,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000],
      removeFingerprintOnSuccess: true,
      headers: { 'X-CSRFToken': form.querySelector('[name=csrfmiddlewaretoken]').value },
      metadata: { filename: job.file.name, folder: form.dataset.folder },
      fingerprint: function (file) {
        return Promise.resolve(['wevion', form.dataset.folder, file.name, file.size, file.lastModified].join('|'));
      },
      onShouldRetry: function (error, attempt, options) {
        const answer = error.originalResponse && error.originalResponse.getStatus();
        row.state.textContent = 'The line dropped. Trying again.';
        return !answer || answer === 409 || answer === 423 || answer >= 500;
      },
      onProgress: function (sent, total) {
        row.bar.value = sent / total;
        row.state.textContent = sent === total ? 'Checking the file' : Math.floor(100 * sent / total) + ' %';
      },
      onSuccess: function () {
        kept += 1;
        show();
        row.bar.remove();
        row.state.textContent = 'Uploaded';
        row.item.dataset.state = 'done';
        row.cancel.remove();
        end();
      },
      onError: function (error) {
        refuse(row, words(error));
        end();
      }
    });
    row.stop = function () {
      upload.abort(true).catch(function () {});
      end();
    };
    upload.findPreviousUploads().then(function (previous) {
      if (row.gone) return end();
      if (previous.length) upload.resumeFromPreviousUpload(previous[0]);
      upload.start();
    });
  }

  function words(error) {
    const answer = error.originalResponse;
    if (!answer) return LOST;
    const text = (answer.getHeader('content-type') || '').startsWith('text/plain') ? answer.getBody() : '';
    if (text) return text;
    return answer.getStatus() === 403 ? 'Reload the page, and try again.' : 'The upload failed. Try again in a moment.';
  }

  function rowOf(file) {
    const row = { item: document.createElement('li'), bar: document.createElement('progress'), gone: false, stop: null };
    row.item.className = 'upload';
    row.state = part('span', 'Waiting');
    row.state.className = 'upload-state small quiet number';
    row.cancel = part('button', 'Cancel');
    row.cancel.className = 'btn';
    row.cancel.type = 'button';
    row.cancel.dataset.variant = 'ghost';
    row.cancel.dataset.size = 'sm';
    row.cancel.setAttribute('aria-label', 'Cancel ' + file.name);
    row.cancel.addEventListener('click', function () {
      row.gone = true;
      if (row.stop) row.stop();
      leave(row.item);
    });
    row.bar.max = 1;
    row.bar.value = 0;
    row.bar.setAttribute('aria-label', file.name);
    const name = part('span', file.name);
    name.className = 'upload-name';
    row.item.append(name, row.state, row.cancel, row.bar);
    return row;
  }

  // Its button had the focus: that goes to the next one, and from the last to where files are chosen.
  function leave(item) {
    const list = item.parentNode;
    const buttons = Array.from(list.querySelectorAll('button'));
    const at = buttons.indexOf(item.querySelector('button'));
    item.remove();
    section.hidden = !list.firstElementChild;
    (buttons[at + 1] || buttons[at - 1] || choose).focus();
  }

  function refuse(row, why) {
    row.item.dataset.state = 'failed';
    row.state.textContent = why;
    row.bar.remove();
    row.cancel.textContent = 'Dismiss';
    row.cancel.setAttribute('aria-label', 'Dismiss ' + row.item.querySelector('.upload-name').textContent);
    row.stop = null;
    say(row.item.querySelector('.upload-name').textContent + ': ' + why);
  }

  function part(tag, text, id) {
    const element = document.createElement(tag);
    element.textContent = text;
    if (id) element.id = id;
    return element;
  }

  function status() {
    const line = part('p', '', 'uploads-said');
    line.className = 'visually-hidden';
    line.setAttribute('role', 'status');
    return line;
  }

  function say(text) {
    document.getElementById('uploads-said').textContent = text;
  }

  function bringsFiles(event) {
    return event.dataTransfer && Array.from(event.dataTransfer.types).includes('Files');
  }
  document.addEventListener('dragover', function (event) {
    if (!bringsFiles(event) || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    document.body.classList.add('is-dropping');
  });
  document.addEventListener('dragleave', function (event) {
    if (!event.relatedTarget) document.body.classList.remove('is-dropping');
  });
  document.addEventListener('drop', function (event) {
    document.body.classList.remove('is-dropping');
    if (!bringsFiles(event) || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    begin(Array.from(event.dataTransfer.files));
  });
  window.addEventListener('beforeunload', function (event) {
    if (running) event.preventDefault();
  });
})();
