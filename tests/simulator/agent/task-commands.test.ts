import assert from 'node:assert/strict';
import { runTask } from '../../../simulator/agent/run-task.ts';
import type { TaskDefinition } from '../../../simulator/agent/task-definition.ts';
import { makeTask, printingTask, removeTasks } from './fixture-task.ts';

describe('what a task tells the agent', () => {
  afterEach(removeTasks);

  const say = (lines: readonly string[], definition: Partial<TaskDefinition> = {}, job = {}) =>
    runTask({ taskFolder: printingTask(lines, definition), ...job });

  it('is read from both streams', async () => {
    const taskFolder = makeTask(`
      console.error('##vso[task.setvariable variable=a;isOutput=true]1');
      console.log('##vso[task.setvariable variable=b;isOutput=true]2');`);
    const { outputs } = await runTask({ taskFolder });

    assert.deepEqual(outputs.get('a'), { value: '1', isSecret: false });
    assert.deepEqual(outputs.get('b'), { value: '2', isSecret: false });
  });

  it('is shown as it stands if it is no command', async () => {
    const { log, rawOutput } = await say(['plain text', '##[group]colour', '  indented']);

    assert.equal(rawOutput, 'plain text\n##[group]colour\n  indented');
    assert.ok(log.includes('\nplain text\n##[group]colour\n  indented\n'));
  });

  it('is a warning if it looks like a command and is none', async () => {
    const { issues, result } = await say(['see ##vso for more']);

    assert.equal(result, 'Succeeded');
    assert.match(issues[0]?.message ?? '', /contains logging command keyword '##vso', but it's not a legal command/);
  });

  it('fails the step if it is a command that the agent does not know', async () => {
    const { issues, result } = await say(['##vso[task.shout]hello', '##vso[task.complete result=Succeeded]']);

    assert.equal(result, 'Failed');
    assert.match(issues[0]?.message ?? '', /^Unable to process command '##vso\[task.shout]hello' successfully/);
    assert.match(issues[1]?.message ?? '', /is not a recognized command/);
  });

  it('is a warning if its area is unknown, and nothing at all for the areas of builds', async () => {
    const { issues } = await say(['##vso[build.addbuildtag]x', '##vso[house.build]x']);

    assert.deepEqual(
      issues.map(({ type, message }) => [type, message.slice(0, 58)]),
      [['warning', 'Cannot find command extension for ##vso[house.command]. Pl']],
    );
  });

  it('may tag the build of its job, and fails a release, which has none', async () => {
    const lines = ['##vso[build.addbuildtag]nightly'];
    const { buildTags, result } = await say(lines);
    assert.deepEqual([buildTags, result], [['nightly'], 'Succeeded']);

    const inRelease = await say(lines, {}, { hostType: 'release' });
    assert.deepEqual([inRelease.buildTags, inRelease.result], [[], 'Failed']);
  });

  it('may raise issues, which show in the log', async () => {
    const { issues, log, result } = await say([
      '##vso[task.logissue type=warning]look here',
      '##vso[task.issue type=Error;code=7]look%0Athere',
    ]);

    assert.equal(result, 'Succeeded');
    assert.deepEqual(issues, [
      { type: 'warning', message: 'look here' },
      { type: 'error', message: 'look\nthere' },
    ]);
    assert.ok(log.includes('##[warning]look here\n##[error]look\nthere\n'));
  });

  it('may raise as many issues as it likes: ten errors and ten warnings are kept, and the log has all', async () => {
    const { issues, log } = await say(
      Array.from({ length: 24 }, (_, i) => `##vso[task.logissue type=${i % 2 ? 'error' : 'warning'}]no. ${i}`),
    );

    assert.equal(issues.length, 20);
    assert.deepEqual(issues.at(-1), { type: 'error', message: 'no. 19' });
    assert.ok(log.includes('##[error]no. 23'));
  });

  it('may report progress', async () => {
    const { progress } = await say([
      '##vso[task.setprogress value=40]Halfway',
      '##vso[task.setprogress value=400]Done',
    ]);

    assert.deepEqual(progress, [
      { percent: 40, operation: 'Halfway' },
      { percent: 100, operation: 'Done' },
    ]);
  });

  describe('a variable', () => {
    it('is the job’s, under its own name', async () => {
      const { variables, outputs } = await say(['##vso[task.setvariable variable=colour]blue']);

      assert.equal(variables.get('COLOUR')?.value, 'blue');
      assert.equal(outputs.size, 0);
    });

    it('is an output of the step if it says so, or if task.json lists it', async () => {
      const { variables, outputs } = await say(
        ['##vso[task.setvariable variable=said;isOutput=true]1', '##vso[task.setvariable variable=Listed]2'],
        { outputVariables: [{ name: 'listed' }] },
        { stepName: 'renew' },
      );

      assert.deepEqual([...outputs.keys()], ['said', 'Listed']);
      assert.equal(variables.get('renew.said')?.isReadOnly, true);
      assert.equal(variables.get('renew.listed')?.value, '2');
      assert.equal(variables.get('said'), undefined);
    });

    it('that is secret is masked from then on', async () => {
      const { log, outputs, rawOutput } = await say([
        '##vso[task.setvariable variable=key;isSecret=true;isOutput=true]hunter2',
        'the key is hunter2',
      ]);

      assert.deepEqual(outputs.get('key'), { value: 'hunter2', isSecret: true });
      assert.ok(log.includes('the key is ***'));
      assert.ok(rawOutput.includes('the key is hunter2'));
    });

    it('that is secret cannot have several lines', async () => {
      const { issues, result, outputs } = await say(['##vso[task.setvariable variable=key;isSecret=true]a%0Ab']);

      assert.equal(result, 'Failed');
      assert.equal(outputs.size, 0);
      assert.equal(issues[1]?.message, 'Secrets cannot contain multiple lines');
    });

    it('of the system is overwritten with a warning', async () => {
      const { issues } = await say(['##vso[task.setvariable variable=system.hosttype]gates']);

      assert.match(issues[0]?.message ?? '', /^Overwriting readonly variable 'system.hosttype'/);
    });

    it('of the pipeline that is read-only is overwritten with a warning, too', async () => {
      const { issues, variables } = await say(
        ['##vso[task.setvariable variable=PAT_A]new'],
        {},
        {
          variables: { pat_a: { value: 'old', readOnly: true } },
        },
      );

      assert.match(issues[0]?.message ?? '', /^Overwriting readonly variable 'PAT_A'\. This behavior will be disabled/);
      assert.equal(variables.get('PAT_A')?.value, 'new');
    });

    it('that is read-only fails the step, and shows the command, where the organization does not allow that', async () => {
      const { issues, variables, result } = await say(
        ['##vso[task.setvariable variable=PAT_A;issecret=true]hunter2', '##vso[task.complete result=Succeeded]'],
        {},
        { readOnlyVariables: true, variables: { PAT_A: { value: 'old', readOnly: true } } },
      );

      assert.deepEqual([result, variables.get('PAT_A')?.value], ['Failed', 'old']);
      assert.match(issues[0]?.message ?? '', /^Unable to process command '.*]hunter2' successfully/);
      assert.match(issues[1]?.message ?? '', /^Overwriting readonly variable 'PAT_A' is not permitted\./);
    });

    it('that was registered as a secret before is not shown by that either', async () => {
      const { log } = await say(
        ['##vso[task.setsecret]hunter2', '##vso[task.setvariable variable=PAT_A;issecret=true]hunter2'],
        {},
        { readOnlyVariables: true, variables: { PAT_A: { value: 'old', readOnly: true } } },
      );

      assert.ok(!log.includes('hunter2'));
    });

    it('may be set again as an output by the same step: what is read-only then is the output', async () => {
      const set = '##vso[task.setvariable variable=PAT_A;isOutput=true]';
      const { issues, outputs } = await say([`${set}1`, `${set}2`], {}, { readOnlyVariables: true });

      assert.deepEqual([issues, outputs.get('PAT_A')?.value], [[], '2']);
    });

    it('without a name fails the step', async () => {
      assert.equal((await say(['##vso[task.setvariable]x'])).result, 'Failed');
    });

    it('that the task may not set is dropped with a warning', async () => {
      const restrictions = { settableVariables: { allowed: ['renewedCount', 'PAT_*'] } };
      const { outputs, variables, issues } = await say(
        [
          '##vso[task.setvariable variable=RENEWEDCOUNT;isOutput=true]1',
          '##vso[task.setvariable variable=pat_build;isOutput=true]2',
          '##vso[task.setvariable variable=renewedCounts;isOutput=true]3',
          '##vso[task.setvariable variable=PATH]4',
        ],
        { restrictions },
      );

      assert.deepEqual([...outputs.keys()], ['RENEWEDCOUNT', 'pat_build']);
      assert.equal(variables.get('PATH'), undefined);
      assert.deepEqual(
        issues.map(({ message }) => message),
        [
          "Setting variable 'renewedCounts' has been disabled by the task or build definition.",
          "Setting variable 'PATH' has been disabled by the task or build definition.",
        ],
      );
    });
  });

  it('may name secrets, which are masked in what it prints and in its issues', async () => {
    const { log, issues } = await say([
      '##vso[task.setsecret]hunter2',
      '##vso[task.logissue type=error]wrong: hunter2',
      '{"password":"hunter2"}',
    ]);

    assert.deepEqual(issues, [{ type: 'error', message: 'wrong: ***' }]);
    assert.ok(!log.includes('hunter2'));
  });

  it('hides the secrets of the job and of its connections without being told', async () => {
    const { log } = await say(
      ['hunter2', Buffer.from('hunter2').toString('base64'), 'the-key', 'the-tenant', 'job-token'],
      {},
      {
        accessToken: 'job-token',
        variables: { password: { value: 'hunter2', secret: true } },
        endpoints: {
          production: {
            id: 'an-id',
            url: 'https://management.azure.com/',
            scheme: 'ServicePrincipal',
            parameters: { serviceprincipalkey: 'the-key', tenantid: 'the-tenant' },
          },
        },
      },
    );

    assert.ok(log.includes('\n***\n***\n***\nthe-tenant\n***\n'));
  });

  it('is repeated for debugging as it was read, not as it was written', async () => {
    const { log } = await say(['##vso[task.setvariable variable=a]1%3B2%AZP25'], {}, { debug: true });

    assert.ok(log.includes('##[debug]Processed: ##vso[task.setvariable variable=a]1;2%\n'));
  });

  it('is for debugging only if System.Debug is on, where every command shows', async () => {
    const lines = ['##vso[task.debug]inner life', '##vso[task.setsecret]hunter2'];
    const quiet = await say(lines);
    const loud = await say(lines, {}, { debug: true });

    assert.ok(!quiet.log.includes('inner life'));
    assert.ok(loud.log.includes('##[debug]inner life\n##[debug]Processed: ##vso[task.setsecret]***\n'));
  });

  describe('files', () => {
    const writing = (name: string, command: string) => `
      const path = require('node:path').join(process.env.AGENT_TEMPDIRECTORY, '${name}');
      require('node:fs').writeFileSync(path, 'text of ${name}');
      console.log('##vso[${command}]' + path);`;

    it('may be summaries', async () => {
      const { summaries, attachments, tempDirectory } = await runTask({
        taskFolder: makeTask(writing('summary.md', 'task.uploadsummary')),
      });

      assert.deepEqual(summaries, [{ path: `${tempDirectory}/summary.md`, text: 'text of summary.md' }]);
      assert.equal(attachments.length, 0);
    });

    it('may be attached with a type and a name, or to the log', async () => {
      const { attachments } = await runTask({
        taskFolder: makeTask(
          `{${writing('a.json', 'task.addattachment type=report;name=first')}}
           {${writing('b.txt', 'task.uploadfile')}}`,
        ),
      });

      assert.deepEqual(
        attachments.map(({ type, name, content }) => ({ type, name, content })),
        [
          { type: 'report', name: 'first', content: 'text of a.json' },
          { type: 'DistributedTask.Core.FileAttachment', name: 'b.txt', content: 'text of b.txt' },
        ],
      );
    });

    it('of the temporary folder are handed over, and the folder is removed', async () => {
      const { files, tempDirectory } = await runTask({ taskFolder: makeTask(writing('left.txt', 'task.debug')) });

      assert.deepEqual([...files], [['left.txt', 'text of left.txt']]);
      assert.equal((await import('node:fs')).existsSync(tempDirectory), false);
    });

    it('that do not exist fail the step', async () => {
      const { result, issues } = await say(['##vso[task.uploadsummary]/nowhere/summary.md']);

      assert.equal(result, 'Failed');
      assert.match(issues[1]?.message ?? '', /attachment file does not exist on disk/);
    });

    it('may not be uploaded by a task in restricted mode', async () => {
      const { summaries, result, issues } = await runTask({
        taskFolder: makeTask(writing('summary.md', 'task.uploadsummary'), {
          restrictions: { commands: { mode: 'restricted' } },
        }),
      });

      assert.equal(result, 'Succeeded');
      assert.equal(summaries.length, 0);
      assert.match(issues[0]?.message ?? '', /task.uploadsummary/);
    });
  });
});
