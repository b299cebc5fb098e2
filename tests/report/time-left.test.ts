import assert from 'node:assert/strict';
import { day, hour, minute } from '../../src/renewal/instant.ts';
import { dateAndTimeLeft, timeLeft } from '../../src/report/time-left.ts';
import { now } from './example-report.ts';

describe('the time left until an instant', () => {
  for (const { distance, words } of [
    { distance: 60 * day, words: 'in 60 days' },
    // A PAT made for 60 days, a moment ago.
    { distance: 60 * day - minute, words: 'in 60 days' },
    { distance: 12 * day - 2 * hour, words: 'in 11 days' },
    { distance: 2 * day, words: 'in 2 days' },
    { distance: 47 * hour, words: 'in 2 days' },
    { distance: 46 * hour, words: 'in 46 hours' },
    { distance: hour, words: 'in 1 hour' },
    { distance: minute, words: 'in less than an hour' },
    { distance: -5 * hour, words: '5 hours ago' },
    { distance: -3 * day, words: '3 days ago' },
  ]) {
    it(`is "${words}" at ${distance / hour} hours`, () => {
      assert.equal(timeLeft(now + distance, now), words);
    });
  }

  it('stands behind the date, which has a time of day once that matters', () => {
    assert.equal(dateAndTimeLeft(now + 12 * day, now), '2026-12-05 (in 12 days)');
    assert.equal(dateAndTimeLeft(now + 9 * hour, now), '2026-11-23 13:00 UTC (in 9 hours)');
  });
});
