import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };
import { bundleCosts } from '../../scripts/bundle-costs.ts';
import { bundleMetafile } from '../package/built-package.ts';

describe('The README', () => {
  const text = readFileSync('README.md', 'utf8');
  const rows = [...text.matchAll(/^\| `([^`]+)` \| (\d[\w.-]*) \| (.+) \| (.+) \|$/gm)].map(
    ([, name = '', version = '', why = '', cost = '']) => ({ name, version, why, cost }),
  );

  it('lists every dependency with its version, and no other', () => {
    const listed = Object.fromEntries(rows.map(({ name, version }) => [name, version]));
    assert.deepEqual(listed, { ...packageJson.dependencies, ...packageJson.devDependencies });
  });

  it('tells which of them are for development only', () => {
    const dev = rows.filter(({ cost }) => cost === 'dev only').map(({ name }) => name);
    assert.deepEqual(dev.sort(), Object.keys(packageJson.devDependencies).sort());
  });

  it('tells what each costs in the bundle, to within a hundredth', () => {
    const { byDependency, shared } = bundleCosts(bundleMetafile(), Object.keys(packageJson.dependencies));
    const isTold = (told: string, measured: number) =>
      assert.ok(Math.abs(bytes(told) - measured) <= measured / 100, `told ${told}, measured ${measured}`);
    for (const { name, cost } of rows.filter((row) => row.cost !== 'dev only'))
      isTold(cost, byDependency.get(name) ?? Number.NaN);
    isTold(/Shared by several: ([\d,]+) bytes/.exec(text)?.[1] ?? '', shared);
  });

  it('names every folder of the repository', () => {
    for (const folder of ['src', 'tasks/RenewPats', 'simulator', 'tests', 'scripts', 'examples', 'docs'])
      assert.ok(text.includes(`| [${folder}](${folder}) |`), folder);
  });
});

function bytes(text: string): number {
  return Number(/^[\d,]+/.exec(text)?.[0].replaceAll(',', ''));
}
