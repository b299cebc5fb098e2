import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTask } from '../../simulator/agent/run-task.ts';
import { unpackExtension } from '../../simulator/agent/unpack-extension.ts';
import { builtPackage, bundleMetafile } from './built-package.ts';

describe('the bundled task', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'extension-'));
    unpackExtension(builtPackage(), folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is one file that needs nothing but Node.js', () => {
    const outputs = Object.values(bundleMetafile().outputs);
    assert.equal(outputs.length, 1);
    const needed = outputs.flatMap(({ imports }) => imports.map(({ path }) => path));
    assert.deepEqual(
      needed.filter((path) => !isBuiltin(path)),
      [],
    );
  });

  it('says nothing about the machine that built it', () => {
    const script = readFileSync(join(folder, 'tasks/RenewPats/index.js'), 'utf8');

    assert.ok(!script.includes(process.cwd()));
  });

  const versions = [
    { name: `Node.js ${process.versions.node}`, nodePath: process.execPath },
    { name: 'Node.js 24 (if RENEWPATS_NODE24 names it)', nodePath: process.env.RENEWPATS_NODE24 },
  ];
  for (const { name, nodePath } of versions) {
    it(`starts on ${name}, and says which variables are missing`, async function () {
      if (nodePath === undefined) return this.skip();
      const { result, exitCode, issues } = await runTask({ taskFolder: folder, nodePath });

      assert.equal(result, 'Failed');
      assert.equal(exitCode, 0);
      assert.match(issues.find(({ type }) => type === 'error')?.message ?? '', /sa_username(.|\n)*sa_password/);
    });
  }
});
