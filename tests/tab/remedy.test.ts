import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { troubleshootingPage } from '../../scripts/troubleshooting-page.ts';
import { remedyAnchor } from '../../tab/remedy.ts';

describe('The place of the troubleshooting page that a message leads to', () => {
  const page = troubleshootingPage(readFileSync('docs/troubleshooting.md', 'utf8'));

  for (const [message, anchor] of [
    ['The password is wrong (AADSTS50126, correlation id 5f2d8a6e). Run renewPats again.', 'AADSTS50126'],
    [
      'A policy allows fewer days than lifetimeDays asks for (patLifespanPolicyViolation).',
      'patLifespanPolicyViolation',
    ],
    ['A policy of the tenant forbids it (globalPATCreationBlocked).', 'globalPATCreationBlocked'],
    ['The vault refused to store it (403, ForbiddenByRbac).', 'ForbiddenByRbac'],
    ['The vault could not be reached (ENOTFOUND).', 'ENOTFOUND'],
    ['Refused: secret contoso-vault/Signing holds somebody’s value.', 'pats-that-are-refused'],
  ] as const) {
    it(`of "${message}" is its own`, () => {
      assert.equal(remedyAnchor(message), anchor);
      assert.ok(page.includes(`id="${anchor}"`), anchor);
    });
  }

  it('is its beginning for a message without a code', () => {
    assert.equal(remedyAnchor('no reason is given'), undefined);
  });
});
