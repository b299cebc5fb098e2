import { spawn } from 'node:child_process';
import type { Simulator } from '../../simulator/index.ts';

export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Called with all of standard error so far, whenever there is more of it. */
  readonly onStderr?: (text: string, send: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the built command as a scheduler would, behind the simulator's proxy. */
export function runCommand(
  simulator: Simulator | undefined,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandRun> {
  const network =
    simulator === undefined ? {} : { HTTPS_PROXY: simulator.proxyUrl, NODE_EXTRA_CA_CERTS: simulator.caFile };
  const child = spawn(process.execPath, ['dist/cli/renew-pats.js', ...args], {
    env: { PATH: process.env.PATH ?? '', ...network, ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(stderr, (signal) => child.kill(signal));
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
