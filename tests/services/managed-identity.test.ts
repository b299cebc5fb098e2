import assert from 'node:assert/strict';
import { answerRequest, createWorld, type World } from '../../simulator/index.ts';
import type { Send } from '../../src/services/http.ts';
import { openServiceConnection } from '../../src/services/service-connection.ts';
import { ServiceError } from '../../src/services/service-error.ts';

const clientId = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0005';
const scope = 'https://vault.azure.net/.default';

/** The machine's own metadata service, as the process sees it. */
function machineOf(world: World): Send {
  return async ({ method, url, headers, body }) => {
    const { host, pathname, searchParams } = new URL(url);
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const request = {
      method,
      host,
      path: pathname,
      query: searchParams,
      headers: Object.fromEntries(lower),
      body: body ?? '',
    };
    const answer = answerRequest(world, request);
    return { status: answer.status, headers: {}, body: answer.body };
  };
}

describe('A managed identity', () => {
  const registered: string[] = [];
  const tokenOf = (world: World, id = clientId) =>
    openServiceConnection(
      {
        send: machineOf(world),
        pauses: { sleep: async () => {}, random: () => 0, isStopping: () => false },
        registerSecret: (value) => registered.push(value),
      },
      {
        id: 'machine',
        name: 'machine',
        tenantId: '',
        clientId: id,
        authorityHost: undefined,
        vaultSuffix: undefined,
        proof: { kind: 'managed identity' },
      },
      'https://login.microsoftonline.com',
    ).tokenFor(scope);

  for (const { title, id } of [
    { title: 'is the machine’s only one', id: '' },
    { title: 'is chosen by its client id', id: clientId },
  ]) {
    it(`that ${title} gives a token for the vault, which is registered as a secret`, async () => {
      const world = createWorld({ applications: [{ clientId, managedIdentity: true }] });
      const { token, expiresOn } = await tokenOf(world, id);
      assert.equal(world.entra.accessToken(token)?.clientId, clientId);
      assert.ok(expiresOn.getTime() > world.now);
      assert.ok(registered.includes(token));
    });
  }

  it('that the machine does not have is an error that says where it works', async () => {
    await assert.rejects(tokenOf(createWorld()), (error: unknown) => {
      assert.ok(error instanceof ServiceError);
      assert.match(
        error.message,
        /service connection "machine" \(HTTP 400\)\. Managed identity works on a self-hosted agent in Azure/,
      );
      return true;
    });
  });
});
