import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import packageJson from '../../package.json' with { type: 'json' };
import { command, problemsOf } from '../../scripts/package-contents.ts';
import { readTarball, writeTarball } from '../../scripts/tarball.ts';
import { builtCommand } from './built-package.ts';

describe('the npm package', () => {
  const files = () => readTarball(readFileSync(builtCommand()));
  const text = (name: string) => Buffer.from(files().get(name) ?? assert.fail(`no ${name}`)).toString();
  const manifest = () => JSON.parse(text('package.json'));

  it('is named after the command and the version, and holds what belongs there and nothing else', () => {
    assert.equal(builtCommand(), `dist/renew-pats-${packageJson.version}.tgz`);
    assert.deepEqual(problemsOf(files(), command), []);
  });

  it('installs no other package and runs no script', () => {
    const { dependencies, optionalDependencies, peerDependencies, scripts, version } = manifest();
    assert.deepEqual([dependencies, optionalDependencies, peerDependencies, scripts], Array(4).fill(undefined));
    assert.equal(version, packageJson.version);
  });

  it('needs nothing but Node.js, and says nothing about the machine that built it', () => {
    const program = text('renew-pats.js');
    const needed = [...program.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name);
    assert.deepEqual(
      needed.filter((name) => !isBuiltin(name)),
      [],
    );
    assert.ok(!program.includes(process.cwd()));
  });

  it('has a program that npm can wrap on Windows: a script with a first line for Node.js, and line feeds alone', () => {
    const { bin, type } = manifest();
    assert.deepEqual([bin, type], [{ 'renew-pats': 'renew-pats.js' }, 'commonjs']);
    assert.match(text('renew-pats.js'), /^#!\/usr\/bin\/env node\n/);
    assert.ok(!text('renew-pats.js').slice(0, 1000).includes('\r'));
  });

  it('comes with a page of its own, the licence, and a bill of materials that agrees with the notices', () => {
    assert.match(text('README.md'), /^# renew-pats$/m);
    assert.equal(text('LICENSE'), readFileSync('LICENSE', 'utf8'));
    const { components, metadata } = JSON.parse(text('sbom.cdx.json'));
    assert.equal(metadata.component.version, packageJson.version);
    assert.ok(components.length > 0);
    for (const { group, name, version } of components) {
      const whole = group === undefined ? name : `${group}/${name}`;
      assert.ok(text('ThirdPartyNotices.txt').includes(`\n${whole} ${version} (`), whole);
    }
    assert.ok(!text('ThirdPartyNotices.txt').includes('azure-pipelines-task-lib'), 'that is the task’s alone');
  });

  it('is the same, byte for byte, whatever order its files came in', () => {
    const read = [...files()].map(([path, content]) => ({ path, content, isProgram: path === 'renew-pats.js' }));
    assert.deepEqual(Buffer.from(writeTarball(read.reverse())), readFileSync(builtCommand()));
  });

  it('is a tar file as the system’s own tar reads it, with one program and no owner', () => {
    const folder = mkdtempSync(join(tmpdir(), 'npm-package-'));
    try {
      execFileSync('tar', ['-xzf', builtCommand(), '-C', folder]);
      const unpacked = join(folder, 'package');
      for (const name of readdirSync(unpacked)) {
        assert.deepEqual(readFileSync(join(unpacked, name)), Buffer.from(files().get(name) ?? ''), name);
        assert.equal((statSync(join(unpacked, name)).mode & 0o111) !== 0, name === 'renew-pats.js', name);
      }
      const listed = execFileSync('tar', ['-tvzf', builtCommand(), '--numeric-owner'], { encoding: 'utf8' });
      for (const line of listed.trim().split('\n')) assert.match(line, / 0\/0 .* package\//);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a tarball', () => {
  it('gives back what was put in, whatever its length', () => {
    const file = fc.tuple(fc.stringMatching(/^[a-z]{1,20}$/), fc.uint8Array({ maxLength: 1100 }));
    fc.assert(
      fc.property(fc.uniqueArray(file, { selector: ([path]) => path }), (pairs) => {
        const tarred = writeTarball(pairs.map(([path, content]) => ({ path, content, isProgram: false })));
        const read = [...readTarball(tarred)].map(([path, content]) => [path, Uint8Array.from(content)]);
        assert.deepEqual(new Map(read as [string, Uint8Array][]), new Map(pairs.sort(([a], [b]) => (a < b ? -1 : 1))));
      }),
    );
  });

  it('refuses a name that a tar file would cut', () => {
    const file = { path: 'x'.repeat(93), content: new Uint8Array(), isProgram: false };
    assert.throws(() => writeTarball([file]), /too long a name/);
  });
});
