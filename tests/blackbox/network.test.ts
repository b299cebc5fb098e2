import assert from 'node:assert/strict';
import { type Fault, serviceUnavailable, slowDown, tooManyRequests, vaultThrottled } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import type { Company, Situation } from './situation.ts';

const company: Company = { pats: [{ displayName: 'Build feed' }] };
const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
const credentials = { username: 'agent', password: 'p@ss:w/rd of the proxy' };

describePackagedTask('The agent’s proxy', (given) => {
  it('carries every request, and connections are used again', async () => {
    const { run, simulator } = await given({
      pats: Array.from({ length: 20 }, (_, i) => ({ displayName: `PAT ${i}` })),
    });
    const connections = simulator.watchConnections();
    const { requests } = await run({ ...advanced, concurrency: '4' });
    for (const host of [
      'login.microsoftonline.com',
      'vssps.dev.azure.com',
      'dev.azure.com',
      'contoso-vault.vault.azure.net',
    ]) {
      const asked = requests.filter((request) => request.host === host).length;
      const { connects } = simulator.traffic(host);
      const most = connections.mostAtOnce(host);
      assert.ok(connects >= 1 && most <= 5, `${host}: ${most} connections at once`);
      assert.ok(asked <= 5 || connects < asked, `${host}: ${connects} connections for ${asked} requests`);
    }
  });

  it('gets the user name and the password that it asks for', async () => {
    const { run, simulator } = await given({ ...company, proxyCredentials: credentials });
    const proxy = { url: simulator.proxyUrl, ...credentials };
    assert.equal((await run(advanced, { proxy, debug: true })).result, 'Succeeded');
  });

  it('refuses the agent without them, and the message says what to configure', async () => {
    const { run } = await given({ ...company, proxyCredentials: credentials });
    const { result, errors, requests } = await run();
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(errors.join('\n'), /proxy.*407.*--proxyusername/s);
  });

  it('is passed by for what the bypass list names, in any case', async () => {
    const { run, simulator } = await given(company);
    // There is no such host: what counts is that the proxy was not asked.
    const proxy = { url: simulator.proxyUrl, bypassList: ['^https://LOGIN\\.INVALID$', '(is no expression'] };
    const { result, errors } = await run({ authorityHost: 'https://login.invalid' }, { proxy });
    assert.equal(result, 'Failed');
    assert.match(errors.join('\n'), /login\.invalid cannot be reached.*(?:ENOTFOUND|EAI_AGAIN)/);
    assert.equal(simulator.traffic('login.invalid').connects, 0);
  });

  it('is passed by for the agent’s own machine', async () => {
    const { run, simulator } = await given(company);
    const { errors } = await run({ authorityHost: 'https://localhost:1' });
    assert.match(errors.join('\n'), /localhost:1 cannot be reached.*ECONNREFUSED/);
    assert.equal(simulator.traffic('localhost').connects, 0);
  });
});

describePackagedTask('The certificates of the company', (given) => {
  it('are asked for, whatever NODE_TLS_REJECT_UNAUTHORIZED and the agent’s switch say: no password is sent', async () => {
    const { run } = await given(company);
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', AGENT_SKIPCERTVALIDATION: 'True' };
    const { result, errors, raw, requests } = await run({}, { caInfo: '', env });
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(errors.join('\n'), /certificate of login\.microsoftonline\.com is not trusted/);
    assert.doesNotMatch(raw.log, /makes TLS connections/);
  });

  it('that cannot be read are told before anything is sent', async () => {
    const { run } = await given(company);
    const { result, errors, requests } = await run({}, { caInfo: '/nowhere/ca.pem' });
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(errors.join('\n'), /\/nowhere\/ca\.pem cannot be read \(ENOENT\)\. Agent\.CAInfo/);
  });

  it('are trusted when the agent names their file; otherwise the message names the authority’s place', async () => {
    const { run } = await given(company);
    const { result, errors, requests } = await run({}, { caInfo: '' });
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(errors.join('\n'), /certificate of login\.microsoftonline\.com is not trusted.*--sslcacert/s);
    assert.equal((await run()).result, 'Succeeded');
  });

  it('are missed in a container that has no such file, before anything is sent', async () => {
    const { run } = await given(company);
    const { result, errors, requests } = await run({}, { inContainer: true });
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(errors.join('\n'), /ca\.pem.*--sslcacert.*container/s);
  });

  it('are trusted when NODE_EXTRA_CA_CERTS names their file', async () => {
    const { run, simulator } = await given(company);
    const { result } = await run({}, { caInfo: '', env: { NODE_EXTRA_CA_CERTS: simulator.caFile } });
    assert.equal(result, 'Succeeded');
  });
});

/** When the requests for an operation arrived, in milliseconds. */
function arrivals({ faults }: Situation, operation: string): number[] {
  const times: number[] = [];
  faults.use({
    before: (request) => {
      if (request.operation === operation) times.push(performance.now());
    },
  });
  return times;
}

describePackagedTask('A service that limits requests', (given) => {
  const limits: readonly [string, string, Fault][] = [
    ['a list', 'pats.list', { kind: 'answer', answer: tooManyRequests(1) }],
    ['a creation', 'pats.create', { kind: 'answer', answer: tooManyRequests(1) }],
    ['a revocation', 'pats.revoke', { kind: 'answer', answer: tooManyRequests(1) }],
    ['a new secret version', 'vault.setSecret', { kind: 'answer', answer: vaultThrottled(1) }],
  ];
  for (const [what, operation, fault] of limits) {
    it(`is asked again for ${what} after as many seconds as it says (429)`, async () => {
      const here = await given(company);
      const times = arrivals(here, operation);
      here.faults.once(operation, fault);
      const { result, outputs } = await here.run({ ...advanced, revokeAfterHours: '0' });
      assert.deepEqual([result, outputs.renewedCount, outputs.revokedCount], ['Succeeded', '1', '1']);
      assert.deepEqual(here.activeNames(), ['Build feed']);
      assert.ok((times.at(-1) ?? 0) - (times[0] ?? 0) >= 990);
    });
  }

  it('gets the pause that it asks for with a 200, and the request is not repeated', async () => {
    const here = await given(company);
    const times = [...['pats.list', 'pats.update'].map((operation) => arrivals(here, operation))];
    here.faults.always('pats.list', slowDown(1));
    const { result, operations } = await here.run();
    assert.deepEqual([result, operations['pats.list'], operations['pats.update']], ['Succeeded', 2, 1]);
    assert.ok((times[1]?.[0] ?? 0) - (times[0]?.[0] ?? 0) >= 990);
  });

  it('is given up after a few attempts, with the service’s code', async () => {
    const here = await given(company);
    here.faults.always('pats.update', { kind: 'answer', answer: tooManyRequests(0) });
    const { result, line, operations } = await here.run();
    assert.equal(result, 'Failed');
    assert.match(line('Build feed').message ?? '', /limiting.*TF400733/);
    assert.ok((operations['pats.update'] ?? 0) <= 5);
  });

  it('or is not available is asked again for what may be repeated', async () => {
    const here = await given(company);
    for (const operation of ['pats.list', 'devops.connectionData', 'vault.listVersions', 'pats.get'])
      here.faults.once(operation, { kind: 'answer', answer: serviceUnavailable(0) });
    const { result, outputs } = await here.run({ ...advanced, revokeAfterHours: '0' });
    assert.deepEqual([result, outputs.revokedCount], ['Succeeded', '1']);
  });
});
