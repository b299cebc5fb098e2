import assert from 'node:assert/strict';
import { problemsOf, settingsOf } from './pipeline.ts';

describe('the places that rules name', () => {
  const vault = { keyVault: 'contoso-vault' };
  const several =
    'of several places one must be a secret of the vault, because nobody can read a value back from the others: add the name of a ' +
    'secret.';
  const cases = [
    { name: 'a variable needs no vault', pats: 'a => group:P/G/V', inputs: {}, expected: [] },
    { name: 'a service connection needs no vault', pats: 'a => connection:P/C', inputs: {}, expected: [] },
    { name: 'a secret with a vault is fine', pats: 'a => a', inputs: vault, expected: [] },
    {
      name: 'a secret needs the vault that it is in',
      pats: '*\na => secret:a',
      inputs: {},
      expected: ['line 2 ("a => secret:a"): a secret needs the vault that it is in: give the input keyVault.'],
    },
    {
      name: 'several with a secret among them are fine',
      pats: 'a => group:P/G/V, a, connection:P/C',
      inputs: vault,
      expected: [],
    },
    {
      name: 'several without a secret are refused: nobody could read the value back',
      pats: 'a => group:P/G/V, connection:P/C',
      inputs: vault,
      expected: [`line 1 ("a => group:P/G/V, connection:P/C"): ${several}`],
    },
    {
      name: 'the same place twice is refused, in whatever case',
      pats: 'a => a, secret:A',
      inputs: vault,
      expected: ['line 1 ("a => a, secret:A"): it names the place "secret:A" twice.'],
    },
    {
      name: 'all that is wrong is told at once',
      pats: 'a => a_b, group:x\nb => connection:y',
      inputs: vault,
      expected: [
        'line 1 ("a => a_b, group:x"): a secret name has only letters, digits and -.',
        'line 1 ("a => a_b, group:x"): "group:x" is not group:project/group/variable (%2F stands for a / in a name).',
        'line 2 ("b => connection:y"): "connection:y" is not connection:project/name (%2F stands for a / in a name).',
      ],
    },
  ];
  for (const mode of ['advanced', 'revoke']) {
    for (const { name, pats, inputs, expected } of cases) {
      it(`${name} (${mode})`, () => {
        assert.deepEqual(
          problemsOf({ mode, pats, ...inputs }),
          expected.map((problem) => `Input pats: ${problem}`),
        );
      });
    }
  }

  for (const mode of ['simple', 'report']) {
    it(`are taken as they stand in mode ${mode}, which delivers nothing`, () => {
      assert.deepEqual(problemsOf({ mode, pats: 'a => a\nb => group:P/G/V, connection:P/C' }), []);
      assert.equal(problemsOf({ mode, pats: 'a => a_b' }).length, 1);
    });
  }
});

describe('the variable group', () => {
  it('is none by default, and project/group otherwise', () => {
    assert.equal(settingsOf({}).variableGroup, undefined);
    assert.deepEqual(settingsOf({ variableGroup: 'P/G' }).variableGroup, { project: 'P', group: 'G' });
  });

  it('is refused without its project', () => {
    assert.deepEqual(problemsOf({ variableGroup: 'G' }), [
      'Input variableGroup: "G" is not project/group (%2F stands for a / in a name).',
    ]);
  });
});

describe('takeOver', () => {
  it('is read in mode advanced, where something has a place', () => {
    assert.equal(settingsOf({ mode: 'advanced', takeOver: 'True', pats: 'a => connection:P/C' }).takeOver, true);
    assert.equal(settingsOf({ mode: 'advanced', takeOver: 'x' }).takeOver, false);
    assert.equal(settingsOf({ mode: 'simple', takeOver: 'x', variableGroup: 'P/G' }).takeOver, false);
  });
});
