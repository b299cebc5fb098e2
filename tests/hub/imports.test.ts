import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the files of a folder import, without what lies in the folder itself. */
function importsOf(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const all = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/^(?:import|export) .*?from '([^']+)';$/gms)].map(
      ([, path = '']) => path,
    ),
  );
  return new Set(all.filter((path) => !path.startsWith('./')));
}

describe('The pages', () => {
  it('know of the engine the types of the attachment and nothing else', () => {
    assert.deepEqual([...importsOf('tab')].sort(), [
      '../src/report/attachment-format.ts',
      'azure-devops-extension-sdk',
    ]);
  });

  it('share what the tab draws with, and the tab knows nothing of the project’s page', () => {
    for (const path of importsOf('hub')) assert.match(path, /^\.\.\/tab\//);
  });
});
