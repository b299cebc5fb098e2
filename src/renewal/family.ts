import type { Instant } from './instant.ts';
import { type Marker, readMarker } from './marker.ts';
import { type Pat, scopeSet } from './pat.ts';

/** One PAT of a family, as it stands. */
export interface Member {
  readonly pat: Pat;
  readonly state: 'active' | 'expired';
  readonly marker: Marker;
}

/** The PATs of one organization that share plain name and scope set: one credential, to its consumers. */
export interface Family {
  readonly organization: string;
  /** The name without a marker. */
  readonly name: string;
  /** In the order in which the service gave it. */
  readonly scope: string;
  /** What older members have instead, where a record says that they are this family's (see widened.ts). */
  readonly narrower?: readonly string[];
  /** Oldest first; of the same age, by id, so that two runs that list them in another order decide alike. */
  readonly members: readonly Member[];
}

/** Groups what the service lists. A PAT in both lists ended while they were read: it counts as expired. */
export function familiesOf(
  organization: string,
  lists: { readonly active: readonly Pat[]; readonly expired: readonly Pat[] },
  now: Instant,
): readonly Family[] {
  const members = new Map<string, Member>();
  for (const pat of lists.active) members.set(pat.authorizationId, memberOf(pat, now));
  for (const pat of lists.expired) members.set(pat.authorizationId, { ...memberOf(pat, now), state: 'expired' });

  const groups = new Map<string, { name: string; members: Member[] }>();
  for (const member of members.values()) {
    const name = readMarker(member.pat.displayName).plain;
    const key = JSON.stringify([name, scopeSet(member.pat.scope)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { name, members: [member] });
    else group.members.push(member);
  }
  return [...groups.values()].map((group) => {
    const sorted = group.members.sort(byAge);
    return { organization, name: group.name, scope: sorted.at(-1)?.pat.scope ?? '', members: sorted };
  });
}

function byAge({ pat: a }: Member, { pat: b }: Member): number {
  return a.validFrom - b.validFrom || (a.authorizationId < b.authorizationId ? -1 : 1);
}

export function memberOf(pat: Pat, now: Instant): Member {
  const { marker } = readMarker(pat.displayName);
  // Not endOf: should Microsoft let global PATs live longer, what the service still lists as active is active.
  return { pat, state: pat.validTo > now ? 'active' : 'expired', marker };
}

export function activeMembers(family: Family): readonly Member[] {
  return family.members.filter((member) => member.state === 'active');
}

/** Whether a PAT is of this family: same plain name, same scopes. */
export function belongsTo(family: Family, pat: Pat): boolean {
  const scopes = [family.scope, ...(family.narrower ?? [])].map(scopeSet);
  return readMarker(pat.displayName).plain === family.name && scopes.includes(scopeSet(pat.scope));
}
