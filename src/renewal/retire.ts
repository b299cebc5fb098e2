import { activeMembers, belongsTo, type Family, type Member } from './family.ts';
import { hour, type Instant } from './instant.ts';
import { settledAfterHours } from './pat.ts';
import type { RenewalPolicy } from './policy.ts';
import { isNewer, isOwn, namedPat, type Owner, readDelivery, type VersionHistory } from './record.ts';

/** Whether a PAT may be revoked, by the protocol's rule for its destination. */
export type Retirement =
  | { readonly kind: 'current' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'later'; readonly at: Instant }
  | { readonly kind: 'no'; readonly why: string };

/** The services' clocks: they may differ by minutes, so each time is compared with its own. */
export interface Now {
  readonly pats: Instant;
  readonly vault: Instant;
}

export interface VaultSituation {
  readonly family: Family;
  readonly owner: Owner;
  readonly history: VersionHistory;
  /** The active PAT that the newest version names. */
  readonly current: Member;
  /** Ids that other records seen in this run name as theirs, in lower case. */
  readonly namedElsewhere: ReadonlySet<string>;
}

/** I2: revoked is only what a delivery superseded at least `revokeAfterHours` ago. */
export function retirementInVault(
  member: Member,
  situation: VaultSituation,
  policy: RenewalPolicy,
  now: Now,
): Retirement {
  const common = commonRetirement(member, situation.family, situation.current, now.pats);
  if (common.kind !== 'ready' && common.kind !== 'later') return common;
  const id = member.pat.authorizationId.toLowerCase();
  if (situation.namedElsewhere.has(id)) return { kind: 'no', why: 'another secret’s record names it' };

  const grace = policy.revokeAfterHours * hour;
  // What the task did not write may hold anybody's value, this PAT's too: a person may have put it back.
  const mayHoldIt = situation.history.filter(
    (version) => namedPat(version) === id || readDelivery(version) === undefined,
  );
  // I2: what was delivered for another family (the rules were changed, say) supersedes nothing of this one.
  const { family, current } = situation;
  const successors = new Set(
    [...activeMembers(family), ...(current.state === 'active' ? [current] : [])].map(({ pat }) =>
      pat.authorizationId.toLowerCase(),
    ),
  );
  const superseding = situation.history.filter((version) => {
    const delivery = readDelivery(version);
    return (
      version.enabled &&
      delivery !== undefined &&
      isOwn(delivery, situation.owner) &&
      delivery.authorizationId !== id &&
      successors.has(delivery.authorizationId) &&
      mayHoldIt.every((older) => isNewer(situation.history, version, older))
    );
  });
  if (superseding.length === 0) return { kind: 'no', why: 'no newer delivery supersedes it' };
  const supersededAt = Math.min(...superseding.map((version) => version.created));
  const waits = [waitUntil(supersededAt + grace, now.vault)];
  // Made, and by all that is known never delivered: its own age is the only sign that no run is about to.
  if (!situation.history.some((version) => namedPat(version) === id))
    waits.push(waitUntil(member.pat.validFrom + grace, now.pats));
  return latest([common, ...waits]);
}

/** With output variables alone: the marker's date, and a newer PAT that has stood for the grace period. */
export function retirementByName(
  member: Member,
  situation: { readonly family: Family; readonly current: Member },
  policy: RenewalPolicy,
  now: Instant,
): Retirement {
  const { family, current } = situation;
  const common = commonRetirement(member, family, current, now);
  if (common.kind !== 'ready' && common.kind !== 'later') return common;
  if (member.marker.kind !== 'superseded') return { kind: 'no', why: 'it is not marked as superseded' };

  const waits = [waitUntil(member.marker.revokeAfter, now)];
  if (policy.revokeAfterHours > 0) {
    const { revokeAfter } = member.marker;
    const newer = activeMembers(family).filter(
      ({ marker, pat }) =>
        marker.kind !== 'new' &&
        (!pat.isGlobal || pat.authorizationId === current.pat.authorizationId) &&
        pat.validFrom > member.pat.validFrom &&
        // What was superseded together does not supersede one another.
        !(marker.kind === 'superseded' && marker.revokeAfter <= revokeAfter),
    );
    if (newer.length === 0) return { kind: 'no', why: 'no newer PAT supersedes it' };
    const since = Math.min(...newer.map((other) => other.pat.validFrom));
    waits.push(waitUntil(since + policy.revokeAfterHours * hour, now));
  }
  return latest([common, ...waits]);
}

/** What holds whatever the destination is. */
function commonRetirement(member: Member, family: Family, current: Member, now: Instant): Retirement {
  if (member.pat.authorizationId === current.pat.authorizationId) return { kind: 'current' };
  if (member.state !== 'active') return { kind: 'no', why: 'it is not active' };
  if (member.pat.isGlobal) return { kind: 'no', why: 'it is valid in all organizations' };
  // I2: a current PAT that was renamed, or given other scopes, is no longer this family's.
  if (!belongsTo(family, current.pat)) return { kind: 'no', why: 'the current PAT has another name or other scopes' };
  return waitUntil(member.pat.validFrom + settledAfterHours * hour + 1, now);
}

function waitUntil(at: Instant, now: Instant): Retirement {
  return at <= now ? { kind: 'ready' } : { kind: 'later', at };
}

function latest(waits: readonly Retirement[]): Retirement {
  const at = waits.flatMap((wait) => (wait.kind === 'later' ? [wait.at] : []));
  return at.length === 0 ? { kind: 'ready' } : { kind: 'later', at: Math.max(...at) };
}

/** What became of a PAT that a version names. */
export type NamedState = 'active' | 'expired' | 'revoked' | 'unknown';

/**
 * The ids of versions that hold a dead value and are still enabled: those that name a revoked PAT, and the untagged
 * one right before the task's first, once no other PAT of the family is active (it held the adopted PAT's value).
 * Never the newest: consumers read it.
 */
export function versionsToDisable(
  situation: {
    readonly family: Family;
    readonly owner: Owner;
    readonly history: VersionHistory;
    readonly current: Member;
  },
  stateOf: (authorizationId: string) => NamedState,
): readonly string[] {
  const { history, owner, current } = situation;
  const older = history.slice(0, -1);
  const dead = older.filter((version) => {
    const delivery = readDelivery(version);
    return delivery !== undefined && isOwn(delivery, owner) && stateOf(delivery.authorizationId) === 'revoked';
  });
  const adopted = adoptedVersion(history);
  const othersActive = activeMembers(situation.family).some(
    (member) => member.pat.authorizationId !== current.pat.authorizationId,
  );
  if (adopted !== undefined && !othersActive) dead.push(adopted);
  return dead.filter((version) => version.enabled).map((version) => version.id);
}

function adoptedVersion(history: VersionHistory) {
  const first = history.findIndex((version) => readDelivery(version) !== undefined);
  const before = first > 0 ? history[first - 1] : undefined;
  return before !== undefined && namedPat(before) === undefined ? before : undefined;
}
