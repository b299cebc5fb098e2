import assert from 'node:assert/strict';
import type { AxiosInstance } from 'axios';
import {
  claimsChallenge,
  createWorld,
  pageOfTheProxy,
  type Simulator,
  serviceUnavailable,
  slowDown,
  startSimulator,
  tooManyRequests,
} from '../../simulator/index.ts';
import { DEVOPS, patsOf, signIn } from './client.ts';

const NEW_PAT = { displayName: 'Build feed', scope: 'vso.packaging', validTo: '2027-01-22T04:00:00Z', allOrgs: false };

describe('Faults in the simulator', () => {
  let simulator: Simulator;
  let pats: AxiosInstance;

  beforeEach(async () => {
    simulator = await startSimulator({ world: createWorld() });
    pats = patsOf(simulator, await signIn(simulator, DEVOPS));
  });

  afterEach(() => simulator.close());

  const made = (): number => simulator.world.pats.named('contoso', 'Build feed').length;

  it('drop a request before it is carried out', async () => {
    simulator.faults.once('pats.create', { kind: 'drop' });
    await assert.rejects(pats.post('', NEW_PAT), /socket hang up/);
    assert.equal(made(), 0);
    assert.equal((await pats.post('', NEW_PAT)).status, 200);
  });

  it('carry a request out and lose the answer: the caller cannot tell which it was', async () => {
    simulator.faults.once('pats.create', { kind: 'applyThenDrop' });
    await assert.rejects(pats.post('', NEW_PAT), /socket hang up/);
    assert.equal(made(), 1);
  });

  it('put another answer in the service’s mouth, with or without carrying the request out', async () => {
    simulator.faults.once('pats.create', { kind: 'answer', answer: tooManyRequests(7) });
    const throttled = await pats.post('', NEW_PAT);
    assert.deepEqual([throttled.status, throttled.headers['retry-after'], made()], [429, '7', 0]);
    assert.match(throttled.data.message, /^TF400733/);

    simulator.faults.once('pats.create', { kind: 'applyThenAnswer', answer: serviceUnavailable() });
    const failed = await pats.post('', NEW_PAT);
    assert.deepEqual([failed.status, made()], [503, 1]);
  });

  it('ask a caller that was served to slow down: Retry-After with a 200', async () => {
    simulator.faults.once('pats.list', slowDown(3));
    const answer = await pats.get('');
    assert.deepEqual([answer.status, answer.headers['retry-after']], [200, '3']);
    assert.deepEqual(answer.data.patTokens, []);
  });

  it('can be a page of the company’s proxy, or a claims challenge', async () => {
    simulator.faults.once('pats.list', { kind: 'answer', answer: pageOfTheProxy() });
    assert.match((await pats.get('')).data, /^<html>/);
    simulator.faults.once('pats.list', { kind: 'answer', answer: claimsChallenge() });
    assert.match((await pats.get('')).headers['www-authenticate'], /claims="/);
  });

  it('hit an operation a number of times, or the n-th request of all', async () => {
    simulator.faults.times('pats.list', 2, { kind: 'answer', answer: serviceUnavailable() });
    const statuses = [await pats.get(''), await pats.get(''), await pats.get('')].map((answer) => answer.status);
    assert.deepEqual(statuses, [503, 503, 200]);
    simulator.faults.at(simulator.requests.length + 2, { kind: 'answer', answer: serviceUnavailable() });
    assert.deepEqual([(await pats.get('')).status, (await pats.get('')).status], [200, 503]);
  });

  it('leave a request hanging until the client gives up', async () => {
    const client = new AbortController();
    simulator.faults.use({ afterApplied: () => client.abort() });
    simulator.faults.once('pats.create', { kind: 'hang', applied: true });
    await assert.rejects(pats.post('', NEW_PAT, { signal: client.signal }), /canceled/);
    assert.equal(made(), 1);
  });

  it('leave a request hanging until the simulator is closed', async () => {
    simulator.faults.once('pats.list', { kind: 'hang', applied: false });
    const hanging = assert.rejects(pats.get(''));
    while (simulator.requests.at(-1)?.operation !== 'pats.list') await new Promise(setImmediate);
    await simulator.close();
    await hanging;
  });

  it('delay a request', async () => {
    simulator.faults.once('pats.list', {
      kind: 'delay',
      ms: 5,
      next: { kind: 'answer', answer: serviceUnavailable() },
    });
    assert.equal((await pats.get('')).status, 503);
  });

  it('let a test act at the instants before and after a change', async () => {
    const seen: string[] = [];
    simulator.faults.use({
      before: async (request) => {
        await Promise.resolve();
        seen.push(`before ${request.operation} ${request.operationOrdinal}: ${made()}`);
      },
      afterApplied: (request, answer) => {
        seen.push(`after ${request.operation}, ${answer.status}: ${made()}`);
      },
    });
    await pats.post('', NEW_PAT);
    await pats.get('');
    assert.deepEqual(seen, [
      'before pats.create 1: 0',
      'after pats.create, 200: 1',
      'before pats.list 1: 1',
      'after pats.list, 200: 1',
    ]);
  });

  it('can be taken out again', async () => {
    const stop = simulator.faults.always('pats.list', { kind: 'answer', answer: serviceUnavailable() });
    assert.equal((await pats.get('')).status, 503);
    stop();
    assert.equal((await pats.get('')).status, 200);
  });
});

describe('The simulator records every request', () => {
  it('with who sent it, what it said and what became of it', async () => {
    const simulator = await startSimulator();
    const pats = patsOf(simulator, await signIn(simulator, DEVOPS));
    simulator.faults.once('pats.create', { kind: 'applyThenDrop' });
    await assert.rejects(pats.post('', NEW_PAT));
    await pats.get('', { params: { displayFilterOption: 'active' } });
    await simulator.close();

    const [signedIn, created, listed] = simulator.requests;
    assert.equal(signedIn?.operation, 'entra.token.password');
    assert.deepEqual(signedIn?.identity, { kind: 'none' });
    assert.equal(created?.operation, 'pats.create');
    assert.deepEqual(created?.identity, { kind: 'user', upn: 'svc-pats@contoso.example' });
    assert.deepEqual(JSON.parse(created?.body ?? ''), NEW_PAT);
    assert.deepEqual([created?.applied, created?.status], [true, undefined]);
    assert.equal(listed?.query.get('displayFilterOption'), 'active');
    assert.deepEqual([listed?.host, listed?.path], ['vssps.dev.azure.com', '/contoso/_apis/tokens/pats']);
    assert.deepEqual([listed?.ordinal, listed?.status], [3, 200]);
  });
});
