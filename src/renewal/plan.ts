import { doubtful, idOf, isSettled, namedByOwn } from './doubt.ts';
import { dueFrom, isDue } from './extend.ts';
import { activeMembers, belongsTo, type Family, type Member } from './family.ts';
import { day, type Instant } from './instant.ts';
import { leftovers, leftoversAtMost, undated } from './leftovers.ts';
import type { Owner } from './log.ts';
import { currentOf, type Observation } from './observation.ts';
import { endOf, globalPatsEnd } from './pat.ts';
import type { RenewalPolicy } from './policy.ts';
import type { Refusal, RefusalAt } from './refusal.ts';
import { type Evidence, type Standing, standingMember } from './standing.ts';

export type DueReason =
  | 'nothing is there yet'
  | 'a value of somebody’s is there'
  | 'what is there is disabled'
  | 'the PAT there has expired'
  | 'the PAT there was revoked'
  | 'none is known to be in use'
  | 'ends soon'
  | 'every run renews'
  | 'several may be in use'
  | 'one was never confirmed'
  | 'another one may be what is read';

/** What *advanced* does about the current PAT of one family. */
export type FamilyPlan =
  | {
      readonly kind: 'replace';
      readonly reason: DueReason;
      readonly previous: Member;
      /** An earlier run may have made one for nothing: the place is asked first whether it takes writes. */
      readonly isPlaceAskedFirst: boolean;
    }
  | { readonly kind: 'keep'; readonly current: Member; readonly why: KeepReason }
  | { readonly kind: 'leave expired'; readonly newest: Member }
  | { readonly kind: 'refuse'; readonly refusal: RefusalAt };

export type KeepReason =
  | { readonly code: 'not due'; readonly dueFrom: Instant }
  /** An earlier attempt of this pipeline's run has done it. */
  | { readonly code: 'delivered by this pipeline run' }
  | { readonly code: 'handed over in this job' };

/** What decisions hang on beside the family and its places. */
export interface Circumstances {
  readonly owner: Owner;
  readonly now: Instant;
  /** Whether this organization lists the PAT, active or expired. */
  readonly isListed: (authorizationId: string) => boolean;
  /** When the pipeline's run started, which may have had earlier attempts. */
  readonly pipelineStart: Instant | undefined;
  /** Ids, in lower case, of the PATs whose values were handed over earlier in this job. */
  readonly handedOver: ReadonlySet<string>;
  /** Organizations that could not be read: what names of theirs may collide is not known. */
  readonly unseen: readonly string[];
}

export function planFamily(
  family: Family,
  observation: Observation,
  policy: RenewalPolicy,
  around: Circumstances,
): FamilyPlan {
  const previous = representativeOf(family, observation, policy);
  if (!isWanted(family, observation, policy)) return { kind: 'leave expired', newest: previous };

  const carried = handedOverEarlier(family, observation, around);
  if (carried !== undefined) return { kind: 'keep', current: carried, why: { code: 'handed over in this job' } };
  const refusal = refusalAnywhere(observation, family);
  if (refusal !== undefined) return { kind: 'refuse', refusal };

  const current = currentOf(family, observation, policy);
  const reason = dueReason(family, observation, policy, around);
  if (reason === undefined && current !== undefined) {
    return { kind: 'keep', current, why: { code: 'not due', dueFrom: dueFrom(current.pat, policy, around.now) } };
  }
  if (current !== undefined && reason === 'every run renews' && isDeliveredSinceStart(observation, around)) {
    return { kind: 'keep', current, why: { code: 'delivered by this pipeline run' } };
  }
  const left = leftovers(family, observation, around.owner, around.isListed, around.now);
  const plain = observation.kind === 'names' ? undated(family, current, around.now) : [];
  const limit = tooMany(observation, left, plain) ?? refusalToMake(observation, policy, around);
  if (limit !== undefined) return { kind: 'refuse', refusal: limit };
  // Where nothing is recorded yet, one of them is what consumers use.
  const isPlaceAskedFirst = left.length > (current === undefined ? 1 : 0);
  return { kind: 'replace', reason: reason ?? 'none is known to be in use', previous, isPlaceAskedFirst };
}

/**
 * Where some PAT of the family is active, that decides. Of the rest, a family whose record names an expired PAT is
 * managed and heals by itself; any other comes back only with `includeExpired`.
 */
export function isWanted(family: Family, observation: Observation, policy: RenewalPolicy): boolean {
  if (activeMembers(family).length > 0) return true;
  if (observation.kind === 'names') return policy.includeExpired;
  const { standing } = observation.source;
  if (standing.kind === 'own') {
    // The place holds a living value of another family (its scopes were edited, say): these PATs are history.
    if (standing.recorded.kind === 'active') return false;
    if (standing.recorded.kind === 'expired' && belongsTo(family, standing.recorded.member.pat)) return true;
  }
  return policy.includeExpired;
}

/** The PAT that the report names as the replaced one: the current one, or the newest there is. */
function representativeOf(family: Family, observation: Observation, policy: RenewalPolicy): Member {
  const current = currentOf(family, observation, policy);
  if (current !== undefined) return current;
  if (observation.kind === 'places' && observation.source.standing.kind === 'own') {
    const { recorded } = observation.source.standing;
    if (recorded.kind === 'expired' && belongsTo(family, recorded.member.pat)) return recorded.member;
  }
  const active = activeMembers(family);
  const plain = active.findLast((member) => member.marker.kind === 'none');
  return plain ?? active.at(-1) ?? newestOf(family);
}

