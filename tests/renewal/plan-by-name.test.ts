import assert from 'node:assert/strict';
import type { Family } from '../../src/renewal/family.ts';
import { day, hour } from '../../src/renewal/instant.ts';
import { withNewMarker, withSupersededMarker } from '../../src/renewal/marker.ts';
import { currentOf } from '../../src/renewal/observation.ts';
import { validity } from '../../src/renewal/pat.ts';
import { type Circumstances, earliestEnd, planFamily } from '../../src/renewal/plan.ts';
import {
  around,
  at,
  familyOf,
  familyWith,
  hoursAgo,
  inHours,
  memberNamed,
  names,
  now,
  pat,
  policy,
} from './examples.ts';

const asNew = { displayName: withNewMarker('Build feed') };
const superseded = { displayName: withSupersededMarker('Build feed', inHours(24)) };

const planned = (family: Family, overrides: Partial<typeof policy> = {}, circumstances: Partial<Circumstances> = {}) =>
  planFamily(family, names, { ...policy, ...overrides }, around(circumstances));

const plan = (...given: Parameters<typeof planned>) => {
  const found = planned(...given);
  switch (found.kind) {
    case 'replace':
      return found.reason;
    case 'keep':
      return found.why.code === 'not due' ? 'keep' : found.why.code;
    case 'refuse':
      return found.refusal.code;
    case 'leave expired':
      return found.kind;
  }
};

describe('with values that are handed over, a family', () => {
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
      expected: 'several may be in use',
    },
    {
      name: 'with several plain names of which one is valid in all organizations is kept: that one does not count',
      given: familyOf(pat('a'), pat('b', { isGlobal: true })),
      expected: 'keep',
    },
    {
      name: 'with several plain names of which one is valid in several organizations that are named is kept likewise',
      given: familyOf(pat('a'), pat('b', validity(['contoso-id', 'fabrikam-id']))),
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
      expected: 'none is known to be in use',
    },
    {
      name: 'of which only superseded PATs are active is due',
      given: familyOf(pat('a', superseded)),
      expected: 'none is known to be in use',
    },
    {
      name: 'whose plain PAT has expired while a superseded one is active is due',
      given: familyWith([pat('a', superseded)], [pat('b', { validTo: hoursAgo(1) })]),
      expected: 'none is known to be in use',
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
      expected: 'one was never confirmed',
    },
  ];
  for (const { name, age, expected } of ages) {
    it(`with a new PAT ${name}`, () => {
      const family = familyOf(pat('a'), pat('b', { ...asNew, validFrom: now - age }));
      assert.equal(plan(family), expected);
    });
  }

  it('with a never confirmed PAT of all organizations is kept once another one was confirmed after it', () => {
    const global = { ...asNew, isGlobal: true, isShared: true };
    const older = pat('b', { ...global, validFrom: hoursAgo(60 * 24) });
    assert.equal(plan(familyOf(pat('a'), older)), 'keep');
    assert.equal(plan(familyOf(pat('a'), pat('b', { ...global, validFrom: hoursAgo(24) }))), 'one was never confirmed');
  });

  const globals = [
    { allOrgs: 'true', validFrom: hoursAgo(1), expected: 'keep', name: 'is the one in use' },
    {
      allOrgs: 'true',
      validFrom: hoursAgo(9000),
      expected: 'none is known to be in use',
      name: 'older than that, is not',
    },
    {
      allOrgs: 'keep',
      validFrom: hoursAgo(1),
      expected: 'none is known to be in use',
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
    assert.equal(plan(family, { includeExpired: true }), 'none is known to be in use');
  });

  it('of which a PAT is valid in all organizations is due by 2026-12-01, whatever its date says', () => {
    const family = familyOf(pat('a', { isGlobal: true, validTo: at('2027-06-01T00:00:00Z') }));
    const due = at('2026-11-17T00:00:00Z');
    assert.equal(planFamily(family, names, policy, around({ now: due - 1 })).kind, 'keep');
    assert.equal(planFamily(family, names, policy, around({ now: due })).kind, 'replace');
  });
});

describe('with values that are handed over, the current PAT', () => {
  const older = pat('older', { validFrom: hoursAgo(200) });
  const newer = pat('newer', { validFrom: hoursAgo(100) });
  const cases = [
    { name: 'is the newest with a plain name', given: familyOf(older, newer), expected: 'newer' },
    { name: 'is not one with a marker', given: familyOf(older, { ...newer, ...asNew }), expected: 'older' },
    {
      name: 'is one of this organization rather than one of all',
      given: familyOf(older, { ...newer, ...validity(undefined) }),
      expected: 'older',
    },
    {
      name: 'is one of all organizations where there is no other',
      given: familyOf({ ...older, ...validity(undefined) }),
      expected: 'older',
    },
    {
      name: 'is one of all organizations beside one that was never confirmed',
      given: familyOf({ ...older, ...validity(undefined) }, { ...newer, ...asNew }),
      expected: 'older',
    },
    {
      name: 'is one of several organizations that are named beside one that was never confirmed',
      given: familyOf({ ...older, ...validity(['contoso-id', 'fabrikam-id']) }, { ...newer, ...asNew }),
      expected: 'older',
    },
    { name: 'is none where only markers are left', given: familyOf({ ...older, ...superseded }), expected: undefined },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => assert.equal(currentOf(given, names, policy)?.pat.authorizationId, expected));
  }

  it('is the one that is named as replaced', () => {
    const family = familyOf(older, newer);
    assert.deepEqual(planned(family), {
      kind: 'replace',
      reason: 'several may be in use',
      previous: memberNamed(family, 'newer'),
      isPlaceAskedFirst: false,
    });
  });
});

