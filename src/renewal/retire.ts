import { doubtful, idOf, namedByOwn } from './doubt.ts';
import { activeMembers, belongsTo, type Family, type Member } from './family.ts';
import { day, hour, type Instant } from './instant.ts';
import { isNewer, isOwn, type Log, type LogEntry, type Owner } from './log.ts';
import { endOf, settledAfterHours } from './pat.ts';
import type { RenewalPolicy } from './policy.ts';
import { type Evidence, standingMember } from './standing.ts';

/** Whether a PAT may be revoked. */
export type Retirement =
  | { readonly kind: 'current' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'later'; readonly at: Instant }
  | { readonly kind: 'no'; readonly why: StayReason };

/** Why a PAT is not revoked, and no date can be given. */
export type StayReason =
  | 'not active'
  | 'valid in several organizations'
  | 'the current one is another family’s'
  | 'the current one ends for good soon'
  | 'named elsewhere'
  | 'not superseded'
  | 'doubt'
  | 'edited by others'
  | 'place not up to date'
  | 'place not read'
  | 'no time told'
  | 'not marked'
  | 'no newer one'
  /** Everything speaks for it, but the job was cancelled. */
  | 'cancelled';

/** The services' clocks: they may differ by minutes, so each time is compared with its own. */
export interface Now {
  readonly pats: Instant;
  readonly place: Instant;
}

/** A family in whose places a PAT stands. */
export interface Situation {
  readonly family: Family;
  readonly owner: Owner;
  readonly isListed: (authorizationId: string) => boolean;
  /** The active PAT that consumers are given. */
  readonly current: Member;
  /** Ids that other records seen in this run name as theirs, in lower case. */
  readonly namedElsewhere: ReadonlySet<string>;
  /** Ids that the source's own deliveries name: of these its log says who came after whom. */
  readonly namedAtSource: ReadonlySet<string>;
  /** Whether another run may be bringing what the source held to a place that follows it. */
  readonly mayBeInCopy: boolean;
}

/** I2: revoked is only what a delivery superseded at least `revokeAfterHours` ago, by one place's log. */
export function retirementByLog(
  member: Member,
  situation: Situation,
  evidence: Evidence,
  policy: RenewalPolicy,
  now: Now,
): Retirement {
  const { family, current, owner, isListed } = situation;
  const common = commonRetirement(member, family, current, now.pats);
  if (common.kind !== 'ready' && common.kind !== 'later') return common;
  if (situation.namedElsewhere.has(idOf(member))) return no('named elsewhere');
  const standing = standingMember(family, evidence.standing);
  if (standing === undefined || idOf(standing) !== idOf(current)) return no('place not up to date');
  if (evidence.isEdited) return no('edited by others');
  const named = new Set([...situation.namedAtSource, ...namedByOwn(evidence, owner, isListed)]);
  if (doubtful(family, current, named, now.pats).length > 0) return no('doubt');

  const superseding = supersedingEntries(member, situation, evidence.log);
  if (superseding.length === 0) return no('not superseded');
  // I1, I6: a copy that is under way brings a PAT of any age; 12 hours after it was superseded none is.
  const grace = Math.max(policy.revokeAfterHours, situation.mayBeInCopy ? settledAfterHours : 0) * hour;
  const supersededAt = Math.min(...superseding.map(({ at, since }) => Math.min(at, since?.get(idOf(member)) ?? at)));
  const waits = [waitUntil(supersededAt + grace, now.place)];
  // Made, and by all that is known never delivered: its own age is the only sign that no run is about to.
  if (!evidence.log.some(({ claim }) => claim?.authorizationId === idOf(member))) {
    waits.push(waitUntil(member.pat.validFrom + grace, now.pats));
  }
  return latest([common, ...waits]);
}

