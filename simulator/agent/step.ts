import type { Restrictions } from './restrictions.ts';
import type { SecretMasker } from './secret-masker.ts';
import type { StepLog } from './step-log.ts';
import type { TaskDefinition } from './task-definition.ts';
import { mergeResults, type TaskResult } from './task-result.ts';
import type { Variables } from './variables.ts';

export interface OutputVariable {
  readonly value: string;
  readonly isSecret: boolean;
}

export interface ProgressUpdate {
  readonly percent: number;
  readonly operation: string;
}

export interface Attachment {
  readonly type: string;
  readonly name: string;
  readonly path: string;
}

/** A step while it runs: what its logging commands add to. */
export class Step {
  /** The step's `name:`; outputs are the variables `<name>.<output>`. */
  readonly name: string;
  readonly definition: TaskDefinition;
  readonly restrictions: readonly Restrictions[];
  readonly variables: Variables;
  readonly masker: SecretMasker;
  readonly log: StepLog;
  readonly outputs = new Map<string, OutputVariable>();
  readonly taskVariables = new Map<string, OutputVariable>();
  readonly progress: ProgressUpdate[] = [];
  readonly attachments: Attachment[] = [];
  /** Tags that the step has given to the build of its job. */
  readonly buildTags: string[] = [];
  /** The task said that it is finished: its process gets a little more time, then it is left. */
  isDone = false;
  #result: TaskResult | undefined;
  #commandResult: TaskResult | undefined;

  constructor(
    name: string,
    { definition, restrictions }: { definition: TaskDefinition; restrictions: readonly Restrictions[] },
    { variables, masker, log }: { variables: Variables; masker: SecretMasker; log: StepLog },
  ) {
    this.name = name;
    this.definition = definition;
    this.restrictions = restrictions;
    this.variables = variables;
    this.masker = masker;
    this.log = log;
  }

  /** What `task.complete` said. */
  complete(result: TaskResult): void {
    this.#result = mergeResults(this.#result, result);
  }

  /** What a failed attempt said counts no more; what its commands did stays: outputs, issues, and a command that failed. */
  beginAnotherAttempt(): void {
    this.#result = undefined;
    this.isDone = false;
  }

  /** Whether the task itself has failed, as far as it said so; a command that failed is another matter. */
  get hasSaidFailed(): boolean {
    return this.#result === 'Failed';
  }

  /** A percentage never goes back. */
  tellProgress(percent: number, operation: string): void {
    this.progress.push({ percent: Math.max(percent, this.progress.at(-1)?.percent ?? 0), operation });
  }

  /** How the process ended weighs more than what it said before. */
  overrule(result: TaskResult): void {
    this.#result = result;
  }

  /** A logging command that cannot be processed fails the step, whatever the task says later. */
  commandFailed(): void {
    this.#commandResult = 'Failed';
  }

  /** A step that says nothing and exits with 0 has succeeded. */
  get result(): TaskResult {
    const result = this.#commandResult === undefined ? this.#result : mergeResults(this.#result, this.#commandResult);
    return result ?? 'Succeeded';
  }
}
