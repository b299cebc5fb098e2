import { dueFrom, isDue } from './extend.ts';
import { activeMembers, belongsTo, type Family, type Member } from './family.ts';
import { hour, type Instant } from './instant.ts';
import { endOf, settledAfterHours } from './pat.ts';
import type { RenewalPolicy } from './policy.ts';
import { type Newest, personalTags, personalTagsAtMost, type VersionHistory } from './record.ts';

/** What the destination says of a family. */
export type Observation =
  | {
      readonly kind: 'vault';
      readonly history: VersionHistory;
      readonly newest: Newest;
      /** The PAT that the record names; `none` without a record. */
      readonly current: RecordedPat;
      /** Of a newest version that the task did not write: whether it may be replaced. */
      readonly untaggedValue: 'pat' | 'other' | 'unreadable' | undefined;
    }
  | { readonly kind: 'names' };

export type RecordedPat =
  | { readonly kind: 'none' }
  | { readonly kind: 'active'; readonly member: Member }
  | { readonly kind: 'expired'; readonly member: Member }
  | { readonly kind: 'gone'; readonly authorizationId: string };

export type DueReason =
  | 'its secret holds nothing yet'
  | 'its secret holds a value that this task did not store'
  | 'the newest version of its secret is disabled'
  | 'the PAT in its secret has expired'
  | 'the PAT in its secret was revoked'
  | 'none of its PATs is known to be in use'
  | 'ends soon'
  | 'every run renews'
  | 'several of its PATs may be in use'
  | 'a PAT that may not have been delivered is left over';

/** What *advanced* does about the current PAT of one family. */
export type FamilyPlan =
  | { readonly kind: 'replace'; readonly reason: DueReason; readonly previous: Member }
  | { readonly kind: 'keep'; readonly current: Member; readonly dueFrom: Instant }
  | { readonly kind: 'leave expired'; readonly newest: Member }
  | { readonly kind: 'refuse'; readonly message: string };

export function planFamily(family: Family, observation: Observation, policy: RenewalPolicy, now: Instant): FamilyPlan {
  const representative = representativeOf(family, observation, policy);
  if (representative === undefined) return { kind: 'refuse', message: 'The family has no PAT.' };
  if (!isWanted(family, observation, policy)) return { kind: 'leave expired', newest: representative };

  const refusal = refusalOf(family, observation);
  if (refusal !== undefined) return { kind: 'refuse', message: refusal };

  const reason = dueReason(family, observation, policy, now);
  const current = currentOf(family, observation, policy);
  if (reason === undefined && current !== undefined) {
    return { kind: 'keep', current, dueFrom: dueFrom(current.pat, policy, now) };
  }
  return { kind: 'replace', reason: reason ?? 'none of its PATs is known to be in use', previous: representative };
}

/**
 * Where some PAT of the family is active, that decides. Of the rest, a family whose record names an expired PAT is
 * managed and heals by itself; any other comes back only with `includeExpired`.
 */
export function isWanted(family: Family, observation: Observation, policy: RenewalPolicy): boolean {
  if (activeMembers(family).length > 0) return true;
  if (observation.kind === 'names') return policy.includeExpired;
  // The secret holds a living value of another family (its scopes were edited, say): these PATs are history.
  if (observation.current.kind === 'active') return false;
  const managed = observation.current.kind === 'expired' && belongsTo(family, observation.current.member.pat);
  return managed || policy.includeExpired;
}

/** The active PAT that consumers are given now, if there is one. */
export function currentOf(
  family: Family,
  observation: Observation,
  { allOrgs }: Pick<RenewalPolicy, 'allOrgs'>,
): Member | undefined {
  if (observation.kind === 'vault') {
    const { current } = observation;
    return current.kind === 'active' && belongsTo(family, current.member.pat) ? current.member : undefined;
  }
  const active = activeMembers(family);
  const own = active.filter((member) => !member.pat.isGlobal);
  const plain = (members: readonly Member[]) => members.findLast((member) => member.marker.kind === 'none');
  if (own.length === 0) return plain(active);
  // A global PAT keeps its name whatever is delivered: beside others its name says something only where such PATs are
  // asked for, and it is the youngest.
  return plain(own) ?? (allOrgs === 'true' ? plain(active.slice(-1)) : undefined);
}

