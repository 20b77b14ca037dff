// Ticked jobs: how many, the bar of what can be done with them, and the panel's small manners around it. With Shift, all boxes
// between the one pressed before and this one, in the library too.
(function () {
  const RUNS = ['#jobs-list .job-tick', '#library .pick'];
  const shown = () => Array.from(document.querySelectorAll('#jobs-list .job-tick'));
  let anchor = null;

  function count() {
    const bar = document.getElementById('jobs-several');
    if (!bar) return;
    const boxes = shown();
    const ticked = boxes.filter((box) => box.checked).length;
    const matching = document.getElementById('jobs').dataset.count;
    const all = document.getElementById('several-all');
    const number = all.checked ? matching || 'All' : ticked;
    bar.classList.toggle('is-open', ticked > 0);
    if (!ticked) all.checked = false;
    write('several-count', ticked ? number + ' selected' : '');
    write('several-matching', matching);
    const every = document.getElementById('tick-all');
    if (!every) return;
    every.checked = ticked > 0 && ticked === boxes.length;
    every.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  function write(id, text) {
    const place = document.getElementById(id);
    if (place.textContent !== text) place.textContent = text;
  }
  function tick(boxes, on) {
    boxes.forEach((box) => { box.checked = on; });
    count();
  }

  document.addEventListener('change', (event) => {
    if (event.target.matches('.job-tick, #several-all')) count();
    if (event.target.id === 'tick-all') tick(shown(), event.target.checked);
  });
  document.addEventListener('click', (event) => {
    const box = event.target;
    if (!(box instanceof Element)) return;
    if (box.closest('#several-none')) {
      tick(shown(), false);
      return document.getElementById('tick-all').focus({ preventScroll: true });
    }
    if (box.closest('.note-close')) box.closest('.note').remove();
    document.querySelectorAll('.job-menu[open]').forEach((menu) => { menu.open = menu.contains(box) && !box.closest('a, button'); });
    const run = RUNS.find((selector) => box.matches(selector));
    if (!run) return;
    const boxes = Array.from(document.querySelectorAll(run));
    const [from, to] = [boxes.indexOf(anchor), boxes.indexOf(box)].sort((one, other) => one - other);
    if (event.shiftKey && from >= 0) boxes.slice(from, to + 1).forEach((between) => { between.checked = box.checked; });
    anchor = box; // the box's own change event, which follows, has them counted
  });
  // A quick choice and days of one's own exclude each other: the last one chosen holds. Before htmx sends the form.
  document.addEventListener('change', (event) => {
    const form = event.target.closest && event.target.closest('#jobs-filter');
    if (!form) return;
    if (event.target.name === 'when') form.elements.since.value = form.elements.until.value = '';
    if (['since', 'until'].includes(event.target.name)) form.elements.when.value = '';
  }, true);
  // A zip is a download, and the page stays: what was ticked has been served.
  document.addEventListener('submit', (event) => {
    if (event.target.id === 'jobs-several') setTimeout(() => tick(shown(), false));
  });
  document.addEventListener('htmx:after:swap', count);
  document.documentElement.dataset.scripted = '';
  count();
})();
