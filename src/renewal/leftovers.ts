import { doubtful, idOf, isSettled, namedByOwn } from './doubt.ts';
import { activeMembers, type Family, type Member } from './family.ts';
import type { Instant } from './instant.ts';
import type { Owner } from './log.ts';
import type { Observation } from './observation.ts';
import { standingMember } from './standing.ts';

/** So many PATs may be left over before no further one is made: an answer that stays unknown must not fill the account. */
export const leftoversAtMost = { places: 5, names: 3 } as const;

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
  const settled = activeMembers(family).filter((member) => !member.pat.isShared && isSettled(member, now));
  if (observation.kind === 'names') return settled.filter(({ marker }) => marker.kind === 'new');
  const named = namedByOwn(observation.source, owner, isListed);
  const current = standingMember(family, observation.source.standing);
  // What is older than the PAT in use was superseded by its delivery: it waits for its revocation.
  const unexplained =
    current === undefined
      ? settled.filter((member) => !named.has(idOf(member)))
      : doubtful(family, current, named, now);
  return unexplained.filter(({ marker }) => marker.kind !== 'superseded');
}
