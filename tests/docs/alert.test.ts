import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { examples, mappings } from './pages.ts';

describe('The alert of examples/report-and-alert.yml', () => {
  const example = examples().find(({ where }) => where === 'examples/report-and-alert.yml');
  const script = [...mappings(example?.content)].map(({ bash }) => bash).find((text) => typeof text === 'string');
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

  for (const { name, nextExpiry, status, output } of [
    {
      name: 'is raised when a PAT ends soon',
      nextExpiry: inDays(5.5),
      status: 1,
      output: /type=error\]A PAT ends in 5 days/,
    },
    { name: 'is raised when one has ended', nextExpiry: inDays(-3), status: 1, output: /type=error\]/ },
    { name: 'is not raised when all end later', nextExpiry: inDays(40.5), status: 0, output: /in 40 days\.$/m },
    { name: 'is not raised when no PAT is in use', nextExpiry: '', status: 0, output: /No PAT is in use/ },
  ]) {
    it(name, () => {
      const run = spawnSync('bash', ['-c', String(script)], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, NEXT_EXPIRY: nextExpiry },
      });

      assert.equal(run.status, status, run.stderr);
      assert.match(run.stdout, output);
    });
  }
});
