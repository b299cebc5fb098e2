import { inCompany, vaultName } from './cloud.ts';
import { interleaved } from './interleaved.ts';
import type { Programs } from './programs.ts';
import { type Measured, runProgram } from './run-program.ts';
import { megabytes, milliseconds, type Section, seconds, target, times } from './section.ts';

const workers = 8;
const answerAfter = 50;
const vault = { mode: 'advanced', keyVault: vaultName };

/** 1,000 PATs, each answer after 50 ms, against a schedule in which nothing else takes any time. */
export async function benchSchedule(programs: Programs, rounds: number): Promise<Section> {
  const pats = 1000;
  const pages = pats / 100;
  // One after another: sign-in and pages; with a vault the account’s id, the vault’s challenge and the token for it.
  const ideal = {
    simple: (1 + pages + pats / workers) * answerAfter,
    advanced: (1 + pages + 3 + 4 * (pats / workers)) * answerAfter,
  };
  const run = (inputs: Readonly<Record<string, string>>) => () =>
    inCompany({ pats, answerAfter }, (simulator) => runProgram({ arguments: [programs.task], simulator, inputs }));
  const results = await interleaved(rounds, { simple: run({ mode: 'simple' }), advanced: run(vault) });
  return {
    title: 'Many: against the ideal schedule',
    text:
      '1,000 PATs, each answer after 50 ms, `concurrency` 8. Ideal is the time in which eight workers get through the requests ' +
      'if nothing but the answers takes time: no start, no TLS, no work in between.',
    head: ['mode', 'wall time', 'ideal', 'ratio', 'processor time', 'target'],
    rows: (['simple', 'advanced'] as const).map((mode) => {
      const { wallMs, cpuMs } = results[mode];
      const ratio = wallMs / ideal[mode];
      const name = mode === 'simple' ? 'simple' : 'advanced with a vault';
      return [name, seconds(wallMs), seconds(ideal[mode]), times(ratio), seconds(cpuMs), target(ratio, 1.15)];
    }),
  };
}

/** Up to 10,000 PATs, as fast as the simulator answers. */
export async function benchGrowth(programs: Programs, rounds: number): Promise<Section> {
  const run = (pats: number, inputs: Readonly<Record<string, string>>) => () =>
    inCompany({ pats }, (simulator) => runProgram({ arguments: [programs.task], simulator, inputs }));
  const sizes = [2500, 10_000];
  const things: Record<string, () => Promise<Measured>> = {};
  for (const size of sizes) things[`simple ${size}`] = run(size, { mode: 'simple' });
  for (const size of sizes) things[`advanced ${size}`] = run(size, vault);
  const results = await interleaved(rounds, things);
  const rows = (['simple', 'advanced'] as const).flatMap((mode) =>
    sizes.map((size) => {
      const result = results[`${mode} ${size}`];
      const { wallMs, cpuMs, peakMb } = result ?? { wallMs: Number.NaN, cpuMs: Number.NaN, peakMb: Number.NaN };
      const name = mode === 'simple' ? 'simple' : 'advanced with a vault';
      const verdict = size === 10_000 ? target(Math.round(peakMb), 150, ' MB') : '';
      return [
        name,
        size.toLocaleString('en'),
        seconds(wallMs),
        seconds(cpuMs),
        milliseconds((1000 * cpuMs) / size),
        megabytes(peakMb),
        verdict,
      ];
    }),
  );
  return {
    title: 'Many: memory, and how time grows',
    text:
      'No delay. The processor time is the task’s own: that for 1,000 PATs stays the same where time is linear. Peak memory is ' +
      'the process’s resident set, of which an empty Node.js takes about 40 MB.',
    head: ['mode', 'PATs', 'wall time', 'processor time', 'of it for 1,000 PATs', 'peak memory', 'target'],
    rows,
  };
}
