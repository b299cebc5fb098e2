import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readMarker, withNewMarker, withSupersededMarker } from '../../src/renewal/marker.ts';
import { at } from './examples.ts';

describe('the marker in a PAT’s name', () => {
  const cases = [
    { name: 'a plain name has none', given: 'Build feed', expected: { plain: 'Build feed', marker: { kind: 'none' } } },
    {
      name: 'new: made, delivery unknown',
      given: 'Build feed (Renew PATs: new)',
      expected: { plain: 'Build feed', marker: { kind: 'new' } },
    },
    {
      name: 'revoke after: superseded, with its date',
      given: 'Build feed (Renew PATs: revoke after 2026-11-25T04:00:00Z)',
      expected: { plain: 'Build feed', marker: { kind: 'superseded', revokeAfter: at('2026-11-25T04:00:00Z') } },
    },
    {
      name: 'a marker without a name before it is a name',
      given: ' (Renew PATs: new)',
      expected: { plain: ' (Renew PATs: new)', marker: { kind: 'none' } },
    },
    {
      name: 'another word is no marker',
      given: 'Build feed (Renew PATs: old)',
      expected: { plain: 'Build feed (Renew PATs: old)', marker: { kind: 'none' } },
    },
    {
      name: 'a marker stands at the end',
      given: 'Build feed (Renew PATs: new) 2',
      expected: { plain: 'Build feed (Renew PATs: new) 2', marker: { kind: 'none' } },
    },
    {
      name: 'month 13 makes no marker',
      given: 'Build feed (Renew PATs: revoke after 2026-13-01T00:00:00Z)',
      expected: {
        plain: 'Build feed (Renew PATs: revoke after 2026-13-01T00:00:00Z)',
        marker: { kind: 'none' },
      },
    },
    {
      name: 'a day that the month has not makes no marker',
      given: 'Build feed (Renew PATs: revoke after 2026-02-30T00:00:00Z)',
      expected: {
        plain: 'Build feed (Renew PATs: revoke after 2026-02-30T00:00:00Z)',
        marker: { kind: 'none' },
      },
    },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.deepEqual(readMarker(given), expected));

  it('is written as the contract spells it', () => {
    assert.equal(withNewMarker('Build feed'), 'Build feed (Renew PATs: new)');
    assert.equal(
      withSupersededMarker('Build feed', at('2026-11-25T04:00:00Z')),
      'Build feed (Renew PATs: revoke after 2026-11-25T04:00:00Z)',
    );
  });

  it('never promises a revocation before the grace is over: part of a second counts as a whole one', () => {
    assert.equal(
      withSupersededMarker('Build feed', at('2026-11-25T04:00:00.001Z')),
      'Build feed (Renew PATs: revoke after 2026-11-25T04:00:01Z)',
    );
  });

  const anyName = fc.string({ unit: 'binary', minLength: 1 });
  const wholeSeconds = fc.integer({ min: 0, max: at('9999-12-31T23:59:59Z') / 1000 }).map((seconds) => seconds * 1000);

  it('is read back from any name as it was written', () => {
    fc.assert(
      fc.property(anyName, wholeSeconds, (plain, revokeAfter) => {
        assert.deepEqual(readMarker(withNewMarker(plain)), { plain, marker: { kind: 'new' } });
        assert.deepEqual(readMarker(withSupersededMarker(plain, revokeAfter)), {
          plain,
          marker: { kind: 'superseded', revokeAfter },
        });
      }),
    );
  });
});
