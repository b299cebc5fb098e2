import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTask } from '../../../simulator/agent/run-task.ts';
import { makeExtension, makeTask, printingTask, removeTasks } from './fixture-task.ts';

describe('the result of a step', () => {
  afterEach(removeTasks);

  const finish = (...results: string[]) =>
    runTask({ taskFolder: printingTask(results.map((result) => `##vso[task.complete result=${result}]`)) });

  it('is Succeeded if the task says nothing', async () => {
    const { result, exitCode } = await runTask({ taskFolder: makeTask('') });

    assert.equal(result, 'Succeeded');
    assert.equal(exitCode, 0);
  });

  it('is what the task says', async () => {
    for (const result of ['Succeeded', 'SucceededWithIssues', 'Failed', 'Skipped'] as const) {
      assert.equal((await finish(result)).result, result);
    }
  });

  it('is the worst of what the task says', async () => {
    assert.equal((await finish('Succeeded', 'Failed', 'SucceededWithIssues')).result, 'Failed');
  });

  it('is Failed if the task says something that is no result', async () => {
    const { result, issues } = await finish('Cancelled');

    assert.equal(result, 'Failed');
    assert.equal(issues[1]?.message, "Command doesn't have valid result value.");
  });

  it('is Failed if the process does not exit with 0, whatever the task said', async () => {
    const taskFolder = makeTask(`console.log('##vso[task.complete result=Succeeded]'); process.exitCode = 3;`);
    const { result, exitCode, issues } = await runTask({ taskFolder });

    assert.equal(result, 'Failed');
    assert.equal(exitCode, 3);
    assert.match(
      issues[0]?.message ?? '',
      /^Exit code 3 returned from process: file name '.*', arguments '".*index.js"'.$/,
    );
  });

  it('is Failed if the process dies of a signal', async () => {
    const { result, exitCode } = await runTask({ taskFolder: makeTask(`process.kill(process.pid, 'SIGKILL');`) });

    assert.equal(result, 'Failed');
    assert.equal(exitCode, 137);
  });

  it('stands between two lines that name the task, below its description', async () => {
    const seen: string[] = [];
    const { log } = await runTask({ taskFolder: printingTask(['working']), onLine: (line) => seen.push(line) });

    assert.equal(seen.join('\n'), log);
    assert.equal(seen[0], '##[section]Starting: A fixture');
    assert.ok(seen.includes('Version      : 1.0.0'));
    assert.deepEqual(seen.slice(-2), ['working', '##[section]Finishing: A fixture']);
  });

  it('is found for the task of an extracted extension, too', async () => {
    const { rawOutput } = await runTask({ taskFolder: makeExtension(`console.log('packed')`) });

    assert.equal(rawOutput, 'packed');
  });
});

describe('the handler of a task', () => {
  afterEach(removeTasks);

  for (const { agentVersion, handler } of [
    { agentVersion: '4.272.0', handler: 'for 24' },
    { agentVersion: '3.232.1', handler: 'for 20' },
  ]) {
    it(`is the newest that the agent knows, whatever Node.js then runs it: ${handler} on ${agentVersion}`, async () => {
      const taskFolder = makeTask(`console.log('for 20')`, {
        execution: { Node20_1: { target: 'index.js' }, Node24: { target: 'node24.js' } },
      });
      writeFileSync(join(taskFolder, 'node24.js'), `console.log('for 24')`);

      assert.equal((await runTask({ taskFolder, agentVersion })).rawOutput, handler);
    });
  }

  it('must be one that agents of today have', async () => {
    const taskFolder = makeTask('', { execution: { Node20: { target: 'index.js' } } });

    await assert.rejects(runTask({ taskFolder }), /A supported task execution handler was not found/);
  });
});

