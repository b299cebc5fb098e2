import assert from 'node:assert/strict';
import { signInAsClient, signInWithRefreshToken } from '../../src/services/entra.ts';
import type { EntraOptions } from '../../src/services/token-endpoint.ts';

const user = {
  authorityHost: 'https://login.microsoftonline.com',
  tenantId: '6f1d1c6e-3a7e-4a52-9d0a-6f7a1f2b7c11',
  clientId: '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001',
  who: 'service connection "vault"',
};

/** An Entra that refuses everything with this code. */
const refusing = (code: number): EntraOptions => ({
  send: async () => ({
    status: 400,
    headers: {},
    body: JSON.stringify({ error: 'invalid_client', error_codes: [code], error_description: `AADSTS${code}: no.` }),
  }),
  pauses: { sleep: async () => {}, random: () => 0, isStopping: () => false },
  registerSecret: () => {},
});

describe('What nobody sees at the ends of a secret is named where the secret is refused', () => {
  it('as of a service connection’s', async () => {
    const session = signInAsClient(refusing(7000215), user, { kind: 'secret', secret: 'hunter2~hunter2\n' });
    await assert.rejects(session.tokenFor('https://vault.azure.net/.default'), {
      message: /^The client secret of .* The client secret ends with a line break, .* \(AADSTS7000215\)$/,
    });
  });

  it('as of a stored refresh token, with the command that makes a new one', async () => {
    const signIn = signInWithRefreshToken(refusing(9002313), { ...user, command: 'renew-pats sign-in' }, '1.abc\r\n');
    await assert.rejects(signIn, {
      message:
        /^The stored token ends with a line break, .* Sign in once again with: renew-pats sign-in \(AADSTS9002313\)$/,
    });
  });

  it('and not where there is nothing', async () => {
    const session = signInAsClient(refusing(7000215), user, { kind: 'secret', secret: 'hunter2~hunter2' });
    await assert.rejects(
      session.tokenFor('https://vault.azure.net/.default'),
      ({ message }: Error) => !/ends/.test(message),
    );
  });
});
