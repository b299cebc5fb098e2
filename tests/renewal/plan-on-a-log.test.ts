import assert from 'node:assert/strict';
import type { Family } from '../../src/renewal/family.ts';
import { day, hour } from '../../src/renewal/instant.ts';
import { type Pat, validity } from '../../src/renewal/pat.ts';
import { type Circumstances, type FamilyPlan, planFamily, refusalOfFirst } from '../../src/renewal/plan.ts';
import type { Evidence } from '../../src/renewal/standing.ts';
import {
  around,
  at,
  claim,
  copied,
  delivered,
  evidence,
  familyOf,
  familyWith,
  holding,
  holdingMember,
  hoursAgo,
  memberNamed,
  now,
  pat,
  places,
  policy,
  unrecorded,
} from './examples.ts';

const planned = (
  family: Family,
  source: Evidence,
  overrides: Partial<typeof policy> = {},
  circumstances: Partial<Circumstances> = {},
) => planFamily(family, places(source), { ...policy, ...overrides }, around(circumstances));

/** The place's newest entry names this PAT of the family. */
const recorded = (family: Family, id: string, since = hoursAgo(100)) =>
  holdingMember(family, id, [delivered('v1', id, since)]);

const somebodys = (value: 'pat' | 'other' | 'unreadable', rest: Partial<Evidence> = {}) =>
  evidence([unrecorded('v1', hoursAgo(1))], { standing: { kind: 'unrecorded', value }, ...rest });

const gist = (plan: FamilyPlan) => {
  switch (plan.kind) {
    case 'replace':
      return plan.reason;
    case 'keep':
      return plan.why.code === 'not due' ? 'keep' : plan.why.code;
    case 'refuse':
      return plan.refusal.code;
    case 'leave expired':
      return plan.kind;
  }
};

const plan = (...given: Parameters<typeof planned>) => gist(planned(...given));

describe('on a log, advanced keeps the current PAT', () => {
  const threshold = now + 14 * day;
  const cases = [
    { name: '1 ms longer than renewBeforeDays: kept', validTo: threshold + 1, expected: 'keep' },
    { name: 'renewBeforeDays exactly: due', validTo: threshold, expected: 'ends soon' },
    { name: '1 ms shorter than renewBeforeDays: due', validTo: threshold - 1, expected: 'ends soon' },
  ];
  for (const { name, validTo, expected } of cases) {
    it(`if it lives on for ${name}`, () => {
      const family = familyOf(pat('a', { validTo }));
      assert.equal(plan(family, recorded(family, 'a')), expected);
    });
  }

  it('and says from when it is due', () => {
    const family = familyOf(pat('a', { validTo: threshold + 1 }));
    assert.deepEqual(planned(family, recorded(family, 'a')), {
      kind: 'keep',
      current: memberNamed(family, 'a'),
      why: { code: 'not due', dueFrom: now + 1 },
    });
  });

  it('but replaces it on every run when renewBeforeDays is empty', () => {
    const family = familyOf(pat('a'));
    assert.equal(plan(family, recorded(family, 'a'), { renewBeforeDays: undefined }), 'every run renews');
  });

  it('which is the one that the record names, however many are active', () => {
    const family = familyOf(
      pat('old', { validFrom: hoursAgo(200) }),
      pat('recorded', { validFrom: hoursAgo(100) }),
      pat('young', { validFrom: hoursAgo(1) }),
    );
    const found = planned(family, recorded(family, 'recorded'));
    assert.equal(found.kind === 'keep' && found.current.pat.authorizationId, 'recorded');
  });

  it('whatever the case of its id', () => {
    const family = familyOf(pat('A'));
    const source = holdingMember(family, 'A', [delivered('v1', 'a', hoursAgo(100))]);
    assert.equal(plan(family, source), 'keep');
  });
});

