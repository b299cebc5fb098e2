import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

/** `npm run soak -- --minutes N`: plays schedules on every core for so long, and says how many held. */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' }, workers: { type: 'string' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes takes a number greater than 0');
const workers = Number(values.workers ?? availableParallelism());

const script = fileURLToPath(new URL('../dist/soak/worker.mjs', import.meta.url));
await build({
  entryPoints: [fileURLToPath(new URL('soak-worker.ts', import.meta.url))],
  outfile: script,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'silent',
});

let held = 0;
let failed = false;
const children: ChildProcess[] = [];
let told = Date.now();
const tellProgress = () => {
  told = Date.now();
  console.log(`${new Date(told).toISOString()}: ${held} schedules so far`);
};
await Promise.all(
  Array.from({ length: workers }, (_, index) => {
    const seed = (Date.now() + index * 7_919) | 0;
    const child = fork(script, [String(minutes * 60_000), String(seed)], { execArgv: ['--max-semi-space-size=64'] });
    children.push(child);
    child.on('message', (stories: number) => {
      held += stories;
      if (Date.now() - told > 60_000) tellProgress();
    });
    return new Promise<void>((resolve) => {
      child.on('exit', (code) => {
        if (code !== 0 && !failed) {
          failed = true;
          for (const other of children) other.kill();
        }
        resolve();
      });
    });
  }),
);
console.log(`${held} schedules held${failed ? ', and one did not: see above' : ''}.`);
process.exitCode = failed ? 1 : 0;
