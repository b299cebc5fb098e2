import assert from 'node:assert/strict';
import type { Member } from '../../src/renewal/family.ts';
import { day, hour, type Instant, minute } from '../../src/renewal/instant.ts';
import type { Log } from '../../src/renewal/log.ts';
import { validity } from '../../src/renewal/pat.ts';
import {
  commonRetirement,
  type Retirement,
  retirementByLog,
  retirementEverywhere,
  type Situation,
  type StayReason,
} from '../../src/renewal/retire.ts';
import type { Evidence } from '../../src/renewal/standing.ts';
import {
  at,
  claim,
  copied,
  delivered,
  evidence,
  familyOf,
  familyWith,
  foreign,
  hoursAgo,
  inHours,
  memberNamed,
  now,
  owner,
  pat,
  policy,
  unrecorded,
} from './examples.ts';

const ready: Retirement = { kind: 'ready' };
const later = (at: number): Retirement => ({ kind: 'later', at });
const no = (why: StayReason): Retirement => ({ kind: 'no', why });

const old = pat('old', { validFrom: hoursAgo(1000) });
const current = pat('current', { validFrom: hoursAgo(60) });
const family = familyOf(old, current);

/** A PAT that a delivery superseded 60 hours ago. */
const usualLog: Log = [delivered('v1', 'old', hoursAgo(900)), delivered('v2', 'current', hoursAgo(60))];
const usual: Situation = {
  family,
  owner,
  current: memberNamed(family, 'current'),
  namedElsewhere: new Set(),
  namedAtSource: new Set(),
  mayBeInCopy: false,
  isListed: () => false,
};

interface Given extends Situation {
  readonly log: Log;
  readonly evidence: Partial<Evidence>;
  readonly clocks: { readonly pats: Instant; readonly place: Instant };
}

/** The place holds the current PAT, whatever the log says: which one stands there is the destination's to say. */
const judge = (given: Partial<Given> = {}, overrides: Partial<typeof policy> = {}, id = 'old') => {
  const {
    log,
    evidence: changed,
    clocks,
    ...situation
  } = {
    ...usual,
    log: usualLog,
    evidence: {},
    clocks: { pats: now, place: now },
    ...given,
  };
  const { authorizationId } = situation.current.pat;
  const standing: Evidence['standing'] = {
    kind: 'own',
    claim: claim(authorizationId.toLowerCase(), now),
    recorded: { kind: 'active', member: situation.current },
  };
  const place = evidence(log, { standing, ...changed });
  return retirementByLog(memberNamed(situation.family, id), situation, place, { ...policy, ...overrides }, clocks);
};

/** The same, with the old PAT or the current one changed. */
const withFamily = (changed: Parameters<typeof pat>[1], currentChanged: Parameters<typeof pat>[1] = {}) => {
  const changedFamily = familyOf({ ...old, ...changed }, { ...current, ...currentChanged });
  return { family: changedFamily, current: memberNamed(changedFamily, 'current') };
};

