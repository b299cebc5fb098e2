import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { builtCommand } from './built-package.ts';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The instructions of each stage, without the comments. Source: docs.docker.com/reference/dockerfile */
function stagesOf(text: string): readonly (readonly Instruction[])[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? assert.fail(`no instruction: ${line}`);
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, rest });
  }
  return stages;
}

describe('The image of the command', () => {
  const stages = stagesOf(readFileSync('Dockerfile', 'utf8'));
  const [build = [], final = []] = stages;
  const of = (stage: readonly Instruction[], name: string) =>
    stage.filter((one) => one.name === name).map(({ rest }) => rest);

  it('is made of the official image of a Node.js that the package runs on', () => {
    for (const stage of stages) {
      const [, major] = /^node:(\d+)-alpine\b/.exec(of(stage, 'FROM')[0] ?? '') ?? [];
      assert.ok(Number(major) >= Number(/\d+/.exec(packageJson.engines.node)?.[0]), major);
    }
  });

  it('takes the packed command into it and nothing else', () => {
    assert.deepEqual(of(build, 'COPY'), ['dist/renew-pats-*.tgz /renew-pats.tgz']);
    assert.match(builtCommand(), /^dist\/renew-pats-[\d.]+\.tgz$/);
    const sent = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.deepEqual(sent, ['*', '!dist/renew-pats-*.tgz']);
  });

  it('runs as nobody in particular, whom Kubernetes can tell from root, and gets its signals itself', () => {
    assert.deepEqual(of(final, 'USER'), ['1000:1000']);
    const entry: unknown = JSON.parse(of(final, 'ENTRYPOINT')[0] ?? '');
    assert.deepEqual(entry, ['node', '/opt/renew-pats/renew-pats.js'], 'no shell stands between');
    assert.deepEqual(of(final, 'RUN'), []);
  });

  describe('with what its instructions make', () => {
    let root: string;

    before(() => {
      root = mkdtempSync(join(tmpdir(), 'image-'));
      const [install = ''] = of(build, 'RUN');
      const args = install
        .replace('/renew-pats.tgz', resolve(builtCommand()))
        .replace('--prefix /opt', `--prefix ${root}/opt`);
      const [program = '', ...rest] = args.split(' ');
      execFileSync(program, rest, { env: { PATH: process.env.PATH ?? '', HOME: root }, stdio: 'pipe' });
    });
    after(() => rmSync(root, { recursive: true }));

    it('starts, where it may read and not write, as on a read-only file system', () => {
      const [copied = ''] = of(final, 'COPY');
      const [, from = '', to = ''] = /^--from=package (\S+) (\S+)$/.exec(copied) ?? [];
      const [, ...entry]: string[] = JSON.parse(of(final, 'ENTRYPOINT')[0] ?? '[]');
      const program = (entry[0] ?? '').replace(to, join(root, from));
      const readOnly = ['--experimental-permission', '--no-warnings', '--allow-fs-read=*'];
      const run = (...args: string[]) =>
        spawnSync(process.execPath, [...readOnly, program, ...args], { encoding: 'utf8' });
      assert.equal(run('--version').stdout, `${packageJson.version}\n`);
      const refused = run('renew');
      assert.equal(refused.status, 2, refused.stderr);
    });
  });
});
