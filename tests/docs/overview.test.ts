import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import task from '../../tasks/RenewPats/task.json' with { type: 'json' };
import { taskSteps, yamlBlocks } from './pages.ts';

describe('The Marketplace page', () => {
  const text = readFileSync('overview.md', 'utf8');
  const block = yamlBlocks('overview.md').find(({ content }) =>
    taskSteps(content).some((step) => Object.keys(step.inputs ?? {}).length === task.inputs.length),
  );

  it('has one block with every input', () => {
    const [step] = taskSteps(block?.content);
    assert.deepEqual(Object.keys(step?.inputs ?? {}).sort(), task.inputs.map(({ name }) => name).sort());
  });

  for (const { name, defaultValue } of task.inputs) {
    it(`tells the default of ${name}`, () => {
      const lines = (block?.text ?? '').split('\n');
      const at = lines.findIndex((line) => line.startsWith(`      ${name}:`));
      const told = /# (?:.*\. )?Default: (\S+)(?: \(.+\))?$/.exec(lines[at - 1] ?? '')?.[1];
      assert.equal(told, defaultValue === '' ? 'empty' : String(defaultValue));
    });
  }

  it('tells every output', () => {
    for (const { name } of task.outputVariables) assert.match(text, new RegExp(`^\\| \`${name}\` \\|`, 'm'));
  });

  it('calls Azure DevOps by its name', () => {
    assert.doesNotMatch(text, /AzDO|VSTS|\bADO\b/i);
  });
});
