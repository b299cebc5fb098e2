import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import { type Fault, serviceUnavailable, tooManyRequests } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import type { Situation, StepRun, TaskInputs } from './situation.ts';

const pats = [{ displayName: 'A' }, { displayName: 'B' }, { displayName: 'C' }];
const advanced = { mode: 'advanced', keyVault: 'contoso-vault', concurrency: '1' };
const monthly = { ...advanced, renewBeforeDays: '15' };

/** Milliseconds after which the task has heard of the cancellation, also on a busy machine; it waits 2.6 seconds for an answer then. */
const longEnough = 1000;

/** Cancels the job while a request for this operation is under way; its answer comes after the task has heard of it. */
function cancelDuring({ faults }: Situation, operation: string): AbortSignal {
  const controller = new AbortController();
  faults.once(operation, { kind: 'delay', ms: longEnough });
  faults.use({
    before: (request) => {
      if (request.operation === operation) controller.abort();
    },
  });
  return controller.signal;
}

/** Cancels the job when the first request for this operation has come in, and does `fault` to all of them. */
function cancelWhile({ faults }: Situation, operation: string, fault: Fault): AbortSignal {
  const controller = new AbortController();
  faults.use({
    decide: (request) => {
      if (request.operation !== operation) return { kind: 'pass' };
      controller.abort();
      return fault;
    },
  });
  return controller.signal;
}

/** Runs a job that is cancelled; the task must have ended by itself and told all of its results before the agent kills it. */
async function cancelled(here: Situation, inputs: TaskInputs, signal: AbortSignal): Promise<StepRun> {
  let underWay = 0;
  signal.addEventListener('abort', () => {
    underWay = here.simulator.requests.length;
  });
  const run = await here.run({ concurrency: '1', ...inputs }, { signal });
  assert.equal(run.result, 'Canceled');
  assert.equal(run.raw.exitCode, 0, 'the task ends by itself');
  assert.ok(run.report.finishedAt, 'the report is written');
  assert.deepEqual(createdAfter(here, underWay), [], 'no PAT is created after the signal');
  return run;
}

/** Creations that came in after so many requests. */
const createdAfter = ({ simulator }: Situation, requests: number) =>
  simulator.requests.slice(requests).flatMap(({ operation, body }) => (operation === 'pats.create' ? [body] : []));

const told = (run: StepRun, words: RegExp) => run.pats.filter(({ message }) => words.test(message ?? '')).length;

