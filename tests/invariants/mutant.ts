import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Engine } from './run-on-stage.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const source = fileURLToPath(new URL('../../src/', import.meta.url));

/** A fault planted in the product's source, where it lies within one module, and the invariants that may catch it. */
export interface Mutation {
  readonly name: string;
  /** Below src/. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly caughtBy: readonly string[];
}

/** The engine with a fault planted in it, bundled into `outfile`. */
export async function mutant(mutation: Mutation, outfile: string): Promise<Engine> {
  await build({
    entryPoints: [join(here, 'engine.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
    plugins: [plant(mutation)],
  });
  return (await import(pathToFileURL(outfile).href)) as Engine;
}

function plant(mutation: Mutation): Plugin {
  const path = join(source, mutation.file);
  const text = readFileSync(path, 'utf8');
  assert.equal(text.split(mutation.find).length, 2, `"${mutation.find}" must stand in ${mutation.file} exactly once`);
  return {
    name: 'plant',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, (args) =>
        args.path === path
          ? { contents: text.replace(mutation.find, () => mutation.replace), loader: 'ts' }
          : undefined,
      );
    },
  };
}
