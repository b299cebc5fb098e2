import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const sources = [
  'cli',
  'docs',
  'hub',
  'images',
  'scripts',
  'src',
  'tab',
  'tasks',
  'LICENSE',
  'overview.md',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
  'vss-extension.json',
];

describe('A build', () => {
  const folders: string[] = [];

  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** Builds in a folder of its own; gives the hash of each file that comes out. */
  const build = (environment: Readonly<Record<string, string>>) => {
    const folder = mkdtempSync(join(tmpdir(), 'build-'));
    folders.push(folder);
    const at = new Date(environment.TZ === 'UTC' ? '2020-02-02T02:02:02Z' : '2026-07-07T07:07:07Z');
    for (const name of sources) {
      cpSync(name, join(folder, name), { recursive: true });
      utimesSync(join(folder, name), at, at);
    }
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    const env = { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder, ...environment };
    for (const script of ['scripts/build.ts', 'scripts/package.ts']) {
      execFileSync(process.execPath, ['--import', 'tsx', script], { cwd: folder, env, stdio: 'pipe' });
    }
    const files = readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && !entry.name.endsWith('metafile.json'),
    );
    return Object.fromEntries(
      files.map(({ parentPath, name }): [string, string] => {
        const path = join(parentPath, name);
        return [path.slice(folder.length), createHash('sha256').update(readFileSync(path)).digest('hex')];
      }),
    );
  };

  it('gives the same bytes again: in another folder, another time zone and language, of files of another age', () => {
    const first = build({ TZ: 'UTC', LANG: 'C' });
    const second = build({ TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' });
    assert.deepEqual(second, first);
    const names = Object.keys(first).join('\n');
    assert.match(names, /\.vsix$/m);
    assert.match(names, /\.tgz$/m);
    assert.match(names, /dist\/cli\/renew-pats\.js$/m);
  });
});