describe('on a log, a family is due', () => {
  const family = familyOf(pat('a', { validFrom: hoursAgo(200) }), pat('b', { validFrom: hoursAgo(100) }));
  const cases: readonly { name: string; given: Evidence; expected: string }[] = [
    { name: 'on the first run: nothing is there', given: evidence([]), expected: 'nothing is there yet' },
    {
      name: 'when somebody stored a PAT’s value on top',
      given: evidence([delivered('v1', 'a', hoursAgo(9)), unrecorded('v2', hoursAgo(8))], {
        standing: { kind: 'unrecorded', value: 'pat' },
      }),
      expected: 'a value of somebody’s is there',
    },
    {
      name: 'when somebody copied the tags onto another PAT’s value',
      given: evidence([copied('v1', 'a', hoursAgo(9))], { standing: { kind: 'unrecorded', value: 'pat' } }),
      expected: 'a value of somebody’s is there',
    },
    {
      name: 'when the newest value is disabled',
      given: evidence([delivered('v1', 'a', hoursAgo(9), { isServed: false })], { standing: { kind: 'disabled' } }),
      expected: 'what is there is disabled',
    },
    {
      name: 'when the current PAT was revoked by hand',
      given: holding([delivered('v1', 'c', hoursAgo(9))], { kind: 'gone' }),
      expected: 'the PAT there was revoked',
    },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => {
      const found = planned(family, given);
      assert.equal(gist(found), expected);
      assert.equal(
        found.kind === 'replace' && found.previous.pat.authorizationId,
        'b',
        'the newest one is named as replaced',
      );
    });
  }

  it('when the current PAT has expired, although another one is active', () => {
    const mixed = familyWith([pat('a', { validFrom: hoursAgo(9) })], [pat('b', { validTo: hoursAgo(1) })]);
    assert.deepEqual(planned(mixed, recorded(mixed, 'b')), {
      kind: 'replace',
      reason: 'the PAT there has expired',
      previous: memberNamed(mixed, 'b'),
      isPlaceAskedFirst: false,
    });
  });
});

describe('on a log, a family of which another PAT may be what consumers read', () => {
  const current = pat('current', { validFrom: hoursAgo(100) });
  const source = (family: Family, ...more: readonly ReturnType<typeof delivered>[]) =>
    holdingMember(family, 'current', [...more, delivered('v9', 'current', hoursAgo(100))]);
  const other = (overrides: Partial<Pat>) => familyOf(current, pat('other', { validFrom: hoursAgo(99), ...overrides }));

  const cases = [
    {
      name: 'is due where one is younger than the recorded one',
      changed: {},
      expected: 'another one may be what is read',
    },
    {
      name: 'is due where one is as young',
      changed: { validFrom: current.validFrom },
      expected: 'another one may be what is read',
    },
    { name: 'is kept where it is 1 ms older', changed: { validFrom: current.validFrom - 1 }, expected: 'keep' },
    { name: 'is kept while it is 12 hours old', changed: { validFrom: now - 12 * hour }, expected: 'keep' },
    {
      name: 'is due when it is 1 ms older than 12 hours',
      changed: { validFrom: now - 12 * hour - 1 },
      expected: 'another one may be what is read',
    },
    {
      name: 'is kept where it is valid in several organizations: it is never revoked',
      changed: validity(['contoso-id', 'fabrikam-id']),
      expected: 'keep',
    },
  ] as const;
  for (const { name, changed, expected } of cases) {
    it(name, () => {
      const family = other(changed);
      assert.equal(plan(family, source(family)), expected);
    });
  }

  it('is kept where a delivery names that one: the log says who came after whom', () => {
    const family = other({});
    assert.equal(plan(family, source(family, delivered('v1', 'other', hoursAgo(101)))), 'keep');
  });

  it('is due again where that delivery was a copy by hand', () => {
    const family = other({});
    assert.equal(plan(family, source(family, copied('v1', 'other', hoursAgo(101)))), 'another one may be what is read');
  });

  it('asks its place first whether it takes writes: an earlier run may have made one for nothing', () => {
    const family = other({});
    const found = planned(family, source(family));
    assert.equal(found.kind === 'replace' && found.isPlaceAskedFirst, true);
  });
});

