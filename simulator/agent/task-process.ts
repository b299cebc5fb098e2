import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Lines } from './lines.ts';

/** How long an agent waits for a process, in milliseconds. */
export interface Patience {
  /** A cancelled task gets SIGINT; so much later SIGTERM. */
  readonly afterInterrupt: number;
  /** And so much later SIGKILL. */
  readonly afterTerminate: number;
  /** A task that said it is done and still runs is left. */
  readonly afterDone: number;
  /** A process that has ended while a child of it still holds its output open. */
  readonly afterExit: number;
}

/** The agent's own figures. */
export const agentPatience: Patience = {
  afterInterrupt: 7500,
  afterTerminate: 2500,
  afterDone: 5000,
  afterExit: 5000,
};

export interface ProcessStart {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly patience: Patience;
  /** Cancels: SIGINT, and more later. */
  readonly signal: AbortSignal | undefined;
  /** SIGKILL at once. */
  readonly powerCut: AbortSignal | undefined;
  /** Called for each line of either stream; says whether the agent goes on reading, the task said it is done, or nobody reads any more. */
  readonly onLine: (line: string) => 'reading' | 'done' | 'gone';
}

export type ProcessEnd = { readonly kind: 'exited'; readonly exitCode: number } | { readonly kind: 'left' };

/** Runs a task's process to its end, or to the point where an agent no longer waits for it. */
export async function runProcess(start: ProcessStart): Promise<ProcessEnd> {
  const child = spawn(start.file, start.arguments, {
    cwd: start.folder,
    env: start.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timers = new Set<NodeJS.Timeout>();
  const after = (milliseconds: number, act: () => void) => timers.add(setTimeout(act, milliseconds));
  let isListening = true;

  /** From now on each write of the process fails (EPIPE). */
  const stopReading = () => {
    isListening = false;
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const cancel = () => {
    child.kill('SIGINT');
    after(start.patience.afterInterrupt, () => child.kill('SIGTERM'));
    after(start.patience.afterInterrupt + start.patience.afterTerminate, () => child.kill('SIGKILL'));
  };
  start.signal?.addEventListener('abort', cancel, { once: true });
  if (start.signal?.aborted) cancel();
  const kill = () => child.kill('SIGKILL');
  start.powerCut?.addEventListener('abort', kill, { once: true });
  if (start.powerCut?.aborted) kill();

  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    let saidDone = false;
    for (const stream of [child.stdout, child.stderr]) {
      const lines = new Lines((line) => {
        if (!isListening) return;
        const next = start.onLine(line);
        if (next === 'done' && !saidDone) after(start.patience.afterDone, () => resolve({ kind: 'left' }));
        saidDone ||= next === 'done';
        if (next === 'gone') stopReading();
      });
      stream.on('data', (bytes: Buffer) => lines.push(bytes));
      stream.on('end', () => lines.end());
    }
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      // A process that a signal ended has the exit code that a shell would show.
      const end: ProcessEnd = { kind: 'exited', exitCode: code ?? 128 + constants.signals[signal ?? 'SIGKILL'] };
      child.on('close', () => resolve(end));
      after(start.patience.afterExit, () => resolve(end));
    });
  });

  try {
    return await ended;
  } finally {
    start.signal?.removeEventListener('abort', cancel);
    start.powerCut?.removeEventListener('abort', kill);
    for (const timer of timers) clearTimeout(timer);
    // An agent cleans orphans up at the end of the job.
    child.kill('SIGKILL');
    stopReading();
  }
}
