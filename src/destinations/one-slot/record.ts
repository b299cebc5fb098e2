import type { Instant } from '../../renewal/instant.ts';
import type { Claim, Log, Owner } from '../../renewal/log.ts';
import type { Pat } from '../../renewal/pat.ts';

/**
 * What stands beside the value in a place that keeps one value: whose it is, and whom it superseded since when. No
 * secret and no digest of one. Somebody may bring an older record back and keep the newer value, so a record that names
 * a PAT does not prove that the value is that PAT's.
 */
export interface SlotRecord {
  /** authorizationId, in lower case. */
  readonly id: string;
  readonly account: string;
  readonly organization: string;
  /** The family's plain name. Untrusted text. */
  readonly name: string;
  /** When it was written, by the service's clock. */
  readonly at: Instant;
  /** When the PAT ends, as the service granted it. */
  readonly to: Instant;
  /** Id of the identity that wrote it. */
  readonly by: string;
  /** The family's other active PATs, and since when each is superseded: there are no versions that could tell. */
  readonly was: readonly Superseded[];
  /** Somebody else's change that a later write has hidden from sight. */
  readonly edited: Edit | undefined;
}

export interface Superseded {
  readonly id: string;
  readonly until: Instant;
}

/** Somebody else's change of the document. */
export interface Edit {
  /** For people. Untrusted text. */
  readonly by: string;
  readonly at: Instant;
}

export interface NextDelivery {
  readonly pat: Pat;
  readonly familyName: string;
  readonly owner: Owner;
  /** All other active members of the family. */
  readonly others: readonly Pat[];
  /** The record that is replaced, if there is one. */
  readonly replaced: SlotRecord | undefined;
  /** Whether somebody else changed the document since: then nobody knows whose value stood there until now. */
  readonly isEdited: boolean;
  readonly now: Instant;
}

/** The record of a delivery. A time at which a PAT was superseded is handed down, unless it is not certain any more (I2). */
export function nextRecord({ pat, familyName, owner, others, replaced, isEdited, now }: NextDelivery): SlotRecord {
  const isHandedDown = !isEdited && replaced !== undefined && isSameOwner(replaced, owner);
  const since = new Map(isHandedDown ? replaced.was.map(({ id, until }) => [id, until]) : []);
  // The PAT that is recorded now stood there until this very moment, whatever is said of its past.
  if (replaced !== undefined) since.delete(replaced.id);
  const id = pat.authorizationId.toLowerCase();
  return {
    id,
    account: owner.account,
    organization: owner.organization,
    name: familyName,
    at: now,
    to: pat.validTo,
    by: owner.account,
    was: others
      .map(({ authorizationId }) => authorizationId.toLowerCase())
      .filter((other) => other !== id)
      .map((other) => ({ id: other, until: Math.min(since.get(other) ?? now, now) })),
    edited: undefined,
  };
}

function isSameOwner(record: SlotRecord, owner: Owner): boolean {
  return record.account.toLowerCase() === owner.account.toLowerCase();
}

export function claimOf({ id, account, organization, name, at }: SlotRecord): Claim {
  return { authorizationId: id, account, organization, displayName: name, at };
}

/** A record as a log: one entry, which knows since when it stands in others' place. */
export function logOf(record: SlotRecord, edit: Edit | undefined): Log {
  return [
    {
      key: record.id,
      at: record.at,
      isServed: true,
      claim: claimOf(record),
      isProven: edit === undefined,
      since: new Map(record.was.map(({ id, until }) => [id, until])),
    },
  ];
}

/**
 * The record shortened until `format` makes a text of at most `limit` characters: the names of those that were superseded
 * last go first (they then count from the delivery itself, which is later), then letters of the PAT's name.
 */
export function fitting(record: SlotRecord, limit: number, format: (record: SlotRecord) => string): string {
  let { was, name } = record;
  for (;;) {
    const text = format({ ...record, name, was });
    if (text.length <= limit) return text;
    const last = was.reduce<Superseded | undefined>(
      (late, each) => (late && late.until > each.until ? late : each),
      undefined,
    );
    if (last !== undefined) was = was.filter((each) => each !== last);
    else if (name !== '') name = name.slice(0, Math.floor(name.length / 2));
    else throw new Error('a record without names is longer than its place allows');
  }
}
