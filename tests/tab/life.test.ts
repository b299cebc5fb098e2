import assert from 'node:assert/strict';
import { day, hour } from '../../src/renewal/instant.ts';
import { inWords, type Life, segmentsOf } from '../../tab/life.ts';
import { now } from '../report/example-report.ts';

const life = (given: Partial<Life>): Life => ({
  created: now - 50 * day,
  ends: now + 10 * day,
  old: undefined,
  endedBefore: undefined,
  supersededAt: undefined,
  revokeAfter: undefined,
  revokedAt: undefined,
  isPlanned: false,
  needsAttention: false,
  ...given,
});

describe('The life of a PAT in words', () => {
  it('tells a superseded PAT that has expired in the past tense, and of no revocation to come', () => {
    const over = life({ supersededAt: now - 20 * day, revokeAfter: now - 18 * day, ends: now - hour });

    assert.equal(inWords(over, now), 'Created 2026-10-04; superseded 2026-11-03 04:00 UTC; ended 2026-11-23.');
    assert.ok(segmentsOf(over, now).every(({ kind }) => kind === 'over' || kind === 'end'));
  });

  it('says "would" of a dry run: of a replacement, of an extension', () => {
    const replacement = life({
      isPlanned: true,
      created: now,
      ends: now + 60 * day,
      old: { created: now - 50 * day, ends: now + 10 * day },
      supersededAt: now,
      revokeAfter: now + 48 * hour,
    });
    assert.equal(
      inWords(replacement, now),
      'Old one: created 2026-10-04; would be superseded 2026-11-23 04:00 UTC; would be revoked after 2026-11-25 04:00 UTC; ' +
        'new one: would be created 2026-11-23; would end 2027-01-22.',
    );
    const extension = life({ isPlanned: true, endedBefore: now + 10 * day, ends: now + 60 * day });
    assert.equal(inWords(extension, now), 'Created 2026-10-04; ends 2026-12-03; would end 2027-01-22.');
  });

  it('does not say that a value which was only handed over has superseded the old one', () => {
    const handed = life({ created: now, ends: now + 60 * day, old: { created: now - 50 * day, ends: now + 10 * day } });

    assert.equal(
      inWords(handed, now),
      'Old one: created 2026-10-04; ends 2026-12-03; new one: created 2026-11-23; ends 2027-01-22.',
    );
    assert.deepEqual(
      segmentsOf(handed, now).map(({ kind, lane }) => `${kind} ${lane}`),
      ['life above', 'life below', 'end below'],
    );
  });
});
