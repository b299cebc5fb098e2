import type { Member } from '../renewal/family.ts';
import { endOf } from '../renewal/pat.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import type { CreatedPat } from '../services/pat-api.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import { causeOf, type FamilyInRun } from './observe.ts';

/** What came of making a family's new PAT. */
export type Replacement =
  | {
      readonly kind: 'delivered';
      readonly member: Member;
      readonly entry: PatEntry;
      /** The family as it stands now, with the new PAT among its members. */
      readonly after: FamilyInRun;
    }
  | { readonly kind: 'handed over'; readonly member: Member; readonly entry: PatEntry }
  | NotDelivered;

export interface NotDelivered {
  readonly kind: 'not delivered';
  readonly entry: PatEntry;
  /** Why the store did not take the value, where other places of it may fare no better. */
  readonly trouble: string | undefined;
  /** The new PAT, where it may have arrived all the same. */
  readonly left: Member | undefined;
}

export interface ReplacementOrder {
  readonly item: FamilyInRun;
  readonly previous: Member;
  readonly isPlaceAskedFirst: boolean;
}

export function notDelivered(
  order: ReplacementOrder,
  message: string,
  cause: string,
  more: { readonly trouble?: string | undefined; readonly left?: Member } = {},
): NotDelivered {
  return {
    kind: 'not delivered',
    entry: { ...entryOf(order), outcome: 'failed', message, cause },
    trouble: more.trouble,
    left: more.left,
  };
}

export function causeIn(error: unknown): string {
  return error instanceof ServiceError ? causeOf(error) : 'unexpected';
}

export function entryOf({ item, previous }: ReplacementOrder): Omit<PatEntry, 'outcome'> {
  return { ...listed(previous.pat), displayName: item.family.name, action: 'replace' };
}

/** How things stand where nothing came of it. */
export const asBefore = 'Its PAT in use was not touched, nothing was stored, and the next run tries again.';

/** Revokes a PAT that this run made and certainly did not deliver; says what came of it. */
export async function undo({ item }: ReplacementOrder, created: CreatedPat): Promise<string> {
  const id = created.pat.authorizationId;
  try {
    await item.selected.listing.organization.pats.revoke(id);
    return `The new PAT (${id}) was revoked again. ${asBefore}`;
  } catch (error) {
    return (
      `The new PAT (${id}) could not be revoked again (${sentenceOf(error)}); nobody has its value, and a later run ` +
      `revokes it. ${asBefore}`
    );
  }
}

export function doneEntry(order: ReplacementOrder, created: CreatedPat): PatEntry {
  const { pat } = order.previous;
  const { authorizationId: newAuthorizationId, validFrom, validTo } = created.pat;
  return {
    ...entryOf(order),
    outcome: 'done',
    previousValidTo: endOf(pat),
    previousValidFrom: pat.validFrom,
    newAuthorizationId,
    validFrom,
    validTo,
  };
}
