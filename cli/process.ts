import type { Arguments } from './arguments.ts';
import type { Stream } from './screen.ts';

/** What somebody types into, if it is a terminal. */
export interface TerminalInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
}

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