describe('a task that does not end', () => {
  afterEach(removeTasks);

  /** Long enough for a busy machine to let the process say its word in between. */
  const patience = { afterInterrupt: 1000, afterTerminate: 1000, afterDone: 40, afterExit: 40 };
  /** Prints `ready` once it listens, and then one line for each signal. */
  const stubborn = (signals: readonly string[]) =>
    makeTask(`
      for (const signal of ${JSON.stringify(signals)}) process.on(signal, () => console.log(signal));
      setInterval(() => {}, 1000);
      console.log('ready');`);

  async function cancelWhenReady(taskFolder: string) {
    const cancellation = new AbortController();
    const onLine = (line: string) => {
      if (line === 'ready') cancellation.abort();
    };
    return await runTask({ taskFolder, patience, onLine, signal: cancellation.signal });
  }

  it('is interrupted when the job is cancelled', async () => {
    const { result, exitCode, issues } = await cancelWhenReady(stubborn([]));

    assert.equal(result, 'Canceled');
    assert.equal(exitCode, 130);
    assert.deepEqual(issues, [
      { type: 'error', message: 'The Operation will be canceled. The next steps may not contain expected logs.' },
      { type: 'error', message: 'The operation was canceled.' },
    ]);
  });

  it('is terminated if it ignores that', async () => {
    const { rawOutput, exitCode } = await cancelWhenReady(stubborn(['SIGINT']));

    assert.equal(rawOutput, 'ready\nSIGINT');
    assert.equal(exitCode, 143);
  });

  it('is killed if it ignores both', async () => {
    const { rawOutput, exitCode } = await cancelWhenReady(stubborn(['SIGINT', 'SIGTERM']));

    assert.equal(rawOutput, 'ready\nSIGINT\nSIGTERM');
    assert.equal(exitCode, 137);
  });

  it('may clean up and end by itself; the step is cancelled all the same', async () => {
    const { result, exitCode, rawOutput } = await cancelWhenReady(
      makeTask(`
        process.on('SIGINT', () => { console.log('cleaned up'); process.exit(0); });
        setInterval(() => {}, 1000);
        console.log('ready');`),
    );

    assert.equal(result, 'Canceled');
    assert.equal(exitCode, 0);
    assert.equal(rawOutput, 'ready\ncleaned up');
  });

  it('is interrupted in the same way when its time is over, and has failed then', async () => {
    const timeout = new AbortController();
    const { result, issues, rawOutput } = await runTask({
      taskFolder: stubborn(['SIGINT', 'SIGTERM']),
      patience,
      timeout: timeout.signal,
      onLine: (line) => void (line === 'ready' && timeout.abort()),
    });

    assert.deepEqual([result, rawOutput], ['Failed', 'ready\nSIGINT\nSIGTERM']);
    assert.deepEqual(issues, [{ type: 'error', message: 'The task has timed out.' }]);
  });

  it('goes on without a reader if the agent dies: each of its writes fails', async () => {
    const { result, exitCode, rawOutput, files, outputs } = await runTask({
      taskFolder: makeTask(`
        process.stdout.on('error', ({ code }) => {
          require('node:fs').writeFileSync(require('node:path').join(process.env.AGENT_TEMPDIRECTORY, 'seen'), code);
        });
        console.log('##vso[task.setvariable variable=first;isOutput=true]1');
        setTimeout(() => console.log('##vso[task.setvariable variable=second;isOutput=true]2'), 50);`),
      readerGoesAwayAfter: /variable=first/,
    });

    assert.deepEqual([result, exitCode, rawOutput.split('\n').length], ['Abandoned', 0, 1]);
    assert.deepEqual([[...outputs.keys()], files.get('seen')], [['first'], 'EPIPE']);
  });

  it('is left if it said that it is done', async () => {
    const { result, exitCode } = await runTask({
      taskFolder: makeTask(`
        console.log('##vso[task.complete result=Failed;done=true]');
        setInterval(() => {}, 1000);`),
      patience,
    });

    assert.equal(result, 'Failed');
    assert.equal(exitCode, undefined);
  });

  it('has ended when its process has, even if a child of it still holds its output', async () => {
    const { result, exitCode } = await runTask({
      taskFolder: makeTask(`
        require('node:child_process').spawn('sleep', ['2'], { stdio: 'inherit', detached: true }).unref();`),
      patience,
    });

    assert.equal(result, 'Succeeded');
    assert.equal(exitCode, 0);
  });
});

describe('a line of output', () => {
  afterEach(removeTasks);

  it('ends at any line break, and at the end of the output', async () => {
    const taskFolder = makeTask(`process.stdout.write('a\\r\\nb\\rc\\n\\nd');`);

    assert.equal((await runTask({ taskFolder })).rawOutput, 'a\nb\nc\n\nd');
  });

  it('may come in pieces', async () => {
    const taskFolder = makeTask(`
      const bytes = Buffer.from('##vso[task.logissue type=warning]Ünïcode → fin');
      let at = 0;
      const next = () => { if (at < bytes.length) process.stdout.write(bytes.subarray(at, ++at), next); };
      next();`);

    assert.deepEqual((await runTask({ taskFolder })).issues, [{ type: 'warning', message: 'Ünïcode → fin' }]);
  });
});
