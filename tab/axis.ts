import { element } from './element.ts';
import type { TimeScale } from './time-scale.ts';

/** The header of the column of time lines: months, and today. */
export function axis(scale: TimeScale): HTMLElement {
  const at = (percent: number) => `left:${percent}%`;
  const today = element('span', { class: 'tick today', style: at(scale.percent(scale.now)) }, 'today');
  const months = scale.ticks.map((tick) =>
    element('span', { class: 'tick', style: at(scale.percent(tick.at)) }, tick.label),
  );
  const line = element('div', { class: 'axis', 'aria-hidden': 'true' }, ...months, today);
  // How many words have room depends on the window and on the size of text, so this looks whenever these change.
  new ResizeObserver(() => showWhatHasRoom(line, [today, ...months])).observe(line);
  return element(
    'th',
    { scope: 'col', role: 'columnheader', class: 'time' },
    element('span', { class: 'unseen' }, 'Time line'),
    line,
  );
}

/** @param words the most important first */
function showWhatHasRoom(line: HTMLElement, words: readonly HTMLElement[]): void {
  const edge = line.getBoundingClientRect();
  const taken: DOMRect[] = [];
  for (const word of words) {
    const box = word.getBoundingClientRect();
    const isFree =
      taken.every(({ left, right }) => box.left > right || box.right < left) &&
      (word.classList.contains('today') || box.right <= edge.right);
    word.style.visibility = isFree ? '' : 'hidden';
    if (isFree) taken.push(box);
  }
}

/** The lines behind all time lines, as one background. */
export function gridLines(scale: TimeScale): string {
  const line = (color: string, at: number) =>
    `linear-gradient(var(${color}),var(${color})) ${scale.percent(at)}% 0/1px 100% no-repeat`;
  return `--grid:${[line('--today', scale.now), ...scale.ticks.map(({ at }) => line('--line', at))].join(',')}`;
}
