// Short notes above the page: what a click could not do, and jobs that have ended. The title counts what runs, and ticks when it ends.
(function () {
  const STAYS_MS = 12000;
  const ENDED = { completed: 'Completed', partial: 'Partly completed', failed: 'Failed, not charged', cancelled: 'Cancelled, not charged' };
  const ANSWERS = {
    403: 'You may not do that. If you have just logged in or out in another tab, reload the page.',
    404: 'That is not there any more. Reload the page to see what is.',
    409: 'That cannot be done in the present state. Reload the page to see it.',
    413: 'That is too much for one request. Nothing was changed.',
    429: 'Too many requests in a short time. Wait a minute, then try again.',
  };

  // A modal dialog makes all else inert: so the notes go where the person can reach them.
  function corner() {
    const corner = document.getElementById('toaster');
    const place = document.querySelector('dialog:modal') || document.body;
    if (corner.parentNode !== place) place.append(corner);
    return corner;
  }
  // What is put into a dialog anew must not take the notes with it.
  document.addEventListener('close', corner, true);
  function note(text, level, link, label) {
    const note = document.createElement('div');
    note.className = 'toast-note panel';
    note.dataset.level = level || 'success';
    const words = note.appendChild(document.createElement('p'));
    words.textContent = text;
    if (link) {
      const anchor = note.appendChild(document.createElement('a'));
      anchor.className = 'link';
      anchor.href = link;
      anchor.textContent = label || 'View';
    }
    return note;
  }
  function toast(text, level, link) {
    const shown = corner().appendChild(note(text, level, link));
    const close = shown.appendChild(document.createElement('button'));
    close.type = 'button';
    close.className = 'toast-close';
    close.setAttribute('aria-label', 'Close this note');
    close.textContent = '×';
    close.addEventListener('click', function () { shown.remove(); });
    (function leave() {
      setTimeout(function () { shown.matches(':hover, :focus-within') ? leave() : shown.remove(); }, STAYS_MS);
    })();
  }
  // A note that stays until it is called again with no text.
  window.notice = function (id, text, level, link, label) {
    const old = document.getElementById('notice-' + id);
    if (old && old.firstChild.textContent === text) return;
    if (old) old.remove();
    if (!text) return;
    const shown = note(text, level, link, label);
    shown.id = 'notice-' + id;
    corner().append(shown);
  };
  window.wantsNotices = function () {
    return 'notify' in (pulse() || { dataset: {} }).dataset && 'Notification' in window && Notification.permission === 'granted';
  };
  window.answered = function (status) { // in words, what was answered instead of what was asked for
    return ANSWERS[status] || 'Something went wrong on our side. Try again in a moment; if it goes on, tell us when it happened.';
  };
  document.addEventListener('toast', function (event) { toast(event.detail.text, event.detail.level, event.detail.link); });

  // What a click could not do. Polling has a note of its own, and the order form says it in place.
  function failed(event) {
    const source = event.target;
    if (!(source instanceof Element) || source.matches('[data-poll]') || source.closest('#order')) return;
    const ctx = event.detail.ctx;
    const status = ctx && ctx.response && ctx.response.status;
    if (status === 401 || (status && ctx.swap !== 'none')) return; // to the login page; or the answer is shown in its place
    if (!status) toast('The server cannot be reached. Check your connection, and try again.', 'error');
    else toast(window.answered(status), 'error');
  }
  document.addEventListener('htmx:error', failed);
  document.addEventListener('htmx:finally:request', function (event) {
    const response = event.detail.ctx.response;
    if (response && response.status >= 400) failed(event);
  });

  // Jobs. What had ended before this tab's first page is not news.
  const running = /^(\(\d+\)|✓) /;
  let ticked = false;
  function pulse() {
    return document.getElementById('pulse');
  }
  function look() {
    const eye = document.getElementById('jobs-pulse') || pulse();
    if (!eye) return;
    const ended = JSON.parse(eye.dataset.ended);
    const known = JSON.parse(sessionStorage.getItem('ended') || 'null');
    const fresh = known ? ended.filter(function (job) { return !known.includes(job.id); }) : [];
    sessionStorage.setItem('ended', JSON.stringify(ended.map(function (job) { return job.id; }).concat(known || []).slice(0, 200)));
    if (fresh.length) tell(fresh);
    title(Number(eye.dataset.running), fresh.length > 0);
  }
  function tell(ended) {
    const list = pulse() ? pulse().dataset.jobs : '/creative-hub/jobs';
    if (ended.length > 3) toast(ended.length + ' jobs have ended.', 'success', list);
    ended.forEach(function (job) {
      const words = ENDED[job.status] + ': ' + (job.prompt || job.label);
      const address = list + '/' + job.id;
      if (ended.length <= 3) toast(words, job.status === 'failed' ? 'error' : 'success', address);
      if (document.hidden && window.wantsNotices()) call(job, words, address);
    });
  }
  // Several tabs tell of one job once: its id is the notification's tag.
  function call(job, words, address) {
    const shown = new Notification(job.label + ' job', { body: words, tag: job.id });
    shown.addEventListener('click', function () {
      window.focus();
      location.assign(address);
    });
  }
  function title(count, ended) {
    ticked = count === 0 && (ended || (ticked && document.hidden));
    const plain = document.title.replace(running, '');
    const wanted = (count ? '(' + count + ') ' : ticked ? '✓ ' : '') + plain;
    if (document.title !== wanted) document.title = wanted;
  }
  document.addEventListener('htmx:after:swap', look);
  look();
})();
