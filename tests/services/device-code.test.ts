import assert from 'node:assert/strict';
import { signInByHand } from '../../src/services/entra.ts';
import type { HttpAnswer, Send } from '../../src/services/http.ts';

const user = {
  authorityHost: 'https://login.microsoftonline.com',
  tenantId: '6f1d1c6e-3a7e-4a52-9d0a-6f7a1f2b7c11',
  clientId: '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001',
  who: 'account svc@contoso.com',
  username: undefined,
};

const json = (status: number, body: unknown): HttpAnswer => ({ status, headers: {}, body: JSON.stringify(body) });
const refused = (error: string) => json(400, { error, error_description: error });
const started = {
  user_code: 'ABCD',
  device_code: 'the-device-code',
  verification_uri: 'https://x',
  expires_in: 900,
  message: 'Enter ABCD',
};
const signedIn = json(200, {
  token_type: 'Bearer',
  access_token: 'the-access-token',
  refresh_token: 'the-refresh-token',
  expires_in: 3600,
  client_info: Buffer.from(JSON.stringify({ uid: 'u', utid: user.tenantId })).toString('base64url'),
});

describe('A sign-in by device code', () => {
  /** Answers in this order; tells what was shown, registered, and waited for beside MSAL's own pauses. */
  const attempt = async (...answers: readonly HttpAnswer[]) => {
    const left = [...answers];
    const shown: string[] = [];
    const registered: string[] = [];
    const pauses: number[] = [];
    const send: Send = async () => left.shift() ?? assert.fail('asked too often');
    const outcome = await signInByHand(
      {
        send,
        registerSecret: (secret) => registered.push(secret),
        pauses: { sleep: async (pause) => void pauses.push(pause), random: () => 0, isStopping: () => false },
      },
      user,
      { kind: 'device code', show: (message) => shown.push(message) },
    ).catch((error: Error) => error);
    return { outcome, shown, registered, pauses, left };
  };

  it('goes on while nobody has entered the code, and asks less often when it is told to', async () => {
    const { outcome, shown, pauses, registered, left } = await attempt(
      json(200, { ...started, interval: 0 }),
      refused('authorization_pending'),
      refused('slow_down'),
      refused('authorization_pending'),
      refused('slow_down'),
      signedIn,
    );
    assert.ok(!(outcome instanceof Error), String(outcome));
    assert.equal(outcome.refreshToken, 'the-refresh-token');
    assert.deepEqual(shown, ['Enter ABCD']);
    assert.deepEqual(pauses, [5_000, 5_000, 10_000], 'five seconds more each time, for good');
    assert.deepEqual(left, []);
    for (const secret of ['the-device-code', 'the-access-token', 'the-refresh-token']) {
      assert.ok(registered.includes(secret), secret);
    }
  });

  it('ends when the person says no, with what that means', async () => {
    const body = { error: 'access_denied', error_description: 'AADSTS65004: declined', error_codes: [65004] };
    const { outcome } = await attempt(json(200, { ...started, interval: 0 }), json(400, body));
    assert.ok(outcome instanceof Error);
    assert.match(outcome.message, /^account svc@contoso\.com declined to let the app .* \(AADSTS65004\)$/);
  });

  for (const [error, words] of [
    ['authorization_declined', /declined to let the app/],
    ['expired_token', /expired before it was entered/],
    ['bad_verification_code', /does not know the device code/],
  ] as const) {
    it(`ends with ${error} as with what that means, whatever number comes with it`, async () => {
      const body = { error, error_description: 'AADSTS70000: …', error_codes: [70000] };
      const { outcome } = await attempt(json(200, { ...started, interval: 0 }), json(400, body));
      assert.ok(outcome instanceof Error);
      assert.match(outcome.message, words);
    });
  }
});
