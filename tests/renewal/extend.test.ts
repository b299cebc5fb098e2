import assert from 'node:assert/strict';
import { dueFrom, isDue, judgeGranted, planExtension } from '../../src/renewal/extend.ts';
import { day, minute } from '../../src/renewal/instant.ts';
import { at, inHours, now, pat, policy } from './examples.ts';

const threshold = now + 14 * day;
const wanted = now + 60 * day;
const everyRun = { ...policy, renewBeforeDays: undefined };

describe('a PAT is due', () => {
  const cases = [
    { name: '1 ms before it ends within renewBeforeDays: not yet', validTo: threshold + 1, expected: false },
    { name: 'when it ends in exactly renewBeforeDays', validTo: threshold, expected: true },
    { name: 'when it ends within renewBeforeDays', validTo: threshold - 1, expected: true },
  ];
  for (const { name, validTo, expected } of cases) {
    it(name, () => assert.equal(isDue(pat('a', { validTo }), policy, now), expected));
  }

  it('on every run when renewBeforeDays is empty', () => {
    assert.ok(isDue(pat('a', { validTo: now + 365 * day }), everyRun, now));
  });

  it('with renewBeforeDays 0 only at its end', () => {
    const atTheEnd = { ...policy, renewBeforeDays: 0 };
    assert.equal(isDue(pat('a', { validTo: now + 1 }), atTheEnd, now), false);
    assert.equal(isDue(pat('a', { validTo: now }), atTheEnd, now), true);
  });

  it('from so many days before 2026-12-01 if it is valid in all organizations and ends later', () => {
    const global = pat('a', { isGlobal: true, validTo: at('2027-06-01T00:00:00Z') });
    assert.equal(dueFrom(global, policy, now), at('2026-11-17T00:00:00Z'));
  });
});

describe('simple', () => {
  const cases = [
    {
      name: 'pushes the end of a due PAT out, to lifetimeDays from now',
      validTo: threshold,
      expected: { kind: 'extend', validTo: wanted },
    },
    {
      name: 'leaves a PAT that is not due, and says from when it is',
      validTo: threshold + 1,
      expected: { kind: 'not due', dueFrom: now + 1 },
    },
  ];
  for (const { name, validTo, expected } of cases) {
    it(name, () => assert.deepEqual(planExtension(pat('a', { validTo }), policy, now), expected));
  }

  const later = [
    {
      name: 'extends what ends 1 ms before the wanted end',
      validTo: wanted - 1,
      expected: { kind: 'extend', validTo: wanted },
    },
    { name: 'leaves what ends at the wanted end', validTo: wanted, expected: { kind: 'ends later', wanted } },
    { name: 'never shortens what ends later', validTo: wanted + 1, expected: { kind: 'ends later', wanted } },
  ];
  for (const { name, validTo, expected } of later) {
    it(`on every run ${name}`, () => assert.deepEqual(planExtension(pat('a', { validTo }), everyRun, now), expected));
  }
});

describe('the granted end', () => {
  const previous = inHours(24);
  const asked = inHours(48);
  const cases = [
    { name: 'is as asked when it is later', granted: asked + 1, expected: 'as asked' },
    {
      name: 'is as asked when the service rounded it by up to a minute',
      granted: asked - minute,
      expected: 'as asked',
    },
    { name: 'was cut when it is more than a minute short', granted: asked - minute - 1, expected: 'cut' },
    {
      name: 'was cut when it is more than a minute after the previous one',
      granted: previous + minute + 1,
      expected: 'cut',
    },
    { name: 'is unmoved within a minute after the previous one', granted: previous + minute, expected: 'unmoved' },
    { name: 'is unmoved within a minute before the previous one', granted: previous - minute, expected: 'unmoved' },
    { name: 'is shorter than before', granted: previous - minute - 1, expected: 'shortened' },
  ];
  for (const { name, granted, expected } of cases) {
    it(name, () => assert.equal(judgeGranted({ previous, asked, granted }), expected));
  }
});
