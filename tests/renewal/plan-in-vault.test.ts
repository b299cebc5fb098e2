import assert from 'node:assert/strict';
import type { Family } from '../../src/renewal/family.ts';
import { day } from '../../src/renewal/instant.ts';
import { type FamilyPlan, type Observation, planFamily, type RecordedPat } from '../../src/renewal/plan.ts';
import { readNewest, type SecretVersion } from '../../src/renewal/record.ts';
import {
  copiedTags,
  delivered,
  familyOf,
  familyWith,
  hoursAgo,
  memberNamed,
  now,
  owner,
  pat,
  policy,
  untagged,
} from './examples.ts';

type InVault = Observation & { kind: 'vault' };

const observed = (history: readonly SecretVersion[], rest: Partial<InVault> = {}): InVault => ({
  kind: 'vault',
  history,
  newest: readNewest(history, owner),
  current: { kind: 'none' },
  untaggedValue: undefined,
  ...rest,
});

/** The newest version names this PAT of the family. */
const recorded = (family: Family, id: string, version = delivered('v1', id, hoursAgo(100))): InVault => {
  const member = memberNamed(family, id);
  return observed([version], { current: { kind: member.state, member } });
};

const replaces = (plan: FamilyPlan) => (plan.kind === 'replace' ? plan.reason : plan.kind);
const refusal = (plan: FamilyPlan) => (plan.kind === 'refuse' ? plan.message : plan.kind);

describe('with a vault, advanced keeps the current PAT', () => {
  const threshold = now + 14 * day;
  const cases = [
    { name: '1 ms longer than renewBeforeDays: kept', validTo: threshold + 1, expected: 'keep' },
    { name: 'renewBeforeDays exactly: due', validTo: threshold, expected: 'ends soon' },
    { name: '1 ms shorter than renewBeforeDays: due', validTo: threshold - 1, expected: 'ends soon' },
  ];
  for (const { name, validTo, expected } of cases) {
    it(`if it lives on for ${name}`, () => {
      const family = familyOf(pat('a', { validTo }));
      assert.equal(replaces(planFamily(family, recorded(family, 'a'), policy, now)), expected);
    });
  }

  it('and says from when it is due', () => {
    const family = familyOf(pat('a', { validTo: threshold + 1 }));
    assert.deepEqual(planFamily(family, recorded(family, 'a'), policy, now), {
      kind: 'keep',
      current: memberNamed(family, 'a'),
      dueFrom: now + 1,
    });
  });

  it('but replaces it on every run when renewBeforeDays is empty', () => {
    const family = familyOf(pat('a'));
    const everyRun = { ...policy, renewBeforeDays: undefined };
    assert.equal(replaces(planFamily(family, recorded(family, 'a'), everyRun, now)), 'every run renews');
  });

  it('which is the one that the record names, however many are active', () => {
    const family = familyOf(
      pat('old', { validFrom: hoursAgo(200) }),
      pat('recorded'),
      pat('young', { validFrom: hoursAgo(1) }),
    );
    const plan = planFamily(family, recorded(family, 'recorded'), policy, now);
    assert.equal(plan.kind === 'keep' && plan.current.pat.authorizationId, 'recorded');
  });
});

describe('with a vault, a family is due', () => {
  const family = familyOf(pat('a', { validFrom: hoursAgo(200) }), pat('b', { validFrom: hoursAgo(100) }));
  const gone: RecordedPat = { kind: 'gone', authorizationId: 'c' };
  const cases: readonly { name: string; given: InVault; expected: string }[] = [
    {
      name: 'on the first run: the secret has no version',
      given: observed([]),
      expected: 'its secret holds nothing yet',
    },
    {
      name: 'when somebody stored a PAT’s value on top',
      given: observed([delivered('v1', 'a', hoursAgo(9)), untagged('v2', hoursAgo(8))], { untaggedValue: 'pat' }),
      expected: 'its secret holds a value that this task did not store',
    },
    {
      name: 'when somebody copied the tags onto another PAT’s value',
      given: observed([copiedTags('v1', 'a', hoursAgo(9))], { untaggedValue: 'pat' }),
      expected: 'its secret holds a value that this task did not store',
    },
    {
      name: 'when the newest version is disabled',
      given: observed([delivered('v1', 'a', hoursAgo(9), { enabled: false })]),
      expected: 'the newest version of its secret is disabled',
    },
    {
      name: 'when the current PAT was revoked by hand',
      given: observed([delivered('v1', 'c', hoursAgo(9))], { current: gone }),
      expected: 'the PAT in its secret was revoked',
    },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => {
      const plan = planFamily(family, given, policy, now);
      assert.equal(replaces(plan), expected);
      assert.equal(
        plan.kind === 'replace' && plan.previous.pat.authorizationId,
        'b',
        'the newest one is named as replaced',
      );
    });
  }

  it('when the current PAT has expired, although another one is active', () => {
    const mixed = familyWith([pat('a')], [pat('b', { validTo: hoursAgo(1) })]);
    const plan = planFamily(mixed, recorded(mixed, 'b'), policy, now);
    assert.deepEqual(plan, {
      kind: 'replace',
      reason: 'the PAT in its secret has expired',
      previous: memberNamed(mixed, 'b'),
    });
  });
});

