import { day } from './dates.ts';
import type { Life } from './life.ts';

/** Where an instant stands on the time lines, which all have the same scale. */
export interface TimeScale {
  readonly now: number;
  /** Percent from the left edge; what lies outside the scale stands at its edge. */
  readonly percent: (instant: number) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Long ago and far ahead, lines are cut: one PAT of a year would press all others together. */
const pastAtMost = 100 * day;
const futureAtMost = 370 * day;
const ticksAtMost = 6;

export function timeScale(lives: readonly Life[], now: number): TimeScale {
  let from = now - 7 * day;
  let to = now + 14 * day;
  for (const { created, ends, old } of lives) {
    from = Math.min(from, old?.created ?? created);
    to = Math.max(to, ends);
  }
  from = Math.max(from, now - pastAtMost);
  to = Math.min(to, now + futureAtMost) + 3 * day;
  const percent = (instant: number) => Math.min(100, Math.max(0, (100 * (instant - from)) / (to - from)));
  return { now, percent, ticks: monthsBetween(from, to) };
}

/** First days of months, not more than there is room for. */
function monthsBetween(from: number, to: number): TimeScale['ticks'] {
  const months: number[] = [];
  const first = new Date(from);
  for (let month = first.getUTCMonth() + 1; ; month++) {
    const at = Date.UTC(first.getUTCFullYear(), month);
    if (at >= to) break;
    months.push(at);
  }
  const step = Math.ceil(months.length / ticksAtMost);
  return months
    .filter((_, index) => index % step === 0)
    .map((at) => {
      const date = new Date(at);
      const name = date.toLocaleDateString('en', { month: 'short', timeZone: 'UTC' });
      return { at, label: date.getUTCMonth() === 0 ? `${name} ${date.getUTCFullYear()}` : name };
    });
}
