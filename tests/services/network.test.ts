import assert from 'node:assert/strict';
import type http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContext } from 'node:tls';
import { inspect } from 'node:util';
import type { HttpsProxyAgent } from 'https-proxy-agent';
import { CertificateAuthority } from '../../simulator/certificate-authority.ts';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import { createHttp } from '../../src/services/http.ts';
import { createNetwork, type NetworkSettings } from '../../src/services/network.ts';

const url = 'https://vssps.dev.azure.com/contoso/_apis/tokens/pats';

/** Sends one request, and gives the connections that are kept after it. */
async function keptAfter(agent: http.Agent, request: (agent: http.Agent) => http.ClientRequest) {
  await new Promise((resolve, reject) => {
    request(agent)
      .on('error', reject)
      .on('response', (answer) => answer.resume().on('close', resolve))
      .end();
  });
  await new Promise((resolve) => setImmediate(resolve));
  return Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
}

describe('A connection that nobody uses', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.close());

  it('is kept for four seconds, which is less than servers and proxies keep it, and no request meets its closing', async () => {
    const { agentFor } = createNetwork({
      proxy: { url: simulator.proxyUrl, username: undefined, password: undefined, bypass: [] },
      caFile: simulator.caFile,
      clientCertificate: undefined,
    });
    const kept = await keptAfter(agentFor(url), (agent) => https.request(url, { agent, timeout: 60_000 }));
    assert.deepEqual(
      kept.map((socket) => socket.timeout),
      [4_000],
    );
    for (const socket of kept) socket.emit('timeout');
    assert.ok(kept.every((socket) => socket.destroyed));
  });
});

const direct: NetworkSettings = { proxy: undefined, caFile: undefined, clientCertificate: undefined };
const proxyWith = (bypass: readonly string[], url = 'http://proxy:3128') => ({
  url,
  username: undefined,
  password: undefined,
  bypass,
});

describe('The proxy’s bypass list', () => {
  const cases: readonly { entry: string; url: string; viaProxy: boolean; why: string }[] = [
    {
      entry: 'contoso.com',
      url: 'https://login.microsoftonline.com/contoso.com/oauth2',
      viaProxy: true,
      why: 'a path',
    },
    { entry: 'contoso.com', url: 'https://dev.azure.com/?to=https://contoso.com', viaProxy: true, why: 'a query' },
    { entry: 'contoso.com', url: 'https://contoso.com@dev.azure.com/', viaProxy: true, why: 'a user name' },
    { entry: 'contoso.com', url: 'https://vault.contoso.com/', viaProxy: false, why: 'the end of a host' },
    { entry: 'contoso.com', url: 'https://contoso.com.example/', viaProxy: false, why: 'the start of a host' },
    { entry: 'contoso.com', url: 'https://contosoXcom/', viaProxy: false, why: 'a dot is any character' },
    { entry: 'DEV\\.azure', url: 'https://Dev.Azure.com/contoso', viaProxy: false, why: 'any case' },
    { entry: '^https://dev\\.azure\\.com$', url: 'https://dev.azure.com/contoso', viaProxy: false, why: 'the whole' },
    { entry: '^https://dev\\.azure\\.com$', url: 'https://dev.azure.com:443/', viaProxy: false, why: 'the usual port' },
    { entry: '^https://dev\\.azure\\.com$', url: 'https://dev.azure.com:8443/', viaProxy: true, why: 'another port' },
    { entry: ':8443$', url: 'https://dev.azure.com:8443/', viaProxy: false, why: 'a port' },
    { entry: '^https://dev\\.azure\\.com/', url: 'https://dev.azure.com/', viaProxy: true, why: 'no slash is there' },
    { entry: '*.azure.com', url: 'https://dev.azure.com/', viaProxy: true, why: 'no regular expression' },
    { entry: '(', url: 'https://dev.azure.com/', viaProxy: true, why: 'no regular expression' },
  ];
  for (const { entry, url, viaProxy, why } of cases) {
    it(`${viaProxy ? 'does not take' : 'takes'} ${url} for ${entry}: ${why}`, () => {
      assert.equal(createNetwork({ ...direct, proxy: proxyWith([entry]) }).viaProxy(url), viaProxy);
    });
  }

  it('goes on after what is no regular expression', () => {
    const network = createNetwork({ ...direct, proxy: proxyWith(['(', 'azure']) });
    assert.equal(network.viaProxy('https://dev.azure.com/'), false);
  });

  for (const host of ['localhost', 'LOCALHOST:8443', 'loopback', '127.0.0.1', '127.1.2.3', '[::1]']) {
    it(`need not name this machine itself: ${host}`, () => {
      assert.equal(createNetwork({ ...direct, proxy: proxyWith([]) }).viaProxy(`https://${host}/`), false);
    });
  }

  for (const host of ['localhost.contoso.com', '127.0.0.1.contoso.com', 'notlocalhost']) {
    it(`is not passed by for what only looks like this machine: ${host}`, () => {
      assert.equal(createNetwork({ ...direct, proxy: proxyWith([]) }).viaProxy(`https://${host}/`), true);
    });
  }
});