describe('on a log, a PAT may be revoked', () => {
  it('once a newer delivery of another active PAT has stood for revokeAfterHours', () => {
    assert.deepEqual(judge(), ready);
  });

  it('without a grace period at once, but 12 hours later where another run may be bringing it to a follower', () => {
    const log = [delivered('v1', 'old', hoursAgo(900)), delivered('v2', 'current', hoursAgo(1))];
    assert.deepEqual(judge({ log }, { revokeAfterHours: 0 }), ready);
    assert.deepEqual(judge({ log, mayBeInCopy: true }, { revokeAfterHours: 0 }), later(now + 11 * hour));
    assert.deepEqual(judge({ log, mayBeInCopy: true }, { revokeAfterHours: 20 }), later(now + 19 * hour));
  });

  it('not if what was delivered newer was for another family: the rules were changed, or a PAT renamed', () => {
    const log = [delivered('v1', 'other', hoursAgo(900)), delivered('v2', 'current', hoursAgo(1))];
    assert.deepEqual(judge({ log }), later(now + 47 * hour));
  });

  it('not if it is the current one', () => {
    assert.deepEqual(judge({}, {}, 'current'), { kind: 'current' });
  });

  it('not if it is not active', () => {
    const mixed = familyWith([current], [{ ...old, validTo: hoursAgo(1) }]);
    assert.deepEqual(judge({ family: mixed, current: memberNamed(mixed, 'current') }), no('not active'));
  });

  it('not if it is valid in all organizations', () => {
    assert.deepEqual(judge(withFamily(validity(undefined))), no('valid in several organizations'));
  });

  it('not if it is valid in several organizations that are named', () => {
    const several = validity(['contoso-id', 'fabrikam-id']);
    assert.deepEqual(judge(withFamily(several)), no('valid in several organizations'));
  });

  it('not if another record seen in this run names it', () => {
    assert.deepEqual(judge({ namedElsewhere: new Set(['old']) }), no('named elsewhere'));
  });

  it('not if the current PAT has another name or other scopes by now', () => {
    const renamed: Member = { ...usual.current, pat: { ...current, displayName: 'Renamed by hand' } };
    assert.deepEqual(judge({ current: renamed }), no('the current one is another family’s'));
  });

  it('whatever the case of the ids in records and lists', () => {
    const shouting = withFamily({ authorizationId: 'OLD' });
    assert.deepEqual(judge(shouting, {}, 'OLD'), ready);
    assert.deepEqual(judge({ ...shouting, namedElsewhere: new Set(['old']) }, {}, 'OLD').kind, 'no');
  });
});

describe('on a log, a PAT of less than 12 hours is never revoked', () => {
  const ages = [
    { name: '1 ms short of 12 hours', age: 12 * hour - 1, expected: later(now + 2) },
    { name: '12 hours exactly', age: 12 * hour, expected: later(now + 1) },
    { name: '1 ms past 12 hours', age: 12 * hour + 1, expected: ready },
  ];
  for (const { name, age, expected } of ages) {
    it(`also with revokeAfterHours 0: ${name}`, () => {
      assert.deepEqual(judge(withFamily({ validFrom: now - age }), { revokeAfterHours: 0 }), expected);
    });
  }
});

describe('on a log, the grace period', () => {
  const ages = [
    { name: '1 ms before its end: later', age: 48 * hour - 1, expected: later(now + 1) },
    { name: 'at its end: ready', age: 48 * hour, expected: ready },
    { name: '1 ms after its end: ready', age: 48 * hour + 1, expected: ready },
  ];
  for (const { name, age, expected } of ages) {
    it(`counts from the newer delivery (${name})`, () => {
      const log = [delivered('v1', 'old', hoursAgo(900)), delivered('v2', 'current', now - age)];
      assert.deepEqual(judge({ log }), expected);
    });
  }

  it('counts from the first delivery that superseded the PAT, not from the last', () => {
    const log = [...usualLog, delivered('v3', 'current', hoursAgo(1))];
    assert.deepEqual(judge({ log }), ready);
  });

  it('counts from the last time that the PAT was at the destination', () => {
    const log = [
      delivered('v1', 'old', hoursAgo(900)),
      delivered('v2', 'current', hoursAgo(600)),
      delivered('v3', 'old', hoursAgo(500)),
      delivered('v4', 'current', hoursAgo(1)),
    ];
    assert.deepEqual(judge({ log }), later(inHours(47)));
  });

  it('of 0 hours ends with this run’s own delivery', () => {
    const log = [delivered('v1', 'old', hoursAgo(900)), delivered('v2', 'current', now)];
    assert.deepEqual(judge({ log }, { revokeAfterHours: 0 }), ready);
  });

  it('is told by the place’s clock, a PAT’s age by that of Azure DevOps', () => {
    const log = [delivered('v1', 'old', hoursAgo(900)), delivered('v2', 'current', hoursAgo(48))];
    const behind = { pats: now, place: now - 5 * minute };
    const ahead = { pats: now - 5 * minute, place: now };

    assert.deepEqual(judge({ log, clocks: behind }), later(now));
    assert.deepEqual(judge({ log, clocks: ahead }), ready);
    const young = withFamily({ validFrom: now - 12 * hour - 1 });
    assert.deepEqual(judge({ ...young, clocks: ahead }), later(now));
    assert.deepEqual(judge({ ...young, clocks: behind }), ready);
  });
});

