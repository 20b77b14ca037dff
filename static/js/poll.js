// Polling sections (data-poll) rest while the tab is hidden and catch up at once when it is shown again.
(function () {
  document.addEventListener('htmx:config:request', function (event) {
    if (document.hidden && event.target.matches && event.target.matches('[data-poll]')) event.preventDefault();
  });
  document.addEventListener('visibilitychange', function () {
    if (document.hidden) return;
    document.querySelectorAll('[data-poll]').forEach(function (section) { htmx.trigger(section, 'poll-now'); });
  });
})();