describe('with a vault, a family whose PATs have all expired', () => {
  const family = familyWith([], [pat('a', { validTo: hoursAgo(1) })]);
  const including = { ...policy, includeExpired: true };
  const left: FamilyPlan = { kind: 'leave expired', newest: memberNamed(family, 'a') };

  it('heals by itself if the record names one of them', () => {
    assert.equal(replaces(planFamily(family, recorded(family, 'a'), policy, now)), 'the PAT in its secret has expired');
  });

  it('is left if the secret has no version', () => {
    assert.deepEqual(planFamily(family, observed([]), policy, now), left);
  });

  it('is left if the record names a PAT that is gone', () => {
    const given = observed([delivered('v1', 'x', hoursAgo(9))], { current: { kind: 'gone', authorizationId: 'x' } });
    assert.deepEqual(planFamily(family, given, policy, now), left);
  });

  it('is left if the record names an expired PAT of another family', () => {
    const other = familyWith([], [pat('x', { scope: 'vso.code', validTo: hoursAgo(1) })]);
    const given = observed([delivered('v1', 'x', hoursAgo(9))], {
      current: { kind: 'expired', member: memberNamed(other, 'x') },
    });
    assert.equal(planFamily(family, given, policy, now).kind, 'leave expired');
  });

  it('is replaced with includeExpired', () => {
    assert.equal(replaces(planFamily(family, observed([]), including, now)), 'its secret holds nothing yet');
  });

  it('is left, with includeExpired too, while the secret holds a living value of another family', () => {
    const other = familyOf(pat('x', { scope: 'vso.code' }));
    assert.equal(planFamily(family, recorded(other, 'x'), including, now).kind, 'leave expired');
  });

  it('does not keep the task from renewing where some are active: these decide', () => {
    const mixed = familyWith([pat('b')], [pat('a', { validTo: hoursAgo(1) })]);
    assert.equal(replaces(planFamily(mixed, observed([]), policy, now)), 'its secret holds nothing yet');
  });
});

describe('with a vault, a record that names another family’s PAT', () => {
  const family = familyOf(pat('a'));
  const [theirs] = familyOf(pat('theirs', { displayName: 'Wiki sync', scope: 'vso.wiki' })).members;
  const given = (state: 'active' | 'expired') =>
    theirs === undefined
      ? observed([])
      : observed([delivered('v1', 'theirs', hoursAgo(100))], {
          current: { kind: state, member: { ...theirs, state } },
        });

  it('is refused while that one is active: its consumers would be given this one', () => {
    assert.match(
      refusal(planFamily(family, given('active'), policy, now)),
      /"Wiki sync" \(theirs, scopes "vso\.wiki"\)/,
    );
  });

  it('is replaced once that one has ended, and told as a replacement of this family’s own', () => {
    const plan = planFamily(family, given('expired'), policy, now);
    assert.equal(plan.kind === 'replace' && plan.previous.pat.authorizationId, 'a');
  });
});

describe('with a vault, advanced refuses before a PAT is created', () => {
  const family = familyOf(pat('a'));

  it('a secret with somebody’s value that is no PAT', () => {
    const plan = planFamily(family, observed([untagged('v1', hoursAgo(1))], { untaggedValue: 'other' }), policy, now);
    assert.match(refusal(plan), /somebody’s value that is no PAT \(not 52 or 84 characters/);
  });

  it('a secret whose newest value it may not read', () => {
    const plan = planFamily(
      family,
      observed([untagged('v1', hoursAgo(1))], { untaggedValue: 'unreadable' }),
      policy,
      now,
    );
    assert.match(refusal(plan), /not allowed to read it.*Grant the right to get secrets/s);
  });

  for (const [tag, value] of [
    ['renewPats-account', 'other-account'],
    ['renewPats-organization', 'fabrikam'],
  ] as const) {
    it(`a record of another ${tag.slice(10)}, and says whose it is`, () => {
      const version = delivered('v1', 'a', hoursAgo(1));
      const given = observed([{ ...version, tags: { ...version.tags, [tag]: value } }]);
      const message = refusal(planFamily(family, given, policy, now));
      assert.match(message, /^its secret holds the PAT "Build feed" of account/);
      assert.ok(message.includes(value));
    });
  }

  const tagsOf = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, 'x']));
  const tagged = [
    { name: '10 personal tags: replaced', count: 10, expected: 'replace' },
    { name: '11 personal tags: refused', count: 11, expected: 'refuse' },
  ];
  for (const { name, count, expected } of tagged) {
    it(`a secret whose tags leave no room (${name})`, () => {
      const tags = tagsOf(count);
      const someones = observed([untagged('v1', hoursAgo(1), { tags })], { untaggedValue: 'pat' });
      const disabled = observed([untagged('v1', hoursAgo(1), { tags, enabled: false })]);
      assert.equal(planFamily(family, someones, policy, now).kind, expected);
      assert.equal(planFamily(family, disabled, policy, now).kind, expected);
    });
  }

  it('but leaves expired PATs alone instead, if they are not to be replaced', () => {
    const expired = familyWith([], [pat('a', { validTo: hoursAgo(1) })]);
    const given = observed([untagged('v1', hoursAgo(1))], { untaggedValue: 'other' });
    assert.equal(planFamily(expired, given, policy, now).kind, 'leave expired');
  });
});
