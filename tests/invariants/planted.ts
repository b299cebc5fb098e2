import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Swap } from './planting.ts';
import type { Engine } from './run-on-stage.ts';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

/** The engine, in which each of these exports can be swapped while it is loaded. */
export interface PlantedEngine {
  readonly engine: Engine;
  /** What was planted before is gone. */
  readonly plant: (swaps: readonly Swap[]) => void;
}

type Table = Map<string, (real: never) => unknown>;

/** Bundles the engine once. @param outfile inside the checkout, so that the bundle finds the packages */
export async function buildPlanted(swaps: readonly Swap[], outfile: string): Promise<PlantedEngine> {
  await build({
    entryPoints: [join(here, 'engine.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
    plugins: [swappable(swaps)],
  });
  const table: Table = new Map();
  Object.assign(globalThis, { [tableName]: table });
  const engine = (await import(pathToFileURL(outfile).href)) as Engine;
  const plant = (planted: readonly Swap[]) => {
    table.clear();
    for (const { file, name, change } of planted) {
      const before = table.get(`${file} ${name}`);
      // Two ports of one world: the one around the other.
      const both = before === undefined ? change : (real: never) => change(before(real) as never);
      table.set(`${file} ${name}`, both);
    }
  };
  return { engine, plant };
}

const tableName = 'renewPatsPlantedFaults';

/** Between each module and those who import it stands one with the same exports; those that can be swapped ask the table first. */
function swappable(swaps: readonly Swap[]): Plugin {
  const names = new Map<string, Set<string>>();
  for (const { file, name } of swaps) names.set(file, (names.get(file) ?? new Set()).add(name));
  return {
    name: 'swappable',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^\..*\.ts$/ }, ({ path, importer, namespace, resolveDir }) => {
        if (namespace === 'swappable') return { path: resolve(dirname(importer), path) };
        const file = resolve(resolveDir, path);
        return names.has(relative(source, file)) ? { path: file, namespace: 'swappable' } : undefined;
      });
      onLoad({ filter: /.*/, namespace: 'swappable' }, ({ path }) => {
        const file = relative(source, path);
        const own = `./${path.slice(dirname(path).length + 1)}`;
        const exports = [...(names.get(file) ?? [])].map((name) => {
          const key = JSON.stringify(`${file} ${name}`);
          return `export const ${name} = (...all) => { const swap = globalThis.${tableName}.get(${key}); return (swap === undefined ? real.${name} : swap(real.${name}))(...all); };`;
        });
        const contents = [`export * from '${own}';`, `import * as real from '${own}';`, ...exports].join('\n');
        return { contents, loader: 'js', resolveDir: dirname(path) };
      });
    },
  };
}
