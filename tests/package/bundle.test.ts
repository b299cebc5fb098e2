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

  for (const version of ['16.20.2', '18.20.8']) {
    it(`says on Node.js ${version} that it is too old, before anything else of it is run`, async () => {
      const preload = join(import.meta.dirname, 'older-node.cjs');
      const agentEnvironment = { NODE_OPTIONS: `--require "${preload}"`, NODE_VERSION_OF_THE_TEST: version };
      const { result, exitCode, issues } = await runTask({ taskFolder: folder, agentEnvironment });
      assert.deepEqual([result, exitCode], ['Failed', 0]);
      assert.equal(
        issues[0]?.message,
        `This task needs Node.js 20 or 24, and was started with ${version}; nothing was done. Agents fall back to an older ` +
          'one where the system’s C library is too old: use a newer image or container, or a newer agent.',
      );
    });
  }

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