describe('on a log, no further PAT is made', () => {
  const current = pat('current', { validFrom: hoursAgo(100) });
  const leftOver = (count: number, overrides: Partial<Pat> = {}) =>
    Array.from({ length: count }, (_, index) =>
      pat(`left-${index}`, { validFrom: hoursAgo(90 - index), ...overrides }),
    );
  const asked = (left: readonly Pat[]) => {
    const family = familyOf(current, ...left);
    return plan(family, holdingMember(family, 'current', [delivered('v1', 'current', hoursAgo(100))]));
  };
  const doubt = 'another one may be what is read';
  const cases = [
    { name: 'where four are left over: one is', given: leftOver(4), expected: doubt },
    { name: 'where five are left over', given: leftOver(5), expected: 'too many leftovers' },
    { name: 'where six are left over', given: leftOver(6), expected: 'too many leftovers' },
    {
      name: 'where the fifth is 12 hours old: one is',
      given: [...leftOver(4), pat('fifth', { validFrom: now - 12 * hour })],
      expected: doubt,
    },
    {
      name: 'where the fifth is 1 ms older than that',
      given: [...leftOver(4), pat('fifth', { validFrom: now - 12 * hour - 1 })],
      expected: 'too many leftovers',
    },
    {
      name: 'where the fifth is older than the PAT in use, which superseded it: one is',
      given: [...leftOver(4), pat('fifth', { validFrom: hoursAgo(101) })],
      expected: doubt,
    },
    {
      name: 'where the fifth has a date in its name: one is',
      given: [
        ...leftOver(4),
        pat('fifth', {
          displayName: 'Build feed (Renew PATs: revoke after 2026-11-25T04:00:00Z)',
          validFrom: hoursAgo(80),
        }),
      ],
      expected: doubt,
    },
    {
      name: 'where the fifth is valid in all organizations: the task makes such, where that is asked for',
      given: [...leftOver(4), pat('fifth', { isGlobal: true, validFrom: hoursAgo(80) })],
      expected: 'too many leftovers',
    },
    {
      name: 'where the fifth is valid in several that are named: it never makes such, so one is',
      given: [...leftOver(4), pat('fifth', { ...validity(['a', 'b']), validFrom: hoursAgo(80) })],
      expected: doubt,
    },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.equal(asked(given), expected));

  it('nor where five stand beside a place that holds nothing of the task’s', () => {
    assert.equal(plan(familyOf(...leftOver(5)), evidence([])), 'too many leftovers');
    assert.equal(plan(familyOf(...leftOver(4)), evidence([])), 'nothing is there yet');
  });

  it('but what is not due is kept, and such as a delivery names count for nothing', () => {
    const family = familyOf(current, ...leftOver(5));
    const log = [
      ...leftOver(5).map((one, index) => delivered(`v${index}`, one.authorizationId, hoursAgo(200))),
      delivered('v9', 'current', hoursAgo(100)),
    ];
    assert.equal(plan(family, holdingMember(family, 'current', log)), 'keep');
    assert.equal(
      plan(family, holdingMember(family, 'current', log), { renewBeforeDays: undefined }),
      'every run renews',
    );
  });
});

