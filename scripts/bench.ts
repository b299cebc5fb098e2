/**
 * `npm run bench`: what a run takes, side by side with its baselines. Prints the tables and writes them to
 * docs/performance.md. No test looks at a time; tests count (tests/performance).
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchBaseline } from './bench/baseline.ts';
import { benchLimits } from './bench/limits.ts';
import { benchGrowth, benchSchedule } from './bench/many.ts';
import { introduction, whereTheRestGoes } from './bench/page.ts';
import { bundleParts, packageSize } from './bench/parts.ts';
import { makePrograms } from './bench/programs.ts';
import { markdown, type Section } from './bench/section.ts';
import { benchStart } from './bench/start.ts';
import { ensureBuilt } from './demo/fresh-build.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' }, only: { type: 'string' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number greater than 0');

await ensureBuilt();
const programs = await makePrograms();
const load = loadavg()[0] ?? 0;
const parts: Readonly<Record<string, () => Promise<Section>>> = {
  start: () => benchStart(programs, rounds),
  parts: async () => bundleParts(),
  schedule: () => benchSchedule(programs, rounds),
  growth: () => benchGrowth(programs, rounds),
  baseline: () => benchBaseline(programs, rounds),
  limits: () => benchLimits(programs, rounds),
  size: async () => packageSize(),
};
const pages: string[] = [];
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
    const page = markdown(await measure());
    console.log(`${page}\n`);
    pages.push(page);
  }
} finally {
  programs.remove();
}
if (values.only === undefined) {
  const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.versions.node}, load ${load.toFixed(1)} before`;
  writeFileSync('docs/performance.md', `${[introduction(machine, rounds), ...pages, whereTheRestGoes].join('\n\n')}\n`);
}
