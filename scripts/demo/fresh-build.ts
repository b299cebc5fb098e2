import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sources = [
  ...['src', 'tasks', 'tab', 'hub', 'docs', 'scripts', 'images'],
  ...['overview.md', 'vss-extension.json', 'package-lock.json'],
];
const bundle = 'dist/stage/tasks/RenewPats/index.js';

/** Builds dist/stage, the content of the package, unless it is newer than all that it is made of. */
export async function ensureBuilt(): Promise<void> {
  const built = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built < Math.max(...sources.map(newest))) await import('../build.ts');
}

/** When a file, or the newest file of a folder, was last changed. */
function newest(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(...readdirSync(path).map((name) => newest(join(path, name))));
}
