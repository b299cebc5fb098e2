import assert from 'node:assert/strict';
import { deliverWithin, judgeProof, newcomers } from '../../src/renewal/creation.ts';
import { minute } from '../../src/renewal/instant.ts';
import { settledAfterHours } from '../../src/renewal/pat.ts';
import { familyOf, now, pat } from './examples.ts';

describe('after a creation whose answer was lost, a PAT may be what came of it', () => {
  const family = familyOf(pat('old'));
  const found = (given: Parameters<typeof pat>[1], id = 'young') =>
    newcomers(family, [pat('old'), pat(id, { validFrom: now, ...given })], (known) => known === 'old', now).map(
      ({ authorizationId }) => authorizationId,
    );
  const cases = [
    { name: 'that was not listed before', given: {}, expected: ['young'] },
    {
      name: 'with the marker of a new one',
      given: { displayName: 'Build feed (Renew PATs: new)' },
      expected: ['young'],
    },
    {
      name: 'made up to a minute before, by the service’s own clock',
      given: { validFrom: now - minute },
      expected: ['young'],
    },
    { name: 'not 1 ms earlier', given: { validFrom: now - minute - 1 }, expected: [] },
    { name: 'not with another name', given: { displayName: 'Build feeds' }, expected: [] },
    {
      name: 'not with a date: nobody makes such',
      given: { displayName: 'Build feed (Renew PATs: revoke after 2026-11-25T04:00:00Z)' },
      expected: [],
    },
    { name: 'with whatever scopes it came back', given: { scope: 'vso.packaging vso.profile' }, expected: ['young'] },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.deepEqual(found(given), expected));

  it('never one that was listed before, in whatever case its id is written', () => {
    assert.deepEqual(found({}, 'OLD'), []);
  });
});

describe('a new PAT is', () => {
  const works = { kind: 'works' } as const;
  const bad = { kind: 'bad', why: 'no' } as const;
  const nothing = { kind: 'nothing shown' } as const;
  const words = ['active', 'not active', 'unknown to it', 'no answer'] as const;
  const cases = [
    ...words.map((word) => ({ proof: works, word, expected: 'deliver' }) as const),
    ...words.map((word) => ({ proof: bad, word, expected: 'bad' }) as const),
    { proof: nothing, word: 'active', expected: 'deliver' },
    { proof: nothing, word: 'not active', expected: 'not active' },
    { proof: nothing, word: 'unknown to it', expected: 'unknown' },
    { proof: nothing, word: 'no answer', expected: 'nobody says' },
  ] as const;
  for (const { proof, word, expected } of cases) {
    it(`${expected}, where a call shows: ${proof.kind}, and the lifecycle API says: ${word}`, () => {
      assert.equal(judgeProof(proof, word), expected);
    });
  }

  it('delivered long before anybody takes it for an orphan', () => {
    assert.ok(deliverWithin === 30 * minute && deliverWithin < settledAfterHours * 60 * minute);
  });
});
