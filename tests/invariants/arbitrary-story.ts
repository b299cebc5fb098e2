import fc from 'fast-check';
import {
  type Chapter,
  type Deed,
  type FaultKind,
  type PersonsDeed,
  type PlaceKind,
  type RunPlan,
  type Start,
  type Story,
  type TimedFault,
  usualStart,
} from './story.ts';

const faultKinds: readonly FaultKind[] = [
  'killed before',
  'killed after',
  'answer lost',
  'request lost',
  'throttled',
  'server error, not done',
  'server error, done',
  'torn',
  'late',
  'sign-in page',
  'refused',
  'very slow',
  'lost slowly, clock set back',
  'asleep',
  'cancelled',
];

const deeds: readonly Deed[] = [
  'makes a PAT of the same name',
  'revokes the PAT in use',
  'revokes some PAT of the family',
  'revokes the newest PAT',
  'makes the oldest PAT valid in all organizations',
  'renames the oldest PAT',
  'gives the PAT in use other scopes',
  'gives the PAT in use another name',
];

const deedsInVault: readonly Deed[] = [
  ...deeds,
  'sets a value of another PAT by hand',
  'makes a PAT of the same name and stores it by hand',
  'puts an older value back',
  'stores something else by hand',
  'disables the newest version',
  'deletes the secret',
  'recovers the secret',
  'takes the tags off',
  'adds tags',
  'copies the tags onto another value',
  'copies the tags onto an older value at once',
  'restores the vault from a backup',
  'closes the vault',
  'opens the vault',
];

const deedsInDocuments: readonly Deed[] = [
  'opens the page of the document',
  'saves the page that was opened',
  'pastes an older value into the document',
  'wipes the record beside the value',
  'edits something else in the document',
];

/** Mostly as usual: each story has a few things that are not. */
const start: fc.Arbitrary<Start> = fc
  .record({
    holdsValue: fc.boolean(),
    sameNamed: fc.constantFrom(1 as const, 2 as const),
    shared: fc.constantFrom('none' as const, 'none' as const, 'all' as const, 'two' as const),
    old: fc.constantFrom(
      ...(['nothing', 'nothing', 'nothing', 'expired', 'marked as new', 'marked as superseded'] as const),
    ),
    earlierSetWinsTie: fc.boolean(),
    scopesReordered: fc.boolean(),
    narrowScopes: fc.boolean(),
    listsLag: fc.nat(3).map((number) => number === 3),
    emptyModifiedBy: fc.nat(7).map((number) => number === 7),
    brokenWrite: fc.constantFrom('nothing' as const, 'secretsOnly' as const, 'plainOnly' as const),
    shortLives: fc.boolean(),
    crowded: fc.nat(39).map((number) => number === 39),
    clocks: fc.constantFrom(
      ...(['one', 'one', 'one', 'one', 'vault ahead', 'vault behind', 'agent ahead', 'no Date, agent ahead'] as const),
    ),
  })
  .map((drawn) => ({ ...usualStart, ...drawn }));

const someHours = fc.constantFrom(1, 11, 12, 13, 25, 49, 24 * 7, 24 * 40, 24 * 100);
const someTimes = fc.constantFrom(1 as const, 1 as const, 4 as const);

const someFaults: fc.Arbitrary<readonly TimedFault[]> = fc.array(
  fc.record({ atCall: fc.nat(45), fault: fc.constantFrom(...faultKinds), times: someTimes }),
  { maxLength: 3 },
);

function runPlan(places: readonly PlaceKind[]): fc.Arbitrary<RunPlan> {
  const plan = fc.record({
    mode: fc.constantFrom(...(['advanced', 'advanced', 'advanced', 'advanced', 'revoke', 'simple'] as const)),
    policy: fc.record({
      // Of two PATs that overlapping jobs confirmed, names do not tell which came last: they live equally long.
      lifetimeDays: places.length === 0 ? fc.constant(60) : fc.constantFrom(60, 30),
      renewBeforeDays: fc.constantFrom(undefined, 7),
      revokeAfterHours: fc.constantFrom(0, 24, 48),
      includeExpired: fc.boolean(),
    }),
    concurrency: fc.constantFrom(1 as const, 4 as const),
    faults: someFaults,
  });
  const often = fc
    .nat(24)
    .map((number) => (number === 24 ? { dryRun: true } : number === 23 ? { mode: 'report' as const } : {}));
  const retried = fc
    .nat(5)
    .chain((number) => (number < 5 ? fc.constant({}) : fc.record({ retries: fc.tuple(someFaults) })));
  // Handed over: a job has a step that stores, and one that confirms.
  const steps =
    places.length > 0
      ? fc.constant({ takeOver: true })
      : fc.record({
          confirm: fc.record({ faults: someFaults, hours: fc.constantFrom(0, 0, 0, 1, 11, 13) }),
          store: fc.constantFrom(undefined, undefined, undefined, 'fails' as const),
        });
  return fc.tuple(plan, often, retried, steps).map((parts): RunPlan => withoutUndefined(Object.assign({}, ...parts)));
}

/** Shorter stories to read. */
function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

function chapter(places: readonly PlaceKind[]): fc.Arbitrary<Chapter> {
  const inDocuments = places.includes('group') || places.includes('connection') ? deedsInDocuments : [];
  const all = [...(places.includes('vault') ? deedsInVault : deeds), ...inDocuments, ...inDocuments];
  const someDeed: fc.Arbitrary<PersonsDeed> = fc
    .record({ deed: fc.constantFrom(...all), toSecond: fc.nat(4).map((number) => number === 4) })
    .map(({ deed, toSecond }) => (toSecond ? { deed, toSecond } : { deed }));
  const runs: fc.Arbitrary<Chapter> = fc.record({
    kind: fc.constant('runs' as const),
    runs: fc.array(runPlan(places), { minLength: 1, maxLength: 3 }),
    order: fc.array(fc.nat(23), { minLength: 1, maxLength: 12 }),
    deeds: fc.array(
      fc.tuple(fc.nat(60), someDeed).map(([beforeCall, deed]) => ({ beforeCall, ...deed })),
      { maxLength: 1 },
    ),
  });
  const time: fc.Arbitrary<Chapter> = fc.record({ kind: fc.constant('time passes' as const), hours: someHours });
  const person: fc.Arbitrary<Chapter> = someDeed.map((deed) => ({ kind: 'a person acts' as const, ...deed }));
  return fc.oneof({ arbitrary: runs, weight: 5 }, { arbitrary: time, weight: 4 }, { arbitrary: person, weight: 2 });
}

export function storyWith(places: readonly PlaceKind[]): fc.Arbitrary<Story> {
  return fc.record({
    places: fc.constant(places),
    start,
    chapters: fc.array(chapter(places), { minLength: 1, maxLength: 7 }),
  });
}

/** Every mix of places in which one value can be read back, or there is one place only. */
export const anyStory: fc.Arbitrary<Story> = fc.oneof(
  { arbitrary: storyWith(['vault']), weight: 4 },
  { arbitrary: storyWith([]), weight: 4 },
  { arbitrary: storyWith(['group']), weight: 2 },
  { arbitrary: storyWith(['connection']), weight: 1 },
  { arbitrary: storyWith(['vault', 'group']), weight: 1 },
  { arbitrary: storyWith(['vault', 'connection']), weight: 1 },
  { arbitrary: storyWith(['vault', 'group', 'connection']), weight: 1 },
);
