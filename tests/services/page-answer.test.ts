import assert from 'node:assert/strict';
import { isPage, pageError } from '../../src/services/page-answer.ts';

const answer = (body: string, type?: string, status = 403) => ({
  status,
  headers: type === undefined ? {} : { 'content-type': type },
  body,
});

describe('A page in place of an answer', () => {
  const cases: readonly { name: string; given: ReturnType<typeof answer>; expected: boolean }[] = [
    { name: 'says so in its type', given: answer('blocked', 'text/html; charset=utf-8'), expected: true },
    { name: 'of XHTML', given: answer('', 'application/xhtml+xml'), expected: false },
    { name: 'begins as one', given: answer('\n<!DOCTYPE html><p>', 'text/plain'), expected: true },
    { name: 'begins as one, without a type', given: answer('<HTML lang="en">'), expected: true },
    { name: 'is no JSON', given: answer('{"message":"<html>"}', 'application/json'), expected: false },
    { name: 'is no empty answer', given: answer(''), expected: false },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.equal(isPage(given), expected));

  it('is told with its host, its status and its title, cut and without what may be a secret', () => {
    const secret = 'a'.repeat(84);
    const page = answer(`<html><title>\n Blocked: ${secret} ${'long '.repeat(40)}</title>`, 'text/html');
    const { message, outcome, code, transient } = pageError(page, 'dev.azure.com');
    assert.equal(
      message,
      `dev.azure.com answered with a page in place of data (HTTP 403, titled "Blocked: …${' long'.repeat(14)}"): a proxy or a ` +
        'filter on the way has sent it, or it is a sign-in page. Check that the agent’s proxy lets requests to dev.azure.com through.',
    );
    assert.deepEqual([outcome, code, transient], ['unknown', 'Page403', false]);
  });

  for (const status of [408, 429, 500, 502, 503]) {
    it(`may pass: ${status}`, () => assert.equal(pageError(answer('', 'text/html', status), 'x').transient, true));
  }
});
