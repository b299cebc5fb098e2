import { element } from './element.ts';
import { inWords, type Kind, type Life, type Segment, segmentsOf } from './life.ts';
import type { TimeScale } from './time-scale.ts';

/** One PAT's life as bars on the common scale, with the same in words for who cannot see it. */
export function timeLine(life: Life, scale: TimeScale): HTMLElement {
  const words = inWords(life, scale.now);
  const drawn = visibleSegments(life, scale).map(({ kind, from, to, lane }) => {
    const left = scale.percent(from);
    const width = isMark(kind) ? '' : `;width:${scale.percent(to) - left}%`;
    const where = lane === 'only' ? '' : ` ${lane}`;
    return element('span', { class: `${shapeOf(kind)}${where}`, style: `left:${left}%${width}` });
  });
  return element('div', { class: 'life', role: 'img', 'aria-label': words, title: words }, ...drawn);
}

/** The class by which a kind gets its look, here and in the legend. */
export function shapeOf(kind: Kind): string {
  if (isMark(kind)) return `mark ${kind}`;
  return kind === 'near' ? 'bar life near' : `bar ${kind}`;
}

/** What of a life is really seen on the scale: no bar without a length. */
export function visibleSegments(life: Life, scale: TimeScale): readonly Segment[] {
  return segmentsOf(life, scale.now).filter(
    ({ kind, from, to }) => isMark(kind) || scale.percent(to) > scale.percent(from),
  );
}

function isMark(kind: Kind): boolean {
  return kind === 'end' || kind === 'revoke';
}