describe('on a log, what supersedes a PAT', () => {
  const first = delivered('v1', 'old', hoursAgo(900));
  const nothing = no('not superseded');
  const cases = [
    { name: 'is nothing where the newest entry names it', log: [first] },
    { name: 'is no older delivery', log: [delivered('v0', 'current', hoursAgo(950)), first] },
    {
      name: 'is no entry of the same second that is not the newest',
      log: [delivered('v0', 'current', hoursAgo(900)), first],
    },
    {
      name: 'is no entry that names a PAT that is not active',
      log: [first, delivered('v2', 'revoked', hoursAgo(60))],
    },
    { name: 'is no entry that names the PAT itself', log: [first, delivered('v2', 'old', hoursAgo(60))] },
    { name: 'is no value that a person stored', log: [first, unrecorded('v2', hoursAgo(60))] },
    {
      name: 'is no entry whose claim was copied by hand',
      log: [first, copied('v2', 'current', hoursAgo(60))],
    },
    {
      name: 'is no entry that is not served',
      log: [first, delivered('v2', 'current', hoursAgo(60), { isServed: false })],
    },
  ];
  for (const { name, log } of cases) it(name, () => assert.deepEqual(judge({ log }), nothing));

  it('is the newest entry, also in the same second: it counts as newer than all others', () => {
    const log = [first, delivered('v2', 'current', hoursAgo(900))];
    assert.deepEqual(judge({ log }), ready);
  });

  it('is no delivery of another account or organization', () => {
    for (const other of [{ account: 'other' }, { organization: 'fabrikam' }]) {
      assert.deepEqual(judge({ owner: { ...owner, ...other } }), nothing);
    }
  });

  it('is no delivery older than a copy of its claim: the PAT may have been put back by hand', () => {
    const log = [first, delivered('v2', 'current', hoursAgo(60)), copied('v3', 'old', hoursAgo(30))];
    assert.deepEqual(judge({ log }), nothing);
  });

  it('is no delivery older than a value of unknown origin: that may be this PAT’s', () => {
    const log = [...usualLog, unrecorded('v3', hoursAgo(30)), delivered('v4', 'current', hoursAgo(1))];
    assert.deepEqual(judge({ log }), later(inHours(47)));
  });
});

describe('on a log, a PAT that no entry names', () => {
  /** Made just before the PAT in use; the place's clock is far behind. */
  const orphanAged = (age: number) => {
    const grown = familyOf(pat('orphan', { validFrom: now - age }), { ...current, validFrom: now - age + 1 });
    const log = [delivered('v1', 'current', hoursAgo(500))];
    return { family: grown, current: memberNamed(grown, 'current'), log };
  };
  const ages = [
    { name: '1 ms before: later', age: 48 * hour - 1, expected: later(now + 1) },
    { name: 'then: ready', age: 48 * hour, expected: ready },
    { name: '1 ms after: ready', age: 48 * hour + 1, expected: ready },
  ];
  for (const { name, age, expected } of ages) {
    it(`is revoked when it is itself revokeAfterHours old (${name})`, () => {
      assert.deepEqual(judge(orphanAged(age), {}, 'orphan'), expected);
    });
  }

  it('is revoked after 12 hours with revokeAfterHours 0', () => {
    assert.deepEqual(judge(orphanAged(12 * hour), { revokeAfterHours: 0 }, 'orphan'), later(now + 1));
    assert.deepEqual(judge(orphanAged(12 * hour + 1), { revokeAfterHours: 0 }, 'orphan'), ready);
  });

  const youngers = [
    { name: 'is superseded by a PAT that is 1 ms younger', distance: -1, expected: ready },
    { name: 'is not superseded by one of the same age, which it may cover', distance: 0, expected: no('doubt') },
    { name: 'is not superseded by an older one, which it may cover', distance: 1, expected: no('doubt') },
  ];
  for (const { name, distance, expected } of youngers) {
    it(name, () => {
      const grown = familyOf(pat('orphan', { validFrom: current.validFrom + distance }), current);
      const given = {
        family: grown,
        current: memberNamed(grown, 'current'),
        log: [delivered('v1', 'current', hoursAgo(60))],
      };
      assert.deepEqual(judge(given, {}, 'orphan'), expected);
    });
  }

  it('is not superseded by an older one before 12 hours have passed either: there only is no doubt yet', () => {
    const grown = familyOf(pat('orphan', { validFrom: now - 12 * hour }), current);
    const given = {
      family: grown,
      current: memberNamed(grown, 'current'),
      log: [delivered('v1', 'current', hoursAgo(60))],
    };
    assert.deepEqual(judge(given, { revokeAfterHours: 0 }, 'orphan'), no('not superseded'));
  });

  it('is the adopted one, once the first delivery has stood for the grace period', () => {
    const log = [unrecorded('v0', hoursAgo(2000)), delivered('v1', 'current', hoursAgo(47))];
    assert.deepEqual(judge({ log }), later(inHours(1)));
  });

  it('is never revoked where nothing was delivered', () => {
    assert.deepEqual(judge({ log: [] }), no('not superseded'));
  });
});

