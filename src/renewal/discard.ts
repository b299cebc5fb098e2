import { activeMembers, type Family, type Member } from './family.ts';
import { isOwn, type Log, type LogEntry, type Owner } from './log.ts';

/** What became of a PAT that an entry names. */
export type NamedState = 'active' | 'expired' | 'revoked' | 'unknown';

/**
 * The keys of entries that hold a dead value and are still served: those that name a revoked PAT, and the one without a
 * claim right before the task's first, once no other PAT of the family is active (it held the adopted PAT's value).
 * Never the newest: consumers read it.
 */
export function entriesToDiscard(
  situation: { readonly family: Family; readonly owner: Owner; readonly log: Log; readonly current: Member },
  isListed: (authorizationId: string) => boolean,
  stateOf: (authorizationId: string) => NamedState,
): readonly string[] {
  const { log, owner, current } = situation;
  const dead = log
    .slice(0, -1)
    .filter((entry) => isOurs(entry, owner, isListed) && stateOf(entry.claim?.authorizationId ?? '') === 'revoked');
  const adopted = adoptedEntry(log);
  const othersActive = activeMembers(situation.family).some(
    (member) => member.pat.authorizationId !== current.pat.authorizationId,
  );
  if (adopted !== undefined && !othersActive) dead.push(adopted);
  return dead.filter(({ isServed }) => isServed).map(({ key }) => key);
}

export function isOurs(
  { claim, isProven }: LogEntry,
  owner: Owner,
  isListed: (authorizationId: string) => boolean,
): boolean {
  return isProven && claim !== undefined && isOwn(claim, owner, isListed);
}

function adoptedEntry(log: Log): LogEntry | undefined {
  const first = log.findIndex(({ isProven }) => isProven);
  const before = first > 0 ? log[first - 1] : undefined;
  return before !== undefined && before.claim === undefined ? before : undefined;
}
