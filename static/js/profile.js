// Notifications need the browser's consent: it is asked for when the box is ticked, and the box says no when the browser does.
(function () {
  const box = document.getElementById('id_notify_in_browser');
  const state = document.getElementById('notify-state');
  const REFUSED = 'Your browser does not allow notifications from this site. Allow them in its settings for this site, and tick the box again.';
  if (!('Notification' in window)) {
    box.disabled = true;
    state.textContent = 'This browser cannot show notifications.';
    return;
  }
  if (box.checked && Notification.permission === 'denied') state.textContent = REFUSED;
  box.addEventListener('change', async function () {
    if (!box.checked || Notification.permission === 'granted') return;
    if (await Notification.requestPermission() === 'granted') return;
    box.checked = false;
    state.textContent = REFUSED;
  });
})();
