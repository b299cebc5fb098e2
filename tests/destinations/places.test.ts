import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePlace, parseVariableGroup, placeKey } from '../../src/destinations/places.ts';
import { parseRules } from '../../src/renewal/rules.ts';

describe('a place', () => {
  const forms = [
    { name: 'a secret by its name', given: 'build-pat', expected: { kind: 'secret', name: 'build-pat' } },
    { name: 'a secret, said so', given: 'secret:build-pat', expected: { kind: 'secret', name: 'build-pat' } },
    { name: 'a secret, in any case', given: 'Secret: build-pat', expected: { kind: 'secret', name: 'build-pat' } },
    { name: 'a secret of 127 characters', given: 'a'.repeat(127), expected: { kind: 'secret', name: 'a'.repeat(127) } },
    {
      name: 'a variable of a group',
      given: 'group:My project/Renew PATs/Feed.Pat_1',
      expected: { kind: 'group', project: 'My project', group: 'Renew PATs', variable: 'Feed.Pat_1' },
    },
    {
      name: 'a variable with blanks around its slashes',
      given: 'GROUP: P / G / V ',
      expected: { kind: 'group', project: 'P', group: 'G', variable: 'V' },
    },
    {
      name: 'a variable of 400 characters',
      given: `group:P/G/${'v'.repeat(400)}`,
      expected: { kind: 'group', project: 'P', group: 'G', variable: 'v'.repeat(400) },
    },
    {
      name: 'a service connection',
      given: 'connection:P/Feed (prod)',
      expected: { kind: 'connection', project: 'P', name: 'Feed (prod)' },
    },
    {
      name: 'a name with an encoded slash, comma and percent sign',
      given: 'connection:P/a%2Fb%2cc%25d',
      expected: { kind: 'connection', project: 'P', name: 'a/b,c%d' },
    },
    {
      name: 'a name in which nothing else is decoded, and nothing twice',
      given: 'connection:P/100% a%20b %252F',
      expected: { kind: 'connection', project: 'P', name: '100% a%20b %2F' },
    },
    {
      name: 'a name with a colon',
      given: 'connection:P/a:b',
      expected: { kind: 'connection', project: 'P', name: 'a:b' },
    },
  ];
  for (const { name, given, expected } of forms) {
    it(`is ${name}`, () => assert.deepEqual(parsePlace(given), expected));
  }

  const none =
    'is no place: a place is a secret’s name, secret:name, group:project/group/variable or connection:project/name (%2F, %2C and ' +
    '%25 stand for /, , and %)';
  const group = 'is not group:project/group/variable (%2F stands for a / in a name)';
  const connection = 'is not connection:project/name (%2F stands for a / in a name)';
  const refused = [
    { given: 'build_pat', problem: 'a secret name has only letters, digits and -' },
    { given: 'a'.repeat(128), problem: 'a secret name has at most 127 characters' },
    { given: 'secret:', problem: 'the name of the secret is missing after secret:' },
    { given: 'secret:a/b', problem: 'a secret name has only letters, digits and -' },
    { given: 'vault:x', problem: `"vault:x" ${none}` },
    { given: 'contoso-vault/x', problem: `"contoso-vault/x" ${none}` },
    { given: 'https://kv1.vault.azure.net/secrets/x', problem: `"https://kv1.vault.azure.net/secrets/x" ${none}` },
    { given: 'group:P/G', problem: `"group:P/G" ${group}` },
    { given: 'group:P//V', problem: `"group:P//V" ${group}` },
    { given: 'group:P/G/ ', problem: `"group:P/G/ " ${group}` },
    { given: 'group:P/G/V/W', problem: `"group:P/G/V/W" ${group}` },
    { given: `group:P/G/${'v'.repeat(401)}`, problem: 'a variable’s name has at most 400 characters' },
    { given: 'group:P/G/a\u0007b', problem: '"a\\u0007b" holds a control character' },
    {
      given: 'group:P/G/FEED_renewpats',
      problem: 'a variable’s name cannot end in _RenewPats: this task keeps its notes there',
    },
    { given: 'connection:P', problem: `"connection:P" ${connection}` },
    { given: 'connection:/x', problem: `"connection:/x" ${connection}` },
    { given: 'connection:P/x/y', problem: `"connection:P/x/y" ${connection}` },
  ];
  for (const { given, problem } of refused) {
    it(`is not ${JSON.stringify(given.slice(0, 40))}`, () => assert.equal(parsePlace(given), problem));
  }

  it('is one with another that differs in case only', () => {
    const key = (text: string) => {
      const place = parsePlace(text);
      assert.ok(typeof place !== 'string');
      return placeKey(place);
    };
    assert.equal(key('Build-PAT'), key('secret:build-pat'));
    assert.equal(key('group:P/g/V'), key('group:p/G/v'));
    assert.notEqual(key('group:P/G/V'), key('connection:P/G%2FV'));
    assert.notEqual(key('connection:a/b%2Fc'), key('connection:a%2Fb/c'));
  });
});

describe('the variable group of an input', () => {
  it('is project/group', () => {
    assert.deepEqual(parseVariableGroup('My project/a%2Fb'), { project: 'My project', group: 'a/b' });
  });

  for (const given of ['G', 'P/', '/G', 'P/G/V']) {
    it(`is not ${given}`, () => {
      assert.equal(
        parseVariableGroup(given),
        `${JSON.stringify(given)} is not project/group (%2F stands for a / in a name)`,
      );
    });
  }
});

describe('any name', () => {
  const encoded = (name: string) =>
    name.replace(/[%/,]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  // What is trimmed, refused, or taken for the arrow.
  const names = fc
    .oneof(
      fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
      fc.constantFrom('a/b', '%2F', 'x,y', '100%', '%252c'),
    )
    .filter((name) => name === name.trim() && name !== '' && !/\p{Cc}|=>|_RenewPats$/iu.test(name));

  it('can be written into a rule', () => {
    fc.assert(
      fc.property(names, names, names, (project, group, variable) => {
        const parsed = parseRules(
          `* => group:${[project, group, variable].map(encoded).join('/')}, connection:${encoded(project)}/${encoded(group)}`,
          () => [],
        );
        assert.ok(parsed.kind === 'rules' && parsed.rules[0]?.kind === 'include');
        assert.deepEqual(parsed.rules[0].places.map(parsePlace), [
          { kind: 'group', project, group, variable },
          { kind: 'connection', project, name: group },
        ]);
      }),
    );
  });

  it('is a place or a sentence, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', 'secret:', 'group:', 'connection:'),
        (text, prefix) => {
          const place = parsePlace(prefix + text);
          return typeof place === 'string' ? place.length > 0 : place.kind.length > 0;
        },
      ),
    );
  });
});
