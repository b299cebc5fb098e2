import assert from 'node:assert/strict';
import fc from 'fast-check';
import { secretForms } from '../../src/secrecy/secret-forms.ts';

describe('the forms of a secret', () => {
  it('are all in which it travels', () => {
    assert.deepEqual(
      new Set(secretForms('p "w')),
      new Set(['p "w', 'p%20%22w', 'p+%22w', 'p \\"w', 'cCAidw==', 'OnAgInc=']),
    );
  });

  it('are each once', () => {
    assert.deepEqual(secretForms('abc'), ['abc', 'YWJj', 'OmFiYw==']);
  });

  it('are those of each line: the agent takes no value of several lines', () => {
    assert.deepEqual(
      new Set(secretForms('one\r\ntwo\n\nthree\rfour\n')),
      new Set(['one', 'two', 'three', 'four'].flatMap(secretForms)),
    );
  });

  for (const given of ['', '   ', '\n\t\n']) {
    it(`are none where nothing is to be seen: ${JSON.stringify(given)}`, () =>
      assert.deepEqual(secretForms(given), []));
  }

  const secrets = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter((text) => text.trim() !== '' && !/[\r\n]/.test(text));
  const alsoHalfCharacters = fc
    .array(fc.integer({ min: 0x20, max: 0xffff }), { minLength: 1 })
    .map((units) => String.fromCharCode(...units))
    .filter((text) => text.trim() !== '');

  const travels: readonly { name: string; as: (secret: string) => string }[] = [
    { name: 'as it is', as: (secret) => secret },
    {
      name: 'in a form that URLSearchParams makes',
      as: (secret) => new URLSearchParams({ password: secret }).toString().slice(9),
    },
    {
      name: 'in a query that URL makes of URLSearchParams',
      as: (secret) => `${new URLSearchParams([['p', secret]])}`.slice(2),
    },
    { name: 'in a JSON body', as: (secret) => JSON.stringify({ value: secret }).slice(10, -2) },
    { name: 'as the password of a Basic header', as: (secret) => Buffer.from(`:${secret}`).toString('base64') },
    { name: 'in base64', as: (secret) => Buffer.from(secret).toString('base64') },
  ];
  for (const { name, as } of travels) {
    it(`hold what any secret is ${name}`, () => {
      fc.assert(
        fc.property(fc.oneof(secrets, alsoHalfCharacters), (secret) => {
          assert.ok(secretForms(secret).includes(as(secret)));
        }),
      );
    });
  }

  it('hold what encodeURIComponent makes of any secret', () => {
    fc.assert(fc.property(secrets, (secret) => secretForms(secret).includes(encodeURIComponent(secret))));
  });

  it('never span lines, whatever the secret is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (secret) =>
        secretForms(secret).every((form) => form !== '' && !/[\r\n]/.test(form)),
      ),
    );
  });
});
