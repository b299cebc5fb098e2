/**
 * What a browser has to do from a click, or a letter, to the new layout: elements made, and rows laid out. Rows that are not
 * near the window are skipped by `content-visibility`, and their parts have no boxes then.
 */
(async () => {
  const observed = async (act) => {
    const create = document.createElement;
    let made = 0;
    document.createElement = (...parameters) => {
      made++;
      return create.apply(document, parameters);
    };
    act();
    document.createElement = create;
    // A browser decides on what is near the window when it paints.
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    const rows = [...document.querySelectorAll('tbody tr')];
    const seen = rows.filter((row) => row.firstElementChild.checkVisibility({ contentVisibilityAuto: true }));
    return { made, laidOut: seen.length };
  };
  const type = (text) => {
    const search = document.querySelector('.search');
    search.value = text;
    search.dispatchEvent(new Event('input'));
  };
  return {
    'sorting by name': await observed(() => document.querySelector('th.name .sort').click()),
    'sorting by end': await observed(() => document.querySelector('th.ends .sort').click()),
    filtering: await observed(() => type('feed 9')),
    'showing all again': await observed(() => type('')),
  };
})();