describePackagedTask('A cancelled job', (given) => {
  it('finishes the request under way, begins nothing new, and tells which PATs had no turn', async () => {
    const here = await given({ pats });
    const run = await cancelled(here, { concurrency: '1' }, cancelDuring(here, 'pats.update'));
    const { operations, outputs, report } = run;
    assert.equal(operations['pats.update'], 1);
    assert.deepEqual([outputs.renewedCount, outputs.skippedCount], ['1', '2']);
    const skipped = report.organizations[0]?.pats.filter(({ outcome }) => outcome === 'skipped') ?? [];
    assert.ok(skipped.every(({ message }) => /cancelled/.test(message ?? '')));
  });

  it('delivers the PAT that it has made, makes no other, and revokes nothing; the next run does the rest', async () => {
    const here = await given({ pats });
    const {
      operations,
      outputs,
      pats: lines,
    } = await here.run({ ...advanced, revokeAfterHours: '0' }, { signal: cancelDuring(here, 'pats.create') });
    assert.deepEqual(
      [operations['pats.create'], operations['vault.setSecret'], operations['pats.revoke']],
      [1, 1, undefined],
    );
    assert.equal(outputs.renewedCount, '1');
    assert.equal(lines.filter(({ message }) => /cancelled/.test(message ?? '')).length >= 2, true);
    const next = await here.run({ ...monthly, revokeAfterHours: '0' });
    assert.deepEqual([next.result, next.outputs.renewedCount, next.outputs.revokedCount], ['Succeeded', '2', '3']);
    assert.deepEqual(here.activeNames(), ['A', 'B', 'C']);
  });

  it('is like a step whose time is over (timeoutInMinutes): it stops in the same way, and has failed', async () => {
    const here = await given({ pats });
    const run = await here.run({ concurrency: '1' }, { timeout: cancelDuring(here, 'pats.update') });
    assert.deepEqual([run.result, run.raw.exitCode, run.operations['pats.update']], ['Failed', 0, 1]);
    assert.ok(run.errors.includes('The task has timed out.'));
    assert.equal(told(run, /cancelled/), 2);
  });

  it('lets a step finish whose condition holds even then: the agent does not tell it', async () => {
    const here = await given({ pats });
    const signal = cancelDuring(here, 'pats.update');
    const run = await here.run({ concurrency: '1' }, { signal, condition: 'always()' });
    assert.deepEqual([run.result, run.outputs.renewedCount], ['Succeeded', '3']);
  });

  it('before anything was read: says that nothing was begun', async () => {
    const here = await given({ pats });
    const run = await cancelled(here, advanced, cancelDuring(here, 'entra.token.password'));
    assert.deepEqual(run.writes, []);
    assert.ok([...run.warnings, ...run.errors].some((text) => /cancelled before its turn/.test(text)));
  });

  it('while records are read: reads no further ones, and leaves every PAT to the next run', async () => {
    const here = await given({ pats });
    const run = await cancelled(here, advanced, cancelDuring(here, 'vault.listVersions'));
    assert.deepEqual(run.writes, []);
    assert.equal(run.operations['vault.listVersions'], 1);
    assert.equal(told(run, /cancelled before its turn.*next run/), 3);
  });

  it('while a PAT is proven: delivers it', async () => {
    const here = await given({ pats: [{ displayName: 'A' }] });
    const controller = new AbortController();
    here.faults.use({
      decide: ({ operation, identity }) => {
        if (operation !== 'devops.connectionData' || identity.kind !== 'pat') return { kind: 'pass' };
        controller.abort();
        return { kind: 'delay', ms: longEnough };
      },
    });
    const run = await cancelled(here, advanced, controller.signal);
    assert.equal(here.newest('A').value, here.named('A')[1]?.value);
    assert.equal(run.line('A').outcome, 'done');
  });

  it('while the vault hangs: gives the delivery one more attempt, looks, and says that its fate is not certain', async () => {
    const here = await given({ pats });
    const run = await cancelled(here, advanced, cancelWhile(here, 'vault.setSecret', { kind: 'hang', applied: false }));
    const [old, made] = here.named('A');
    assert.ok(old && made && here.isActive(old) && here.isActive(made), 'an unknown delivery is not undone');
    const { message = '' } = run.line('A');
    assert.ok(message.includes(made.authorizationId) && /not certain.*next run/.test(message), message);
    assert.deepEqual([run.operations['vault.setSecret'], run.operations['pats.create']], [2, 1]);
    here.faults.clear();
    here.world.advance({ hours: 49 });
    await here.run(monthly);
    here.world.advance({ hours: 49 });
    await here.run(monthly);
    assert.deepEqual(here.activeNames(), ['A', 'B', 'C']);
  });

  it('while the vault hangs, though the value has arrived: finds it there', async () => {
    const here = await given({ pats: [{ displayName: 'A' }] });
    const run = await cancelled(here, advanced, cancelWhile(here, 'vault.setSecret', { kind: 'hang', applied: true }));
    assert.equal(run.line('A').outcome, 'done');
    assert.equal(here.newest('A').value, here.named('A')[1]?.value);
  });

  for (const [name, fault] of [
    ['has a problem of its own', { kind: 'answer', answer: serviceUnavailable(60) }],
    ['limits requests', { kind: 'answer', answer: tooManyRequests(60) }],
    ['breaks the connection', { kind: 'drop' }],
  ] as const) {
    it(`while the vault ${name}: the delivery is tried once more, at once`, async () => {
      const here = await given({ pats: [{ displayName: 'A' }] });
      const controller = new AbortController();
      here.faults.use({
        decide: ({ operation, operationOrdinal }) => {
          if (operation !== 'vault.setSecret' || operationOrdinal > 1) return { kind: 'pass' };
          controller.abort();
          return { kind: 'delay', ms: longEnough, next: fault };
        },
      });
      const run = await cancelled(here, advanced, controller.signal);
      assert.equal(run.line('A').outcome, 'done');
      assert.equal(here.newest('A').value, here.named('A')[1]?.value);
    });
  }

  it('while the vault refuses the new value: revokes the new PAT again', async () => {
    const here = await given({ pats: [{ displayName: 'A' }] });
    const forbidden = json(403, { error: { code: 'Forbidden', innererror: { code: 'ForbiddenByRbac' } } });
    const signal = cancelWhile(here, 'vault.setSecret', {
      kind: 'delay',
      ms: longEnough,
      next: { kind: 'answer', answer: forbidden },
    });
    const old = here.active('A');
    const run = await cancelled(here, advanced, signal);
    assert.equal(here.active('A').authorizationId, old.authorizationId);
    assert.match(run.line('A').message ?? '', /ForbiddenByRbac.*revoked again/);
  });

  it('during a long pause that Azure DevOps asked for: makes no PAT, and does not wait', async () => {
    const here = await given({ pats });
    const controller = new AbortController();
    here.faults.always('pats.create', { kind: 'answer', answer: tooManyRequests(240) });
    // The task is told of the pause first; then it sleeps.
    const debugged = (line: string) => {
      if (/POST vssps.*-> 429/.test(line)) controller.abort();
    };
    const run = await here.run(
      { ...advanced, concurrency: '3' },
      { signal: controller.signal, debug: true, onLine: debugged },
    );
    assert.equal(run.result, 'Canceled');
    assert.equal(run.raw.exitCode, 0);
    assert.ok(pats.every(({ displayName }) => here.named(displayName).length === 1));
    assert.equal(told(run, /No PAT was made|nothing was made/), 3);
    assert.ok(Number(run.outputs.failedCount) === 3);
  });

  it('with PATs that wait for their turn at a busy host: creates none of them', async () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ displayName: `P${index}` }));
    const here = await given({ pats: many });
    const controller = new AbortController();
    let underWay = 0;
    here.faults.use({
      decide: ({ operation, operationOrdinal, ordinal }) => {
        if (operation !== 'pats.create') return { kind: 'pass' };
        // They are refused at first: from then on all queue behind a single request. That one hangs, so that they get
        // their turn only when the task gives it up, which it does because it has heard of the cancellation.
        if (operationOrdinal <= 4) return { kind: 'answer', answer: tooManyRequests(0) };
        if (underWay > 0) return { kind: 'pass' };
        underWay = ordinal;
        controller.abort();
        return { kind: 'hang', applied: false };
      },
    });
    const run = await here.run({ ...advanced, concurrency: '4' }, { signal: controller.signal });
    assert.deepEqual([run.result, run.raw.exitCode], ['Canceled', 0]);
    assert.deepEqual(createdAfter(here, underWay), []);
    assert.ok(many.every(({ displayName }) => here.named(displayName).length === 1));
    assert.deepEqual([told(run, /not certain/), told(run, /No PAT was made|nothing was made/)], [1, 11]);
  });

  it('while everything hangs: still tells where things stand before the kill', async () => {
    const here = await given({ pats });
    const controller = new AbortController();
    here.faults.use({
      decide: ({ operation, identity }) => {
        if (operation === 'devops.connectionData' && identity.kind === 'pat') controller.abort();
        return controller.signal.aborted ? { kind: 'hang', applied: false } : { kind: 'pass' };
      },
    });
    const run = await cancelled(here, advanced, controller.signal);
    const made = here.named('A')[1];
    assert.ok(made);
    const { message = '' } = run.line('A');
    assert.ok(message.includes(made.authorizationId) && /could not be revoked again.*later run/.test(message), message);
  });

  it('without a vault: takes back what it has made, as no later step would store it', async () => {
    const here = await given({ pats: [{ displayName: 'A' }] });
    const old = here.active('A');
    const run = await cancelled(here, { mode: 'advanced' }, cancelDuring(here, 'pats.create'));
    assert.equal(here.active('A').authorizationId, old.authorizationId);
    assert.equal(run.outputs.PAT_A, undefined);
    assert.match(run.line('A').message ?? '', /cancelled before its value was handed over.*revoked again/);
  });

  it('without a vault, once a value is handed over: supersedes nothing, and a run 12 hours later starts over', async () => {
    const here = await given({ pats: [{ displayName: 'A' }, { displayName: 'B' }] });
    const controller = new AbortController();
    here.faults.use({
      decide: ({ operation, operationOrdinal }) => {
        if (operation !== 'pats.create' || operationOrdinal < 2) return { kind: 'pass' };
        controller.abort();
        return { kind: 'delay', ms: longEnough };
      },
    });
    const run = await cancelled(here, { mode: 'advanced', pats: 'A\nB', concurrency: '1' }, controller.signal);
    const handedOver = Object.keys(run.outputs).filter((name) => name.startsWith('PAT_'));
    assert.equal(handedOver.length, 1);
    const [name = ''] = handedOver.map((output) => output.slice('PAT_'.length));
    assert.deepEqual(here.activeNames(), [...['A', 'B'], `${name} (Renew PATs: new)`].sort());
    here.world.advance({ hours: 24 });
    const next = await here.run({ mode: 'advanced', pats: name, renewBeforeDays: '5' });
    assert.equal(next.outputs.renewedCount, '1');
    assert.ok(here.named(name).every(here.isActive), 'the PAT in use is not touched');
  });

  it('while a PAT is being revoked: revokes no other one, and disables no version any more', async () => {
    const here = await given({ pats });
    await here.run(advanced);
    here.world.advance({ hours: 49 });
    const run = await cancelled(here, { ...monthly, mode: 'revoke' }, cancelDuring(here, 'pats.revoke'));
    assert.deepEqual([run.operations['pats.revoke'], run.outputs.revokedCount], [1, '1']);
    assert.equal(told(run, /Left: the job was cancelled\. The next run revokes it/), 2);
    await here.run({ ...monthly, mode: 'revoke' });
    assert.deepEqual(here.activeNames(), ['A', 'B', 'C']);
  });
});
