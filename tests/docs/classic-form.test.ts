import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { classicFormPage } from '../../scripts/classic-form/page.ts';
import task from '../../tasks/RenewPats/task.json' with { type: 'json' };

describe('The page about the classic form', () => {
  it('is made from task.json as it is now (npm run classic-form)', () => {
    assert.equal(readFileSync('docs/classic-form.md', 'utf8'), classicFormPage(task));
  });

  it('has every input once, in its group', () => {
    const page = readFileSync('docs/classic-form.md', 'utf8');
    for (const { name, label } of task.inputs) assert.equal(page.split(`| ${label} | \`${name}\` |`).length, 2, name);
    for (const { displayName } of task.groups) assert.ok(page.includes(`\n## ${displayName}\n`), displayName);
  });

  it('is what the example of a classic release speaks of: its fields have the labels that the form shows', () => {
    const labels = new Set(task.inputs.map(({ label }) => label));
    const page = readFileSync('examples/classic-release.md', 'utf8');
    const fields = [...page.matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm)].map(([, field = '']) => field);
    const others = fields.filter((field) => !labels.has(field));
    assert.deepEqual(new Set(others), new Set(['Field', 'Task version']));
  });
});
