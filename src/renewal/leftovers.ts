import { isSettled, namedByOwn, unexplained } from './doubt.ts';
import { activeMembers, type Family, type Member } from './family.ts';
import type { Instant } from './instant.ts';
import type { Owner } from './log.ts';
import type { Observation } from './observation.ts';
import { standingMember } from './standing.ts';

/** So many PATs may be left over before no further one is made: an answer that stays unknown must not fill the account. */
export const leftoversAtMost = { places: 5, names: 3, plainNames: 5 } as const;

/**
 * Settled members that nothing explains: no entry names them, no delivery after them supersedes them, and their name
 * holds no date. Handed over: those that still carry the *new* marker.
 */
export function leftovers(
  family: Family,
  observation: Observation,
  owner: Owner,
  isListed: (id: string) => boolean,
  now: Instant,
): readonly Member[] {
  if (observation.kind === 'names') {
    return activeMembers(family).filter((member) => member.marker.kind === 'new' && isSettled(member, now));
  }
  // What a record says to be superseded is explained, although it may still be what consumers read.
  const handedDown = observation.source.log.flatMap(({ since }) => [...(since?.keys() ?? [])]);
  const named = new Set([...namedByOwn(observation.source, owner, isListed), ...handedDown]);
  const current = standingMember(family, observation.source.standing);
  return unexplained(family, current, named, now).filter(
    // The task makes some that are valid in all organizations, where that is asked for; never for several that are named.
    ({ marker, pat }) => marker.kind !== 'superseded' && (!pat.isShared || pat.isGlobal),
  );
}

/**
 * Handed over: settled members that share the plain name with the current one. A date that the service refuses each time
 * leaves one more of them with every run, and no name ever says that it may go.
 */
export function undated(family: Family, current: Member | undefined, now: Instant): readonly Member[] {
  return activeMembers(family).filter(
    (member) => member !== current && member.marker.kind === 'none' && !member.pat.isShared && isSettled(member, now),
  );
}
