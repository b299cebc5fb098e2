import assert from 'node:assert/strict';
import { SecretMasker } from '../../../simulator/agent/secret-masker.ts';

describe('the secret masker', () => {
  it('replaces every occurrence of a registered value', () => {
    const masker = new SecretMasker();
    masker.add('hunter2');

    assert.equal(masker.mask('hunter2, and again: xhunter2x'), '***, and again: x***x');
  });

  it('leaves text alone that holds no secret, and knows no empty secret', () => {
    const masker = new SecretMasker();
    masker.add('');
    masker.addJobSecret('  ');

    assert.equal(masker.mask('nothing  here'), 'nothing  here');
  });

  const spellings = [
    { name: 'in JSON', secret: 'a"b\\c', text: '{"password":"a\\"b\\\\c"}', masked: '{"password":"***"}' },
    { name: 'in a URL', secret: "p w'd(1)", text: '?password=p%20w%27d%281%29&x', masked: '?password=***&x' },
    { name: 'without its backslashes', secret: "it\\'s", text: "echo it's", masked: 'echo ***' },
  ];
  for (const { name, secret, text, masked } of spellings) {
    it(`masks a value ${name}`, () => {
      const masker = new SecretMasker();
      masker.add(secret);
      assert.equal(masker.mask(text), masked);
    });
  }

  it('masks the longer of two secrets whole', () => {
    const masker = new SecretMasker();
    masker.add('pass');
    masker.add('password1');

    assert.equal(masker.mask('password1 pass'), '*** ***');
  });

  it('makes one mask of secrets that overlap or touch', () => {
    const masker = new SecretMasker();
    for (const secret of ['abc', 'cde', 'xy']) masker.add(secret);

    assert.equal(masker.mask('abcdexy-abc'), '***-***');
  });

  it('masks a secret of the job in base64, a later one only as it is', () => {
    const base64 = Buffer.from('hunter2').toString('base64');
    const known = new SecretMasker();
    known.addJobSecret('hunter2');
    const later = new SecretMasker();
    later.add('hunter2');

    assert.equal(known.mask(base64), '***');
    assert.equal(later.mask(base64), base64);
  });

  it('masks a secret of the job without the spaces and quotes around it, and as a debug line escapes it', () => {
    const masker = new SecretMasker();
    masker.addJobSecret(' "top%secret" ');
    masker.addJobSecret('"quoted"');

    assert.equal(masker.mask('"top%secret"'), '***');
    assert.equal(masker.mask('"top%AZP25secret"'), '***');
    assert.equal(masker.mask('quoted'), '***');
  });

  it('does not know one line of a secret with several', () => {
    const masker = new SecretMasker();
    masker.addJobSecret('first\nsecond');

    assert.equal(masker.mask('first'), 'first');
  });
});
