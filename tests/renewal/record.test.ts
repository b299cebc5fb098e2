import assert from 'node:assert/strict';
import { minute } from '../../src/renewal/instant.ts';
import {
  deliveryTags,
  hasPatShape,
  isNewer,
  isNewestTied,
  isOwn,
  orderVersions,
  personalTags,
  readDelivery,
  readNewest,
} from '../../src/renewal/record.ts';
import { at, copiedTags, delivered, hoursAgo, inHours, now, owner, untagged } from './examples.ts';

const delivery = { authorizationId: 'pat-1', ...owner, displayName: 'Build feed', deliveredAt: now };
const tags = deliveryTags(delivery);

describe('the tags of a delivery', () => {
  it('say which PAT it is, whose, and when it was delivered', () => {
    assert.deepEqual(deliveryTags({ ...delivery, deliveredAt: at('2026-11-25T04:00:00.999Z') }), {
      'renewPats-authorizationId': 'pat-1',
      'renewPats-account': 'svc-account',
      'renewPats-organization': 'contoso',
      'renewPats-displayName': 'Build feed',
      'renewPats-deliveredAt': '2026-11-25T04:00:00Z',
    });
  });

  it('are not a person’s; all others are', () => {
    const version = untagged('v1', now, { tags: { team: 'build', ...tags, 'renewPats-future': 'x' } });
    assert.deepEqual(personalTags(version), { team: 'build' });
    assert.deepEqual(personalTags(undefined), {});
  });
});

describe('a version is the task’s delivery', () => {
  const version = (created: number, changed: Record<string, string | undefined> = {}) => {
    const kept = Object.entries({ ...tags, ...changed }).filter(([, value]) => value !== undefined);
    return untagged('v1', created, { tags: Object.fromEntries(kept) as Record<string, string> });
  };

  it('when it says which PAT it holds, whose, and when it was delivered', () => {
    assert.deepEqual(readDelivery(version(now)), delivery);
  });

  it('whatever the case of the PAT’s id', () => {
    assert.equal(readDelivery(version(now, { 'renewPats-authorizationId': 'PAT-1' }))?.authorizationId, 'pat-1');
  });

  const apart = [
    { name: '1 ms less than 30 minutes', distance: 30 * minute - 1, expected: true },
    { name: '30 minutes', distance: 30 * minute, expected: true },
    { name: '1 ms more than 30 minutes', distance: 30 * minute + 1, expected: false },
  ];
  for (const { name, distance, expected } of apart) {
    it(`${expected ? 'if' : 'not if'} deliveredAt and its own time are ${name} apart`, () => {
      assert.equal(readDelivery(version(now + distance)) !== undefined, expected);
      assert.equal(readDelivery(version(now - distance)) !== undefined, expected);
    });
  }

  const missing = ['renewPats-authorizationId', 'renewPats-account', 'renewPats-organization', 'renewPats-deliveredAt'];
  for (const name of missing) {
    it(`not without the tag ${name}`, () => assert.equal(readDelivery(version(now, { [name]: undefined })), undefined));
  }

  it('not if deliveredAt is no date', () => {
    assert.equal(readDelivery(version(now, { 'renewPats-deliveredAt': 'yesterday' })), undefined);
  });
});

describe('a record is the task’s own', () => {
  const cases = [
    {
      name: 'with the same account and organization, in any case',
      account: 'SVC-account',
      organization: 'Contoso',
      expected: true,
    },
    { name: 'not with another account', account: 'other', organization: 'contoso', expected: false },
    { name: 'not with another organization', account: 'svc-account', organization: 'fabrikam', expected: false },
  ];
  for (const { name, account, organization, expected } of cases) {
    it(name, () => assert.equal(isOwn({ ...delivery, account, organization }, owner), expected));
  }
});

