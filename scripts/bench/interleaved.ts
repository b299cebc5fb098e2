import type { Measured } from './run-program.ts';

/** Medians of one thing's runs. */
export interface Median extends Measured {
  readonly runs: number;
}

/**
 * Runs each thing once a round, so that what else the machine does falls on all of them alike. The first round warms up
 * and does not count.
 */
export async function interleaved<Name extends string>(
  rounds: number,
  things: Readonly<Record<Name, () => Promise<Measured>>>,
): Promise<Readonly<Record<Name, Median>>> {
  const names = Object.keys(things) as Name[];
  const results = new Map(names.map((name) => [name, [] as Measured[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const measured = await things[name]();
      if (round > 0) results.get(name)?.push(measured);
    }
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  const medians = names.map((name) => [name, medianOf(results.get(name) ?? [])] as const);
  return Object.fromEntries(medians) as Record<Name, Median>;
}

function medianOf(runs: readonly Measured[]): Median {
  const median = (read: (run: Measured) => number) => {
    const sorted = runs.map(read).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  return {
    wallMs: median((run) => run.wallMs),
    cpuMs: median((run) => run.cpuMs),
    peakMb: median((run) => run.peakMb),
    runs: runs.length,
  };
}
