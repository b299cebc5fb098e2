import { belongsTo, type Family, type Member } from './family.ts';
import { type Claim, isOwn, type Log, type Occupant, type Owner } from './log.ts';

/** The PAT that a record of the task's own names, as the service knows it. */
export type RecordedPat =
  | { readonly kind: 'active'; readonly member: Member }
  | { readonly kind: 'expired'; readonly member: Member }
  | { readonly kind: 'gone' };

/** What stands at a place, to this family. */
export type Standing =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'own'; readonly claim: Claim; readonly recorded: RecordedPat }
  /** This account's record of a PAT that nobody lists, in an organization of another name: it was renamed, or is another one. */
  | { readonly kind: 'of another organization'; readonly claim: Claim }
  | { readonly kind: 'of another account'; readonly claim: Claim }
  | { readonly kind: 'disabled' }
  | Extract<Occupant, { kind: 'unrecorded' }>;

/** One place, as far as rules are concerned. */
export interface Evidence {
  readonly log: Log;
  readonly standing: Standing;
  /** Whether somebody else changed the place since the last delivery. */
  readonly isEdited: boolean;
  /** Why nothing can be delivered there, as a sentence of the destination. */
  readonly obstacle: string | undefined;
  /** An active PAT that the rules leave out and whose value would stand at this very place. */
  readonly leftOutName: string | undefined;
}

/** What became of a record's PAT, and whose it is, if anybody's. */
export type LookUp = (authorizationId: string) => RecordedPat;

/** @param isListed whether this organization lists the PAT, active or expired */
export function standingOf(
  occupant: Occupant,
  owner: Owner,
  lookUp: LookUp,
  isListed: (authorizationId: string) => boolean,
): Standing {
  switch (occupant.kind) {
    case 'nothing':
      return occupant;
    case 'unrecorded':
      return occupant;
    case 'disabled': {
      const { claim } = occupant;
      return claim === undefined || isOwn(claim, owner, isListed) ? { kind: 'disabled' } : strangers(claim, owner);
    }
    case 'delivered': {
      const { claim } = occupant;
      if (!isOwn(claim, owner, isListed)) return strangers(claim, owner);
      return { kind: 'own', claim, recorded: lookUp(claim.authorizationId) };
    }
  }
}

function strangers(claim: Claim, owner: Owner): Standing {
  const isSameAccount = claim.account.toLowerCase() === owner.account.toLowerCase();
  return { kind: isSameAccount ? 'of another organization' : 'of another account', claim };
}

/** The active PAT of the family that consumers of a place are given. */
export function standingMember(family: Family, standing: Standing): Member | undefined {
  if (standing.kind !== 'own' || standing.recorded.kind !== 'active') return undefined;
  return belongsTo(family, standing.recorded.member.pat) ? standing.recorded.member : undefined;
}