describe('the newest version', () => {
  const [old] = [delivered('v1', 'pat-0', hoursAgo(100))];

  it('of a secret without versions is none', () => assert.deepEqual(readNewest([], owner), { kind: 'none' }));

  it('is the record if it is enabled and the task’s own', () => {
    const version = delivered('v2', 'pat-1', now);
    assert.deepEqual(readNewest([old, version], owner), { kind: 'record', version, delivery });
  });

  it('is not a record if it is disabled', () => {
    const version = delivered('v2', 'pat-1', now, { enabled: false });
    assert.deepEqual(readNewest([old, version], owner), { kind: 'disabled', version });
  });

  it('is not a record if its tags were copied by hand onto another value', () => {
    const version = copiedTags('v2', 'pat-1', now);
    assert.deepEqual(readNewest([old, version], owner), { kind: 'untagged', version });
  });

  it('is somebody’s value if the task did not write it', () => {
    const version = untagged('v2', now);
    assert.deepEqual(readNewest([old, version], owner), { kind: 'untagged', version });
  });

  it('is somebody else’s if it names another account', () => {
    const version = delivered('v2', 'pat-1', now, { tags: { ...tags, 'renewPats-account': 'other' } });
    assert.deepEqual(readNewest([old, version], owner), {
      kind: 'somebody else’s',
      version,
      delivery: { ...delivery, account: 'other' },
    });
  });
});

describe('the order of versions', () => {
  const first = untagged('first', hoursAgo(2));
  const left = untagged('left', now);
  const right = untagged('right', now);

  it('is that of their times', () => {
    assert.deepEqual(orderVersions([left, first]), [first, left]);
  });

  for (const [newest, expected] of [
    ['left', [first, right, left]],
    ['right', [first, left, right]],
  ] as const) {
    it(`ends with what a read of the secret returns where the latest tie: ${newest}`, () => {
      assert.deepEqual(orderVersions([left, right, first], newest), expected);
      assert.deepEqual(orderVersions([first, right, left], newest), expected);
    });
  }

  it('leaves the versions that it was given as they were', () => {
    const given = [left, first];
    orderVersions(given);
    assert.deepEqual(given, [left, first]);
  });

  const ties = [
    { name: 'none', versions: [], expected: false },
    { name: 'one', versions: [left], expected: false },
    { name: 'two of different times', versions: [first, left], expected: false },
    { name: 'two of the latest time', versions: [first, left, right], expected: true },
    { name: 'a tie further back', versions: [left, right, untagged('last', inHours(1))], expected: false },
  ];
  for (const { name, versions, expected } of ties) {
    it(`${expected ? 'does not tell' : 'tells'} which is the newest of ${name}`, () => {
      assert.equal(isNewestTied(versions), expected);
    });
  }
});

describe('a version is newer', () => {
  const a = untagged('a', hoursAgo(2));
  const b = untagged('b', hoursAgo(1));
  const c = untagged('c', hoursAgo(1));
  const d = untagged('d', hoursAgo(1));
  const history = [a, b, c, d];

  it('than one of an earlier time', () => {
    assert.ok(isNewer(history, b, a));
    assert.ok(!isNewer(history, a, b));
  });

  it('not than one of the same time', () => {
    assert.ok(!isNewer(history, b, c));
    assert.ok(!isNewer(history, c, b));
  });

  it('than one of the same time if it is the newest: that counts as newer than all others', () => {
    for (const other of [a, b, c]) {
      assert.ok(isNewer(history, d, other));
      assert.ok(!isNewer(history, other, d));
    }
  });

  it('never than itself', () => assert.ok(!isNewer(history, d, d)));
});

describe('the shape of a PAT', () => {
  const current = `${'a1B'.repeat(25)}9AZDO4xYz`;
  const legacy = 'a2z7'.repeat(13);
  const cases = [
    { name: '84 characters with AZDO at 76 are one', given: current, expected: true },
    { name: '52 characters of lower-case base32 are one', given: legacy, expected: true },
    { name: '84 characters without AZDO are none', given: current.replace('AZDO', 'ABCD'), expected: false },
    { name: 'AZDO one place earlier is none', given: `${current.slice(1)}0`, expected: false },
    { name: '83 characters are none', given: current.slice(0, -1), expected: false },
    { name: '85 characters are none', given: `${current}0`, expected: false },
    { name: '51 characters are none', given: legacy.slice(1), expected: false },
    { name: '53 characters are none', given: `${legacy}a`, expected: false },
    { name: '52 characters in upper case are none', given: legacy.toUpperCase(), expected: false },
    { name: 'a line break behind it makes it none', given: `${legacy}\n`, expected: false },
    { name: 'a password is none', given: 'hunter2', expected: false },
    { name: 'nothing is none', given: '', expected: false },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.equal(hasPatShape(given), expected));
});
