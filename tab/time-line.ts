import { dateOf, momentOf } from './dates.ts';
import { element } from './element.ts';
import type { PatRow } from './report.ts';
import type { TimeScale } from './time-scale.ts';

/** One PAT's life as bars on the common scale, with the same in words for who cannot see it. */
export function timeLine(row: PatRow, scale: TimeScale): HTMLElement {
  const words = inWords(row);
  return element('div', { class: 'life', role: 'img', 'aria-label': words, title: words }, ...bars(row, scale));
}

type Kind = 'life' | 'old' | 'grace' | 'lost' | 'added' | 'over';

function bars(row: PatRow, scale: TimeScale): readonly HTMLElement[] {
  const { created, ends, old, endedBefore, supersededAt, revokeAfter, revokedAt } = row;
  const bar = (kind: Kind, from: number, to: number, lane: '' | ' above' | ' below' = '') => {
    const left = scale.percent(from);
    const width = Math.max(0, scale.percent(to) - left);
    return element('span', { class: `bar ${kind}${lane}`, style: `left:${left}%;width:${width}%` });
  };
  const mark = (kind: string, at: number, lane = '') =>
    element('span', { class: `mark ${kind}${lane}`, style: `left:${scale.percent(at)}%` });

  if (old !== undefined) {
    const superseded = supersededAt ?? created;
    const goes = Math.min(old.ends, revokeAfter ?? old.ends);
    return [
      bar('old', old.created, superseded, ' above'),
      bar('grace', superseded, goes, ' above'),
      bar('lost', goes, old.ends, ' above'),
      ...(revokeAfter === undefined ? [] : [mark('revoke', revokeAfter, ' above')]),
      bar('life', created, ends, ' below'),
      mark('end', ends, ' below'),
    ];
  }
  const leaves = revokedAt ?? revokeAfter;
  if (leaves !== undefined) {
    const superseded = Math.min(supersededAt ?? leaves, leaves);
    return [
      bar('old', created, superseded),
      bar('grace', superseded, leaves),
      bar('lost', leaves, ends),
      mark('revoke', leaves),
    ];
  }
  if (ends <= scale.now) return [bar('over', created, ends), mark('end', ends)];
  if (endedBefore === undefined || endedBefore >= ends) return [bar('life', created, ends), mark('end', ends)];
  return [bar('life', created, endedBefore), bar('added', endedBefore, ends), mark('end', ends)];
}

/** `Created 2026-11-25. The old one was superseded …. Ends 2027-01-24.` */
export function inWords(row: PatRow): string {
  const { created, ends, old, endedBefore, supersededAt, revokeAfter, revokedAt } = row;
  const sentences =
    old === undefined
      ? [
          `Created ${dateOf(created)}`,
          supersededAt === undefined ? undefined : `superseded ${momentOf(supersededAt)}`,
          revokedAt !== undefined ? `revoked ${momentOf(revokedAt)}` : undefined,
          revokedAt === undefined && revokeAfter !== undefined ? `revoked after ${momentOf(revokeAfter)}` : undefined,
          endedBefore === undefined || endedBefore === ends ? undefined : `would have ended ${dateOf(endedBefore)}`,
          revokedAt === undefined ? `ends ${dateOf(ends)}` : `would have ended ${dateOf(ends)}`,
        ]
      : [
          `Old one: created ${dateOf(old.created)}`,
          supersededAt === undefined ? undefined : `superseded ${momentOf(supersededAt)}`,
          revokeAfter === undefined ? `ends ${dateOf(old.ends)}` : `revoked after ${momentOf(revokeAfter)}`,
          `new one: created ${dateOf(created)}`,
          `ends ${dateOf(ends)}`,
        ];
  return `${sentences.filter((sentence) => sentence !== undefined).join('; ')}.`;
}
