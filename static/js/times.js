// Keeps relative times true: <time data-ago> counts up, <time data-left> counts down. The words are those of job_display.py.
// And tells the server the person's time zone, in which days are counted and exact times written.
(function () {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = 'tz=' + zone + ';path=/;max-age=31536000;samesite=lax' + (location.protocol === 'https:' ? ';secure' : '');

  function ago(seconds) {
    if (seconds < 45) return 'just now';
    if (seconds < 3600) return Math.max(1, Math.round(seconds / 60)) + ' min ago';
    if (seconds < 86400) return Math.round(seconds / 3600) + ' h ago';
    return null;
  }
  function left(time) {
    const now = Date.now();
    const seconds = (Date.parse(time.dateTime) - now) / 1000;
    if (seconds > 90) return 'about ' + Math.round(seconds / 60) + ' min left';
    if (seconds > 0) return 'about ' + Math.max(5, Math.round(seconds / 5) * 5) + ' s left';
    return now < Date.parse(time.dataset.late) ? 'any moment now' : 'taking longer than usual';
  }
  function tick() {
    if (document.hidden) return;
    document.querySelectorAll('time[data-ago], time[data-left]').forEach(function (time) {
      const text = 'left' in time.dataset ? left(time) : ago((Date.now() - Date.parse(time.dateTime)) / 1000);
      if (text !== null && time.textContent !== text) time.textContent = text;
    });
  }
  setInterval(tick, 5000);
  document.addEventListener('visibilitychange', tick);
})();
