import assert from 'node:assert/strict';
import fc from 'fast-check';
import { activeMembers, belongsTo, familiesOf, memberOf } from '../../src/renewal/family.ts';
import type { Instant } from '../../src/renewal/instant.ts';
import type { Pat } from '../../src/renewal/pat.ts';
import { at, familyOf, familyWith, hoursAgo, inHours, now, pat } from './examples.ts';

describe('a family', () => {
  it('is the PATs of one organization that share name and scope set, oldest first', () => {
    const older = pat('b', { validFrom: hoursAgo(100), scope: 'vso.code vso.work' });
    const newer = pat('a', { validFrom: hoursAgo(50), scope: 'vso.work vso.code' });

    assert.deepEqual(familiesOf('contoso', { active: [newer, older], expired: [] }, now), [
      {
        organization: 'contoso',
        name: 'Build feed',
        scope: 'vso.work vso.code',
        members: [
          { pat: older, state: 'active', marker: { kind: 'none' } },
          { pat: newer, state: 'active', marker: { kind: 'none' } },
        ],
      },
    ]);
  });

  it('holds the PATs whose names carry a marker: they belong to the plain name', () => {
    const family = familyOf(
      pat('plain'),
      pat('new', { displayName: 'Build feed (Renew PATs: new)' }),
      pat('old', { displayName: 'Build feed (Renew PATs: revoke after 2026-11-25T04:00:00Z)' }),
    );

    assert.deepEqual(Object.fromEntries(family.members.map((member) => [member.pat.authorizationId, member.marker])), {
      plain: { kind: 'none' },
      new: { kind: 'new' },
      old: { kind: 'superseded', revokeAfter: at('2026-11-25T04:00:00Z') },
    });
    assert.equal(family.name, 'Build feed');
  });

  it('has one scope set: the same name with other scopes is another family', () => {
    const families = familiesOf(
      'contoso',
      { active: [pat('a', { scope: 'vso.code' }), pat('b', { scope: 'vso.code vso.work' })], expired: [] },
      now,
    );

    assert.deepEqual(
      families.map(({ name, scope }) => ({ name, scope })),
      [
        { name: 'Build feed', scope: 'vso.code' },
        { name: 'Build feed', scope: 'vso.code vso.work' },
      ],
    );
  });

  it('counts a PAT that is in both lists as expired: it ended while they were read', () => {
    const ending = pat('a', { validTo: inHours(1) });
    const family = familyWith([ending], [ending]);

    assert.deepEqual(family.members, [{ pat: ending, state: 'expired', marker: { kind: 'none' } }]);
  });

  it('has as active members only those that have not ended', () => {
    const family = familyOf(pat('ended', { validTo: now }), pat('active'));

    assert.deepEqual(
      activeMembers(family).map((member) => member.pat.authorizationId),
      ['active'],
    );
  });

  it('takes in a PAT with its plain name and scope set, marked or not, and no other', () => {
    const family = familyOf(pat('a', { scope: 'vso.code vso.work' }));
    const belongs = (overrides: Partial<Pat>) =>
      belongsTo(family, pat('b', { scope: 'vso.work vso.code', ...overrides }));

    assert.ok(belongs({}));
    assert.ok(belongs({ displayName: 'Build feed (Renew PATs: new)' }));
    assert.ok(!belongs({ displayName: 'Build Feed' }));
    assert.ok(!belongs({ scope: 'vso.code' }));
  });
});

describe('a member', () => {
  const states: readonly { name: string; validTo: Instant; expected: 'active' | 'expired' }[] = [
    { name: '1 ms before its end is active', validTo: now + 1, expected: 'active' },
    { name: 'at its end has expired', validTo: now, expected: 'expired' },
    { name: '1 ms after its end has expired', validTo: now - 1, expected: 'expired' },
  ];
  for (const { name, validTo, expected } of states) {
    it(name, () => assert.equal(memberOf(pat('a', { validTo }), now).state, expected));
  }

  it('that is valid in all organizations is active after 2026-12-01, for as long as the service lists it as such', () => {
    const global = pat('a', { isGlobal: true, validTo: at('2027-06-01T00:00:00Z') });

    assert.equal(memberOf(global, at('2026-12-01T00:00:00Z')).state, 'active');
    assert.equal(memberOf(global, at('2027-06-01T00:00:00Z')).state, 'expired');
  });
});

describe('the families of any list', () => {
  const anyPat = fc.record({
    displayName: fc.constantFrom('A', 'B', 'A (Renew PATs: new)', 'B (Renew PATs: revoke after 2026-11-25T04:00:00Z)'),
    scope: fc.constantFrom('vso.code vso.work', 'vso.work vso.code', 'vso.code'),
    age: fc.integer({ min: 0, max: 2 }),
    isActive: fc.boolean(),
  });
  const lists = fc.array(anyPat, { maxLength: 12 }).map((pats) =>
    pats.map(({ age, isActive, ...rest }, index) => ({
      isActive,
      pat: pat(`id-${index}`, { ...rest, validFrom: hoursAgo(100 + age), ...(isActive ? {} : { validTo: now - 1 }) }),
    })),
  );
  const group = (items: readonly { isActive: boolean; pat: Pat }[]) =>
    familiesOf(
      'contoso',
      {
        active: items.filter((item) => item.isActive).map((item) => item.pat),
        expired: items.filter((item) => !item.isActive).map((item) => item.pat),
      },
      now,
    );

  it('are the same in whatever order the service lists the PATs', () => {
    const shuffled = lists.chain((items) =>
      fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
    );
    fc.assert(
      fc.property(shuffled, ([items, others]) => {
        const byName = (families: ReturnType<typeof group>) =>
          [...families].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        assert.deepEqual(byName(group(items)), byName(group(others)));
      }),
    );
  });

  it('hold each PAT exactly once, and no two of them share name and scope set', () => {
    fc.assert(
      fc.property(lists, (items) => {
        const families = group(items);
        const ids = families.flatMap((family) => family.members.map((member) => member.pat.authorizationId));
        assert.deepEqual([...ids].sort(), items.map((item) => item.pat.authorizationId).sort());
        for (const { pat: listed } of items) {
          assert.equal(families.filter((family) => belongsTo(family, listed)).length, 1);
        }
      }),
    );
  });
});