describe('on a log, what an earlier attempt of the pipeline’s run has delivered', () => {
  const family = familyOf(pat('a'));
  const delivery = hoursAgo(1);
  const everyRun = { renewBeforeDays: undefined };
  const cases = [
    {
      name: 'is not replaced again if it was delivered after the start',
      start: delivery - 1,
      expected: 'delivered by this pipeline run',
    },
    { name: 'nor at the start', start: delivery, expected: 'delivered by this pipeline run' },
    {
      name: 'is replaced if it was delivered 1 ms before the start',
      start: delivery + 1,
      expected: 'every run renews',
    },
    { name: 'is replaced where the start is not known', start: undefined, expected: 'every run renews' },
  ];
  for (const { name, start, expected } of cases) {
    it(name, () => {
      assert.equal(plan(family, recorded(family, 'a', delivery), everyRun, { pipelineStart: start }), expected);
    });
  }

  it('is replaced all the same if it ends within renewBeforeDays', () => {
    const ending = familyOf(pat('a', { validTo: now + day }));
    const found = plan(ending, recorded(ending, 'a', delivery), {}, { pipelineStart: hoursAgo(2) });
    assert.equal(found, 'ends soon');
  });

  it('is replaced all the same if another one may be what is read', () => {
    const doubted = familyOf(pat('a'), pat('b', { validFrom: hoursAgo(20) }));
    const found = plan(doubted, recorded(doubted, 'a', delivery), everyRun, { pipelineStart: hoursAgo(2) });
    assert.equal(found, 'another one may be what is read');
  });

  it('is nothing where somebody has put a value on top since', () => {
    const source = evidence([delivered('v1', 'a', delivery), unrecorded('v2', now)], {
      standing: { kind: 'unrecorded', value: 'pat' },
    });
    assert.equal(plan(family, source, everyRun, { pipelineStart: hoursAgo(2) }), 'a value of somebody’s is there');
  });
});

describe('on a log, a family whose PATs have all expired', () => {
  const family = familyWith([], [pat('a', { validTo: hoursAgo(1) })]);
  const including = { includeExpired: true };
  const left: FamilyPlan = { kind: 'leave expired', newest: memberNamed(family, 'a') };

  it('heals by itself if the record names one of them', () => {
    assert.equal(plan(family, recorded(family, 'a')), 'the PAT there has expired');
  });

  it('is left if nothing is there', () => assert.deepEqual(planned(family, evidence([])), left));

  it('is left if the record names a PAT that is gone', () => {
    const given = holding([delivered('v1', 'x', hoursAgo(9))], { kind: 'gone' });
    assert.deepEqual(planned(family, given), left);
  });

  it('is left if the record names an expired PAT of another family', () => {
    const other = familyWith([], [pat('x', { scope: 'vso.code', validTo: hoursAgo(1) })]);
    assert.equal(plan(family, recorded(other, 'x')), 'leave expired');
  });

  it('is replaced with includeExpired', () => {
    assert.equal(plan(family, evidence([]), including), 'nothing is there yet');
  });

  it('is left, with includeExpired too, while the place holds a living value of another family', () => {
    const other = familyOf(pat('x', { scope: 'vso.code' }));
    assert.equal(plan(family, recorded(other, 'x'), including), 'leave expired');
  });

  it('does not keep the task from renewing where some are active: these decide', () => {
    const mixed = familyWith([pat('b')], [pat('a', { validTo: hoursAgo(1) })]);
    assert.equal(plan(mixed, evidence([])), 'nothing is there yet');
  });
});

describe('on a log, a record that names another family’s PAT', () => {
  const family = familyOf(pat('a'));
  const theirs = (state: 'active' | 'expired') => {
    const given = pat('theirs', { displayName: 'Wiki sync', scope: 'vso.wiki' });
    const other = state === 'active' ? familyOf(given) : familyWith([], [given]);
    return { member: memberNamed(other, 'theirs'), source: recorded(other, 'theirs') };
  };

  it('is refused while that one is active: its consumers would be given this one', () => {
    const { member, source } = theirs('active');
    assert.deepEqual(planned(family, source), {
      kind: 'refuse',
      refusal: { code: 'holds another PAT', member, place: 0 },
    });
  });

  it('is replaced once that one has ended, and told as a replacement of this family’s own', () => {
    const found = planned(family, theirs('expired').source);
    assert.equal(found.kind === 'replace' && found.previous.pat.authorizationId, 'a');
  });
});

