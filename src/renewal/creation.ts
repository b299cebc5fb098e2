import type { Family } from './family.ts';
import { type Instant, minute } from './instant.ts';
import { withNewMarker } from './marker.ts';
import type { Pat } from './pat.ts';

/** A value is delivered within so many milliseconds of its creation, or not at all: later, another run may take its PAT for an orphan. */
export const deliverWithin = 30 * minute;

/** PATs of the family that a creation whose answer was lost may have made; I9: they are told of, and left alone. */
export function newcomers(
  family: Family,
  listed: readonly Pat[],
  isKnown: (authorizationId: string) => boolean,
  startedAt: Instant,
): readonly Pat[] {
  return listed.filter(
    (pat) =>
      !isKnown(pat.authorizationId.toLowerCase()) &&
      pat.validFrom >= startedAt - minute &&
      (pat.displayName === family.name || pat.displayName === withNewMarker(family.name)),
  );
}

/** What was seen of a new PAT: what calling the organization with it showed, and what the lifecycle API says of it. */
export type Proof =
  | { readonly kind: 'works' }
  | { readonly kind: 'bad'; readonly why: string }
  | { readonly kind: 'nothing shown' };

export type LifecycleWord = 'active' | 'not active' | 'unknown to it' | 'no answer';

/**
 * Whether a new PAT is delivered. Proven bad is only: the call says so, or the lifecycle API says that it is not active.
 * Where nobody vouches for it, it is not delivered either: its value would cover one that works.
 */
export type Verdict = 'deliver' | 'bad' | 'not active' | 'unknown' | 'nobody says';

export function judgeProof(proof: Proof, word: LifecycleWord): Verdict {
  if (proof.kind === 'works') return 'deliver';
  if (proof.kind === 'bad') return 'bad';
  switch (word) {
    case 'active':
      return 'deliver';
    case 'not active':
      return 'not active';
    case 'unknown to it':
      return 'unknown';
    case 'no answer':
      return 'nobody says';
  }
}
