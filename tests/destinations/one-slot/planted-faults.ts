import assert from 'node:assert/strict';
import type { Slot } from '../../../src/destinations/one-slot/slot.ts';
import { type Outcome, ServiceError } from '../../../src/services/service-error.ts';
import { conformanceOf, type Stage } from '../conformance.ts';

type Document = { readonly document: Readonly<Record<string, unknown>> };

/** Ways to get a place that keeps one value wrong; each must break a promise of the port. */
const faults: Readonly<Record<string, <D extends Document>(slot: Slot<D>) => Slot<D>>> = {
  'says that it has written, and has not': (slot) => ({ ...slot, put: async (document) => document }),
  'does not know its own record': (slot) => ({
    ...slot,
    view: (document) => ({ ...slot.view(document), record: undefined }),
  }),
  'does not hand down since when a PAT is superseded': (slot) => ({
    ...slot,
    put: (document, { record, token }) =>
      slot.put(document, { token, record: { ...record, was: record.was.map(({ id }) => ({ id, until: record.at })) } }),
  }),
  'forgets whom it supersedes': (slot) => ({
    ...slot,
    put: (document, { record, token }) =>
      slot.put(document, { token, record: { ...record, was: [], at: record.at - 7_200_000 } }),
  }),
  'does not see somebody’s edit': (slot) => ({
    ...slot,
    view: (document) => ({ ...slot.view(document), edit: undefined }),
  }),
  'takes a last look at what it knows already': (slot) => ({ ...slot, reload: async (document) => document }),
  'writes on what it read long ago': (slot) => {
    let known: ReturnType<typeof slot.load> | undefined;
    return { ...slot, load: (toWrite) => (known ??= slot.load(toWrite)) };
  },
  'takes a lost answer for a no': withOutcome('refused'),
  'takes a no for a lost answer': withOutcome('unknown'),
  'keeps the value in its record': (slot) => ({
    ...slot,
    put: (document, { record, token }) => slot.put(document, { token, record: { ...record, name: token } }),
  }),
  'drops fields that it does not know': (slot) => ({
    ...slot,
    put: (document, entry) => slot.put({ ...document, document: known(document.document) }, entry),
  }),
  'writes while it looks': (slot) => {
    let isFirst = true;
    return {
      ...slot,
      reload: async (document) => {
        const { record } = slot.view(document);
        if (isFirst && record !== undefined) {
          isFirst = false;
          await slot.put(document, { record, token: 'anything' });
        }
        return slot.reload(document);
      },
    };
  },
  'calls two places one': (slot) => ({ ...slot, key: 'one' }),
  'does not know the end of what it holds': (slot) => ({
    ...slot,
    put: (document, { record, token }) => slot.put(document, { token, record: { ...record, to: record.at } }),
  }),
};

function withOutcome(outcome: Outcome): <D>(slot: Slot<D>) => Slot<D> {
  return (slot) => ({
    ...slot,
    put: async (document, entry) => {
      try {
        return await slot.put(document, entry);
      } catch (error) {
        throw error instanceof ServiceError ? error.withOutcome(outcome) : error;
      }
    },
  });
}

/** As a model of today's description would send it. */
function known(document: Document['document']): Document['document'] {
  const { folder: _, serviceManagementReference: __, ...rest } = document;
  return rest;
}

export function describePlantedFaults<D extends Document>(
  name: string,
  open: (change?: (slot: Slot<D>) => Slot<D>) => Stage,
): void {
  describe(`The promises of the port catch ${name} that`, () => {
    for (const [fault, plant] of Object.entries(faults)) {
      it(fault, async () => {
        const broken: string[] = [];
        for (const { promise, check } of conformanceOf(() => open(plant))) {
          await check().catch(() => broken.push(promise));
          if (broken.length > 0) return;
        }
        assert.fail('no promise was broken');
      });
    }
  });
}