describe('A certificate that nobody vouches for', () => {
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  beforeEach(() => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  });
  afterEach(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  });

  const sendBy = (settings: NetworkSettings, to: string) => {
    const network = createNetwork(settings);
    return createHttp({ network, concurrency: 1, sleep: async () => {}, now: () => 0 })({
      method: 'POST',
      url: to,
      headers: { Authorization: 'Bearer secret' },
      body: 'password=secret',
    });
  };

  it('is refused before anything is sent, whatever NODE_TLS_REJECT_UNAUTHORIZED says: through the proxy', async () => {
    const simulator = await startSimulator();
    const sent = sendBy({ ...direct, proxy: proxyWith([], simulator.proxyUrl) }, url);
    await assert.rejects(sent, {
      outcome: 'unsent',
      message: /^The certificate of vssps\.dev\.azure\.com is not trusted/,
    });
    assert.deepEqual(simulator.requests, []);
    await simulator.close();
  });

  it('is refused before anything is sent, whatever NODE_TLS_REJECT_UNAUTHORIZED says: directly', async () => {
    const { server, port, requests } = await listenWith(await CertificateAuthority.create());
    await assert.rejects(sendBy(direct, `https://localhost:${port}/`), {
      outcome: 'unsent',
      message: /is not trusted/,
    });
    assert.equal(requests.length, 0);
    server.close();
  });

  it('is refused of the proxy itself, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const { server, port, requests } = await listenWith(await CertificateAuthority.create());
    const sent = sendBy({ ...direct, proxy: proxyWith([], `https://user:secret@localhost:${port}`) }, url);
    await assert.rejects(sent, { outcome: 'unsent' });
    assert.equal(requests.length, 0);
    server.close();
  });
});

/** An HTTPS server on this machine. */
async function listenWith(authority: CertificateAuthority) {
  const requests: http.IncomingMessage[] = [];
  const SNICallback = (name: string, done: (error: Error | null, context?: SecureContext) => void) => {
    authority.contextFor(name).then((context) => done(null, context), done);
  };
  const server = https.createServer({ SNICallback }, (request, answer) => {
    requests.push(request);
    answer.end('{}');
  });
  server.on('connect', (request: http.IncomingMessage, socket) => {
    requests.push(request);
    socket.end();
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return { server, port: (server.address() as AddressInfo).port, requests };
}

describe('A host with several addresses', () => {
  it('has five seconds for each, directly, through the proxy and without TLS: Node alone gives a quarter of one', () => {
    const network = createNetwork({ ...direct, proxy: proxyWith(['direct']) });
    for (const agent of [network.agentFor('https://direct/'), network.plainAgentFor('http://x/')]) {
      const { options } = agent as unknown as { options: { autoSelectFamilyAttemptTimeout?: number } };
      assert.equal(options.autoSelectFamilyAttemptTimeout, 5_000);
    }
    assert.equal(connectOptionsOf(network.agentFor(url)).autoSelectFamilyAttemptTimeout, 5_000);
  });
});

describe('The proxy’s password', () => {
  it('is not in the address that DEBUG=* prints, wherever it was given', () => {
    for (const proxy of [
      proxyWith([], 'http://user:p%40ss@proxy:3128'),
      { ...proxyWith([]), username: 'user', password: 'p@ss' },
    ]) {
      const agent = createNetwork({ ...direct, proxy }).agentFor(url) as unknown as HttpsProxyAgent<string>;
      const { headers, ...shown } = connectOptionsOf(agent as unknown as https.Agent) as Record<string, unknown>;
      assert.equal(headers, undefined);
      assert.doesNotMatch(`${agent.proxy.href} ${inspect(shown, { depth: 5 })}`, /p@ss|p%40ss|dXNlcjpwQHNz/);
      const signIn = (agent.proxyHeaders as () => Record<string, string>)()['Proxy-Authorization'];
      assert.equal(signIn, `Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    }
  });
});

function connectOptionsOf(agent: https.Agent): { autoSelectFamilyAttemptTimeout?: number } {
  return (agent as unknown as { connectOpts: { autoSelectFamilyAttemptTimeout?: number } }).connectOpts;
}
