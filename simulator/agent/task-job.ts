import type { AgentProxy } from './job-variables.ts';
import type { ServiceConnection } from './service-connection.ts';
import type { OutputVariable, ProgressUpdate } from './step.ts';
import type { Issue } from './step-log.ts';
import type { Patience } from './task-process.ts';
import type { TaskResult } from './task-result.ts';
import type { Variable } from './variables.ts';

/** A job with one step that uses a task. */
export interface TaskJob {
  /** The folder of task.json, or of an extracted extension with one task. */
  readonly taskFolder: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string | { readonly value: string; readonly secret: true }>>;
  /** The project's service connections, by name. A task sees those that its inputs name (by name or id). */
  readonly endpoints?: Readonly<Record<string, ServiceConnection>>;
  /** The step's `env:`. */
  readonly env?: Readonly<Record<string, string>>;
  /** The step's `name:`. */
  readonly stepName?: string;
  /** The Node.js that the agent brings; its version decides on the handler. Default: the one that runs this. */
  readonly nodePath?: string;
  /** System.Debug */
  readonly debug?: boolean;
  readonly hostType?: 'build' | 'release';
  readonly collectionUri?: string;
  readonly accessToken?: string;
  readonly agentVersion?: string;
  readonly proxy?: AgentProxy;
  readonly caInfo?: string;
  /** The environment of the agent itself, which tasks inherit. Default: the few variables without which programs do not run. */
  readonly agentEnvironment?: Readonly<Record<string, string>>;
  readonly patience?: Partial<Patience>;
  /** Called with each line of the masked log, as it comes. */
  readonly onLine?: (line: string) => void;
  /** Cancels the job. */
  readonly signal?: AbortSignal;
  /** Kills the process at once and without a word, as when the machine dies. */
  readonly powerCut?: AbortSignal;
  /** Leave the agent's folders for the caller to look into and to remove. */
  readonly keepFolders?: boolean;
}

export interface UploadedFile {
  readonly type: string;
  readonly name: string;
  readonly path: string;
  /** As uploaded: an agent masks nothing in it. */
  readonly content: string;
}

export interface TaskRun {
  readonly result: TaskResult;
  /** `undefined` if the agent left the process behind. */
  readonly exitCode: number | undefined;
  /** What the process printed on both streams, in the order in which it came, nothing masked. */
  readonly rawOutput: string;
  /** The step's log as a person sees it. */
  readonly log: string;
  readonly issues: readonly Issue[];
  readonly outputs: ReadonlyMap<string, OutputVariable>;
  /** The job's variables afterwards, outputs as `<step name>.<output>`. */
  readonly variables: { get(name: string): Variable | undefined; [Symbol.iterator](): Iterator<Variable> };
  readonly progress: readonly ProgressUpdate[];
  readonly summaries: readonly { readonly path: string; readonly text: string }[];
  readonly attachments: readonly UploadedFile[];
  /** Tags that the step has given to the build of its job. */
  readonly buildTags: readonly string[];
  /** The agent's folder for temporary files; gone after the run, unless `keepFolders`. */
  readonly tempDirectory: string;
  /** What the task left there: path from there, and text. */
  readonly files: ReadonlyMap<string, string>;
}
