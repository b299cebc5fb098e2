/**
 * What each dependency costs: the bytes by which the bundle would shrink if our own code did not import it. Code that two
 * of them need is counted for neither, and told as shared. Reads dist/metafile.json, which the build writes.
 */
import { readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';

export interface BundleCosts {
  readonly total: number;
  readonly own: number;
  readonly shared: number;
  readonly byDependency: ReadonlyMap<string, number>;
}

export function bundleCosts(metafile: Metafile, dependencies: readonly string[]): BundleCosts {
  const [output] = Object.values(metafile.outputs);
  const sizes = Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const);
  const sum = (wanted: (path: string) => boolean) =>
    sizes.filter(([path]) => wanted(path)).reduce((bytes, [, size]) => bytes + size, 0);

  const foreign = sum((path) => path.includes('node_modules/'));
  const byDependency = new Map(
    dependencies.map((name) => {
      const kept = reachable(metafile, name);
      return [name, sum((path) => !kept.has(path))] as const;
    }),
  );
  const alone = [...byDependency.values()].reduce((a, b) => a + b, 0);
  return { total: output?.bytes ?? 0, own: sum(() => true) - foreign, shared: foreign - alone, byDependency };
}

/** What would still be in the bundle if no file of ours imported `without`. */
function reachable(metafile: Metafile, without: string): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = Object.values(metafile.outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const isOurs = !path.includes('node_modules/');
    for (const imported of metafile.inputs[path]?.imports ?? []) {
      const isLeftOut = isOurs && imported.path.startsWith(`node_modules/${without}/`);
      if (imported.external !== true && !isLeftOut) queue.push(imported.path);
    }
  }
  return found;
}

if (import.meta.filename === process.argv[1]) {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
  const costs = bundleCosts(JSON.parse(readFileSync('dist/metafile.json', 'utf8')), Object.keys(dependencies));
  const print = (name: string, bytes: number) => console.log(`${bytes.toLocaleString('en').padStart(12)}  ${name}`);
  for (const [name, bytes] of costs.byDependency) print(name, bytes);
  print('shared by several of these', costs.shared);
  print('our own code', costs.own);
  print('the whole bundle', costs.total);
}
