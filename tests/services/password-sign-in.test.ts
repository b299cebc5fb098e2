import assert from 'node:assert/strict';
import { azureDevOpsScope, signInWithPassword } from '../../src/services/entra.ts';
import type { HttpAnswer, Send } from '../../src/services/http.ts';

const user = {
  authorityHost: 'https://login.microsoftonline.com',
  tenantId: '6f1d1c6e-3a7e-4a52-9d0a-6f7a1f2b7c11',
  clientId: '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001',
  who: 'account svc@contoso.com',
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { oid: 'u', tid: user.tenantId, sub: 'u', preferred_username: 'svc@contoso.com', exp: 4_000_000_000 };
const signedIn = {
  token_type: 'Bearer',
  access_token: 'the-access-token',
  expires_in: 3600,
  client_info: encode({ uid: 'u', utid: user.tenantId }),
};
const withAccount = { ...signedIn, id_token: `${encode({ alg: 'RS256' })}.${encode(claims)}.x` };

const signIn = (password: string, answer: HttpAnswer, doubts: readonly string[] = []) => {
  const send: Send = async () => answer;
  const pauses = { sleep: async () => {}, random: () => 0, isStopping: () => false };
  const credentials = { username: 'svc@contoso.com', password };
  return signInWithPassword({ send, pauses, registerSecret: () => {} }, user, credentials, doubts);
};
const answerOf = (status: number, body: unknown): HttpAnswer => ({ status, headers: {}, body: JSON.stringify(body) });

describe('A sign-in with a password', () => {
  for (const [what, body] of [
    ['with an account', withAccount],
    ['without an account', signedIn],
  ] as const) {
    it(`to which Entra gave no refresh token says so where a second service needs one (${what})`, async () => {
      const session = await signIn('hunter2!', answerOf(200, body));
      assert.equal((await session.tokenFor(azureDevOpsScope)).token, 'the-access-token');
      await assert.rejects(session.tokenFor('https://vault.azure.net/.default'), {
        code: 'NoRefreshToken',
        message:
          /^Entra gave no refresh token with the password sign-in of account svc@contoso\.com, .* https:\/\/vault\.azure\.net\. .*azureSubscription/,
      });
    });
  }

  const refused = answerOf(400, {
    error: 'invalid_grant',
    error_codes: [50126],
    error_description: 'AADSTS50126: Error validating credentials.',
  });

  it('that is refused names what nobody sees at the ends of the password, and nothing else of it', async () => {
    await assert.rejects(signIn('hunter2!\u200b', refused), ({ message }: Error) => {
      assert.match(message, /The password ends with a zero-width space, .* \(AADSTS50126\)$/);
      assert.doesNotMatch(message, /hunter2/);
      return true;
    });
  });

  it('that is refused tells what else may be wrong with it', async () => {
    await assert.rejects(
      signIn('hunter2!', refused, ['It may have arrived changed.']),
      /It may have arrived changed\. \(AADSTS/,
    );
  });
});
