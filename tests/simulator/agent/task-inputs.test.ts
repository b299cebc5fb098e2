import assert from 'node:assert/strict';
import { runTask } from '../../../simulator/agent/run-task.ts';
import { environmentTask, removeTasks } from './fixture-task.ts';

describe('the inputs of a task', () => {
  afterEach(removeTasks);

  const inputs = [
    { name: 'mode', type: 'pickList', defaultValue: 'simple' },
    { name: 'verbose', type: 'boolean', defaultValue: false },
    { name: 'organization', type: 'string', defaultValue: '$(System.CollectionUri)', aliases: ['org'] },
    { name: 'empty', type: 'string' },
  ];

  async function seen(given: Record<string, string>, variables = {}): Promise<Record<string, string>> {
    const names = ['INPUT_MODE', 'INPUT_VERBOSE', 'INPUT_ORGANIZATION', 'INPUT_EMPTY'];
    const { rawOutput } = await runTask({
      taskFolder: environmentTask(names, { inputs }),
      inputs: given,
      variables,
      agentEnvironment: { PATH: process.env.PATH ?? '', MACHINE: 'desk' },
    });
    return JSON.parse(rawOutput);
  }

  it('have their defaults, and are empty where there is none', async () => {
    assert.deepEqual(await seen({}), {
      INPUT_MODE: 'simple',
      INPUT_VERBOSE: 'false',
      INPUT_ORGANIZATION: 'https://dev.azure.com/contoso/',
      INPUT_EMPTY: '',
    });
  });

  it('are trimmed and filled in from the variables', async () => {
    const { INPUT_MODE, INPUT_EMPTY } = await seen(
      { MODE: '  advanced ', empty: 'a $(b) $(unknown)' },
      { B: { value: 'secret', secret: true } },
    );

    assert.equal(INPUT_MODE, 'advanced');
    assert.equal(INPUT_EMPTY, 'a secret $(unknown)');
  });

  it('are not trimmed again after that: what a variable begins or ends with arrives', async () => {
    assert.equal((await seen({ empty: ' $(key) ' }, { key: ' a key\n' })).INPUT_EMPTY, ' a key\n');
  });

  it("are also filled in from the agent's own environment", async () => {
    assert.equal((await seen({ empty: '$(MACHINE)' })).INPUT_EMPTY, 'desk');
  });

  it('may be given by an alias, and reach the task by their real name', async () => {
    assert.equal((await seen({ org: 'fabrikam' })).INPUT_ORGANIZATION, 'fabrikam');
  });

  it('that the task does not have keep the run from starting', async () => {
    await assert.rejects(seen({ organisation: 'contoso' }), /has no input 'organisation'/);
    await assert.rejects(seen({ org: 'a', organization: 'b' }), /given twice/);
  });
});
