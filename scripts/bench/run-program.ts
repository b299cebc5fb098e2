import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../../simulator/index.ts';
import { account, organization, tenant } from './cloud.ts';

/** One run of a program, from its start to its end. */
export interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

export interface Start {
  readonly arguments: readonly string[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly simulator?: Simulator;
  /** How the program comes to trust the simulator: as all programs do, or by a CA file of the agent's. */
  readonly trust?: 'NODE_EXTRA_CA_CERTS' | 'AGENT_CAINFO';
}

/** @throws Error if the program did not say that it succeeded */
export async function runProgram(start: Start): Promise<Measured> {
  const temp = mkdtempSync(join(tmpdir(), 'renew-pats-run-'));
  const began = performance.now();
  const child = spawn(process.execPath, ['--require', join(import.meta.dirname, 'usage.cjs'), ...start.arguments], {
    env: environmentOf(start, temp),
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const [, output, , usage] = child.stdio.map((stream) => {
    const chunks: Buffer[] = [];
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  });
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const wallMs = performance.now() - began;
  rmSync(temp, { recursive: true, force: true });
  if (start.simulator !== undefined && !/result=Succeeded/.test(output?.() ?? '')) {
    // The last lines: what the task tells the agent of its failure.
    throw new Error(output?.().split('\n').slice(-20).join('\n'));
  }
  const { cpuMs, peakMb } = JSON.parse(usage?.() ?? '') as { cpuMs: number; peakMb: number };
  return { wallMs, cpuMs, peakMb };
}

/** What an agent puts into a task's environment, as far as it is needed. */
function environmentOf({ inputs, simulator, trust = 'NODE_EXTRA_CA_CERTS' }: Start, temp: string): NodeJS.ProcessEnv {
  if (simulator === undefined) return {};
  const given = { mode: 'simple', organization, username: account.upn, password: account.password, tenantId: tenant };
  return {
    ...Object.fromEntries(
      Object.entries({ ...given, ...inputs }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    AGENT_PROXYURL: simulator.proxyUrl,
    [trust]: simulator.caFile,
    AGENT_TEMPDIRECTORY: temp,
  };
}
