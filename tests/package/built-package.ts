import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** The one package in dist, which `npm run package` puts there (and `npm test` does that first). */
export function builtPackage(): string {
  const [name, ...others] = readdirSync('dist').filter((file) => file.endsWith('.vsix'));
  if (name === undefined || others.length > 0) throw new Error('dist should hold one .vsix; run `npm run package`.');
  return join('dist', name);
}

/** What esbuild says about the bundle of the task in it. */
export function bundleMetafile(): Metafile {
  return JSON.parse(readFileSync('dist/metafile.json', 'utf8'));
}

/** And about the script of the results tab. */
export function tabMetafile(): Metafile {
  return JSON.parse(readFileSync('dist/tab-metafile.json', 'utf8'));
}
