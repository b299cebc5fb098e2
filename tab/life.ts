import { dateOf, momentOf } from './dates.ts';

/** What a PAT's time line shows; times in milliseconds since 1970. */
export interface Life {
  readonly created: number;
  readonly ends: number;
  /** Of a replacement: the PAT that it replaced. */
  readonly old: { readonly created: number; readonly ends: number } | undefined;
  /** Of an extension: where it ended before. */
  readonly endedBefore: number | undefined;
  readonly supersededAt: number | undefined;
  /** When it, or the PAT that it replaced, may be revoked. */
  readonly revokeAfter: number | undefined;
  readonly revokedAt: number | undefined;
  /** Of a dry run: nothing of it has happened. */
  readonly isPlanned: boolean;
  /** It failed, or ends soon. */
  readonly needsAttention: boolean;
}

/** What may stand on a time line: bars, and marks, whose ends are one. */
export type Kind = 'life' | 'near' | 'old' | 'grace' | 'lost' | 'added' | 'over' | 'end' | 'revoke';

export interface Segment {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  /** An old PAT and its successor share a line. */
  readonly lane: 'only' | 'above' | 'below';
}

export function segmentsOf(life: Life, now: number): readonly Segment[] {
  const { created, ends, old, endedBefore, supersededAt, revokeAfter, revokedAt } = life;
  const bar = (kind: Kind, from: number, to: number, lane: Segment['lane'] = 'only'): Segment => ({
    kind,
    from,
    to,
    lane,
  });
  const mark = (kind: Kind, at: number, lane: Segment['lane'] = 'only') => bar(kind, at, at, lane);
  const valid = life.needsAttention ? 'near' : 'life';

  if (old !== undefined) {
    // Handed over, and not confirmed yet: both may be in use.
    if (supersededAt === undefined && revokeAfter === undefined) {
      return [
        bar('life', old.created, old.ends, 'above'),
        bar(valid, created, ends, 'below'),
        mark('end', ends, 'below'),
      ];
    }
    const superseded = supersededAt ?? created;
    const goes = Math.min(old.ends, revokeAfter ?? old.ends);
    return [
      bar('old', old.created, superseded, 'above'),
      bar('grace', superseded, goes, 'above'),
      bar('lost', goes, old.ends, 'above'),
      ...(revokeAfter === undefined ? [] : [mark('revoke', revokeAfter, 'above')]),
      bar(valid, created, ends, 'below'),
      mark('end', ends, 'below'),
    ];
  }
  const leaves = revokedAt ?? revokeAfter;
  if (leaves !== undefined && (revokedAt !== undefined || ends > now)) {
    const superseded = Math.min(supersededAt ?? leaves, leaves);
    return [
      bar('old', created, superseded),
      bar('grace', superseded, leaves),
      bar('lost', leaves, ends),
      mark('revoke', leaves),
    ];
  }
  if (ends <= now) return [bar('over', created, ends), mark('end', ends)];
  if (endedBefore === undefined || endedBefore >= ends) return [bar(valid, created, ends), mark('end', ends)];
  return [bar(valid, created, endedBefore), bar('added', endedBefore, ends), mark('end', ends)];
}

/** `Created 2026-11-25. The old one was superseded …. Ends 2027-01-24.` */
export function inWords(life: Life, now: number): string {
  const { created, ends, old, supersededAt, revokeAfter } = life;
  const superseded =
    supersededAt === undefined
      ? undefined
      : `${life.isPlanned && old !== undefined ? 'would be ' : ''}superseded ${momentOf(supersededAt)}`;
  const goes = revokeAfter === undefined ? undefined : `${revocation(life)} ${momentOf(revokeAfter)}`;
  const sentences =
    old === undefined
      ? [`Created ${dateOf(created)}`, superseded, ...endInWords(life, now, goes)]
      : [
          `Old one: created ${dateOf(old.created)}`,
          superseded,
          goes ?? end(old.ends, now),
          life.isPlanned ? `new one: would be created ${dateOf(created)}` : `new one: created ${dateOf(created)}`,
          life.isPlanned ? `would end ${dateOf(ends)}` : end(ends, now),
        ];
  return `${sentences.filter((sentence) => sentence !== undefined).join('; ')}.`;
}

function endInWords(life: Life, now: number, goes: string | undefined): readonly (string | undefined)[] {
  const { ends, endedBefore, revokedAt } = life;
  if (revokedAt !== undefined) return [`revoked ${momentOf(revokedAt)}`, `would have ended ${dateOf(ends)}`];
  if (endedBefore === undefined || endedBefore === ends) return [ends > now ? goes : undefined, end(ends, now)];
  return life.isPlanned
    ? [end(endedBefore, now), `would end ${dateOf(ends)}`]
    : [`would have ended ${dateOf(endedBefore)}`, end(ends, now)];
}

function end(at: number, now: number): string {
  return `${at <= now ? 'ended' : 'ends'} ${dateOf(at)}`;
}

/** What stands before the time from which on it may be revoked: nothing says that a run has come since. */
export function revocation({ isPlanned }: Life): string {
  return isPlanned ? 'would be revoked after' : 'to be revoked after';
}