describe('with values that are handed over, a PAT of this job', () => {
  const old = pat('old');
  const young = pat('young', { ...asNew, validFrom: hoursAgo(1) });
  const everyRun = { renewBeforeDays: undefined };
  const inThisJob = { handedOver: new Set(['young']) };

  it('is carried along, although every run renews', () => {
    const family = familyOf(old, young);
    assert.equal(plan(family, everyRun), 'every run renews');
    assert.deepEqual(planned(family, everyRun, inThisJob), {
      kind: 'keep',
      current: memberNamed(family, 'young'),
      why: { code: 'handed over in this job' },
    });
  });

  const cases = [
    { name: 'whatever the case of its id', id: 'YOUNG', pat: young, expected: 'handed over in this job' },
    {
      name: 'also once it has been confirmed',
      id: 'young',
      pat: pat('young', { validFrom: hoursAgo(1) }),
      expected: 'handed over in this job',
    },
    { name: 'until it expires', id: 'young', pat: { ...young, validTo: now }, expected: 'every run renews' },
  ];
  for (const { name, id, pat: given, expected } of cases) {
    it(`is carried along ${name}`, () => {
      assert.equal(plan(familyOf(old, { ...given, authorizationId: id }), everyRun, inThisJob), expected);
    });
  }

  it('of another family says nothing of this one', () => {
    assert.equal(plan(familyOf(old), everyRun, inThisJob), 'every run renews');
  });

  it('is what says so: the start of the pipeline’s run does not, for nothing was stored', () => {
    assert.equal(plan(familyOf(old, young), everyRun, { pipelineStart: hoursAgo(2) }), 'every run renews');
  });
});

describe('with values that are handed over, no further PAT is made', () => {
  const leftOver = (count: number, age: number) =>
    Array.from({ length: count }, (_, index) => pat(`left-${index}`, { ...asNew, validFrom: now - age - index }));
  const settledAge = 12 * hour + 1;
  const plain = (count: number) =>
    Array.from({ length: count }, (_, index) => pat(`plain-${index}`, { validFrom: now - settledAge - index }));
  const cases = [
    {
      name: 'where two were never confirmed: one is',
      given: leftOver(2, settledAge),
      expected: 'one was never confirmed',
    },
    { name: 'where three were never confirmed', given: leftOver(3, settledAge), expected: 'too many leftovers' },
    {
      name: 'where three were never confirmed, valid in all organizations as they are',
      given: leftOver(3, settledAge).map((one) => ({ ...one, ...validity(undefined) })),
      expected: 'too many leftovers',
    },
    { name: 'where five more have the plain name', given: plain(5), expected: 'too many leftovers' },
    { name: 'where four more have it: several may be in use', given: plain(4), expected: 'several may be in use' },
    {
      name: 'where the fifth of them is not settled: several may be in use',
      given: [...plain(3), pat('young', { validFrom: now - 12 * hour }), pat('younger', { validFrom: now - hour })],
      expected: 'several may be in use',
    },
    {
      name: 'where the third is 12 hours old: one is',
      given: [...leftOver(2, settledAge), pat('third', { ...asNew, validFrom: now - 12 * hour })],
      expected: 'one was never confirmed',
    },
    {
      name: 'where the third has expired: one is',
      given: [...leftOver(2, settledAge), pat('third', { ...asNew, validTo: now })],
      expected: 'one was never confirmed',
    },
    {
      name: 'where the third has a date: one is',
      given: [...leftOver(2, settledAge), pat('third', superseded)],
      expected: 'one was never confirmed',
    },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => assert.equal(plan(familyOf(pat('a'), ...given)), expected));
  }

  it('and the refusal names them', () => {
    const family = familyOf(pat('a'), ...leftOver(3, settledAge));
    assert.deepEqual(planned(family), {
      kind: 'refuse',
      refusal: {
        code: 'too many leftovers',
        leftovers: family.members.filter(({ marker }) => marker.kind === 'new'),
        place: 0,
      },
    });
  });

  it('but what is not due is kept all the same, in whatever number they are too young', () => {
    assert.equal(plan(familyOf(pat('a'), ...leftOver(9, hour))), 'keep');
  });
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
