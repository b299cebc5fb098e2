/** Packs dist/stage into the one .vsix file in dist, and dist/cli into the one .tgz file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, extension, problemsOf } from './package-contents.ts';
import { writeTarball } from './tarball.ts';
import { readVsix, writeVsix } from './vsix.ts';

for (const old of readdirSync('dist').filter((name) => /\.(?:vsix|tgz)$/.test(name))) rmSync(join('dist', old));

const output = mkdtempSync(join(tmpdir(), 'vsix-'));
try {
  createExtension('dist/stage', output);
  const [name] = readdirSync(output);
  if (name === undefined) throw new Error('tfx wrote no package.');
  const files = readVsix(join(output, name));
  const problems = problemsOf(files, extension);
  if (problems.length > 0) throw new Error(`The package is not as it should be:\n${problems.join('\n')}`);
  const bytes = writeVsix(files);
  writeFileSync(join('dist', name), bytes);
  console.log(`dist/${name}: ${Math.round(bytes.length / 1024)} KB, ${files.size} files`);
} finally {
  rmSync(output, { recursive: true, force: true });
}

packCommand('dist/cli');

/** @throws Error if the folder holds anything else than the package should */
function packCommand(folder: string): void {
  const files = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const problems = problemsOf(files, command);
  if (problems.length > 0) throw new Error(`The npm package is not as it should be:\n${problems.join('\n')}`);
  const { name, version, bin } = JSON.parse(String(files.get('package.json')));
  const programs: readonly string[] = Object.values(bin);
  const bytes = writeTarball(
    [...files].map(([path, content]) => ({ path, content, isProgram: programs.includes(path) })),
  );
  const path = `dist/${name}-${version}.tgz`;
  writeFileSync(path, bytes);
  console.log(`${path}: ${Math.round(bytes.length / 1024)} KB, ${files.size} files`);
}

/** @throws Error if tfx has anything to complain about: it calls warnings what would keep a task from running. */
function createExtension(root: string, output: string): void {
  const tfx = createRequire(import.meta.url).resolve('tfx-cli');
  const options = ['--root', root, '--output-path', output, '--no-color', '--no-prompt'];
  const said = execFileSync(process.execPath, [tfx, 'extension', 'create', ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (/warning:/i.test(said)) throw new Error(`tfx has warnings:\n${said}`);
}
