import assert from 'node:assert/strict';
import { toIso, toIsoSeconds } from '../../src/renewal/instant.ts';
import { at } from './examples.ts';

describe('an instant', () => {
  const given = at('2026-11-25T04:00:00.999Z');

  it('stands in the report in ISO 8601, UTC, with milliseconds', () => {
    assert.equal(toIso(given), '2026-11-25T04:00:00.999Z');
  });

  it('stands in a tag in whole seconds, never later than it is', () => {
    assert.equal(toIsoSeconds(given), '2026-11-25T04:00:00Z');
  });
});