describe('on a log, advanced refuses before a PAT is created', () => {
  const family = familyOf(pat('a'));

  for (const value of [
    'other',
    'another identity’s',
    'managed',
    'unreadable',
    'not readable by anybody',
    'unknown',
  ] as const) {
    it(`a place with somebody’s value: ${value}`, () => {
      const source = evidence([unrecorded('v1', hoursAgo(1))], { standing: { kind: 'unrecorded', value } });
      assert.deepEqual(planned(family, source), {
        kind: 'refuse',
        refusal: { code: 'somebody’s value', value, place: 0 },
      });
    });
  }

  for (const kind of ['of another account', 'of another organization'] as const) {
    it(`a record ${kind}, and says whose it is`, () => {
      const theirs = claim('a', hoursAgo(1), { account: 'other-account', organization: 'fabrikam' });
      const source = evidence([delivered('v1', 'a', hoursAgo(1), { claim: theirs })], {
        standing: { kind, claim: theirs },
      });
      assert.deepEqual(planned(family, source), { kind: 'refuse', refusal: { code: kind, claim: theirs, place: 0 } });
    });
  }

  it('a PAT’s value that, by the place’s name, is one’s that the rules leave out; its own record is no such value', () => {
    const leftOutName = 'build feed';
    assert.deepEqual(planned(family, somebodys('pat', { leftOutName })), {
      kind: 'refuse',
      refusal: { code: 'a left-out PAT’s', name: leftOutName, place: 0 },
    });
    assert.equal(plan(family, { ...recorded(family, 'a'), leftOutName }), 'keep');
    assert.equal(plan(family, evidence([], { leftOutName })), 'nothing is there yet');
  });

  it('a place that cannot take it, whatever stands there', () => {
    const obstacle = 'secret kv1/a has more than 10 tags of its own.';
    for (const source of [
      somebodys('pat', { obstacle }),
      evidence([unrecorded('v1', hoursAgo(1), { isServed: false })], { standing: { kind: 'disabled' }, obstacle }),
      { ...recorded(family, 'a'), obstacle },
      evidence([], { obstacle }),
    ]) {
      assert.deepEqual(planned(family, source), {
        kind: 'refuse',
        refusal: { code: 'obstacle', sentence: obstacle, place: 0 },
      });
    }
  });

  it('where a follower must not take it, and names that one', () => {
    const source = recorded(family, 'a');
    const follower = somebodys('other');
    assert.deepEqual(planFamily(family, places(source, source, follower), policy, around()), {
      kind: 'refuse',
      refusal: { code: 'somebody’s value', value: 'other', place: 2 },
    });
  });

  it('but leaves expired PATs alone instead, if they are not to be replaced', () => {
    const expired = familyWith([], [pat('a', { validTo: hoursAgo(1) })]);
    assert.equal(plan(expired, somebodys('other')), 'leave expired');
  });
});

describe('on a log, while an organization cannot be read', () => {
  const family = familyOf(pat('a', { validTo: now + day }));
  const unseen = ['fabrikam'];
  const first = { code: 'an organization was not seen', organizations: unseen } as const;

  const firsts: readonly { name: string; given: Evidence }[] = [
    { name: 'nothing is there', given: evidence([]) },
    { name: 'a PAT’s value of somebody’s is there', given: somebodys('pat') },
    {
      name: 'what is there is disabled',
      given: evidence([unrecorded('v1', hoursAgo(9), { isServed: false })], { standing: { kind: 'disabled' } }),
    },
  ];
  for (const { name, given } of firsts) {
    it(`nothing is delivered for the first time: ${name}`, () => {
      assert.equal(planned(family, given).kind, 'replace');
      assert.deepEqual(planned(family, given, {}, { unseen }), { kind: 'refuse', refusal: { ...first, place: 0 } });
    });
  }

  it('nothing is delivered to a follower for the first time, beside a source that is its own', () => {
    const source = recorded(family, 'a');
    assert.deepEqual(planFamily(family, places(source, evidence([])), policy, around({ unseen })), {
      kind: 'refuse',
      refusal: { ...first, place: 1 },
    });
    assert.deepEqual(refusalOfFirst(evidence([]), unseen), first);
    assert.equal(refusalOfFirst(source, unseen), undefined);
    assert.equal(refusalOfFirst(evidence([]), []), undefined);
  });

  it('what stands there as its own is renewed', () => {
    assert.equal(plan(family, recorded(family, 'a'), {}, { unseen }), 'ends soon');
  });

  it('what is not due is kept', () => {
    const lasting = familyOf(pat('a'));
    assert.equal(plan(lasting, recorded(lasting, 'a'), {}, { unseen }), 'keep');
  });
});

