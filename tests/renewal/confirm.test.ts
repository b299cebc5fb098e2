import assert from 'node:assert/strict';
import fc from 'fast-check';
import { membersToConfirm, membersToSupersede, unconfirmed } from '../../src/renewal/confirm.ts';
import { idOf } from '../../src/renewal/doubt.ts';
import { hour } from '../../src/renewal/instant.ts';
import { withNewMarker, withSupersededMarker } from '../../src/renewal/marker.ts';
import { type Pat, validity } from '../../src/renewal/pat.ts';
import { familyOf, familyWith, hoursAgo, inHours, memberNamed, now, pat } from './examples.ts';

const asNew = { displayName: withNewMarker('Build feed') };
const superseded = { displayName: withSupersededMarker('Build feed', inHours(9)) };
const fresh = (id: string, overrides: Partial<Pat> = {}) => pat(id, { ...asNew, validFrom: hoursAgo(1), ...overrides });
const several = validity(['contoso-id', 'fabrikam-id']);

describe('a value that was handed over in this job is confirmed', () => {
  const confirmed = (given: Pat, handedOver: readonly string[] = ['a']) =>
    membersToConfirm(familyOf(pat('old'), given), new Set(handedOver), now).map(idOf);

  const cases = [
    { name: 'if its PAT is active, young and marked as new', given: fresh('a'), expected: ['a'] },
    { name: 'whatever the case of its id', given: fresh('A'), expected: ['a'] },
    { name: 'if it was made 12 hours ago', given: fresh('a', { validFrom: now - 12 * hour }), expected: ['a'] },
    { name: 'not 1 ms later', given: fresh('a', { validFrom: now - 12 * hour - 1 }), expected: [] },
    {
      name: 'not if its PAT has been given its plain name already',
      given: pat('a', { validFrom: hoursAgo(1) }),
      expected: [],
    },
    {
      name: 'not if its PAT has been superseded since',
      given: pat('a', { ...superseded, validFrom: hoursAgo(1) }),
      expected: [],
    },
    { name: 'not if its PAT has expired', given: fresh('a', { validTo: now }), expected: [] },
    {
      name: 'if it is valid in all organizations: the task makes such, where that is asked for',
      given: fresh('a', validity(undefined)),
      expected: ['a'],
    },
    {
      name: 'not if it is valid in several that are named: a rename would narrow it',
      given: fresh('a', several),
      expected: [],
    },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.deepEqual(confirmed(given), expected));

  it('not another job’s: nobody says that its value was stored', () => {
    assert.deepEqual(confirmed(fresh('a'), ['b']), []);
    assert.deepEqual(confirmed(fresh('a'), []), []);
  });
});

describe('what a confirmed value supersedes', () => {
  const supersedes = (given: Pat) => {
    const family = familyOf(given, pat('confirmed', { validFrom: hoursAgo(1) }));
    return membersToSupersede(family, [memberNamed(family, 'confirmed')], now).map(idOf);
  };
  const cases = [
    { name: 'is a settled PAT of the plain name', given: pat('a'), expected: ['a'] },
    { name: 'is a settled one that was never confirmed', given: pat('a', asNew), expected: ['a'] },
    {
      name: 'is not one of 12 hours: its run may still be going',
      given: pat('a', { validFrom: now - 12 * hour }),
      expected: [],
    },
    { name: 'is one that is 1 ms older', given: pat('a', { validFrom: now - 12 * hour - 1 }), expected: ['a'] },
    {
      name: 'is not one with a date: a date that stands is never postponed',
      given: pat('a', superseded),
      expected: [],
    },
    { name: 'is not one valid in all organizations', given: pat('a', validity(undefined)), expected: [] },
    { name: 'is not one valid in several', given: pat('a', several), expected: [] },
    { name: 'is not one that has expired', given: pat('a', { validTo: now }), expected: [] },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.deepEqual(supersedes(given), expected));

  it('is never itself one of those that are confirmed', () => {
    const family = familyWith([pat('a'), pat('b')], []);
    assert.deepEqual(membersToSupersede(family, family.members, now), []);
  });
});

describe('a value counts as never confirmed', () => {
  const counted = (given: Pat, handedOver: readonly string[] = []) =>
    unconfirmed(familyOf(given), new Set(handedOver), now).map(idOf);
  const cases = [
    { name: '1 ms after 12 hours', given: pat('a', { ...asNew, validFrom: now - 12 * hour - 1 }), expected: ['a'] },
    { name: 'not at 12 hours', given: pat('a', { ...asNew, validFrom: now - 12 * hour }), expected: [] },
    { name: 'not with its plain name', given: pat('a'), expected: [] },
    { name: 'not with a date', given: pat('a', superseded), expected: [] },
    { name: 'not once it has expired', given: pat('a', { ...asNew, validTo: now }), expected: [] },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.deepEqual(counted(given), expected));

  it('not while it is this job’s own', () => assert.deepEqual(counted(pat('a', asNew), ['a']), []));
});

describe('in any family', () => {
  const pats = fc.array(
    fc.record({
      age: fc.constantFrom(0, 1, 12, 13, 200),
      ms: fc.constantFrom(-1, 0, 1),
      displayName: fc.constantFrom('Build feed', asNew.displayName, superseded.displayName),
      targets: fc.constantFrom(undefined, ['contoso-id'], ['a', 'b']),
      hasEnded: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  );
  const families = pats.map((each) =>
    familyOf(
      ...each.map(({ age, ms, displayName, targets, hasEnded }, index) =>
        pat(`id-${index}`, {
          displayName,
          ...validity(targets),
          validFrom: hoursAgo(age) + ms,
          ...(hasEnded ? { validTo: now } : {}),
        }),
      ),
    ),
  );
  const ids = fc.subarray(['id-0', 'id-1', 'id-2', 'id-3', 'id-4', 'id-5']);

  it('a date that stands is never postponed, and what is confirmed is never superseded', () => {
    fc.assert(
      fc.property(families, ids, (family, handedOver) => {
        const confirmed = membersToConfirm(family, new Set(handedOver), now);
        const marked = membersToSupersede(family, confirmed, now);
        for (const member of marked) {
          assert.notEqual(member.marker.kind, 'superseded');
          assert.ok(!confirmed.includes(member) && member.state === 'active' && !member.pat.isShared);
          assert.ok(confirmed.every((one) => one.pat.validFrom > member.pat.validFrom));
        }
        for (const member of confirmed) assert.ok(handedOver.includes(idOf(member)) && member.marker.kind === 'new');
      }),
    );
  });
});
