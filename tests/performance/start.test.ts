import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describePackagedTask } from '../blackbox/on-each-node.ts';

/** Node.js' own `fetch` and what comes with it: 25 ms of a start, and the task sends everything with node:https. */
const unused = ['internal/deps/undici/undici', 'http2', 'internal/http2/core'];

describePackagedTask('The start of the task', (given) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modules-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const inputs of [{ mode: 'simple' }, { mode: 'advanced', keyVault: 'contoso-vault' }]) {
    it(`loads no module of Node.js that a run does not use: ${inputs.mode}`, async () => {
      const list = join(folder, 'modules');
      const preload = join(import.meta.dirname, 'builtin-modules.cjs');
      const here = await given({ pats: [{ displayName: 'Build feed' }] });
      const env = { NODE_OPTIONS: `--require "${preload}"`, MODULES_FILE: list };
      const { result } = await here.run(inputs, { agentEnvironment: env });
      assert.equal(result, 'Succeeded');
      const loaded = readFileSync(list, 'utf8').split('\n');
      assert.ok(loaded.includes('NativeModule https'), 'the list is one');
      assert.deepEqual(
        unused.filter((name) => loaded.includes(`NativeModule ${name}`)),
        [],
      );
    });
  }
});
