// When a swap takes away what had the focus, the keyboard goes on close by, and not at the top of the page.
(function () {
  let last = null; // what had the focus: a menu that closes over its button leaves none
  let place = null;

  document.addEventListener('focusin', function (event) { last = event.target; });
  function rows() {
    return Array.from(document.querySelectorAll('#jobs-list > .job'));
  }
  function opener(row) {
    return row && row.querySelector('[data-open]');
  }
  // After "Load more" the first of the new rows; after an act that can be undone its Undo; else the row that came to this place.
  function next() {
    const all = rows();
    if (place.more) return opener(all[place.count]);
    const undo = document.querySelector('#jobs-messages .note-act button');
    return undo || opener(all[Math.min(Math.max(place.row, 0), all.length - 1)]) || document.getElementById('tick-all');
  }

  document.addEventListener('htmx:before:swap', function () {
    if (!last || !last.closest('#area')) return;
    const all = rows();
    place = { more: Boolean(last.closest('#jobs-more')), count: all.length, row: all.indexOf(last.closest('.job')) };
  });
  document.addEventListener('htmx:finally:swap', function () {
    if (!place) return;
    setTimeout(function () {
      const gone = place && document.activeElement === document.body && !last.getClientRects().length;
      const target = gone && next();
      if (target) target.focus({ preventScroll: target.closest('#jobs-messages') !== null });
      place = null;
    });
  });
})();
