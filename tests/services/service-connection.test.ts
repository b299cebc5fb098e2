import assert from 'node:assert/strict';
import type { HttpAnswer, HttpRequest } from '../../src/services/http.ts';
import { openServiceConnection, type ServiceConnection } from '../../src/services/service-connection.ts';
import type { ServiceError } from '../../src/services/service-error.ts';

const connection: ServiceConnection = {
  id: '0a0b0c0d-1111-2222-3333-444444444444',
  name: '0a0b0c0d-1111-2222-3333-444444444444',
  tenantId: 'contoso.example',
  clientId: 'the-client',
  subscription: 'Contoso production',
  authorityHost: undefined,
  vaultSuffix: undefined,
  proof: {
    kind: 'federation',
    oidcRequestUri: 'https://dev.azure.com/contoso/_apis/oidctoken',
    jobToken: 'the job’s token',
  },
};

/** A pipeline service that gives this answer to everything; time passes only in pauses. */
function opened(answer: Partial<HttpAnswer>) {
  const sent: HttpRequest[] = [];
  const time = { now: 0 };
  const session = openServiceConnection(
    {
      send: async (request) => {
        sent.push(request);
        return { status: 200, headers: {}, body: '', ...answer };
      },
      pauses: {
        sleep: async (milliseconds) => {
          time.now += milliseconds;
        },
        random: () => 0,
        isStopping: () => false,
      },
      registerSecret: () => {},
      now: () => time.now,
    },
    connection,
    'https://login.microsoftonline.com',
  );
  const refusal = () =>
    session.tokenFor('https://vault.azure.net/.default').then(
      () => assert.fail('there is a token'),
      (error: ServiceError) => error,
    );
  return { sent, time, refusal };
}

const json = { 'content-type': 'application/json' };
const said = (message: string) => JSON.stringify({ message, typeKey: 'SomeException' });

describe('A pipeline service that gives no token for a connection', () => {
  const who =
    'service connection "0a0b0c0d-1111-2222-3333-444444444444" (subscription "Contoso production", client id the-client)';
  const cases: readonly { name: string; answer: Partial<HttpAnswer>; told: string; code: string }[] = [
    ...[400, 401, 403, 404].map((status) => ({
      name: `its own reason: ${status}`,
      answer: { status, headers: json, body: said('The connection is disabled.') },
      told:
        `The pipeline service gave no token for ${who} (HTTP ${status}). Azure DevOps says: The connection is disabled. Check ` +
        'that the connection uses workload identity federation and that this pipeline may use it.',
      code: `OidcToken${status}`,
    })),
    {
      name: 'a redirect',
      answer: { status: 302, headers: { location: 'https://login.contoso.com/?secret' } },
      told:
        `The pipeline service gave no token for ${who} (HTTP 302). It sent the request elsewhere, as a sign-in page or a proxy ` +
        'does. Check that the connection uses workload identity federation and that this pipeline may use it.',
      code: 'OidcToken302',
    },
    {
      name: 'a page',
      answer: {
        status: 403,
        headers: { 'content-type': 'text/html' },
        body: '<html><title>Blocked by Contoso</title></html>',
      },
      told:
        'dev.azure.com answered with a page in place of data (HTTP 403, titled "Blocked by Contoso"): a proxy or a filter on the ' +
        'way has sent it, or it is a sign-in page. Check that the agent’s proxy lets requests to dev.azure.com through.',
      code: 'Page403',
    },
  ];
  for (const { name, answer, told, code } of cases) {
    it(`is told with the connection, its client and ${name}`, async () => {
      const error = await opened(answer).refusal();
      assert.deepEqual([error.message, error.code], [told, code]);
    });
  }

  it('is asked for the connection, with the job’s token, and adds to the address what that has already', async () => {
    const { sent, refusal } = opened({ status: 404 });
    await refusal();
    assert.equal(
      sent[0]?.url,
      `https://dev.azure.com/contoso/_apis/oidctoken?api-version=7.1&serviceConnectionId=${connection.id}`,
    );
    assert.equal(sent[0]?.headers.Authorization, 'Bearer the job’s token');
  });

  it('and limits requests always is asked twenty times, and no more by those who ask next', async () => {
    const { sent, refusal, time } = opened({
      status: 429,
      headers: { ...json, 'retry-after': '1' },
      body: said('Later.'),
    });
    const [first, second] = await Promise.all([refusal(), refusal()]);
    assert.equal(sent.length, 20);
    assert.equal(first, second);
    assert.equal(first.transient, false, 'whoever asked does not try again around it');
    await refusal();
    assert.equal(sent.length, 20);
    time.now += 5 * 60_000;
    await refusal();
    assert.equal(sent.length, 40);
  });

  it('and asks to come again after 30 hours is not waited for', async () => {
    const { sent, refusal, time } = opened({ status: 429, headers: { ...json, 'retry-after': '108000' } });
    await refusal();
    assert.deepEqual([sent.length, time.now], [1, 0]);
  });
});
