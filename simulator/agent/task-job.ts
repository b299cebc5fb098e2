import type { AgentProxy } from './job-variables.ts';
import type { StepTarget } from './restrictions.ts';
import type { ServiceConnection } from './service-connection.ts';
import type { OutputVariable, ProgressUpdate } from './step.ts';
import type { Issue } from './step-log.ts';
import type { Patience, ProcessEnd, ProcessStart } from './task-process.ts';
import type { TaskResult } from './task-result.ts';
import type { Variable } from './variables.ts';

export type GivenVariable = string | { readonly value: string; readonly secret?: true; readonly readOnly?: true };

/** What a job has, whatever its steps are. */
export interface JobOptions {
  readonly variables?: Readonly<Record<string, GivenVariable>>;
  /** The organization's setting `agent.readOnlyVariables`: setting a read-only variable fails the step; otherwise it is a warning. */
  readonly readOnlyVariables?: boolean;
  /** The project's service connections, by name. A task sees those that its inputs name (by name or id). */
  readonly endpoints?: Readonly<Record<string, ServiceConnection>>;
  /** The Node.js that the agent brings. Default: the one that runs this. */
  readonly nodePath?: string;
  /** System.Debug */
  readonly debug?: boolean;
  readonly hostType?: 'build' | 'release';
  readonly collectionUri?: string;
  readonly accessToken?: string;
  /** It decides on the handler. */
  readonly agentVersion?: string;
  readonly proxy?: AgentProxy;
  readonly caInfo?: string;
  /** The job runs in a container: the agent's environment and its file of certificates are not in there. */
  readonly inContainer?: boolean;
  /** The environment of the agent itself, which tasks inherit. Default: the few variables without which programs do not run. */
  readonly agentEnvironment?: Readonly<Record<string, string>>;
  readonly patience?: Partial<Patience>;
  /** Called with each line of the masked log, as it comes. */
  readonly onLine?: (line: string) => void;
  /** Stands for the wait before another attempt of a step, in milliseconds. Nothing sleeps: a test may let its world's time go on. */
  readonly onRetry?: (milliseconds: number) => void | Promise<void>;
  /** Cancels the job. A step whose condition holds even then goes on. */
  readonly signal?: AbortSignal;
  /** Kills the process at once and without a word, as when the machine dies. */
  readonly powerCut?: AbortSignal;
  /** Stands for the task's process, which has to do with its environment and its lines what the task does. Default: a process. */
  readonly standIn?: (start: ProcessStart) => Promise<ProcessEnd>;
  /** Leave the agent's folders for the caller to look into and to remove. */
  readonly keepFolders?: boolean;
}

/** What any step may have. */
export interface StepOptions {
  /** `name:`; outputs are `<name>.<output>`. */
  readonly stepName?: string;
  /** Default: the task's friendly name. */
  readonly displayName?: string;
  /** Default: `succeeded()`. */
  readonly condition?: string;
  readonly continueOnError?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly target?: StepTarget;
  /** How often a failed step is tried again: at most 10 times. */
  readonly retryCountOnTaskFailure?: number;
  /** The end of `timeoutInMinutes`. */
  readonly timeout?: AbortSignal;
  /** The agent reads nothing after the first line that fits: its process has died, and the task's goes on. */
  readonly readerGoesAwayAfter?: RegExp;
}

export interface TaskStep extends StepOptions {
  /** The folder of task.json, or of an extracted extension with one task. */
  readonly taskFolder: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

/** `bash:`, and what `script:` is on Linux. */
export interface ScriptStep extends StepOptions {
  readonly script: string;
}

export type JobStep = TaskStep | ScriptStep;

export interface Job extends JobOptions {
  readonly steps: readonly JobStep[];
}

/** A job with one step that uses a task. */
export interface TaskJob extends JobOptions, TaskStep {}

export interface UploadedFile {
  readonly type: string;
  readonly name: string;
  readonly path: string;
  /** As uploaded: an agent masks nothing in it. */
  readonly content: string;
}

/** What came of one step: a task's or a script's. */
export interface TaskRun {
  readonly result: TaskResult;
  /** Of the last attempt; `undefined` if the agent left the process behind, or began none. */
  readonly exitCode: number | undefined;
  /** What the process printed on both streams, in the order in which it came, nothing masked; of all attempts. */
  readonly rawOutput: string;
  /** The same for each attempt. */
  readonly attempts: readonly string[];
  /** The step's log as a person sees it. */
  readonly log: string;
  readonly issues: readonly Issue[];
  readonly outputs: ReadonlyMap<string, OutputVariable>;
  /** The job's variables, outputs as `<step name>.<output>`; of a job with several steps: as they are by now. */
  readonly variables: JobVariables;
  readonly progress: readonly ProgressUpdate[];
  readonly summaries: readonly { readonly path: string; readonly text: string }[];
  readonly attachments: readonly UploadedFile[];
  /** Tags that the step has given to the build of its job. */
  readonly buildTags: readonly string[];
  /** The agent's folder for temporary files; the same for all steps of a job, gone after it, unless `keepFolders`. */
  readonly tempDirectory: string;
  /** What the step left there: path from there, and text. */
  readonly files: ReadonlyMap<string, string>;
}

export interface JobVariables {
  get(name: string): Variable | undefined;
  [Symbol.iterator](): Iterator<Variable>;
}

export interface JobRun {
  readonly result: TaskResult;
  readonly steps: readonly TaskRun[];
  readonly variables: JobVariables;
}
