import assert from 'node:assert/strict';
import type { Family } from '../../src/renewal/family.ts';
import { day, hour } from '../../src/renewal/instant.ts';
import { withNewMarker, withSupersededMarker } from '../../src/renewal/marker.ts';
import { currentOf, earliestEnd, isSettled, type Observation, planFamily } from '../../src/renewal/plan.ts';
import { at, familyOf, familyWith, hoursAgo, inHours, memberNamed, now, pat, policy } from './examples.ts';

const names: Observation = { kind: 'names' };
const asNew = { displayName: withNewMarker('Build feed') };
const superseded = { displayName: withSupersededMarker('Build feed', inHours(24)) };

const plan = (family: Family, overrides: Partial<typeof policy> = {}) => {
  const planned = planFamily(family, names, { ...policy, ...overrides }, now);
  return planned.kind === 'replace' ? planned.reason : planned.kind;
};

describe('with output variables alone, a family', () => {
  const threshold = now + 14 * day;
  const cases = [
    {
      name: 'whose plain PAT lives 1 ms longer than renewBeforeDays is kept',
      given: familyOf(pat('a', { validTo: threshold + 1 })),
      expected: 'keep',
    },
    {
      name: 'whose plain PAT ends in exactly renewBeforeDays is due',
      given: familyOf(pat('a', { validTo: threshold })),
      expected: 'ends soon',
    },
    {
      name: 'whose plain PAT ends within renewBeforeDays is due',
      given: familyOf(pat('a', { validTo: threshold - 1 })),
      expected: 'ends soon',
    },
    {
      name: 'with several plain names is due',
      given: familyOf(pat('a'), pat('b')),
      expected: 'several of its PATs may be in use',
    },
    {
      name: 'with several plain names of which one is valid in all organizations is kept: that one does not count',
      given: familyOf(pat('a'), pat('b', { isGlobal: true })),
      expected: 'keep',
    },
    {
      name: 'with superseded PATs beside the plain one is kept',
      given: familyOf(pat('a'), pat('b', superseded)),
      expected: 'keep',
    },
    {
      name: 'of which only a new PAT is active is due',
      given: familyOf(pat('a', asNew)),
      expected: 'none of its PATs is known to be in use',
    },
    {
      name: 'of which only superseded PATs are active is due',
      given: familyOf(pat('a', superseded)),
      expected: 'none of its PATs is known to be in use',
    },
    {
      name: 'whose plain PAT has expired while a superseded one is active is due',
      given: familyWith([pat('a', superseded)], [pat('b', { validTo: hoursAgo(1) })]),
      expected: 'none of its PATs is known to be in use',
    },
    {
      name: 'that has all expired is left',
      given: familyWith([], [pat('a', { validTo: hoursAgo(1) })]),
      expected: 'leave expired',
    },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.equal(plan(given), expected));

  const ages = [
    { name: '1 ms younger than 12 hours is kept: its run may still be going', age: 12 * hour - 1, expected: 'keep' },
    { name: 'of exactly 12 hours is kept', age: 12 * hour, expected: 'keep' },
    {
      name: '1 ms older than 12 hours is due',
      age: 12 * hour + 1,
      expected: 'a PAT that may not have been delivered is left over',
    },
  ];
  for (const { name, age, expected } of ages) {
    it(`with a new PAT ${name}`, () => {
      const family = familyOf(pat('a'), pat('b', { ...asNew, validFrom: now - age }));
      assert.equal(plan(family), expected);
    });
  }

  const globals = [
    { allOrgs: 'true', validFrom: hoursAgo(1), expected: 'keep', name: 'is the one in use' },
    {
      allOrgs: 'true',
      validFrom: hoursAgo(9000),
      expected: 'none of its PATs is known to be in use',
      name: 'older than that, is not',
    },
    {
      allOrgs: 'keep',
      validFrom: hoursAgo(1),
      expected: 'none of its PATs is known to be in use',
      name: 'that nobody asks for, is not',
    },
  ] as const;
  for (const { allOrgs, validFrom, expected, name } of globals) {
    it(`a PAT valid in all organizations, beside a superseded one, ${name}`, () => {
      const family = familyOf(pat('a', superseded), pat('b', { isGlobal: true, validFrom }));
      assert.equal(plan(family, { allOrgs }), expected);
    });
  }

  it('is due on every run when renewBeforeDays is empty', () => {
    assert.equal(plan(familyOf(pat('a')), { renewBeforeDays: undefined }), 'every run renews');
  });

  it('that has all expired is replaced with includeExpired', () => {
    const family = familyWith([], [pat('a', { validTo: hoursAgo(1) })]);
    assert.equal(plan(family, { includeExpired: true }), 'none of its PATs is known to be in use');
  });

  it('of which a PAT is valid in all organizations is due by 2026-12-01, whatever its date says', () => {
    const family = familyOf(pat('a', { isGlobal: true, validTo: at('2027-06-01T00:00:00Z') }));
    const due = at('2026-11-17T00:00:00Z');
    assert.equal(planFamily(family, names, policy, due - 1).kind, 'keep');
    assert.equal(planFamily(family, names, policy, due).kind, 'replace');
  });
});

describe('with output variables alone, the current PAT', () => {
  const older = pat('older', { validFrom: hoursAgo(200) });
  const newer = pat('newer', { validFrom: hoursAgo(100) });
  const cases = [
    { name: 'is the newest with a plain name', given: familyOf(older, newer), expected: 'newer' },
    { name: 'is not one with a marker', given: familyOf(older, { ...newer, ...asNew }), expected: 'older' },
    {
      name: 'is one of this organization rather than one of all',
      given: familyOf(older, { ...newer, isGlobal: true }),
      expected: 'older',
    },
    {
      name: 'is one of all organizations where there is no other',
      given: familyOf({ ...older, isGlobal: true }),
      expected: 'older',
    },
    { name: 'is none where only markers are left', given: familyOf({ ...older, ...superseded }), expected: undefined },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => assert.equal(currentOf(given, names, policy)?.pat.authorizationId, expected));
  }

  it('is the one that is named as replaced', () => {
    const family = familyOf(older, newer);
    assert.deepEqual(planFamily(family, names, policy, now), {
      kind: 'replace',
      reason: 'several of its PATs may be in use',
      previous: memberNamed(family, 'newer'),
    });
  });
});

describe('a PAT is settled', () => {
  const cases = [
    { name: 'not 1 ms before it is 12 hours old', age: 12 * hour - 1, expected: false },
    { name: 'not at 12 hours', age: 12 * hour, expected: false },
    { name: '1 ms later', age: 12 * hour + 1, expected: true },
  ];
  for (const { name, age, expected } of cases) {
    it(name, () => {
      const family = familyOf(pat('a', { validFrom: now - age }));
      assert.equal(isSettled(memberNamed(family, 'a'), now), expected);
    });
  }
});

describe('the next expiry', () => {
  it('is the earliest end of the current PATs', () => {
    const family = familyOf(pat('a', { validTo: inHours(48) }), pat('b', { validTo: inHours(24) }));
    assert.equal(earliestEnd(family.members), inHours(24));
  });

  it('of a PAT that is valid in all organizations is no later than 2026-12-01', () => {
    const family = familyOf(pat('a', { isGlobal: true, validTo: at('2027-06-01T00:00:00Z') }));
    assert.equal(earliestEnd(family.members), at('2026-12-01T00:00:00Z'));
  });

  it('is none where nothing is in use', () => assert.equal(earliestEnd([]), undefined));
});