describe('on a log, nothing of a family is revoked', () => {
  it('in doubt: a younger settled PAT that no entry names may be what consumers read', () => {
    const doubted = (validFrom: Instant) => {
      const grown = familyOf(old, current, pat('young', { validFrom }));
      return judge({ family: grown, current: memberNamed(grown, 'current') });
    };
    assert.deepEqual(doubted(now - 12 * hour - 1), no('doubt'));
    assert.deepEqual(doubted(now - 12 * hour), ready);
    assert.deepEqual(doubted(current.validFrom), no('doubt'));
    assert.deepEqual(doubted(current.validFrom - 1), ready);
  });

  it('unless the source’s log names that one: it says who came after whom', () => {
    const grown = familyOf(old, current, pat('young', { validFrom: hoursAgo(20) }));
    const given = { family: grown, current: memberNamed(grown, 'current') };
    assert.deepEqual(judge(given), no('doubt'));
    assert.deepEqual(judge({ ...given, namedAtSource: new Set(['young']) }), ready);
  });

  it('where a place’s own log names neither of two of one age, whatever the source’s says: it may hold either', () => {
    const grown = familyOf({ ...old, validFrom: current.validFrom }, current);
    const given = { family: grown, current: memberNamed(grown, 'current'), log: usualLog.slice(1) };
    assert.deepEqual(judge({ ...given, namedAtSource: new Set(['old']) }), no('not superseded'));
  });

  it('after an edit of others', () =>
    assert.deepEqual(judge({ evidence: { isEdited: true } }), no('edited by others')));

  const standings: readonly { name: string; standing: Evidence['standing'] }[] = [
    { name: 'nothing', standing: { kind: 'nothing' } },
    { name: 'what is disabled', standing: { kind: 'disabled' } },
    { name: 'somebody’s value', standing: { kind: 'unrecorded', value: 'pat' } },
    {
      name: 'a PAT that is gone',
      standing: { kind: 'own', claim: claim('gone', now), recorded: { kind: 'gone' } },
    },
    {
      name: 'another one of the family',
      standing: {
        kind: 'own',
        claim: claim('old', now),
        recorded: { kind: 'active', member: memberNamed(family, 'old') },
      },
    },
    { name: 'another account’s', standing: { kind: 'of another account', claim: claim('current', now) } },
    { name: 'another organization’s', standing: { kind: 'of another organization', claim: claim('current', now) } },
  ];
  for (const { name, standing } of standings) {
    it(`while the place holds ${name}`, () => {
      assert.deepEqual(judge({ evidence: { standing } }), no('place not up to date'));
    });
  }
});

describe('on a log, an organization that was renamed', () => {
  const renamed: Log = [
    foreign('v1', 'old', hoursAgo(900), { organization: 'contoso-before' }),
    foreign('v2', 'current', hoursAgo(60), { organization: 'contoso-before' }),
  ];

  it('keeps its deliveries, where it lists the PATs that they name', () => {
    assert.deepEqual(judge({ log: renamed, isListed: (id) => ['old', 'current'].includes(id) }), ready);
  });

  it('and has none where nobody lists them', () => assert.deepEqual(judge({ log: renamed }), no('not superseded')));

  it('which another account’s never are', () => {
    const log = [foreign('v1', 'old', hoursAgo(900)), foreign('v2', 'current', hoursAgo(60))];
    assert.deepEqual(judge({ log, isListed: () => true }), no('not superseded'));
  });
});

