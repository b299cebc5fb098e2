import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { AuthError, type AuthenticationResult, InteractionRequiredAuthError } from '@azure/msal-node';
import { knownRefusals } from '../../simulator/entra-refusals.ts';
import { AZURE_POWERSHELL, createWorld, type Simulator, startSimulator, VISUAL_STUDIO } from '../../simulator/index.ts';
import { clientOf, DEVOPS, patsOf, VAULT } from './client.ts';
import { makeClientKey } from './client-key.ts';
import { confidentialClient, type MsalOptions, publicClient } from './msal.ts';

const UPN = 'svc-pats@contoso.example';
const OWN_CLIENT = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001';
const CLIENT_WITH_SECRET = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0002';
const FEDERATED_CLIENT = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0003';
const CONNECTION = 'd9e0c7a4-1c55-4b5e-8d0b-3f6f53f0b001';
const DEVOPS_SCOPES = [`${DEVOPS}/.default`];
const VAULT_SCOPES = [`${VAULT}/.default`];

describe('The simulated Entra ID, asked by MSAL', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    const world = createWorld({
      accounts: [{ upn: UPN, displayName: 'PAT service account' }],
      serviceConnections: [{ id: CONNECTION, name: 'azure-prod' }],
      applications: [
        { clientId: OWN_CLIENT },
        { clientId: CLIENT_WITH_SECRET, secret: 'client secret', secretExpires: '2027-01-01T00:00:00Z' },
        { clientId: FEDERATED_CLIENT, serviceConnection: CONNECTION },
      ],
    });
    simulator = await startSimulator({ world });
  });

  afterEach(() => simulator.close());

  const password = (): string => simulator.world.entra.accountByUpn(UPN)?.password ?? '';
  const byPassword = (options: MsalOptions = {}, over: { username?: string; password?: string } = {}) =>
    publicClient(simulator, options).acquireTokenByUsernamePassword({
      scopes: DEVOPS_SCOPES,
      username: UPN,
      password: password(),
      ...over,
    });
  const refusal = async (attempt: Promise<AuthenticationResult | null>): Promise<AuthError> => {
    const [outcome] = await Promise.allSettled([attempt]);
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof AuthError, 'the sign-in should be refused');
    return outcome.reason;
  };
  const codeOf = (error: AuthError): number => Number(/AADSTS(\d+)/.exec(error.errorMessage)?.[1]);

  describe('with a password', () => {
    it('gives a token that the PAT API accepts, in one request', async () => {
      const result = await byPassword();
      assert.equal(result?.account?.username, UPN);
      assert.equal(result?.tenantId, simulator.world.entra.accountByUpn(UPN)?.tenantId);
      assert.equal(simulator.requests.length, 1);
      assert.equal((await patsOf(simulator, result?.accessToken ?? '').get('')).status, 200);
    });

    it('gives the vault’s token silently from the same sign-in', async () => {
      const client = publicClient(simulator);
      const first = await client.acquireTokenByUsernamePassword({
        scopes: DEVOPS_SCOPES,
        username: UPN,
        password: password(),
      });
      assert.ok(first?.account);
      await client.acquireTokenSilent({ scopes: VAULT_SCOPES, account: first.account });
      assert.deepEqual(
        simulator.requests.map((request) => request.operation),
        ['entra.token.password', 'entra.token.refreshToken'],
      );
    });

    it('takes the tenant as GUID or domain, and its own client as well as Microsoft’s', async () => {
      const tenant = simulator.world.entra.accountByUpn(UPN)?.tenantId ?? '';
      assert.ok(await byPassword({ tenant }));
      assert.ok(await byPassword({ tenant: 'contoso.onmicrosoft.com', clientId: OWN_CLIENT }));
    });

    it('is reached in national clouds at their own sign-in hosts', async () => {
      const world = createWorld({ tenant: { cloud: 'usGovernment' } });
      const other = await startSimulator({ world });
      const account = world.entra.accountByUpn(UPN);
      const result = await publicClient(other, { host: 'login.microsoftonline.us' }).acquireTokenByUsernamePassword({
        scopes: ['https://vault.usgovcloudapi.net/.default'],
        username: UPN,
        password: account?.password ?? '',
      });
      assert.ok(result?.accessToken);
      await other.close();
    });

    const natural: readonly {
      readonly what: string;
      readonly options?: MsalOptions;
      readonly over?: { username?: string; password?: string };
      readonly code: number;
    }[] = [
      { what: 'a wrong password', over: { password: 'wrong' }, code: 50126 },
      { what: 'an unknown user', over: { username: 'nobody@contoso.example' }, code: 50034 },
      { what: 'an unknown tenant', options: { tenant: 'nowhere.example' }, code: 90002 },
      { what: 'an unknown client', options: { clientId: '00000000-0000-0000-0000-00000000dead' }, code: 700016 },
      {
        what: 'an id of nothing but zeros',
        options: { clientId: '00000000-0000-0000-0000-000000000000' },
        code: 700038,
      },
      { what: 'the common endpoint', options: { tenant: 'common' }, code: 9001023 },
      { what: 'a client that has to prove itself', options: { clientId: CLIENT_WITH_SECRET }, code: 7000218 },
    ];
    for (const { what, options, over, code } of natural)
      it(`refuses ${what}: AADSTS${code}`, async () => {
        const error = await refusal(byPassword(options, over));
        assert.equal(codeOf(error), code);
        assert.match(error.errorMessage, /Trace ID: .* Correlation ID: .* Timestamp: /);
      });

    it('locks the account after ten wrong passwords, also for the right one', async () => {
      for (let attempt = 0; attempt < 10; attempt++) await refusal(byPassword({}, { password: 'wrong' }));
      assert.equal(codeOf(await refusal(byPassword())), 50053);
    });

    it('refuses a resource that the client may not use in the user’s name', async () => {
      const scopes = VAULT_SCOPES;
      const microsofts = publicClient(simulator, { clientId: VISUAL_STUDIO });
      const attempt = microsofts.acquireTokenByUsernamePassword({ scopes, username: UPN, password: password() });
      assert.equal(codeOf(await refusal(attempt)), 65002);
    });
  });

  describe('refuses an account or a client with the code that a test asks for', () => {
    for (const code of knownRefusals.filter((each) => ![70016].includes(each)))
      it(`AADSTS${code}`, async () => {
        simulator.world.entra.refuseAccount(UPN, code);
        const error = await refusal(byPassword());
        assert.equal(codeOf(error), code);
      });

    it('and MSAL tells which of them a person has to answer', async () => {
      const forPersons = [50055, 50072, 50074, 50076, 50079, 50158, 53000, 53001, 53003, 65001, 700082];
      const forAdministrators = [50034, 50053, 50057, 50126, 700016, 7000215, 7000218, 7000222, 90002];
      for (const code of [...forPersons, ...forAdministrators]) {
        simulator.world.entra.refuseApplication(AZURE_POWERSHELL, code);
        const error = await refusal(byPassword());
        assert.equal(error instanceof InteractionRequiredAuthError, forPersons.includes(code), `AADSTS${code}`);
      }
    });

    it('with the claims challenge that real ones carry', async () => {
      simulator.world.entra.refuseAccount(UPN, 50076);
      const error = await refusal(byPassword());
      assert.ok(error instanceof InteractionRequiredAuthError);
      assert.match(error.claims, /capolids/);
    });

    it('for one grant only, if that is wanted: MFA for passwords, nothing for refresh tokens', async () => {
      simulator.world.entra.refuseAccount(UPN, { password: 50076 });
      assert.equal(codeOf(await refusal(byPassword())), 50076);
      const { token } = simulator.world.entra.plantRefreshToken(UPN, OWN_CLIENT);
      const client = publicClient(simulator, { clientId: OWN_CLIENT });
      assert.ok(await client.acquireTokenByRefreshToken({ scopes: DEVOPS_SCOPES, refreshToken: token }));
    });
  });

  describe('with a refresh token', () => {
    const redeem = (refreshToken: string, clientId = OWN_CLIENT) =>
      publicClient(simulator, { clientId }).acquireTokenByRefreshToken({
        scopes: DEVOPS_SCOPES,
        refreshToken,
        forceCache: true,
      });
    const planted = (): string => simulator.world.entra.plantRefreshToken(UPN, OWN_CLIENT).token;

    it('gives a new one each time, and the old one stays valid', async () => {
      const client = publicClient(simulator, { clientId: OWN_CLIENT });
      const refreshToken = planted();
      await client.acquireTokenByRefreshToken({ scopes: DEVOPS_SCOPES, refreshToken, forceCache: true });
      const cache = JSON.parse(client.getTokenCache().serialize());
      const [rolled] = Object.values<{ secret: string }>(cache.RefreshToken);
      assert.notEqual(rolled?.secret, refreshToken);
      assert.ok(await redeem(rolled?.secret ?? ''));
      assert.ok(await redeem(refreshToken));
    });

    it('spends it, where that is set', async () => {
      simulator.world.configure({ refreshTokenSpentByUse: 'yes' });
      const refreshToken = planted();
      await redeem(refreshToken);
      assert.equal(codeOf(await refusal(redeem(refreshToken))), 70000);
    });

    it('refuses one that lay idle for 90 days', async () => {
      const refreshToken = planted();
      simulator.world.advance({ days: 89 });
      await redeem(refreshToken);
      simulator.world.advance({ days: 90 });
      assert.equal(codeOf(await refusal(redeem(refreshToken))), 700082);
    });

    it('refuses one of another client, and what is none', async () => {
      assert.equal(codeOf(await refusal(redeem(planted(), AZURE_POWERSHELL))), 70000);
      assert.equal(codeOf(await refusal(redeem('nonsense'))), 9002313);
    });

    it('refuses all of them once the sessions are revoked; a new password kills those that came from the old one', async () => {
      const byDeviceCode = planted();
      await byPassword({ clientId: OWN_CLIENT });
      const fromPassword = [...simulator.world.entra.refreshTokens()].find((held) => held.fromPassword)?.token ?? '';
      simulator.world.advance({ hours: 1 });
      simulator.world.entra.changePassword(UPN, 'another password');
      assert.equal(codeOf(await refusal(redeem(fromPassword))), 50173);
      assert.ok(await redeem(byDeviceCode));
      simulator.world.entra.revokeSessions(UPN);
      assert.equal(codeOf(await refusal(redeem(byDeviceCode))), 50173);
    });
  });

  describe('with a person at a browser', () => {
    it('gives tokens once the device code is approved', async () => {
      const result = await publicClient(simulator, { clientId: OWN_CLIENT }).acquireTokenByDeviceCode({
        scopes: DEVOPS_SCOPES,
        deviceCodeCallback: ({ userCode, message }) => {
          assert.match(message, /microsoft\.com\/devicelogin/);
          simulator.world.entra.approveDeviceCode(userCode, UPN);
        },
      });
      assert.equal(result?.account?.username, UPN);
    });

    describe('over HTTP', () => {
      const base = 'https://login.microsoftonline.com/contoso.example/oauth2/v2.0';
      const start = (scope: string) =>
        clientOf(simulator).post(`${base}/devicecode`, new URLSearchParams({ client_id: OWN_CLIENT, scope }));
      const started = () => start(`${DEVOPS_SCOPES[0]} offline_access`);
      const poll = async (device_code: string) => {
        const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
        const form = new URLSearchParams({ grant_type, client_id: OWN_CLIENT, device_code });
        const { data } = await clientOf(simulator).post(`${base}/token`, form);
        return [data.error, data.error_codes?.[0]];
      };

      it('says that the code is pending until then, and expired after 15 minutes', async () => {
        const { data } = await started();
        assert.equal(data.interval, 5);
        assert.deepEqual(await poll(data.device_code), ['authorization_pending', 70016]);
        simulator.world.advance({ minutes: 15 });
        assert.deepEqual(await poll(data.device_code), ['expired_token', 70020]);
      });

      it('says that the person has declined', async () => {
        const { data } = await started();
        simulator.world.entra.declineDeviceCode(data.user_code);
        assert.deepEqual(await poll(data.device_code), ['authorization_declined', 65004]);
      });

      it('knows no code that it has not given out', async () => {
        assert.deepEqual(await poll('nonsense'), ['bad_verification_code', 70018]);
      });

      it('gives no code without a scope', async () => {
        const { status, data } = await start('');
        assert.deepEqual([status, data.error, data.error_codes], [400, 'invalid_request', [900144]]);
      });
    });

    it('gives tokens for an authorization code and its PKCE proof, and for no other', async () => {
      simulator.world.entra.signInBrowser(UPN);
      const verifier = randomBytes(32).toString('base64url');
      const client = publicClient(simulator, { clientId: OWN_CLIENT });
      const redirectUri = 'http://localhost:1234';
      const code = async (): Promise<string> => {
        const address = await client.getAuthCodeUrl({
          scopes: DEVOPS_SCOPES,
          redirectUri,
          state: 'a state',
          codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
          codeChallengeMethod: 'S256',
        });
        const answer = await clientOf(simulator).get(address);
        const target = new URL(answer.headers.location);
        assert.equal(target.searchParams.get('state'), 'a state');
        return target.searchParams.get('code') ?? '';
      };
      const redeem = (proof: string, given: string) =>
        client.acquireTokenByCode({ scopes: DEVOPS_SCOPES, redirectUri, code: given, codeVerifier: proof });
      assert.ok((await redeem(verifier, await code())).accessToken);
      assert.equal(codeOf(await refusal(redeem('another verifier', await code()))), 501481);
    });
  });

  describe('asked over HTTP', () => {
    const login = 'https://login.microsoftonline.com';
    const token = (fields: Readonly<Record<string, string>>) =>
      clientOf(simulator).post(`${login}/contoso.example/oauth2/v2.0/token`, new URLSearchParams(fields));

    it('tells where a domain signs in, as Microsoft’s Go, Java and Python clients ask first', async () => {
      const realm = async (user: string) => {
        const { data } = await clientOf(simulator).get(`${login}/common/userrealm/${user}?api-version=1.0`);
        return [data.ver, data.account_type, data.domain_name];
      };
      assert.deepEqual(await realm(encodeURIComponent(UPN)), ['1.0', 'Managed', 'contoso.example']);
      assert.deepEqual(await realm('somebody@elsewhere.example'), ['1.0', 'Unknown', undefined]);
      const posted = await clientOf(simulator).post(`${login}/common/userrealm/${UPN}`);
      assert.equal(posted.status, 404);
    });

    it('gives an application a token for .default alone', async () => {
      const ask = async (scope: string) => {
        const secret = { client_id: CLIENT_WITH_SECRET, client_secret: 'client secret' };
        const { data } = await token({ grant_type: 'client_credentials', ...secret, scope });
        return data.access_token === undefined ? [data.error, data.error_codes[0]] : 'a token';
      };
      assert.equal(await ask(`${VAULT}/.default`), 'a token');
      assert.deepEqual(await ask(`${VAULT}/user_impersonation`), ['invalid_scope', 1002012]);
      assert.deepEqual(await ask(`${VAULT}/.default openid`), ['invalid_scope', 1002012]);
      assert.deepEqual(await ask(''), ['invalid_request', 900144]);
    });

    it('knows the grants that it has, and says which one it has not', async () => {
      const ask = async (grant_type: string) => {
        const { status, data } = await token({ grant_type, client_id: OWN_CLIENT, scope: `${DEVOPS_SCOPES[0]}` });
        return [status, data.error, data.error_codes[0]];
      };
      assert.deepEqual(await ask('magic'), [400, 'unsupported_grant_type', 70003]);
      assert.deepEqual(await ask(''), [400, 'invalid_request', 900144]);
    });
  });

  describe('with an application’s own credential', () => {
    it('takes a secret, unless it is wrong or has expired', async () => {
      const signIn = (clientSecret: string) =>
        confidentialClient(
          simulator,
          { clientSecret },
          { clientId: CLIENT_WITH_SECRET },
        ).acquireTokenByClientCredential({
          scopes: VAULT_SCOPES,
        });
      assert.ok((await signIn('client secret'))?.accessToken);
      assert.equal(codeOf(await refusal(signIn('wrong'))), 7000215);
      simulator.world.now = Date.parse('2027-01-01T00:00:00Z');
      assert.equal(codeOf(await refusal(signIn('client secret'))), 7000222);
    });

    it('takes a certificate that its registration knows, and no other', async () => {
      const [known, other] = await Promise.all([makeClientKey(), makeClientKey()]);
      const clientId = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0004';
      const world = createWorld({ applications: [{ clientId, certificate: known.certificate }] });
      const own = await startSimulator({ world });
      const signIn = ({ privateKey, thumbprintSha256 }: typeof known) =>
        confidentialClient(
          own,
          { clientCertificate: { privateKey, thumbprintSha256 } },
          { clientId },
        ).acquireTokenByClientCredential({ scopes: VAULT_SCOPES });
      assert.ok((await signIn(known))?.accessToken);
      assert.equal(codeOf(await refusal(signIn(other))), 700027);
      await own.close();
    });

    describe('takes the token of a service connection (workload identity federation)', () => {
      const oidcUrl =
        'https://dev.azure.com/contoso/Automation/_apis/distributedtask/hubs/build/plans/1f0e/jobs/2f0e/oidctoken';
      const oidcToken = async (jobToken: string, id = CONNECTION) =>
        clientOf(simulator).post(
          oidcUrl,
          {},
          {
            params: { 'api-version': '7.1', serviceConnectionId: id },
            headers: { authorization: `Bearer ${jobToken}`, 'X-TFS-FedAuthRedirect': 'Suppress' },
          },
        );
      const signIn = (clientAssertion: string, clientId: string) =>
        confidentialClient(simulator, { clientAssertion }, { clientId }).acquireTokenByClientCredential({
          scopes: VAULT_SCOPES,
        });

      it('in two requests', async () => {
        const answer = await oidcToken(simulator.world.pipelines.newJobToken('contoso'));
        const result = await signIn(answer.data.oidcToken, FEDERATED_CLIENT);
        assert.ok(result?.accessToken);
        assert.deepEqual(
          simulator.requests.map((request) => [request.operation, request.identity.kind]),
          [
            ['devops.oidcToken', 'jobToken'],
            ['entra.token.clientCredentials', 'none'],
          ],
        );
      });

      it('but only for a job, for a connection that exists, for its own application, and for ten minutes', async () => {
        assert.equal((await oidcToken('not.a.token')).status, 401);
        const jobToken = simulator.world.pipelines.newJobToken('contoso');
        assert.equal((await oidcToken(jobToken, '00000000-0000-0000-0000-000000000000')).status, 404);
        const answer = await oidcToken(jobToken);
        assert.equal(codeOf(await refusal(signIn(answer.data.oidcToken, CLIENT_WITH_SECRET))), 700211);
        simulator.world.advance({ minutes: 10 });
        assert.equal(codeOf(await refusal(signIn(answer.data.oidcToken, FEDERATED_CLIENT))), 700024);
      });
    });
  });
});
