import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { readVsix, writeVsix } from '../vsix.ts';
import { kilobytes, type Section, target } from './section.ts';

/** What the bundle is made of, by package, as esbuild counts it. */
export function bundleParts(): Section {
  const { outputs }: Metafile = JSON.parse(readFileSync('dist/metafile.json', 'utf8'));
  const sizes = new Map<string, number>();
  let total = 0;
  for (const { bytes, inputs } of Object.values(outputs)) {
    total += bytes;
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'our own code';
      sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
    }
  }
  const sorted = [...sizes].sort(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, 12);
  const rest = sorted.slice(12).reduce((sum, [, bytes]) => sum + bytes, 0);
  const row = (name: string, bytes: number) => [name, kilobytes(bytes), `${((100 * bytes) / total).toFixed(0)} %`];
  return {
    title: 'The bundle’s parts',
    text:
      'The task’s one file, minified but for its names. The vault’s SDK is in it and is executed only when a vault is used; ' +
      '`scripts/left-out.ts` keeps out what is never used.',
    head: ['part', 'size', 'share'],
    rows: [
      ...shown.map(([name, bytes]) => row(name.startsWith('our') ? name : `\`${name}\``, bytes)),
      row(`${sorted.length - shown.length} others`, rest),
      row('in all', total),
    ],
  };
}

export function packageSize(): Section {
  const [name = ''] = readdirSync('dist').filter((file) => file.endsWith('.vsix'));
  const files = [...readVsix(join('dist', name))];
  const sizeOf = (wanted: (path: string) => boolean) =>
    writeVsix(new Map(files.filter(([path]) => wanted(path)))).length;
  const bare = sizeOf((path) => !/^(?:tab|hub|images)\//.test(path));
  return {
    title: 'Size',
    text: 'The .vsix is a zip file.',
    head: ['part', 'size', 'target'],
    rows: [
      ['the .vsix without pages and images', kilobytes(bare), target(Math.round(bare / 1024), 450, ' KB')],
      ['the results tab, with the troubleshooting page', kilobytes(sizeOf((path) => path.startsWith('tab/'))), ''],
      ['the project’s page', kilobytes(sizeOf((path) => path.startsWith('hub/'))), ''],
      ['images', kilobytes(sizeOf((path) => path.startsWith('images/'))), ''],
    ],
  };
}
