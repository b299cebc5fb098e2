import { day, type Instant } from '../renewal/instant.ts';
import { readMarker } from '../renewal/marker.ts';
import type { PatEntry } from './run-report.ts';

/** What a PAT's line is about, in the order in which a person should read it. */
export const matters = ['failed', 'expired', 'ends soon', 'changed', 'leaving', 'left', 'in use', 'history'] as const;

export type Matter = (typeof matters)[number];

/** @param warnDays within so many days an end is near */
export function matterOf(entry: PatEntry, now: Instant, warnDays: number): Matter {
  const { action, outcome } = entry;
  if (outcome === 'failed') return 'failed';
  if (entry.validTo <= now && action !== 'revoke') return outcome === 'skipped' ? 'expired' : 'history';
  if (leavesAt(entry) !== undefined) return 'leaving';
  if (isPassedOver(entry)) return 'left';
  if (outcome !== 'skipped' && ['extend', 'replace', 'copy', 'revoke'].includes(action)) return 'changed';
  if (action === 'revoke') return 'left';
  if (entry.validTo - now <= warnDays * day) return 'ends soon';
  return entry.message === undefined ? 'in use' : 'left';
}

/** When a superseded PAT that this run only lists may be revoked. */
export function leavesAt(entry: PatEntry): Instant | undefined {
  if (entry.action !== 'none') return undefined;
  const { marker } = readMarker(entry.displayName);
  return entry.revokeAfter ?? (marker.kind === 'superseded' ? marker.revokeAfter : undefined);
}

/** Whether consumers may be using what this line names: all but what has ended, goes, or is gone. */
export function isInUse(entry: PatEntry, now: Instant): boolean {
  return entry.validTo > now && entry.action !== 'revoke' && leavesAt(entry) === undefined && !isPassedOver(entry);
}

/** Another one of its name is the one in use, and this one has no date on which it goes. */
function isPassedOver({ action, stays, displayName }: PatEntry): boolean {
  if (action !== 'none') return false;
  // What was handed over and never confirmed is not marked either, and may be in use.
  return stays === 'valid in several organizations' || (stays === 'not marked' && !isUnconfirmed(displayName));
}

function isUnconfirmed(displayName: string): boolean {
  return readMarker(displayName).marker.kind === 'new';
}

/** What was done about a PAT, or what it is, in a word or two. */
export function deed(entry: PatEntry, now: Instant): string {
  const { action, outcome } = entry;
  if (outcome === 'failed') return 'FAILED';
  const isOver = entry.validTo <= now;
  if (isOver && (action === 'skip' || action === 'none')) return 'expired';
  if (action === 'skip') return 'left alone';
  if (outcome === 'skipped') return action === 'extend' ? 'not extended' : 'left alone';
  const planned = outcome === 'planned';
  switch (action) {
    case 'extend':
      return planned ? 'would extend' : 'extended';
    case 'replace':
      return planned ? 'would replace' : 'replaced';
    case 'copy':
      return planned ? 'would copy' : 'copied';
    case 'revoke':
      return planned ? 'would revoke' : 'revoked';
    case 'none':
      if (isUnconfirmed(entry.displayName)) return 'not confirmed';
      if (isPassedOver(entry)) return 'older';
      if (leavesAt(entry) !== undefined) return 'superseded';
      return entry.message === undefined ? 'in use' : 'left alone';
  }
}

/** The same for a reader of the report, to whom a near end matters more than that nothing was done. */
export function deedOrEnd(entry: PatEntry, now: Instant, warnDays: number): string {
  return matterOf(entry, now, warnDays) === 'ends soon' ? 'ends soon' : deed(entry, now);
}