describe('a PAT valid in all organizations', () => {
  const november = (date: number, ms = 0) => Date.UTC(2026, 10, date) + ms;
  const made = (validFrom: number, overrides: Partial<Pat> = {}) =>
    familyOf(pat('a', { isGlobal: true, validFrom, validTo: at('2027-06-01T00:00:00Z'), ...overrides }));
  const onDay = (date: number, ms: number, overrides: Partial<typeof policy>) => {
    const family = made(at('2026-06-01T00:00:00Z'));
    return plan(family, recorded(family, 'a'), overrides, { now: november(date, ms) });
  };

  const replaced = [
    { day: 10, ms: 0, renewBeforeDays: 7, expected: 'keep' },
    { day: 16, ms: day - 1, renewBeforeDays: 7, expected: 'keep' },
    { day: 17, ms: 0, renewBeforeDays: 7, expected: 'ends soon' },
    { day: 24, ms: 0, renewBeforeDays: 7, expected: 'ends soon' },
    { day: 30, ms: day - 1, renewBeforeDays: 7, expected: 'ends soon' },
    { day: 31, ms: 0, renewBeforeDays: 7, expected: 'ends soon' },
    { day: 10, ms: day - 1, renewBeforeDays: 20, expected: 'keep' },
    { day: 11, ms: 0, renewBeforeDays: 20, expected: 'ends soon' },
    { day: 16, ms: day - 1, renewBeforeDays: 0, expected: 'keep' },
    { day: 17, ms: 0, renewBeforeDays: 0, expected: 'ends soon' },
  ] as const;
  for (const { day: date, ms, renewBeforeDays, expected } of replaced) {
    it(`with renewBeforeDays ${renewBeforeDays}, ${new Date(november(date, ms)).toISOString()}: ${expected}`, () => {
      assert.equal(onDay(date, ms, { renewBeforeDays }), expected);
    });
  }

  const refused = [
    { day: 16, ms: day - 1, renewBeforeDays: 7, expected: 'replace' },
    { day: 17, ms: 0, renewBeforeDays: 7, expected: 'global PATs end too soon' },
    { day: 20, ms: 0, renewBeforeDays: 7, expected: 'global PATs end too soon' },
    { day: 25, ms: 0, renewBeforeDays: 7, expected: 'global PATs end too soon' },
    { day: 10, ms: day - 1, renewBeforeDays: 20, expected: 'replace' },
    { day: 11, ms: 0, renewBeforeDays: 20, expected: 'global PATs end too soon' },
    { day: 30, ms: day - 1, renewBeforeDays: undefined, expected: 'replace' },
    { day: 31, ms: 0, renewBeforeDays: undefined, expected: 'global PATs end too soon' },
    { day: 1, ms: 0, renewBeforeDays: 7, lifetimeDays: 8, expected: 'replace' },
  ] as const;
  for (const { day: date, ms, renewBeforeDays, expected, ...rest } of refused) {
    it(`is asked for with renewBeforeDays ${renewBeforeDays}, ${new Date(november(date, ms)).toISOString()}: ${expected}`, () => {
      const family = familyOf(pat('a', { validTo: november(date, ms) + 1 }));
      const overrides = { allOrgs: 'true', renewBeforeDays, ...rest } as const;
      const found = planned(family, recorded(family, 'a'), overrides, { now: november(date, ms) });
      assert.equal(found.kind === 'refuse' ? found.refusal.code : found.kind, expected);
    });
  }

  it('is replaced on the same days where only this organization is asked for', () => {
    const family = made(hoursAgo(900));
    const found = plan(family, recorded(family, 'a'), {}, { now: november(25) });
    assert.equal(found, 'ends soon');
  });
});
