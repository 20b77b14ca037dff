// A file's address may lead on to a signed one that ends after some hours. A player that was paused for longer asks again,
// and goes on where it stood. At most twice a minute: a file that is really gone stays an error.
(() => {
  const RETRY_MS = 30_000;
  const asked = new WeakMap();

  document.addEventListener("error", (event) => {
    const player = event.target;
    if (!(player instanceof HTMLMediaElement) || !player.currentTime) return;
    if (Date.now() - (asked.get(player) ?? 0) < RETRY_MS) return;
    asked.set(player, Date.now());
    const { currentTime, paused } = player;
    player.addEventListener("loadedmetadata", () => {
      player.currentTime = currentTime;
      if (!paused) player.play().catch(() => {});
    }, { once: true });
    player.load();
  }, true);
})();
