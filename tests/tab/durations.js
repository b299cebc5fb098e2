/** How long it takes from a click, or a letter, to the new layout; in milliseconds. */
(() => {
  const time = (act) => {
    const start = performance.now();
    act();
    document.body.getBoundingClientRect();
    return performance.now() - start;
  };
  const type = (text) => {
    const search = document.querySelector('.search');
    search.value = text;
    search.dispatchEvent(new Event('input'));
  };
  return {
    'sorting by name': time(() => document.querySelector('th.name .sort').click()),
    'sorting by end': time(() => document.querySelector('th.ends .sort').click()),
    filtering: time(() => type('feed 9')),
    'showing all again': time(() => type('')),
  };
})();
