import assert from 'node:assert/strict';
import { runJob } from '../../../simulator/agent/run-job.ts';
import type { JobStep } from '../../../simulator/agent/task-job.ts';
import { environmentTask, makeTask, printingTask, removeTasks } from './fixture-task.ts';

describe('a job with several steps', () => {
  afterEach(removeTasks);

  const echo = (text: string, more: Partial<JobStep> = {}) => ({ script: `echo "${text}"`, ...more });
  const results = async (...steps: readonly JobStep[]) => {
    const run = await runJob({ steps });
    return [run.result, ...run.steps.map(({ result }) => result)];
  };

  it('gives each step the variables that earlier ones have set', async () => {
    const { steps } = await runJob({
      steps: [
        { taskFolder: printingTask(['##vso[task.setvariable variable=RenewPats.HandedOver]an id']) },
        echo('$(RenewPats.HandedOver) $RENEWPATS_HANDEDOVER'),
      ],
    });

    assert.equal(steps[1]?.rawOutput, 'an id an id');
  });

  it('gives the outputs of a step under its name, and under no other', async () => {
    const { steps } = await runJob({
      steps: [
        { taskFolder: printingTask(['##vso[task.setvariable variable=count;isOutput=true]3']), stepName: 'rotate' },
        { script: "echo '$(rotate.count) $(count)'" },
      ],
    });

    assert.equal(steps[1]?.rawOutput, '3 $(count)');
  });

  it('puts what a variable holds of other variables together anew for each step', async () => {
    const { steps } = await runJob({
      variables: { greeting: 'hello $(who)' },
      steps: [echo('##vso[task.setvariable variable=who;issecret=true]Ann Smith'), echo('$(greeting)')],
    });

    assert.equal(steps[1]?.rawOutput, 'hello Ann Smith');
    assert.ok(steps[1]?.log.includes('\n***\n'), 'and hides it, as it holds a secret');
  });

  it('gives secret variables to a script only where it maps them', async () => {
    const { steps } = await runJob({
      variables: { token: { value: 'hunter2', secret: true } },
      steps: [{ script: 'echo "$TOKEN/$SECRET_TOKEN/$MAPPED"', env: { MAPPED: '$(token)' } }],
    });

    assert.equal(steps[0]?.rawOutput, '//hunter2');
    assert.ok(steps[0]?.log.includes('//***'));
  });

  it('leaves alone what only looks like a variable in a script', async () => {
    const { steps } = await runJob({ steps: [{ script: 'echo "$(printf yes)"' }] });

    assert.equal(steps[0]?.rawOutput, 'yes');
  });

  it('keeps the temporary folder for all of its steps', async () => {
    const { steps } = await runJob({
      steps: [{ script: 'echo kept > "$AGENT_TEMPDIRECTORY/note"' }, { script: 'cat "$AGENT_TEMPDIRECTORY/note"' }],
    });

    assert.equal(steps[1]?.rawOutput, 'kept');
  });

  it('hides in later steps what an earlier one has named secret', async () => {
    const { steps } = await runJob({ steps: [echo('##vso[task.setsecret]hunter2'), echo('hunter2')] });

    assert.ok(!steps[1]?.log.includes('hunter2'));
  });

  it('skips the steps after a failed one, except where a condition says otherwise', async () => {
    assert.deepEqual(
      await results(
        { script: 'exit 1' },
        echo('a'),
        echo('b', { condition: 'failed()' }),
        echo('c', { condition: 'always()' }),
      ),
      ['Failed', 'Failed', 'Skipped', 'Succeeded', 'Succeeded'],
    );
  });

  it('fails a step whose condition is no expression', async () => {
    assert.deepEqual(await results(echo('a', { condition: 'succeded()' })), ['Failed', 'Failed']);
  });

  it('goes on after a failed step that says continueOnError', async () => {
    assert.deepEqual(await results({ script: 'exit 1', continueOnError: true }, echo('a')), [
      'SucceededWithIssues',
      'SucceededWithIssues',
      'Succeeded',
    ]);
  });

  it('tells a step how the job stands', async () => {
    const { steps } = await runJob({
      steps: [{ script: 'exit 1' }, echo('$AGENT_JOBSTATUS', { condition: 'always()' })],
    });

    assert.equal(steps[1]?.rawOutput, 'Failed');
  });

  it('names a step to itself only', async () => {
    const names = ['SYSTEM_TASKDISPLAYNAME', 'SYSTEM_TASKINSTANCENAME', 'TASK_DISPLAYNAME'];
    const { steps, variables } = await runJob({
      steps: [
        { taskFolder: environmentTask(names), displayName: 'Renew the PATs' },
        { taskFolder: environmentTask(names) },
      ],
    });

    const seen = (name: string) => ({
      SYSTEM_TASKDISPLAYNAME: name,
      SYSTEM_TASKINSTANCENAME: 'Fixture',
      TASK_DISPLAYNAME: name,
    });
    assert.deepEqual(
      steps.map(({ rawOutput }) => JSON.parse(rawOutput)),
      [seen('Renew the PATs'), seen('A fixture')],
    );
    assert.equal(variables.get('System.TaskDisplayName'), undefined);
  });

  describe('that is cancelled', () => {
    const patience = { afterInterrupt: 40, afterTerminate: 40 };
    const waiting = (more: Partial<JobStep>): JobStep => ({
      taskFolder: makeTask(`console.log('ready'); setTimeout(() => console.log('done'), 100);`),
      ...more,
    });

    it('interrupts the step, and runs only those that want to run even then', async () => {
      const cancellation = new AbortController();
      const { result, steps } = await runJob({
        patience,
        signal: cancellation.signal,
        onLine: (line) => void (line === 'ready' && cancellation.abort()),
        steps: [waiting({}), echo('a'), echo('b', { condition: 'canceled()' })],
      });

      assert.deepEqual([result, ...steps.map((step) => step.result)], ['Canceled', 'Canceled', 'Skipped', 'Succeeded']);
    });

    it('lets a step go on whose condition still holds', async () => {
      const cancellation = new AbortController();
      const { result, steps } = await runJob({
        patience,
        signal: cancellation.signal,
        onLine: (line) => void (line === 'ready' && cancellation.abort()),
        steps: [waiting({ condition: 'always()' })],
      });

      assert.deepEqual([result, steps[0]?.result, steps[0]?.rawOutput], ['Canceled', 'Succeeded', 'ready\ndone']);
    });

    it('before it begins runs nothing', async () => {
      const { result, steps } = await runJob({ signal: AbortSignal.abort(), steps: [echo('a')] });

      assert.deepEqual([result, steps[0]?.result, steps[0]?.rawOutput], ['Canceled', 'Skipped', '']);
    });
  });
});
