import fc from 'fast-check';
import type { SlotRecord } from '../../../src/destinations/one-slot/record.ts';
import type { Pat } from '../../../src/renewal/pat.ts';

const epoch = Date.UTC(2026, 10, 23, 4);

/** A GUID that is known by its number. */
export function guid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function hoursLater(hours: number): number {
  return epoch + hours * 3_600_000;
}

export const account = guid(900);
export const owner = { account, organization: 'contoso' };

export function recordOf(fields: Partial<SlotRecord> = {}): SlotRecord {
  return {
    id: guid(1),
    account,
    organization: 'contoso',
    name: 'Build feed',
    at: hoursLater(0),
    to: hoursLater(1440),
    by: account,
    was: [],
    edited: undefined,
    ...fields,
  };
}

export function patOf(number: number, madeAt = hoursLater(0)): Pat {
  return {
    authorizationId: guid(number).toUpperCase(),
    displayName: 'Build feed',
    scope: 'vso.packaging',
    validFrom: madeAt,
    validTo: madeAt + 60 * 86_400_000,
    targetAccounts: [guid(800)],
    isGlobal: false,
    isShared: false,
  };
}

const seconds = fc.integer({ min: 0, max: 60_000_000 }).map((second) => epoch + second * 1000);
const ids = fc.uuid();
const plain = { noNullPrototype: true } as const;

/** Records with whole seconds, as a connection's line keeps them. */
export const someRecord: fc.Arbitrary<SlotRecord> = fc.record(
  {
    id: ids,
    account: fc.oneof(ids, fc.constantFrom('svc;with=odd chars]@,', 'aad.x')),
    organization: fc.constantFrom('contoso', 'Fabrikam-1', 'ö rg'),
    name: fc.string({ unit: 'grapheme', maxLength: 5 }),
    at: seconds,
    to: seconds,
    by: ids,
    was: fc.array(fc.record({ id: ids, until: seconds }, plain), { maxLength: 3 }),
    edited: fc.option(fc.record({ by: fc.string({ maxLength: 20 }), at: seconds }, plain), { nil: undefined }),
  },
  plain,
);
