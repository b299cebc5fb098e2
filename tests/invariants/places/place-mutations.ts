// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is planted is source text
import type { Mutation } from '../mutant.ts';

const record = 'destinations/one-slot/record.ts';
const slotPlace = 'destinations/one-slot/slot-place.ts';
const group = 'destinations/variable-group/variable-group.ts';

/** Faults of the protocol of places that keep one value. */
export const placeMutations: readonly Mutation[] = [
  {
    name: 'does not mind somebody’s edit',
    file: 'destinations/one-slot/last-change.ts',
    find: 'return change.by === record.by.toLowerCase() ? undefined : edit;',
    replace: 'return undefined;',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'does not hand down since when a PAT is superseded',
    file: record,
    find: 'until: Math.min(since.get(other) ?? now, now)',
    replace: 'until: Math.max(since.get(other) ?? now, now)',
    caughtBy: ['I3'],
  },
  {
    name: 'hands it down in spite of somebody’s edit',
    file: record,
    find: 'const isHandedDown = !isEdited && replaced',
    replace: 'const isHandedDown = replaced',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'does not note an edit in the other records of the group',
    file: group,
    find: '      ...notesOfEdit(document, change, recordName),\n',
    replace: '',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'takes no second look before it revokes',
    file: slotPlace,
    find: 'isUnchanged: async () => isSame(at, document, await slot.reload(document)),',
    replace: 'isUnchanged: async () => true,',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'drops a field of others’ variables',
    file: group,
    find: '      ...variables,\n      ...notesOfEdit',
    replace:
      '      ...Object.fromEntries(Object.entries(variables).map(([key, each]) => [key, { value: objectOf(each).value, isSecret: objectOf(each).isSecret }])),\n      ...notesOfEdit',
    caughtBy: ['I7'],
  },
  {
    name: 'revokes when only one of several places agrees',
    file: 'renewal/retire.ts',
    find: '  return firm ?? latest(each);',
    replace: '  void firm;\n  return each[0] ?? latest(each);',
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'takes an unknown outcome for a refusal',
    file: slotPlace,
    find: "if (error.outcome !== 'unknown') return { kind: 'refused', error };",
    replace: "if (error.outcome !== 'sure') return { kind: 'refused', error };",
    caughtBy: ['I1', 'I2', 'I5'],
  },
  {
    name: 'takes the record for proof after an unknown answer',
    file: slotPlace,
    find: '  refuseIfChanged(at, seen, view, parcel, attempt.isUnknown);\n',
    replace:
      "  if (view.record?.id === parcel.pat.authorizationId.toLowerCase()) return { kind: 'written', document, record: view.record };\n  refuseIfChanged(at, seen, view, parcel, attempt.isUnknown);\n",
    caughtBy: ['I1', 'I2', 'I5'],
  },
];
