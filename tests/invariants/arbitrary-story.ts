import fc from 'fast-check';
import type { Chapter, Deed, FaultKind, RunPlan, Start, Story } from './story.ts';

const faults: readonly FaultKind[] = [
  'killed before',
  'killed after',
  'answer lost',
  'request lost',
  'throttled',
  'server error, not done',
  'server error, done',
  'sign-in page',
  'refused',
  'very slow',
  'cancelled',
];

const deeds: readonly Deed[] = [
  'sets a value of another PAT by hand',
  'makes a PAT of the same name and stores it by hand',
  'makes a PAT of the same name',
  'revokes the PAT in use',
  'revokes some PAT of the family',
  'revokes the newest PAT',
  'puts an older value back',
  'stores something else by hand',
  'disables the newest version',
  'deletes the secret',
  'recovers the secret',
  'takes the tags off',
  'adds tags',
  'copies the tags onto another value',
  'closes the vault',
  'opens the vault',
];

const start: fc.Arbitrary<Start> = fc.record({
  secretExists: fc.boolean(),
  sameNamed: fc.constantFrom(1, 2),
  hasGlobal: fc.boolean(),
  earlierSetWinsTie: fc.boolean(),
  scopesReordered: fc.boolean(),
  narrowScopes: fc.boolean(),
  shortLives: fc.boolean(),
  crowded: fc.nat(39).map((number) => number === 39),
});

const someHours = fc.constantFrom(1, 11, 12, 13, 25, 49, 24 * 7, 24 * 40, 24 * 100);

/** What the runs of one story may be asked for. */
interface Asked {
  readonly graces: readonly number[];
  readonly lifetimes: readonly number[];
}

function runPlan({ graces, lifetimes }: Asked): fc.Arbitrary<RunPlan> {
  return fc.record({
    mode: fc.constantFrom('advanced', 'advanced', 'advanced', 'revoke', 'simple'),
    policy: fc.record({
      lifetimeDays: fc.constantFrom(...lifetimes),
      renewBeforeDays: fc.constantFrom(undefined, 7),
      revokeAfterHours: fc.constantFrom(...graces),
      includeExpired: fc.boolean(),
    }),
    concurrency: fc.constantFrom(1, 4),
    faults: fc.array(
      fc.record({ atCall: fc.nat(45), fault: fc.constantFrom(...faults), times: fc.constantFrom(1, 1, 4) }),
      { maxLength: 3 },
    ),
  });
}

function chapter(asked: Asked): fc.Arbitrary<Chapter> {
  const runs: fc.Arbitrary<Chapter> = fc.record({
    kind: fc.constant('runs' as const),
    runs: fc.array(runPlan(asked), { minLength: 1, maxLength: 3 }),
    order: fc.array(fc.nat(23), { minLength: 1, maxLength: 12 }),
    deeds: fc.array(fc.record({ beforeCall: fc.nat(60), deed: fc.constantFrom(...deeds) }), { maxLength: 1 }),
  });
  const time: fc.Arbitrary<Chapter> = fc.record({ kind: fc.constant('time passes' as const), hours: someHours });
  const person: fc.Arbitrary<Chapter> = fc.record({
    kind: fc.constant('a person acts' as const),
    deed: fc.constantFrom(...deeds),
  });
  return fc.oneof({ arbitrary: runs, weight: 5 }, { arbitrary: time, weight: 4 }, { arbitrary: person, weight: 1 });
}

function storyWith(destination: Story['destination'], asked: Asked): fc.Arbitrary<Story> {
  return fc.record({
    destination: fc.constant(destination),
    start,
    chapters: fc.array(chapter(asked), { minLength: 1, maxLength: 7 }),
  });
}

/**
 * With output variables, no grace means that the variable itself is what consumers use: a pipeline does one or the
 * other, so a story does too. And of two PATs that overlapping runs delivered, names do not tell which came last: they
 * live equally long there.
 */
export const anyStory: fc.Arbitrary<Story> = fc.oneof(
  storyWith('vault', { graces: [0, 24, 48], lifetimes: [60, 30] }),
  storyWith('variables', { graces: [24, 48], lifetimes: [60] }),
  storyWith('variables', { graces: [0], lifetimes: [60] }),
);
