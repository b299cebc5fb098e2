import type { Slot } from '../../../src/destinations/one-slot/slot.ts';
import type { Outcome } from '../../../src/services/service-error.ts';
import { withOutcome } from '../planted-faults.ts';

/** The faults for the documents of one destination. */
export function slotFaults<D extends Document>(): Readonly<Record<string, (slot: Slot<D>) => Slot<D>>> {
  return faults;
}

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
  'takes a lost answer for a no': telling('refused'),
  'takes a no for a lost answer': telling('unknown'),
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

function telling(outcome: Outcome): <D>(slot: Slot<D>) => Slot<D> {
  return (slot) => ({ ...slot, put: (document, entry) => withOutcome(outcome, () => slot.put(document, entry)) });
}

/** As a model of today's description would send it. */
function known(document: Document['document']): Document['document'] {
  const { folder: _, serviceManagementReference: __, ...rest } = document;
  return rest;
}
