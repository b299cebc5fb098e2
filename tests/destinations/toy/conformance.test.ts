import { describeConformance } from '../conformance.ts';
import { describePlantedFaults, withOutcome } from '../planted-faults.ts';
import type { Box } from './box.ts';
import { toyStage } from './stage.ts';

describeConformance('A toy', () => toyStage());

const faults: Readonly<Record<string, (box: Box) => Box>> = {
  'says that it has stored, and has not': (box) => ({ ...box, put: async () => {} }),
  'stores the value without its record': (box) => ({
    ...box,
    put: (drawer, entry) => box.put(drawer, { ...entry, claim: undefined }),
  }),
  'stores the value without its end': (box) => ({
    ...box,
    put: (drawer, entry) => box.put(drawer, { ...entry, end: undefined }),
  }),
  'stores another value': (box) => ({
    ...box,
    put: (drawer, entry) => box.put(drawer, { ...entry, value: 'another' }),
  }),
  'keeps the value in its record': (box) => ({
    ...box,
    put: (drawer, entry) =>
      box.put(drawer, { ...entry, claim: entry.claim && { ...entry.claim, displayName: entry.value } }),
  }),
  'takes a lost answer for a no': (box) => ({
    ...box,
    put: (drawer, entry) => withOutcome('refused', () => box.put(drawer, entry)),
  }),
  'takes a no for a lost answer': (box) => ({
    ...box,
    put: (drawer, entry) => withOutcome('unknown', () => box.put(drawer, entry)),
  }),
  'does not see the newest entry': (box) => ({
    ...box,
    read: async (drawer) => (await box.read(drawer)).slice(0, -1),
  }),
  'puts everything into one drawer': (box) => ({
    ...box,
    read: () => box.read('Build-feed'),
    put: (_, entry) => box.put('Build-feed', entry),
  }),
  'has a clock that is an hour ahead': (box) => ({ ...box, now: () => box.now() + 3_600_000 }),
};

describePlantedFaults('a toy', faults, toyStage);
