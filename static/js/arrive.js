// A page that answers a form begins at the first field that is wrong, or else at what it says: a status that is there when the
// page comes is not spoken by itself. The order form sees to itself (dialog.js).
(function () {
  const wrong = document.querySelector('main [aria-invalid=true]:not(#order *)');
  const said = document.querySelector('main :is(.notes[role=status]:has(.note), [data-said])');
  if (!wrong && !said) return;
  if (!wrong) said.tabIndex = -1;
  (wrong || said).focus();
})();
