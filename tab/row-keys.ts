/** One row's button is reached by Tab, the others from there by the arrow keys. */
export function makeReachable(body: HTMLElement, opener: HTMLElement | undefined): void {
  body.querySelector('.open[tabindex="0"]')?.setAttribute('tabindex', '-1');
  opener?.setAttribute('tabindex', '0');
}

/**
 * Moves the focus from row to row.
 * @param drawMore draws more rows if there are any, for who goes beyond the last one
 */
export function moveByKeys(body: HTMLElement, drawMore: () => void): void {
  const openers = () => [...body.querySelectorAll<HTMLButtonElement>('.open')];
  body.addEventListener('keydown', (event) => {
    const { target } = event;
    if (!(target instanceof HTMLButtonElement && target.matches('.open'))) return;
    const at = openers().indexOf(target);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 10,
      PageUp: at - 10,
      Home: 0,
      End: openers().length - 1,
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    if (place >= openers().length) drawMore();
    const all = openers();
    const next = all[Math.min(all.length - 1, Math.max(0, place))];
    makeReachable(body, next);
    next?.focus();
  });
}