function newestOf(family: Family): Member {
  const newest = family.members.at(-1);
  if (newest === undefined) throw new Error('a family has a PAT');
  return newest;
}

function handedOverEarlier(family: Family, observation: Observation, around: Circumstances): Member | undefined {
  if (observation.kind !== 'names') return undefined;
  return activeMembers(family).findLast((member) => around.handedOver.has(idOf(member)));
}

function isDeliveredSinceStart(observation: Observation, { pipelineStart }: Circumstances): boolean {
  if (pipelineStart === undefined || observation.kind !== 'places') return false;
  const newest = observation.source.log.at(-1);
  return newest?.isProven === true && newest.at >= pipelineStart;
}

function dueReason(
  family: Family,
  observation: Observation,
  policy: RenewalPolicy,
  around: Circumstances,
): DueReason | undefined {
  const { now } = around;
  const current = currentOf(family, observation, policy);
  if (current === undefined) {
    return observation.kind === 'places' ? whyNoneStands(observation.source.standing) : 'none is known to be in use';
  }
  if (observation.kind === 'names') {
    const active = activeMembers(family);
    const plain = active.filter(({ marker, pat }) => marker.kind === 'none' && !pat.isShared);
    if (plain.length > 1) return 'several may be in use';
    // One of all organizations is never dated or revoked: what was confirmed after it has taken its place for good.
    const isReplaced = ({ pat }: Member) => pat.isShared && pat.validFrom < current.pat.validFrom;
    if (active.some((member) => member.marker.kind === 'new' && isSettled(member, now) && !isReplaced(member)))
      return 'one was never confirmed';
  } else {
    const named = namedByOwn(observation.source, around.owner, around.isListed);
    if (doubtful(family, current, named, now).length > 0) return 'another one may be what is read';
  }
  if (!isDue(current.pat, policy, now)) return undefined;
  return policy.renewBeforeDays === undefined ? 'every run renews' : 'ends soon';
}

function whyNoneStands(standing: Standing): DueReason {
  switch (standing.kind) {
    case 'nothing':
      return 'nothing is there yet';
    case 'disabled':
      return 'what is there is disabled';
    case 'own':
      return standing.recorded.kind === 'expired' ? 'the PAT there has expired' : 'the PAT there was revoked';
    default:
      return 'a value of somebody’s is there';
  }
}

function refusalAnywhere(observation: Observation, family: Family): RefusalAt | undefined {
  if (observation.kind === 'names') return undefined;
  for (const [place, evidence] of [observation.source, ...observation.followers].entries()) {
    const refusal = refusalAt(evidence, family);
    if (refusal !== undefined) return { ...refusal, place };
  }
  return undefined;
}

/** Why this family's value must not be put there. */
export function refusalAt(evidence: Evidence, family: Family): Refusal | undefined {
  const { standing, obstacle, leftOutName } = evidence;
  switch (standing.kind) {
    case 'own':
      if (standing.recorded.kind === 'active' && standingMember(family, standing) === undefined) {
        return { code: 'holds another PAT', member: standing.recorded.member };
      }
      break;
    case 'of another account':
    case 'of another organization':
      return { code: standing.kind, claim: standing.claim };
    case 'unrecorded':
      if (standing.value !== 'pat') return { code: 'somebody’s value', value: standing.value };
      if (leftOutName !== undefined) return { code: 'a left-out PAT’s', name: leftOutName };
      break;
    default:
      break;
  }
  return obstacle === undefined ? undefined : { code: 'obstacle', sentence: obstacle };
}

/** The bound: whatever goes wrong each time must not fill the account. */
function tooMany(observation: Observation, left: readonly Member[], plain: readonly Member[]): RefusalAt | undefined {
  const isFull = left.length >= leftoversAtMost[observation.kind] || plain.length >= leftoversAtMost.plainNames;
  return isFull ? { code: 'too many leftovers', leftovers: [...left, ...plain], place: 0 } : undefined;
}

/** Why no PAT is made although one is due. */
function refusalToMake(observation: Observation, policy: RenewalPolicy, around: Circumstances): RefusalAt | undefined {
  if (policy.allOrgs === 'true' && endsTooSoonForAll(policy, around.now)) {
    return { code: 'global PATs end too soon', place: 0 };
  }
  if (observation.kind === 'names') return undefined;
  for (const [place, evidence] of [observation.source, ...observation.followers].entries()) {
    const refusal = refusalOfFirst(evidence, around.unseen);
    if (refusal !== undefined) return { ...refusal, place };
  }
  return undefined;
}

/** Whether one valid in all organizations, made now, would be due again at once: each run would make another one. */
function endsTooSoonForAll(policy: RenewalPolicy, now: Instant): boolean {
  const end = Math.min(now + policy.lifetimeDays * day, globalPatsEnd);
  if (policy.renewBeforeDays === undefined) return end <= now;
  return dueFrom({ validTo: end, isGlobal: true }, policy, now) <= now;
}

/** Why nothing is delivered to a place for the first time: what collides with names that were not seen would be covered. */
export function refusalOfFirst({ standing }: Evidence, unseen: readonly string[]): Refusal | undefined {
  if (unseen.length === 0 || standing.kind === 'own') return undefined;
  return { code: 'an organization was not seen', organizations: unseen };
}

/** The earliest end of what consumers are given. */
export function earliestEnd(currents: readonly Member[]): Instant | undefined {
  const ends = currents.map((member) => endOf(member.pat));
  return ends.length === 0 ? undefined : Math.min(...ends);
}
