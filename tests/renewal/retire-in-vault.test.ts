import assert from 'node:assert/strict';
import type { Member } from '../../src/renewal/family.ts';
import { hour, minute } from '../../src/renewal/instant.ts';
import { type Retirement, retirementInVault, type VaultSituation } from '../../src/renewal/retire.ts';
import {
  copiedTags,
  delivered,
  familyOf,
  familyWith,
  hoursAgo,
  inHours,
  memberNamed,
  now,
  owner,
  pat,
  policy,
  untagged,
} from './examples.ts';

const ready: Retirement = { kind: 'ready' };
const later = (at: number): Retirement => ({ kind: 'later', at });
const no = (why: string): Retirement => ({ kind: 'no', why });

const old = pat('old', { validFrom: hoursAgo(1000) });
const current = pat('current', { validFrom: hoursAgo(60) });
const family = familyOf(old, current);

/** A PAT that a delivery superseded 60 hours ago. */
const usual: VaultSituation = {
  family,
  owner,
  history: [delivered('v1', 'old', hoursAgo(900)), delivered('v2', 'current', hoursAgo(60))],
  current: memberNamed(family, 'current'),
  namedElsewhere: new Set(),
};

const judge = (situation: Partial<VaultSituation> = {}, overrides: Partial<typeof policy> = {}, id = 'old') => {
  const whole = { ...usual, ...situation };
  return retirementInVault(
    memberNamed(whole.family, id),
    whole,
    { ...policy, ...overrides },
    { pats: now, vault: now },
  );
};

/** The same, with the old PAT or the current one changed. */
const withFamily = (changed: Parameters<typeof pat>[1], currentChanged: Parameters<typeof pat>[1] = {}) => {
  const changedFamily = familyOf({ ...old, ...changed }, { ...current, ...currentChanged });
  return { family: changedFamily, current: memberNamed(changedFamily, 'current') };
};

describe('with a vault, a PAT may be revoked', () => {
  it('once a newer delivery of another active PAT has stood for revokeAfterHours', () => {
    assert.deepEqual(judge(), ready);
  });

  it('not if what was delivered newer was for another family: the rules were changed, or a PAT renamed', () => {
    const history = [delivered('v1', 'other', hoursAgo(900)), delivered('v2', 'current', hoursAgo(1))];
    assert.deepEqual(judge({ history }), later(now + 47 * hour));
  });

  it('not if it is the current one', () => {
    assert.deepEqual(judge({}, {}, 'current'), { kind: 'current' });
  });

  it('not if it is not active', () => {
    const mixed = familyWith([current], [{ ...old, validTo: hoursAgo(1) }]);
    assert.deepEqual(judge({ family: mixed, current: memberNamed(mixed, 'current') }), no('it is not active'));
  });

  it('not if it is valid in all organizations', () => {
    assert.deepEqual(judge(withFamily({ isGlobal: true })), no('it is valid in all organizations'));
  });

  it('not if another record seen in this run names it', () => {
    assert.deepEqual(judge({ namedElsewhere: new Set(['old']) }), no('another secret’s record names it'));
  });

  it('not if the current PAT has another name or other scopes by now', () => {
    const foreign: Member = { ...usual.current, pat: { ...current, displayName: 'Renamed by hand' } };
    assert.deepEqual(judge({ current: foreign }), no('the current PAT has another name or other scopes'));
  });

  it('whatever the case of the ids in records and lists', () => {
    const shouting = withFamily({ authorizationId: 'OLD' });
    assert.deepEqual(judge(shouting, {}, 'OLD'), ready);
    assert.deepEqual(judge({ ...shouting, namedElsewhere: new Set(['old']) }, {}, 'OLD').kind, 'no');
  });
});

