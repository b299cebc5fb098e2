import type { Member } from './family.ts';
import type { Claim, UnrecordedValue } from './log.ts';

/** Why a family must not be given a successor: it would be made for nothing, or cover what is somebody's. */
export type Refusal =
  | { readonly code: 'holds another PAT'; readonly member: Member }
  | { readonly code: 'of another account'; readonly claim: Claim }
  | { readonly code: 'of another organization'; readonly claim: Claim }
  | { readonly code: 'somebody’s value'; readonly value: UnrecordedValue }
  | { readonly code: 'a left-out PAT’s'; readonly name: string }
  | { readonly code: 'obstacle'; readonly sentence: string }
  | { readonly code: 'too many leftovers'; readonly leftovers: readonly Member[] }
  | { readonly code: 'global PATs end too soon' }
  | { readonly code: 'an organization was not seen'; readonly organizations: readonly string[] };

export type RefusalAt = Refusal & {
  /** Which of the family's places it is about: 0 is the source. */
  readonly place: number;
};
