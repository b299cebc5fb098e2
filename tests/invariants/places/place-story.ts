import fc from 'fast-check';
import type { FaultKind, RunPlan } from '../story.ts';

/** Where the values of the two families go. Two families in one group undo each other's records, if anybody does. */
export const layouts = ['group', 'connection', 'vault and group', 'vault, group and connection'] as const;
export type Layout = (typeof layouts)[number];

/** What people do to a group or a connection meanwhile. */
export const deeds = [
  'opens the page',
  'saves the page that was opened earlier',
  'pastes an older value',
  'pastes a value of no PAT',
  'wipes the record',
  'edits another variable',
  'makes a PAT of the same name',
  'revokes the PAT in use',
  'revokes the newest PAT',
] as const;
export type PlaceDeed = (typeof deeds)[number];

/** What becomes of a call: as elsewhere, or it lands late, or the service breaks the write off. */
export type PlaceFault = FaultKind | 'lands late' | 'breaks off';

export interface PlaceRun extends Omit<RunPlan, 'faults'> {
  readonly faults: readonly { readonly atCall: number; readonly fault: PlaceFault; readonly times: 1 | 4 }[];
}

export type PlaceChapter =
  | { readonly kind: 'time passes'; readonly hours: number }
  | { readonly kind: 'a person acts'; readonly deed: PlaceDeed }
  | {
      readonly kind: 'runs';
      readonly runs: readonly PlaceRun[];
      readonly order: readonly number[];
      readonly deeds: readonly { readonly beforeCall: number; readonly deed: PlaceDeed }[];
    };

export interface PlaceStory {
  readonly layout: Layout;
  readonly brokenWrite: 'nothing' | 'secretsOnly' | 'plainOnly';
  /** The connection's record is in one description for all projects. */
  readonly oneDescription: boolean;
  /** The story goes on with daily renewals. */
  readonly isLong: boolean;
  readonly chapters: readonly PlaceChapter[];
}

const faults: readonly PlaceFault[] = [
  ...(['killed before', 'killed after', 'answer lost', 'request lost', 'throttled', 'server error, not done'] as const),
  ...(['server error, done', 'sign-in page', 'refused', 'very slow', 'cancelled', 'lands late'] as const),
];

const run: fc.Arbitrary<PlaceRun> = fc.record({
  mode: fc.constantFrom('advanced', 'advanced', 'advanced', 'revoke'),
  policy: fc.record({
    lifetimeDays: fc.constant(60),
    renewBeforeDays: fc.constantFrom(undefined, 7),
    revokeAfterHours: fc.constantFrom(0, 24, 48),
    includeExpired: fc.constant(false),
  }),
  concurrency: fc.constantFrom(1, 4),
  faults: fc.array(
    fc.record({ atCall: fc.nat(45), fault: fc.constantFrom(...faults), times: fc.constantFrom(1, 1, 4) }),
    { maxLength: 3 },
  ),
});

/**
 * A write that breaks off, or each of several in a row: the store behind is down. It coincides with no second run and no
 * kill: that is left open.
 */
const tornRun: fc.Arbitrary<PlaceRun> = fc.tuple(run, fc.nat(30), fc.boolean()).map(([plan, atCall, isOutage]) => ({
  ...plan,
  faults: isOutage
    ? [0, 4, 8, 12].map((later) => ({ atCall: atCall + later, fault: 'breaks off', times: 4 }) as const)
    : [{ atCall, fault: 'breaks off', times: 1 }],
}));

const timed = fc.array(fc.record({ beforeCall: fc.nat(60), deed: fc.constantFrom(...deeds) }), { maxLength: 2 });
const order = fc.array(fc.nat(23), { minLength: 1, maxLength: 12 });
const kind = fc.constant('runs' as const);

const chapter: fc.Arbitrary<PlaceChapter> = fc.oneof(
  {
    arbitrary: fc.record({ kind, runs: fc.array(run, { minLength: 1, maxLength: 2 }), order, deeds: timed }),
    weight: 5,
  },
  { arbitrary: fc.record({ kind, runs: fc.tuple(tornRun), order, deeds: fc.constant([]) }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: fc.constant('time passes' as const),
      hours: fc.constantFrom(1, 11, 12, 13, 25, 49, 24 * 7, 24 * 50),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({ kind: fc.constant('a person acts' as const), deed: fc.constantFrom(...deeds) }),
    weight: 2,
  },
);

export const anyPlaceStory: fc.Arbitrary<PlaceStory> = fc.record({
  layout: fc.constantFrom(...layouts),
  brokenWrite: fc.constantFrom('nothing', 'secretsOnly', 'plainOnly'),
  oneDescription: fc.boolean(),
  isLong: fc.nat(3).map((number) => number === 3),
  chapters: fc.array(chapter, { minLength: 1, maxLength: 8 }),
});
