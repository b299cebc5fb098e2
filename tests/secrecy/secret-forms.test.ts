import assert from 'node:assert/strict';
import fc from 'fast-check';
import { secretForms, shortestSecret } from '../../src/secrecy/secret-forms.ts';

describe('the forms of a secret', () => {
  it('are all in which it travels', () => {
    assert.deepEqual(
      new Set(secretForms('p "w')),
      new Set(['p "w', 'p%20%22w', 'p+%22w', 'p \\"w', 'cCAidw==', 'OnAgInc=']),
    );
  });

  it('are each once', () => {
    assert.deepEqual(secretForms('abcd'), ['abcd', 'YWJjZA==', 'OmFiY2Q=']);
  });

  it('are those of each line that is long enough, and those of the whole that are one line', () => {
    const lines = ['first-line', 'second one', 'the third line'];
    const whole = `${lines[0]}\r\n  ${lines[1]}\n\n${lines[2]}\rshort\n`;
    const encoded = [
      encodeURIComponent(whole),
      new URLSearchParams({ a: whole }).toString().slice(2),
      JSON.stringify(whole).slice(1, -1),
      Buffer.from(whole).toString('base64'),
      Buffer.from(`:${whole}`).toString('base64'),
    ];
    assert.deepEqual(new Set(secretForms(whole)), new Set([...lines.flatMap(secretForms), ...encoded]));
  });

  it('of a value with a line break behind it are those of the value, too', () => {
    const forms = secretForms('hunter2\n');
    for (const form of secretForms('hunter2')) assert.ok(forms.includes(form), form);
    assert.ok(forms.includes('hunter2%0A'));
  });

  const account = JSON.stringify(
    { type: 'service_account', id: 7, keys: [['MIIEvQIBADANBgkqhkiG9w0B'], {}], on: true, 'a]b;c%3Bd': '-----' },
    null,
    2,
  );
  const pem = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nQ==\n-----END PRIVATE KEY-----\n';
  for (const [what, secret] of [
    ['JSON', account],
    ['JSON with Windows’ line ends', account.replaceAll('\n', '\r\n')],
    ['JSON on one line', JSON.stringify(JSON.parse(account))],
    ['a key', pem],
    ['YAML', 'a:\n  - |\n    hunter2hunter2\n---\n'],
  ] as const) {
    it(`of ${what} hold no piece of what holds it together`, () => {
      const pieces = ['{', '}', '[', ']', '%7B', '%20%20%', '],', '-----', '---', '  ', '"id": 7,', 'true', 'MIIE=='];
      const boundaries = ['-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----'];
      const forms = secretForms(secret);
      assert.ok(forms.length > 0);
      for (const form of forms) assert.ok(![...pieces, ...boundaries].includes(form.trim()), form);
    });
  }

  for (const given of ['{}', '[\n]\n', '{\n  \n}', '----', '": "', 'abc', '1']) {
    it(`are none where it is no secret: ${JSON.stringify(given)}`, () => assert.deepEqual(secretForms(given), []));
  }

  for (const given of ['', '   ', '\n\t\n']) {
    it(`are none where nothing is to be seen: ${JSON.stringify(given)}`, () =>
      assert.deepEqual(secretForms(given), []));
  }

  const isReal = (text: string) => text.trim().length >= shortestSecret && /[\p{L}\p{N}]/u.test(text);
  const secrets = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => isReal(text) && !/[\r\n]/.test(text));
  const alsoHalfCharacters = fc
    .array(fc.integer({ min: 0x20, max: 0xffff }), { minLength: 1 })
    .map((units) => String.fromCharCode(...units))
    .filter(isReal);

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

  it('never span lines, are never short, and never are structure alone, whatever the secret is', () => {
    const textual = fc.array(
      fc.constantFrom('{', '}', ']', '\n', '\r\n', '  ', '"', ':', ',', '-', 'word', '%', ';', '7'),
    );
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      textual.map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(any, (secret) => {
        for (const form of secretForms(secret)) {
          assert.doesNotMatch(form, /[\r\n]/);
          assert.ok(form.length >= shortestSecret, form);
          assert.doesNotMatch(form, /^[\s{}[\](),:;"']*$/);
        }
      }),
    );
  });
});