/** The PAT that the report names as the replaced one: the current one, or the newest there is. */
function representativeOf(family: Family, observation: Observation, policy: RenewalPolicy): Member | undefined {
  const current = currentOf(family, observation, policy);
  if (current !== undefined) return current;
  if (observation.kind === 'vault' && observation.current.kind === 'expired') {
    const { member } = observation.current;
    if (belongsTo(family, member.pat)) return member;
  }
  const active = activeMembers(family);
  const plain = active.findLast((member) => member.marker.kind === 'none');
  return plain ?? active.at(-1) ?? family.members.at(-1);
}

function dueReason(
  family: Family,
  observation: Observation,
  policy: RenewalPolicy,
  now: Instant,
): DueReason | undefined {
  const current = currentOf(family, observation, policy);
  if (current === undefined)
    return observation.kind === 'vault' ? whyNoRecord(observation) : 'none of its PATs is known to be in use';
  if (observation.kind === 'names') {
    const others = activeMembers(family).filter((member) => !member.pat.isGlobal);
    if (others.filter((member) => member.marker.kind === 'none').length > 1) return 'several of its PATs may be in use';
    if (others.some((member) => member.marker.kind === 'new' && isSettled(member, now))) {
      return 'a PAT that may not have been delivered is left over';
    }
  }
  if (!isDue(current.pat, policy, now)) return undefined;
  return policy.renewBeforeDays === undefined ? 'every run renews' : 'ends soon';
}

function whyNoRecord(observation: Observation & { kind: 'vault' }): DueReason {
  switch (observation.newest.kind) {
    case 'none':
      return 'its secret holds nothing yet';
    case 'disabled':
      return 'the newest version of its secret is disabled';
    case 'record':
      return observation.current.kind === 'expired'
        ? 'the PAT in its secret has expired'
        : 'the PAT in its secret was revoked';
    default:
      return 'its secret holds a value that this task did not store';
  }
}

/** Why a due family must not be given a successor: it would be made for nothing, or cover what is somebody's. */
function refusalOf(family: Family, observation: Observation): string | undefined {
  if (observation.kind === 'names') return undefined;
  const { newest, current } = observation;
  if (current.kind === 'active' && !belongsTo(family, current.member.pat)) {
    const { displayName, authorizationId, scope } = current.member.pat;
    return (
      `its secret holds another active PAT of this account, "${displayName}" (${authorizationId}, scopes "${scope}"), and its ` +
      'consumers would be given this one in its place. Name another secret for this PAT in the input pats ' +
      '("name => secret-name"), or revoke the other one if nobody needs it.'
    );
  }
  if (newest.kind === 'somebody else’s') {
    const { account, organization, displayName } = newest.delivery;
    return (
      `its secret holds the PAT "${displayName}" of account ${account} in organization "${organization}". ` +
      'Give this PAT a secret of its own (a rule "name => secret-name", or the input secretName with {organization}).'
    );
  }
  if (newest.kind === 'untagged' && observation.untaggedValue === 'other') {
    return (
      'the newest version of its secret holds somebody’s value that is no PAT (not 52 or 84 characters of that form). ' +
      'Name another secret for it in the input pats, or delete that value if nobody needs it.'
    );
  }
  if (newest.kind === 'untagged' && observation.untaggedValue === 'unreadable') {
    return (
      'the newest version of its secret was not written by this task, and the task is not allowed to read it, so it ' +
      'cannot know whether it may be replaced. Grant the right to get secrets (role Key Vault Secrets Officer).'
    );
  }
  if (newest.kind !== 'none' && Object.keys(personalTags(newest.version)).length > personalTagsAtMost) {
    return (
      `its secret has more than ${personalTagsAtMost} tags of its own; Key Vault takes 15 and the task needs 5. ` +
      'Remove some tags from its newest version.'
    );
  }
  return undefined;
}

/** Older than 12 hours: no run that is still going can be the one that made it. */
export function isSettled(member: Member, now: Instant): boolean {
  return now - member.pat.validFrom > settledAfterHours * hour;
}

/** The earliest end of what consumers are given. */
export function earliestEnd(currents: readonly Member[]): Instant | undefined {
  const ends = currents.map((member) => endOf(member.pat));
  return ends.length === 0 ? undefined : Math.min(...ends);
}
