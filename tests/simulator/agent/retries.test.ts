import assert from 'node:assert/strict';
import { runTask, type TaskJob } from '../../../simulator/agent/run-task.ts';
import { makeTask, removeTasks } from './fixture-task.ts';

/** A task that does one thing after the other, each in an attempt of its own; the last one again and again. */
const attempting = (...scripts: readonly string[]) =>
  makeTask(`
    const { existsSync, readFileSync, writeFileSync } = require('node:fs');
    const note = require('node:path').join(process.env.AGENT_TEMPDIRECTORY, 'attempts');
    const attempt = existsSync(note) ? Number(readFileSync(note, 'utf8')) + 1 : 0;
    writeFileSync(note, String(attempt));
    const scripts = [${scripts.map((script) => `() => { ${script} }`).join(', ')}];
    scripts[Math.min(attempt, scripts.length - 1)]();`);

const say = (...lines: readonly string[]) => lines.map((line) => `console.log(${JSON.stringify(line)});`).join(' ');
const fails = say('##vso[task.complete result=Failed]no');
const succeeds = say('##vso[task.complete result=Succeeded]yes');

describe('a step that is retried (retryCountOnTaskFailure)', () => {
  afterEach(removeTasks);

  const retry = (taskFolder: string, retries: number, job: Partial<TaskJob> = {}) =>
    runTask({ taskFolder, retryCountOnTaskFailure: retries, ...job });

  it('runs once if it succeeds', async () => {
    const { attempts, issues } = await retry(attempting(succeeds), 3);

    assert.deepEqual([attempts.length, issues], [1, []]);
  });

  it('runs again if it fails, after 1, 4, 9 … seconds, with a warning each time', async () => {
    const waits: number[] = [];
    const { result, attempts, issues } = await retry(attempting(fails), 3, {
      onRetry: (milliseconds) => void waits.push(milliseconds),
    });

    assert.deepEqual([result, attempts.length], ['Failed', 4]);
    assert.deepEqual(waits, [1000, 4000, 9000]);
    assert.deepEqual(issues.slice(0, 2), [
      {
        type: 'warning',
        message: 'RetryHelper encountered task failure, will retry (attempt #: 1 out of 3) after 1000 ms',
      },
      {
        type: 'warning',
        message: 'RetryHelper encountered task failure, will retry (attempt #: 2 out of 3) after 4000 ms',
      },
    ]);
    assert.equal(issues.length, 3);
  });

  it('has succeeded if a later attempt has', async () => {
    assert.equal((await retry(attempting(fails, succeeds), 3)).result, 'Succeeded');
  });

  it('does not run again with issues only', async () => {
    const { attempts } = await retry(attempting(say('##vso[task.complete result=SucceededWithIssues]')), 3);

    assert.equal(attempts.length, 1);
  });

  it('runs again if its process has died', async () => {
    const { result, attempts, issues } = await retry(attempting('process.exit(3)', succeeds), 1);

    assert.deepEqual([result, attempts.length], ['Succeeded', 2]);
    assert.match(
      issues[0]?.message ?? '',
      /^RetryHelper encountered exception, will retry \(attempt #: 1 Exit code 3 returned/,
    );
  });

  it('stays failed if a command could not be processed, whatever the next attempt says', async () => {
    const { result, attempts } = await retry(attempting(say('##vso[task.shout]') + fails, succeeds), 1);

    assert.deepEqual([result, attempts.length], ['Failed', 2]);
  });

  it('is not tried again for such a command alone', async () => {
    assert.equal((await retry(attempting(say('##vso[task.shout]')), 3)).attempts.length, 1);
  });

  it('keeps what an earlier attempt has set, and shows it to the next one', async () => {
    const { outputs, attempts } = await retry(
      attempting(
        say(
          '##vso[task.setvariable variable=made;isOutput=true]1',
          '##vso[task.setvariable variable=note]from before',
        ) + fails,
        'console.log(process.env.NOTE);',
      ),
      1,
      { stepName: 'it' },
    );

    assert.equal(outputs.get('made')?.value, '1');
    assert.equal(attempts[1], 'from before');
  });

  it('gives its inputs as they were at the start', async () => {
    const folder = makeTask(
      `console.log(process.env.INPUT_WHO);
       console.log('##vso[task.setvariable variable=who]another');
       console.log('##vso[task.complete result=Failed]');`,
      { inputs: [{ name: 'who', type: 'string', defaultValue: '$(who)' }] },
    );
    const { attempts } = await retry(folder, 1, { variables: { who: 'one' } });

    assert.match(attempts[1] ?? '', /^one\n/);
  });

  it('finds in the temporary folder what an earlier attempt has left', async () => {
    assert.equal((await retry(attempting(fails), 2)).files.get('attempts'), '2');
  });

  it('keeps ten errors and ten warnings of all attempts together; the log has them all', async () => {
    const errors = say(...Array.from({ length: 7 }, (_, i) => `##vso[task.logissue type=error]${i}`));
    const { issues, log } = await retry(attempting(errors + fails), 1);

    assert.equal(issues.filter(({ type }) => type === 'error').length, 10);
    assert.equal(log.match(/##\[error]\d/g)?.length, 14);
  });

  it('is tried eleven times at most', async () => {
    const { attempts, issues } = await retry(attempting(fails), 99);

    assert.equal(attempts.length, 11);
    assert.match(issues[0]?.message ?? '', /^The maximum allowed number of attempts is 10 but got 99\./);
  });

  it('is not tried again once the job is cancelled', async () => {
    const cancellation = new AbortController();
    const { result, attempts } = await retry(attempting(fails), 3, {
      signal: cancellation.signal,
      onRetry: () => cancellation.abort(),
    });

    assert.deepEqual([result, attempts.length], ['Canceled', 1]);
  });
});
