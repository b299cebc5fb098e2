import type { Arguments } from './arguments.ts';
import type { TerminalInput } from './password.ts';
import type { Stream } from './screen.ts';

/** What the process gives the command. */
export interface Process {
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: TerminalInput;
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly platform: NodeJS.Platform;
  readonly version: string;
  /** Aborted by SIGINT or SIGTERM; its reason is the exit code. */
  readonly stopping: AbortSignal;
}

export type Command = Arguments & { kind: 'command' };
