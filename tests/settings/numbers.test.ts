import assert from 'node:assert/strict';
import type { InputName } from '../../src/settings/inputs.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { problemsOf, settingsOf } from './pipeline.ts';

const ranges: readonly {
  name: InputName;
  from: number;
  to: number;
  also: Readonly<Partial<Record<InputName, string>>>;
  read: (settings: Settings) => number | undefined;
}[] = [
  { name: 'lifetimeDays', from: 1, to: 365, also: {}, read: ({ policy }) => policy.lifetimeDays },
  {
    name: 'revokeAfterHours',
    from: 0,
    to: 8760,
    also: { mode: 'advanced' },
    read: ({ policy }) => policy.revokeAfterHours,
  },
  {
    name: 'revokeAfterHours',
    from: 0,
    to: 8760,
    also: { mode: 'revoke' },
    read: ({ policy }) => policy.revokeAfterHours,
  },
  { name: 'warnDays', from: 0, to: 365, also: { mode: 'report' }, read: ({ warnDays }) => warnDays },
  { name: 'failDays', from: 0, to: 365, also: { mode: 'revoke' }, read: ({ failDays }) => failDays },
  { name: 'concurrency', from: 1, to: 32, also: { mode: 'report' }, read: ({ concurrency }) => concurrency },
];

for (const { name, from, to, also, read } of ranges) {
  describe(`${name} (${Object.values(also).join() || 'simple'})`, () => {
    it(`is a whole number from ${from} to ${to}`, () => {
      assert.equal(read(settingsOf({ ...also, [name]: String(from) })), from);
      assert.equal(read(settingsOf({ ...also, [name]: ` ${to} ` })), to);
    });

    const others = [String(from - 1), String(to + 1), '1.5', '1e1', '0x10', '+5', '١', 'many', '1 2', '9'.repeat(30)];
    for (const given of others) {
      it(`is refused with the accepted range: ${given}`, () => {
        assert.deepEqual(problemsOf({ ...also, [name]: given }), [
          `Input ${name}: "${given}" is not a whole number from ${from} to ${to}.`,
        ]);
      });
    }
  });
}

describe('failDays', () => {
  it('is empty by default: nothing fails the step by its end', () => assert.equal(settingsOf({}).failDays, undefined));
});

describe('renewBeforeDays', () => {
  it('is empty by default: renew on every run', () => {
    assert.equal(settingsOf({}).policy.renewBeforeDays, undefined);
  });

  const cases = [
    { name: '1 less than lifetimeDays is fine', given: '59', expected: [] },
    {
      name: 'as many as lifetimeDays is refused: every PAT would always be due',
      given: '60',
      expected: ['Input renewBeforeDays: 60 must be less than lifetimeDays (60), or every PAT is always due.'],
    },
    {
      name: 'more than lifetimeDays is refused',
      given: '61',
      expected: ['Input renewBeforeDays: 61 must be less than lifetimeDays (60), or every PAT is always due.'],
    },
    { name: '0 is fine', given: '0', expected: [] },
    {
      name: '366 is refused with the accepted range',
      given: '366',
      expected: ['Input renewBeforeDays: "366" is not a whole number from 0 to 365.'],
    },
    {
      name: '-1 is refused with the accepted range',
      given: '-1',
      expected: ['Input renewBeforeDays: "-1" is not a whole number from 0 to 365.'],
    },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => assert.deepEqual(problemsOf({ renewBeforeDays: given }), expected));
  }

  it('is not compared with a lifetime that is no number', () => {
    assert.deepEqual(problemsOf({ renewBeforeDays: '90', lifetimeDays: 'long' }), [
      'Input lifetimeDays: "long" is not a whole number from 1 to 365.',
    ]);
  });
});
