import type * as TaskLibrary from 'azure-pipelines-task-lib/task.js';
import { createNetwork, type Network, type NetworkSettings } from '../../src/services/network.ts';
import { flushed } from './logging-command.ts';
import type { Variables } from './password-arrival.ts';
import { registerSecret, type TakenSecrets } from './secrets.ts';
import { keepHeapSmall } from './small-heap.ts';
import { stopSignal } from './stopping.ts';

/** What the step needs of its agent and of the process it runs in: nothing else in main.ts knows either. */
export interface Host {
  readonly task: Pick<
    typeof TaskLibrary,
    | 'getInput'
    | 'command'
    | 'debug'
    | 'warning'
    | 'error'
    | 'setProgress'
    | 'setVariable'
    | 'addAttachment'
    | 'uploadSummary'
  >;
  /** Without what is secret. */
  readonly environment: NodeJS.ProcessEnv;
  readonly secrets: TakenSecrets;
  readonly variables: Variables;
  /** Tells the agent to mask the value in every form. */
  readonly registerSecret: (value: string) => void;
  /** A line of the log. */
  readonly print: (line: string) => void;
  /** Resolves when everything written so far has reached the agent; rejects if nobody reads any more. */
  readonly flushed: () => Promise<void>;
  /** @throws Error if a certificate cannot be read or the proxy's address is none */
  readonly openNetwork: (settings: NetworkSettings) => Network;
  /** Aborted when the job is cancelled. */
  readonly stopping: AbortSignal;
}

/** This process as an agent has started it. To be asked once, when the program is loaded. */
export function thisProcess(task: Host['task'], secrets: TakenSecrets, variables: Variables): Host {
  // Not before: while the program itself is loaded it would cost a tenth of the start.
  keepHeapSmall();
  return {
    task,
    environment: process.env,
    secrets,
    variables,
    registerSecret,
    print: console.log,
    flushed,
    openNetwork: createNetwork,
    stopping: stopSignal(),
  };
}
