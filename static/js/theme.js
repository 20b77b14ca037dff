// Runs before the first paint, so that a dark page never flashes light. The server has already set a class when a choice is stored.
(function () {
  const root = document.documentElement;
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  function follow() {
    if (!root.classList.contains('light')) root.classList.toggle('dark', root.dataset.theme === 'dark' || system.matches);
  }
  follow();
  system.addEventListener('change', follow);

  document.addEventListener('submit', function (event) {
    if (!event.target.matches('[data-theme-form]')) return;
    event.preventDefault();
    const theme = root.classList.contains('dark') ? 'light' : 'dark';
    document.cookie = 'theme=' + theme + ';path=/;max-age=31536000;samesite=lax';
    root.dataset.theme = theme;
    root.classList.toggle('dark', theme === 'dark');
    root.classList.toggle('light', theme === 'light');
    const choice = document.querySelector('input[name=theme][value=' + theme + ']');
    if (choice) choice.checked = true; // the profile's form, if it is this page, would set it back
  });
})();
