import { activeMembers, type Family, type Member } from './family.ts';
import type { RenewalPolicy } from './policy.ts';
import { type Evidence, standingMember } from './standing.ts';

/** What remembers the deliveries of a family: its places' logs, or the names of its PATs. */
export type Observation =
  | {
      readonly kind: 'places';
      /** The only place, or the one whose value can be read: the others follow it. */
      readonly source: Evidence;
      readonly followers: readonly Evidence[];
    }
  | { readonly kind: 'names' };

/** The active PAT that consumers are given now, if there is one. Of values handed over: the last one confirmed. */
export function currentOf(
  family: Family,
  observation: Observation,
  { allOrgs }: Pick<RenewalPolicy, 'allOrgs'>,
): Member | undefined {
  if (observation.kind === 'places') return standingMember(family, observation.source.standing);
  const active = activeMembers(family);
  const own = active.filter((member) => !member.pat.isShared);
  const plain = (members: readonly Member[]) => members.findLast((member) => member.marker.kind === 'none');
  // Beside such as were never confirmed, what was in use before still is.
  if (own.every(({ marker }) => marker.kind === 'new')) return plain(active);
  // A shared PAT keeps its name whatever is delivered: beside others its name says something only where such PATs are
  // asked for, and it is the youngest.
  return plain(own) ?? (allOrgs === 'true' ? plain(active.slice(-1)) : undefined);
}
