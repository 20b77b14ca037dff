// Polling sections (data-poll) rest while the tab is hidden, and catch up at once when it is shown again. A tab whose person
// asked for notifications goes on, every fifteen seconds. When the server does not answer, or the session has ended, the page says
// so until that is over.
(function () {
  const HIDDEN_MS = 15000;
  let last = 0;

  function polls(element) {
    return element instanceof Element && element.matches('[data-poll]');
  }
  function rests(section) {
    // The page's own eye on the jobs is not needed where a list of them asks, or has stopped since nothing runs.
    if (section.id === 'pulse' && document.querySelector('#jobs, #job[data-poll]')) return true;
    if (!document.hidden) return false;
    return !window.wantsNotices() || Date.now() - last < HIDDEN_MS;
  }
  document.addEventListener('htmx:config:request', function (event) {
    if (!polls(event.target)) return;
    if (rests(event.target)) return event.preventDefault();
    event.detail.ctx.request.headers['X-Poll'] = '1';
    last = Date.now();
  });
  document.addEventListener('visibilitychange', function () {
    if (document.hidden) return;
    document.querySelectorAll('[data-poll]').forEach(function (section) { htmx.trigger(section, 'poll-now'); });
  });

  function lost(event) {
    if (!polls(event.target)) return;
    const answer = event.detail.ctx && event.detail.ctx.response;
    const login = answer && answer.status === 401 && answer.headers.get('Login-At');
    if (login) return window.notice('connection', 'Your session has ended. What you typed is still here.', 'error', login, 'Log in');
    const gone = answer && answer.status < 500 && answer.status !== 429;
    window.notice('connection', gone ? 'This page is out of date. Reload it to go on.' : 'Connection lost, trying again', 'error');
  }
  document.addEventListener('htmx:error', lost);
  document.addEventListener('htmx:response:error', lost);
  document.addEventListener('htmx:after:request', function (event) {
    if (polls(event.target) && event.detail.ctx.response.status < 400) window.notice('connection', '');
  });
})();
