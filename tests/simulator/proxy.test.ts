import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import axios, { type AxiosInstance } from 'axios';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { createWorld, type Simulator, startSimulator } from '../../simulator/index.ts';
import { clientOf } from './client.ts';

const DISCOVERY = 'https://login.microsoftonline.com/contoso.example/v2.0/.well-known/openid-configuration';

describe('The simulator’s proxy', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({
      world: createWorld({
        vaults: { 'contoso-kv': {} },
        applications: [{ clientId: '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0005', managedIdentity: true }],
      }),
    });
  });

  afterEach(() => simulator.close());

  it('stands before the real host names, with certificates that the given CA vouches for', async () => {
    const client = clientOf(simulator);
    for (const url of [
      DISCOVERY,
      'https://vssps.dev.azure.com/contoso/_apis/tokens/pats',
      'https://dev.azure.com/contoso/_apis/connectionData',
      'https://contoso-kv.vault.azure.net/secrets',
    ])
      assert.ok((await client.get(url)).status < 500, url);
    const untrusting = axios.create({ proxy: false, httpsAgent: new HttpsProxyAgent(simulator.proxyUrl) });
    await assert.rejects(untrusting.get(DISCOVERY), /self-signed certificate in certificate chain/);
  });

  it('writes the CA into a file, which is gone after closing', async () => {
    assert.equal(readFileSync(simulator.caFile, 'utf8'), simulator.caPem);
    await simulator.close();
    assert.ok(!existsSync(simulator.caFile));
  });

  it('keeps connections alive, and counts CONNECTs and TLS handshakes per host', async () => {
    const client = clientOf(simulator);
    for (let round = 0; round < 3; round++) await client.get(DISCOVERY);
    assert.deepEqual(simulator.traffic('login.microsoftonline.com'), { connects: 1, tlsHandshakes: 1 });
    await clientOf(simulator).get(DISCOVERY);
    assert.deepEqual(simulator.traffic('login.microsoftonline.com'), { connects: 2, tlsHandshakes: 2 });
    assert.deepEqual(simulator.traffic('dev.azure.com'), { connects: 0, tlsHandshakes: 0 });
  });

  describe('does not know any other host', () => {
    const ask = (client: AxiosInstance) => client.get('https://no-such-kv.vault.azure.net/secrets');

    for (const unknownHost of [502, 504] as const)
      it(`and answers the CONNECT with ${unknownHost} (a setting)`, async () => {
        simulator.world.configure({ unknownHost });
        // https-proxy-agent plays the proxy's own answer back as if it were the host's.
        assert.equal((await ask(clientOf(simulator))).status, unknownHost);
      });

    it('and closes the connection (a setting)', async () => {
      simulator.world.configure({ unknownHost: 'close' });
      await assert.rejects(ask(clientOf(simulator)));
    });

    it('such as one on the real internet', async () => {
      assert.equal((await clientOf(simulator).get('https://example.com/')).status, 502);
    });
  });

  it('can demand credentials', async () => {
    const guarded = await startSimulator({ proxyCredentials: { username: 'agent', password: 'a secret' } });
    assert.equal((await clientOf(guarded).get(DISCOVERY)).status, 407);
    const proxyUrl = guarded.proxyUrl.replace('//', '//agent:a%20secret@');
    assert.equal((await clientOf({ ...guarded, proxyUrl }).get(DISCOVERY)).status, 200);
    await guarded.close();
  });

  it('hands out tokens for a managed identity in plain HTTP', async () => {
    const { hostname, port } = new URL(simulator.proxyUrl);
    const ask = async (headers: Record<string, string>): Promise<{ status: number; body: string }> =>
      new Promise((resolve, reject) => {
        const path =
          'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net';
        request({ hostname, port, path, headers }, async (response) => {
          response.setEncoding('utf8');
          let body = '';
          for await (const chunk of response) body += chunk;
          resolve({ status: response.statusCode ?? 0, body });
        })
          .on('error', reject)
          .end();
      });
    assert.equal((await ask({})).status, 400);
    const answer = await ask({ metadata: 'true' });
    assert.equal(answer.status, 200);
    const vault = await clientOf(simulator).get('https://contoso-kv.vault.azure.net/secrets?api-version=2025-07-01', {
      headers: { authorization: `Bearer ${JSON.parse(answer.body).access_token}` },
    });
    assert.deepEqual([vault.status, vault.data.value], [200, []]);
  });

  it('may be closed twice', async () => {
    await simulator.close();
    await simulator.close();
  });
});
