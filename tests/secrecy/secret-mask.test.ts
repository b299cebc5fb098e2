import assert from 'node:assert/strict';
import fc from 'fast-check';
import { secretForms } from '../../src/secrecy/secret-forms.ts';
import { SecretMask } from '../../src/secrecy/secret-mask.ts';

const maskOf = (...secrets: readonly string[]) => {
  const mask = new SecretMask();
  for (const secret of secrets) mask.add(secret);
  return mask;
};

describe('A text of a service', () => {
  const cases: readonly { name: string; secrets: readonly string[]; text: string; expected: string }[] = [
    {
      name: 'stays as it is without a secret',
      secrets: ['hunter2'],
      text: 'nothing to hide',
      expected: 'nothing to hide',
    },
    { name: 'loses a secret', secrets: ['hunter2'], text: 'you sent hunter2.', expected: 'you sent ***.' },
    { name: 'that is nothing but a secret', secrets: ['hunter2'], text: 'hunter2', expected: '***' },
    { name: 'loses each of several', secrets: ['hunter2', 'swordfish'], text: 'hunter2swordfish', expected: '******' },
    { name: 'loses the longer of two', secrets: ['hunter', 'hunter2'], text: 'a hunter2 b', expected: 'a *** b' },
    { name: 'loses both where they overlap', secrets: ['abcdef', 'defghi'], text: '-abcdefghi-', expected: '-***-' },
    { name: 'keeps what is too short to be one', secrets: ['abc'], text: 'abc', expected: 'abc' },
  ];
  for (const { name, secrets, text, expected } of cases)
    it(name, () => assert.equal(maskOf(...secrets).hide(text), expected));

  it('shows no form of any secret afterwards', () => {
    const word = fc.string({ minLength: 4, maxLength: 12, unit: fc.constantFrom('a', 'b', ':', '%', ' ', 'é', '"') });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), fc.array(word, { maxLength: 6 }), (secrets, others) => {
        const forms = secrets.flatMap(secretForms).filter((form) => form.length >= 4);
        const text = [...others, ...forms].join('');
        const hidden = maskOf(...secrets).hide(text);
        for (const form of forms) assert.ok(!hidden.includes(form), `${form} in ${hidden}`);
      }),
    );
  });
});
