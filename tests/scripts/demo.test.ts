import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

describe('npm start', () => {
  it('tells the main job from the first table to the last, and ends with 0', () => {
    const run = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/demo.ts'], { encoding: 'utf8' });

    assert.equal(run.status, 0, run.stdout + run.stderr);
    assert.match(run.stdout, /Renewed 3, revoked 0[\s\S]+Renewed 2, revoked 0[\s\S]+Renewed 0, revoked 2/);
    assert.match(run.stdout, /Checked: what the vault held worked at every moment/);
    const widest = Math.max(...run.stdout.split('\n').map((line) => [...line].length));
    assert.ok(widest <= 110, `the widest line has ${widest} columns`);
  });
});
