/** Packs dist/stage into the one .vsix file in dist. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problemsOf } from './package-contents.ts';
import { readVsix, writeVsix } from './vsix.ts';

for (const old of readdirSync('dist').filter((name) => name.endsWith('.vsix'))) rmSync(join('dist', old));

const output = mkdtempSync(join(tmpdir(), 'vsix-'));
try {
  createExtension('dist/stage', output);
  const [name] = readdirSync(output);
  if (name === undefined) throw new Error('tfx wrote no package.');
  const files = readVsix(join(output, name));
  const problems = problemsOf(files);
  if (problems.length > 0) throw new Error(`The package is not as it should be:\n${problems.join('\n')}`);
  const bytes = writeVsix(files);
  writeFileSync(join('dist', name), bytes);
  console.log(`dist/${name}: ${Math.round(bytes.length / 1024)} KB, ${files.size} files`);
} finally {
  rmSync(output, { recursive: true, force: true });
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
