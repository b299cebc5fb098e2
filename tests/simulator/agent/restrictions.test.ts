import assert from 'node:assert/strict';
import type { StepTarget } from '../../../simulator/agent/restrictions.ts';
import { runTask } from '../../../simulator/agent/run-task.ts';
import type { TaskDefinition } from '../../../simulator/agent/task-definition.ts';
import { printingTask, removeTasks } from './fixture-task.ts';

describe("a step's own restrictions (target:)", () => {
  afterEach(removeTasks);

  const say = (lines: readonly string[], target: StepTarget, definition: Partial<TaskDefinition> = {}) =>
    runTask({ taskFolder: printingTask(lines, definition), target });
  const set = (name: string) => `##vso[task.setvariable variable=${name};isOutput=true]x`;

  it('let it set no variable but those listed; each refusal is a warning, and the step goes on', async () => {
    const { outputs, issues, result } = await say([set('PAT_A'), set('other')], { settableVariables: ['pat_*'] });

    assert.deepEqual([[...outputs.keys()], result], [['PAT_A'], 'Succeeded']);
    assert.deepEqual(issues, [
      { type: 'warning', message: "Setting variable 'other' has been disabled by the task or build definition." },
    ]);
  });

  it('may let it set none', async () => {
    assert.equal((await say([set('PAT_A')], { settableVariables: 'none' })).outputs.size, 0);
  });

  it("come on top of those of the task's own", async () => {
    const { outputs } = await say(
      [set('both'), set('target'), set('task')],
      { settableVariables: ['both', 'target'] },
      { restrictions: { settableVariables: { allowed: ['both', 'task'] } } },
    );

    assert.deepEqual([...outputs.keys()], ['both']);
  });

  it('may forbid commands that reach beyond the step: no summary, no attachment, no build tag', async () => {
    const { issues, result, summaries } = await say(
      ['##vso[task.uploadsummary]/etc/hostname', '##vso[build.addbuildtag]x', set('allowed')],
      { commands: 'restricted' },
    );

    assert.deepEqual([result, summaries], ['Succeeded', []]);
    assert.deepEqual(
      issues.map(({ type, message }) => [type, message.slice(0, 60)]),
      [
        ['warning', '##vso[task.uploadsummary] is not allowed in this step due to'],
        ['warning', '##vso[build.addbuildtag] is not allowed in this step due to '],
      ],
    );
  });

  it('forbid nothing with commands: any', async () => {
    assert.deepEqual((await say(['##vso[build.addbuildtag]x'], { commands: 'any' })).issues, []);
  });
});