describe('on a log of one entry, which hands down since when others are superseded', () => {
  const daily = (until: Instant, id = 'old'): Log => [
    delivered('v9', 'current', hoursAgo(1), { since: new Map([[id, until]]) }),
  ];
  const cases = [
    { name: '1 ms before: later', until: now - 48 * hour + 1, expected: later(now + 1) },
    { name: 'then: ready', until: now - 48 * hour, expected: ready },
    { name: '1 ms after: ready', until: now - 48 * hour - 1, expected: ready },
  ];
  for (const { name, until, expected } of cases) {
    it(`the grace counts from then, however often something was delivered since (${name})`, () => {
      assert.deepEqual(judge({ log: daily(until) }), expected);
    });
  }

  it('for that one alone; others are superseded by the entry itself', () => {
    assert.deepEqual(judge({ log: daily(hoursAgo(500), 'another') }), later(inHours(47)));
  });

  it('and never from later than the entry itself', () => {
    assert.deepEqual(judge({ log: daily(inHours(9)) }), later(inHours(47)));
  });

  it('but nothing of it ends a doubt', () => {
    const grown = familyOf(old, current, pat('young', { validFrom: hoursAgo(20) }));
    const log = daily(hoursAgo(500), 'young');
    assert.deepEqual(judge({ family: grown, current: memberNamed(grown, 'current'), log }), no('doubt'));
  });
});

describe('where the PAT in use is valid in all organizations', () => {
  const shared = withFamily({}, validity(undefined));
  const judgedAt = (clock: Instant, overrides: Parameters<typeof pat>[1] = {}) => {
    const given = withFamily(
      { validTo: at('2027-06-01T00:00:00Z') },
      { ...validity(undefined), validTo: at('2027-06-01T00:00:00Z'), ...overrides },
    );
    return commonRetirement(memberNamed(given.family, 'old'), given.family, given.current, clock);
  };

  it('others are revoked while it lasts', () => assert.deepEqual(judge(shared), ready));

  const days = [
    { name: 'a millisecond before the last 14 days: ready', clock: at('2026-11-17T00:00:00Z') - 1, expected: ready },
    {
      name: '14 days before 2026-12-01: no',
      clock: at('2026-11-17T00:00:00Z'),
      expected: no('the current one ends for good soon'),
    },
    {
      name: 'the day before: no',
      clock: at('2026-11-30T00:00:00Z'),
      expected: no('the current one ends for good soon'),
    },
    { name: 'after it: no', clock: at('2026-12-02T00:00:00Z'), expected: no('the current one ends for good soon') },
  ];
  for (const { name, clock, expected } of days) {
    it(`but not when that has nearly come (${name})`, () => assert.deepEqual(judgedAt(clock), expected));
  }

  it('nor when its own end has nearly come', () => {
    const clock = at('2026-10-20T00:00:00Z');
    assert.deepEqual(judgedAt(clock, { validTo: clock + 14 * day }), no('the current one ends for good soon'));
    assert.deepEqual(judgedAt(clock, { validTo: clock + 14 * day + 1 }), ready);
  });

  it('one of this organization is no reason to wait, however soon it ends', () => {
    const given = withFamily({}, { validTo: now + hour });
    assert.deepEqual(judge(given), ready);
  });
});

describe('of several places', () => {
  const cases: readonly { name: string; each: readonly Retirement[]; expected: Retirement }[] = [
    { name: 'all must say ready', each: [ready, ready], expected: ready },
    { name: 'the latest date holds', each: [later(1), later(3), later(2), ready], expected: later(3) },
    { name: 'one no holds against any date', each: [ready, later(3), no('doubt')], expected: no('doubt') },
    {
      name: 'of two noes the first is told',
      each: [no('named elsewhere'), no('doubt')],
      expected: no('named elsewhere'),
    },
    { name: 'where it is in use, it stays', each: [ready, { kind: 'current' }], expected: { kind: 'current' } },
    { name: 'none was read: it stays', each: [], expected: no('place not read') },
  ];
  for (const { name, each, expected } of cases) it(name, () => assert.deepEqual(retirementEverywhere(each), expected));
});
