import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** The one extension in dist, which `npm run package` puts there (and `npm test` does that first). */
export function builtPackage(): string {
  return theOne('.vsix');
}

/** The one npm package beside it. */
export function builtCommand(): string {
  return theOne('.tgz');
}

function theOne(ending: string): string {
  const [name, ...others] = readdirSync('dist').filter((file) => file.endsWith(ending));
  if (name === undefined || others.length > 0)
    throw new Error(`dist should hold one ${ending}; run \`npm run package\`.`);
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