/** Own deliveries of the family's other active PATs that are newer than everything that may hold this one's value. */
function supersedingEntries(member: Member, situation: Situation, log: Log): readonly LogEntry[] {
  const { family, current, owner, isListed } = situation;
  const id = idOf(member);
  // I2: what was delivered for another family (the rules were changed, say) supersedes nothing of this one.
  const successors = new Map([...activeMembers(family), current].map((one) => [idOf(one), one]));
  const isOurs = ({ claim, isProven }: LogEntry) => isProven && claim !== undefined && isOwn(claim, owner, isListed);
  // What the task did not write may hold anybody's value, this PAT's too: a person may have put it back.
  const mayHoldIt = log.filter((entry) => entry.claim?.authorizationId === id || !entry.isProven);
  const isNamed = log.some((entry) => isOurs(entry) && entry.claim?.authorizationId === id);
  return log.filter((entry) => {
    if (!entry.isServed || !isOurs(entry) || entry.claim === undefined) return false;
    const successor = successors.get(entry.claim.authorizationId);
    if (successor === undefined || idOf(successor) === id) return false;
    // A delivery from before X was made cannot have superseded it; both ages are by one clock.
    const isAfter = isNamed || successor.pat.validFrom > member.pat.validFrom;
    return isAfter && mayHoldIt.every((older) => isNewer(log, entry, older));
  });
}

/** Several places: every one of them must say so; where none was read, nothing does. */
export function retirementEverywhere(each: readonly Retirement[]): Retirement {
  if (each.length === 0) return no('place not read');
  const firm = each.find(({ kind }) => kind === 'no' || kind === 'current');
  return firm ?? latest(each);
}

/** Handed over: the marker's date, and a newer PAT without the *new* marker that has stood for the grace period. */
export function retirementByName(
  member: Member,
  situation: Pick<Situation, 'family' | 'current'>,
  policy: RenewalPolicy,
  now: Instant,
): Retirement {
  const { family, current } = situation;
  const common = commonRetirement(member, family, current, now);
  if (common.kind !== 'ready' && common.kind !== 'later') return common;
  if (member.marker.kind !== 'superseded') return no('not marked');

  const waits = [waitUntil(member.marker.revokeAfter, now)];
  if (policy.revokeAfterHours > 0) {
    const { revokeAfter } = member.marker;
    const newer = activeMembers(family).filter(
      ({ marker, pat }) =>
        marker.kind !== 'new' &&
        (!pat.isShared || pat.authorizationId === current.pat.authorizationId) &&
        pat.validFrom > member.pat.validFrom &&
        // What was superseded together does not supersede one another.
        !(marker.kind === 'superseded' && marker.revokeAfter <= revokeAfter),
    );
    if (newer.length === 0) return no('no newer one');
    const since = Math.min(...newer.map((other) => other.pat.validFrom));
    waits.push(waitUntil(since + policy.revokeAfterHours * hour, now));
  }
  return latest([common, ...waits]);
}

/** What holds whatever remembers the deliveries. */
export function commonRetirement(member: Member, family: Family, current: Member, now: Instant): Retirement {
  if (idOf(member) === idOf(current)) return { kind: 'current' };
  if (member.state !== 'active') return no('not active');
  if (member.pat.isShared) return no('valid in several organizations');
  // I2: a current PAT that was renamed, or given other scopes, is no longer this family's.
  if (!belongsTo(family, current.pat)) return no('the current one is another family’s');
  // I1: what Microsoft retires in a few days is no reason to take the last one that goes on working.
  if (current.pat.isGlobal && endOf(current.pat) - now <= 14 * day) return no('the current one ends for good soon');
  return waitUntil(member.pat.validFrom + settledAfterHours * hour + 1, now);
}

function no(why: StayReason): Retirement {
  return { kind: 'no', why };
}

function waitUntil(at: Instant, now: Instant): Retirement {
  return at <= now ? { kind: 'ready' } : { kind: 'later', at };
}

function latest(waits: readonly Retirement[]): Retirement {
  const at = waits.flatMap((wait) => (wait.kind === 'later' ? [wait.at] : []));
  return at.length === 0 ? { kind: 'ready' } : { kind: 'later', at: Math.max(...at) };
}
