import { activeMembers, type Family, type Member } from './family.ts';
import { hour, type Instant } from './instant.ts';
import { isOwn, type Owner } from './log.ts';
import { settledAfterHours } from './pat.ts';
import type { Evidence } from './standing.ts';

/** Older than 12 hours: no run that is still going can be the one that made it. */
export function isSettled(member: Member, now: Instant): boolean {
  return now - member.pat.validFrom > settledAfterHours * hour;
}

/** Ids that deliveries of one's own name. */
export function namedByOwn(
  { log }: Pick<Evidence, 'log'>,
  owner: Owner,
  isListed: (id: string) => boolean,
): ReadonlySet<string> {
  return new Set(
    log.flatMap(({ claim, isProven }) =>
      isProven && claim !== undefined && isOwn(claim, owner, isListed) ? [claim.authorizationId] : [],
    ),
  );
}

/**
 * Settled members that no entry explains: none names them, and they are as young as the recorded PAT or younger. What is
 * older than the PAT in use was superseded by its delivery.
 */
export function unexplained(
  family: Family,
  current: Member | undefined,
  named: ReadonlySet<string>,
  now: Instant,
): readonly Member[] {
  return activeMembers(family).filter((member) => {
    if (!isSettled(member, now) || named.has(idOf(member))) return false;
    if (current === undefined) return true;
    return idOf(member) !== idOf(current) && member.pat.validFrom >= current.pat.validFrom;
  });
}

/**
 * Members that may be what consumers read although the record names another. A run may have died after its delivery was
 * taken, a vault been restored from a backup, or a page saved that had been opened earlier. Nothing of such a family is
 * revoked; the next delivery supersedes them all.
 */
export function doubtful(family: Family, current: Member, named: ReadonlySet<string>, now: Instant): readonly Member[] {
  return unexplained(family, current, named, now).filter(({ pat }) => !pat.isShared);
}

export function idOf({ pat }: Member): string {
  return pat.authorizationId.toLowerCase();
}