describe('with a vault, a PAT of less than 12 hours is never revoked', () => {
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

describe('with a vault, the grace period', () => {
  const ages = [
    { name: '1 ms before its end: later', age: 48 * hour - 1, expected: later(now + 1) },
    { name: 'at its end: ready', age: 48 * hour, expected: ready },
    { name: '1 ms after its end: ready', age: 48 * hour + 1, expected: ready },
  ];
  for (const { name, age, expected } of ages) {
    it(`counts from the newer delivery (${name})`, () => {
      const history = [delivered('v1', 'old', hoursAgo(900)), delivered('v2', 'current', now - age)];
      assert.deepEqual(judge({ history }), expected);
    });
  }

  it('counts from the first delivery that superseded the PAT, not from the last', () => {
    const history = [...usual.history, delivered('v3', 'current', hoursAgo(1))];
    assert.deepEqual(judge({ history }), ready);
  });

  it('counts from the last time that the PAT was at the destination', () => {
    const history = [
      delivered('v1', 'old', hoursAgo(900)),
      delivered('v2', 'current', hoursAgo(600)),
      delivered('v3', 'old', hoursAgo(500)),
      delivered('v4', 'current', hoursAgo(1)),
    ];
    assert.deepEqual(judge({ history }), later(inHours(47)));
  });

  it('of 0 hours ends with this run’s own delivery', () => {
    const history = [delivered('v1', 'old', hoursAgo(900)), delivered('v2', 'current', now)];
    assert.deepEqual(judge({ history }, { revokeAfterHours: 0 }), ready);
  });

  it('is told by the vault’s clock, a PAT’s age by that of Azure DevOps', () => {
    const history = [delivered('v1', 'old', hoursAgo(900)), delivered('v2', 'current', hoursAgo(48))];
    const member = memberNamed(family, 'old');
    const behind = { pats: now, vault: now - 5 * minute };
    const ahead = { pats: now - 5 * minute, vault: now };

    assert.deepEqual(retirementInVault(member, { ...usual, history }, policy, behind), later(now));
    assert.deepEqual(retirementInVault(member, { ...usual, history }, policy, ahead), ready);
    const young = withFamily({ validFrom: now - 12 * hour - 1 });
    const youngMember = memberNamed(young.family, 'old');
    assert.deepEqual(retirementInVault(youngMember, { ...usual, ...young }, policy, ahead), later(now));
    assert.deepEqual(retirementInVault(youngMember, { ...usual, ...young }, policy, behind), ready);
  });
});

describe('with a vault, what supersedes a PAT', () => {
  const first = delivered('v1', 'old', hoursAgo(900));
  const nothing = no('no newer delivery supersedes it');
  const cases = [
    { name: 'is nothing where the newest version names it', history: [first] },
    { name: 'is no older delivery', history: [delivered('v0', 'current', hoursAgo(950)), first] },
    {
      name: 'is no version of the same second that is not the newest',
      history: [delivered('v0', 'current', hoursAgo(900)), first],
    },
    {
      name: 'is no version that names a PAT that is not active',
      history: [first, delivered('v2', 'revoked', hoursAgo(60))],
    },
    { name: 'is no version that names the PAT itself', history: [first, delivered('v2', 'old', hoursAgo(60))] },
    { name: 'is no value that a person stored', history: [first, untagged('v2', hoursAgo(60))] },
    {
      name: 'is no version whose tags were copied by hand',
      history: [first, copiedTags('v2', 'current', hoursAgo(60))],
    },
    { name: 'is no disabled version', history: [first, delivered('v2', 'current', hoursAgo(60), { enabled: false })] },
  ];
  for (const { name, history } of cases) it(name, () => assert.deepEqual(judge({ history }), nothing));

  it('is the newest version, also in the same second: it counts as newer than all others', () => {
    const history = [first, delivered('v2', 'current', hoursAgo(900))];
    assert.deepEqual(judge({ history }), ready);
  });

  it('is no delivery of another account or organization', () => {
    for (const other of [{ account: 'other' }, { organization: 'fabrikam' }]) {
      assert.deepEqual(judge({ owner: { ...owner, ...other } }), nothing);
    }
  });

  it('is no delivery older than a copy of its tags: the PAT may have been put back by hand', () => {
    const history = [first, delivered('v2', 'current', hoursAgo(60)), copiedTags('v3', 'old', hoursAgo(30))];
    assert.deepEqual(judge({ history }), nothing);
  });

  it('is no delivery older than a value of unknown origin: that may be this PAT’s', () => {
    const history = [...usual.history, untagged('v3', hoursAgo(30)), delivered('v4', 'current', hoursAgo(1))];
    assert.deepEqual(judge({ history }), later(inHours(47)));
  });
});

describe('with a vault, a PAT that no version names', () => {
  const orphanAged = (age: number) => {
    const grown = familyOf(pat('orphan', { validFrom: now - age }), current);
    const history = [delivered('v1', 'current', hoursAgo(500))];
    return {
      family: grown,
      current: memberNamed(grown, 'current'),
      history,
    };
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

  it('is the adopted one, once the first delivery has stood for the grace period', () => {
    const history = [untagged('v0', hoursAgo(2000)), delivered('v1', 'current', hoursAgo(47))];
    assert.deepEqual(judge({ history }), later(inHours(1)));
  });

  it('is never revoked where nothing was delivered', () => {
    assert.deepEqual(judge({ history: [] }), no('no newer delivery supersedes it'));
  });
});
