import { hour, type Instant } from './instant.ts';
import { settledAfterHours } from './pat.ts';
import type { Evidence } from './standing.ts';

/** A place that follows the source, and its own time. */
export interface Following {
  readonly evidence: Evidence;
  readonly now: Instant;
}

/**
 * Whether a run that is still going, or a write of one that lands late, may put the value that the source holds into a
 * follower. Such a value may be an old PAT's: its age does not protect it, as a new one's does. Only where every follower
 * has held it for 12 hours has no run that may still be going found one behind.
 */
export function mayBeInCopy(source: Evidence, followers: readonly Following[]): boolean {
  // Nothing was ever copied from a source that nothing was delivered to.
  if (!source.log.some(({ isProven }) => isProven)) return false;
  const held = source.standing.kind === 'own' ? source.standing.claim.authorizationId : undefined;
  return followers.some(({ evidence, now }) => {
    const newest = evidence.log.at(-1);
    const isHeld =
      held !== undefined &&
      evidence.standing.kind === 'own' &&
      evidence.standing.claim.authorizationId === held &&
      newest?.isProven === true;
    return !isHeld || now - newest.at <= settledAfterHours * hour;
  });
}
