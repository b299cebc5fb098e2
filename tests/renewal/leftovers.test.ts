import assert from 'node:assert/strict';
import { idOf } from '../../src/renewal/doubt.ts';
import { hour } from '../../src/renewal/instant.ts';
import { leftovers, leftoversAtMost, undated } from '../../src/renewal/leftovers.ts';
import { withNewMarker, withSupersededMarker } from '../../src/renewal/marker.ts';
import type { Observation } from '../../src/renewal/observation.ts';
import { type Pat, validity } from '../../src/renewal/pat.ts';
import {
  copied,
  delivered,
  evidence,
  familyOf,
  holdingMember,
  hoursAgo,
  inHours,
  names,
  now,
  owner,
  pat,
  places,
} from './examples.ts';

const none = () => false;
const current = pat('current', { validFrom: hoursAgo(100) });
const asNew = { displayName: withNewMarker('Build feed') };
const superseded = { displayName: withSupersededMarker('Build feed', inHours(9)) };
const several = validity(['contoso-id', 'fabrikam-id']);

const found = (given: Pat, observe: (family: ReturnType<typeof familyOf>) => Observation) => {
  const family = familyOf(current, given);
  return leftovers(family, observe(family), owner, none, now).map(idOf);
};

describe('a PAT is left over where the PATs’ names are the record', () => {
  const cases = [
    { name: 'if it was never confirmed and is settled', given: asNew, expected: ['a'] },
    { name: 'if it is 1 ms older than 12 hours', given: { ...asNew, validFrom: now - 12 * hour - 1 }, expected: ['a'] },
    { name: 'not at 12 hours', given: { ...asNew, validFrom: now - 12 * hour }, expected: [] },
    { name: 'not with its plain name', given: {}, expected: [] },
    { name: 'not with a date', given: superseded, expected: [] },
    { name: 'not once it has expired', given: { ...asNew, validTo: now }, expected: [] },
    { name: 'also if it is valid in all organizations', given: { ...asNew, ...validity(undefined) }, expected: ['a'] },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () =>
      assert.deepEqual(
        found(pat('a', given), () => names),
        expected,
      ),
    );
  }
});

describe('a PAT shares the plain name with the current one, and nothing says that it may go', () => {
  const cases = [
    { name: 'if it is settled', given: {}, expected: ['a'] },
    { name: 'not if it is 12 hours old', given: { validFrom: now - 12 * hour }, expected: [] },
    { name: 'not if it was never confirmed', given: asNew, expected: [] },
    { name: 'not with a date', given: superseded, expected: [] },
    { name: 'not once it has expired', given: { validTo: now }, expected: [] },
    { name: 'not if it is valid in several organizations: it is never revoked', given: several, expected: [] },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => {
      const family = familyOf(current, pat('a', given));
      const inUse = family.members.find((member) => idOf(member) === 'current');
      assert.deepEqual(undated(family, inUse, now).map(idOf), expected);
    });
  }
});

describe('a PAT is left over beside a place', () => {
  const holds = (family: ReturnType<typeof familyOf>) =>
    places(holdingMember(family, 'current', [delivered('v1', 'current', hoursAgo(100))]));
  const younger = { validFrom: hoursAgo(99) };
  const cases = [
    { name: 'if it is younger than the recorded one, and no entry names it', given: younger, expected: ['a'] },
    { name: 'if it is as young', given: { validFrom: current.validFrom }, expected: ['a'] },
    { name: 'not if it is older: a delivery superseded it', given: { validFrom: hoursAgo(101) }, expected: [] },
    { name: 'if it is 1 ms older than 12 hours', given: { validFrom: now - 12 * hour - 1 }, expected: ['a'] },
    { name: 'not at 12 hours', given: { validFrom: now - 12 * hour }, expected: [] },
    { name: 'not with a date', given: { ...younger, ...superseded }, expected: [] },
    { name: 'if it is valid in all organizations', given: { ...younger, ...validity(undefined) }, expected: ['a'] },
    { name: 'not if it is valid in several that are named', given: { ...younger, ...several }, expected: [] },
    { name: 'not once it has expired', given: { ...younger, validTo: now }, expected: [] },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => assert.deepEqual(found(pat('a', given), holds), expected));
  }

  it('not if a delivery names it; if a copy by hand does', () => {
    const named = (entry: typeof delivered) => (family: ReturnType<typeof familyOf>) =>
      places(
        holdingMember(family, 'current', [entry('v0', 'a', hoursAgo(101)), delivered('v1', 'current', hoursAgo(100))]),
      );
    assert.deepEqual(found(pat('a', younger), named(delivered)), []);
    assert.deepEqual(found(pat('a', younger), named(copied)), ['a']);
  });

  it('where it holds nothing of the task’s: every settled one', () => {
    assert.deepEqual(
      found(pat('a', younger), () => places(evidence([]))),
      ['current', 'a'],
    );
  });
});

describe('so many may be left over', () => {
  it('five beside places; where values are handed over three unconfirmed ones, or five of the plain name', () => {
    assert.deepEqual(leftoversAtMost, { places: 5, names: 3, plainNames: 5 });
  });
});
