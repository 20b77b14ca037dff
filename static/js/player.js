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

  // The picture of a sound: a press goes to that place, and what has been played is shaded. By key the player's own slider does it.
  document.addEventListener("click", (event) => {
    const wave = event.target.closest(".wave");
    const player = wave && wave.parentNode.querySelector("audio");
    if (!player || !Number.isFinite(player.duration)) return;
    const { left, width } = wave.getBoundingClientRect();
    player.currentTime = player.duration * (event.clientX - left) / width;
    player.play().catch(() => {});
  });
  for (const moved of ["timeupdate", "seeking"]) {
    document.addEventListener(moved, ({ target }) => {
      const wave = target.parentNode.querySelector(".wave");
      if (wave) wave.style.setProperty("--played", target.currentTime / target.duration);
    }, true);
  }
})();
