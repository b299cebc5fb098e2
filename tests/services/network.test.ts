import assert from 'node:assert/strict';
import type http from 'node:http';
import https from 'node:https';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import { createNetwork } from '../../src/services/network.ts';

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
      skipCertificateValidation: false,
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
