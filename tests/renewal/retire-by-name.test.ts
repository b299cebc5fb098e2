import assert from 'node:assert/strict';
import { hour, type Instant, second } from '../../src/renewal/instant.ts';
import { withNewMarker, withSupersededMarker } from '../../src/renewal/marker.ts';
import { type Pat, validity } from '../../src/renewal/pat.ts';
import { type Retirement, retirementByName, type StayReason } from '../../src/renewal/retire.ts';
import { familyOf, hoursAgo, inHours, memberNamed, now, pat, policy } from './examples.ts';

const ready: Retirement = { kind: 'ready' };
const later = (at: number): Retirement => ({ kind: 'later', at });
const no = (why: StayReason): Retirement => ({ kind: 'no', why });

const supersededUntil = (revokeAfter: Instant) => ({ displayName: withSupersededMarker('Build feed', revokeAfter) });
const asNew = { displayName: withNewMarker('Build feed') };

const old = pat('old', { ...supersededUntil(hoursAgo(12)), validFrom: hoursAgo(1000) });
const current = pat('current', { validFrom: hoursAgo(60) });

const judge = (pats: readonly Pat[], overrides: Partial<typeof policy> = {}, id = 'old') => {
  const family = familyOf(...pats);
  const situation = { family, current: memberNamed(family, 'current') };
  return retirementByName(memberNamed(family, id), situation, { ...policy, ...overrides }, now);
};

describe('with values that are handed over, a PAT may be revoked', () => {
  it('once its marker’s date has passed and a newer one has stood for revokeAfterHours', () => {
    assert.deepEqual(judge([old, current]), ready);
  });

  it('not if it is the current one', () => {
    assert.deepEqual(judge([old, current], {}, 'current'), { kind: 'current' });
  });

  it('not if it carries no marker, with revokeAfterHours 0 neither', () => {
    const plain = { ...old, displayName: 'Build feed' };
    assert.deepEqual(judge([plain, current]), no('not marked'));
    assert.deepEqual(judge([plain, current], { revokeAfterHours: 0 }), no('not marked'));
  });

  it('not if it is marked as new: whether it was delivered is not known', () => {
    assert.deepEqual(judge([{ ...old, ...asNew }, current]), no('not marked'));
  });

  it('not if it is valid in all organizations', () => {
    assert.deepEqual(judge([{ ...old, ...validity(undefined) }, current]), no('valid in several organizations'));
  });

  it('not if it is valid in several organizations that are named', () => {
    const several = { ...old, ...validity(['contoso-id', 'fabrikam-id']) };
    assert.deepEqual(judge([several, current]), no('valid in several organizations'));
  });

  it('not if the current one has other scopes by now', () => {
    const family = familyOf(old, current);
    const foreign = { ...memberNamed(family, 'current'), pat: { ...current, scope: 'vso.code' } };
    const found = retirementByName(memberNamed(family, 'old'), { family, current: foreign }, policy, now);
    assert.deepEqual(found, no('the current one is another family’s'));
  });

  it('not if it has expired', () => {
    assert.deepEqual(judge([{ ...old, validTo: now }, current]), no('not active'));
  });

  const dates = [
    { name: '1 s before: later', date: now + second, expected: later(now + second) },
    { name: 'then: ready', date: now, expected: ready },
    { name: '1 s after: ready', date: now - second, expected: ready },
  ];
  for (const { name, date, expected } of dates) {
    it(`from its marker’s date on (${name})`, () => {
      assert.deepEqual(judge([{ ...old, ...supersededUntil(date) }, current]), expected);
      assert.deepEqual(judge([{ ...old, ...supersededUntil(date) }, current], { revokeAfterHours: 0 }), expected);
    });
  }

  const ages = [
    { name: '1 ms short of 12 hours', age: 12 * hour - 1, expected: later(now + 2) },
    { name: '12 hours exactly', age: 12 * hour, expected: later(now + 1) },
    { name: '1 ms past 12 hours', age: 12 * hour + 1, expected: ready },
  ];
  for (const { name, age, expected } of ages) {
    it(`never while younger than 12 hours (${name})`, () => {
      assert.deepEqual(judge([{ ...old, validFrom: now - age }, current], { revokeAfterHours: 0 }), expected);
    });
  }
});

describe('with values that are handed over, the newer PAT that supersedes', () => {
  const ages = [
    { name: '1 ms short of it: later', age: 48 * hour - 1, expected: later(now + 1) },
    { name: 'exactly so old: ready', age: 48 * hour, expected: ready },
    { name: '1 ms more: ready', age: 48 * hour + 1, expected: ready },
  ];
  for (const { name, age, expected } of ages) {
    it(`is at least revokeAfterHours old (${name})`, () => {
      assert.deepEqual(judge([old, { ...current, validFrom: now - age }]), expected);
    });
  }

  const none = no('no newer one');
  it('is not one of the same age', () => {
    assert.deepEqual(judge([old, { ...current, validFrom: old.validFrom }]), none);
  });

  it('is one that is valid in all organizations where that is the current one', () => {
    assert.deepEqual(judge([old, { ...current, ...validity(undefined) }]), ready);
  });

  it('is no other one that is valid in all organizations', () => {
    const young = { ...current, validFrom: hoursAgo(2000) };
    assert.deepEqual(judge([old, young, pat('global', { isGlobal: true, validFrom: hoursAgo(100) })]), none);
  });

  it('is not one marked as new', () => {
    const young = { ...current, validFrom: hoursAgo(2000) };
    assert.deepEqual(judge([old, young, pat('new', { ...asNew, validFrom: hoursAgo(100) })]), none);
  });

  it('may be one that is superseded itself', () => {
    const young = { ...current, validFrom: hoursAgo(1) };
    const between = pat('between', { ...supersededUntil(inHours(47)), validFrom: hoursAgo(100) });
    assert.deepEqual(judge([old, young, between]), ready);
  });

  const others = [
    { name: '1 s later than its own: it does', date: hoursAgo(12) + second, expected: ready },
    { name: 'at its own: both were superseded together, so it does not', date: hoursAgo(12), expected: none },
    { name: '1 s before its own: it does not', date: hoursAgo(12) - second, expected: none },
  ];
  for (const { name, date, expected } of others) {
    it(`is itself superseded, with a date ${name}`, () => {
      const young = { ...current, validFrom: hoursAgo(2000) };
      const between = pat('between', { ...supersededUntil(date), validFrom: hoursAgo(100) });
      assert.deepEqual(judge([old, young, between]), expected);
    });
  }

  it('is not asked for with revokeAfterHours 0', () => {
    assert.deepEqual(judge([old, { ...current, validFrom: hoursAgo(2000) }], { revokeAfterHours: 0 }), ready);
  });

  it('is not the one that was made in this very run, and confirmed', () => {
    assert.deepEqual(judge([old, { ...current, validFrom: now }]), later(inHours(48)));
  });
});
