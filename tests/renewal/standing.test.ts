import assert from 'node:assert/strict';
import { isOwn, type Occupant } from '../../src/renewal/log.ts';
import { type RecordedPat, standingMember, standingOf } from '../../src/renewal/standing.ts';
import { claim, familyOf, hoursAgo, memberNamed, owner, pat } from './examples.ts';

const then = hoursAgo(9);
const none = () => false;
const all = () => true;

describe('a record is the task’s own', () => {
  const cases = [
    {
      name: 'with the same account and organization, in any case',
      given: { account: 'SVC-account', organization: 'Contoso' },
      expected: true,
    },
    { name: 'not with another account', given: { account: 'other' }, expected: false },
    { name: 'not with another organization', given: { organization: 'fabrikam' }, expected: false },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => assert.equal(isOwn(claim('a', then, given), owner, none), expected));
  }

  it('under whatever organization’s name, where this organization lists its PAT: it was renamed', () => {
    assert.ok(isOwn(claim('a', then, { organization: 'before' }), owner, (id) => id === 'a'));
    assert.ok(!isOwn(claim('b', then, { organization: 'before' }), owner, (id) => id === 'a'));
    assert.ok(!isOwn(claim('a', then, { account: 'other' }), owner, all));
  });
});

describe('what stands at a place', () => {
  const gone: RecordedPat = { kind: 'gone' };
  const own = claim('a', then);
  const others = claim('a', then, { account: 'other' });
  const elsewhere = claim('a', then, { organization: 'fabrikam' });
  const cases: readonly {
    name: string;
    occupant: Occupant;
    isListed?: () => boolean;
    expected: ReturnType<typeof standingOf>;
  }[] = [
    { name: 'is nothing', occupant: { kind: 'nothing' }, expected: { kind: 'nothing' } },
    {
      name: 'is a value without a record',
      occupant: { kind: 'unrecorded', value: 'pat' },
      expected: { kind: 'unrecorded', value: 'pat' },
    },
    {
      name: 'is its own record, and what became of the PAT that it names',
      occupant: { kind: 'delivered', claim: own },
      expected: { kind: 'own', claim: own, recorded: gone },
    },
    {
      name: 'is another account’s',
      occupant: { kind: 'delivered', claim: others },
      expected: { kind: 'of another account', claim: others },
    },
    {
      name: 'is another account’s, whatever is listed here',
      occupant: { kind: 'delivered', claim: others },
      isListed: all,
      expected: { kind: 'of another account', claim: others },
    },
    {
      name: 'is another organization’s, where nobody lists its PAT',
      occupant: { kind: 'delivered', claim: elsewhere },
      expected: { kind: 'of another organization', claim: elsewhere },
    },
    {
      name: 'is its own after the organization was renamed, where this one lists its PAT',
      occupant: { kind: 'delivered', claim: elsewhere },
      isListed: all,
      expected: { kind: 'own', claim: elsewhere, recorded: gone },
    },
    {
      name: 'is disabled, whoever’s it was',
      occupant: { kind: 'disabled', claim: undefined },
      expected: { kind: 'disabled' },
    },
    {
      name: 'is disabled, and was its own',
      occupant: { kind: 'disabled', claim: own },
      expected: { kind: 'disabled' },
    },
    {
      name: 'is disabled, and another account’s all the same',
      occupant: { kind: 'disabled', claim: others },
      expected: { kind: 'of another account', claim: others },
    },
    {
      name: 'is disabled, and another organization’s all the same',
      occupant: { kind: 'disabled', claim: elsewhere },
      expected: { kind: 'of another organization', claim: elsewhere },
    },
  ];
  for (const { name, occupant, isListed = none, expected } of cases) {
    it(name, () =>
      assert.deepEqual(
        standingOf(occupant, owner, () => gone, isListed),
        expected,
      ),
    );
  }

  it('of several organizations, only the own is asked about', () => {
    const asked: string[] = [];
    const lookUp = (id: string) => {
      asked.push(id);
      return gone;
    };
    standingOf({ kind: 'delivered', claim: others }, owner, lookUp, all);
    standingOf({ kind: 'delivered', claim: elsewhere }, owner, lookUp, none);
    assert.deepEqual(asked, []);
  });
});

describe('the PAT that consumers of a place are given', () => {
  const family = familyOf(pat('a'));
  const member = memberNamed(family, 'a');
  const own = (recorded: RecordedPat) => ({ kind: 'own', claim: claim('a', then), recorded }) as const;

  it('is the active one that its own record names', () => {
    assert.equal(standingMember(family, own({ kind: 'active', member })), member);
  });

  it('is none that has expired, is gone, or is another family’s', () => {
    const foreign = { ...member, pat: pat('a', { scope: 'vso.code' }) };
    assert.equal(standingMember(family, own({ kind: 'expired', member })), undefined);
    assert.equal(standingMember(family, own({ kind: 'gone' })), undefined);
    assert.equal(standingMember(family, own({ kind: 'active', member: foreign })), undefined);
    assert.equal(standingMember(family, { kind: 'nothing' }), undefined);
  });
});
