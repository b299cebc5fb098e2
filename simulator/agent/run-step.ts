import { readFileSync } from 'node:fs';
import { conditionHolds } from './condition.ts';
import type { JobContext } from './job-context.ts';
import { processLine } from './process-line.ts';
import { definitionOf, type Program, programOf } from './program.ts';
import { restrictionsOf } from './restrictions.ts';
import { type Attachment, Step } from './step.ts';
import { StepLog } from './step-log.ts';
import { summaryType } from './task-commands.ts';
import { type TaskDefinition, versionOf } from './task-definition.ts';
import type { JobStep, TaskRun, UploadedFile } from './task-job.ts';
import { agentPatience, type ProcessEnd } from './task-process.ts';
import type { TaskResult } from './task-result.ts';
import { readFiles } from './work-folders.ts';

/** What is known of the attempts of a step. */
interface Attempts {
  readonly output: string[][];
  exitCode: number | undefined;
}

/**
 * Runs a step, if its condition says so, and adds its result to the job's.
 * @throws Error where the server would not have started the run: unknown inputs or service connections.
 */
export async function runStep(given: JobStep, context: JobContext): Promise<TaskRun> {
  const { variables, masker, settings, options } = context;
  const log = new StepLog(masker, settings.isDebug, options.onLine ?? (() => {}));
  for (const warning of variables.expandEachOther()) log.issue('warning', warning);
  const attempts: Attempts = { output: [], exitCode: undefined };
  const condition = given.condition ?? 'succeeded()';
  if (options.signal?.aborted) context.addResult('Canceled');
  const verdict = judge(condition, context, log);
  if (verdict !== 'run') {
    if (verdict === 'Failed') context.addResult(verdict);
    return runOf(verdict, attempts, { log, context });
  }

  const definition = definitionOf(given);
  const displayName = given.displayName ?? definition.friendlyName;
  const scope = openScope(definition, displayName, context);
  try {
    const program = programOf(given, definition, context);
    const step = new Step(
      given.stepName ?? `${definition.name}1`,
      { definition, restrictions: restrictionsOf(definition, given.target) },
      { variables, masker, log },
    );
    writeHeader(log, definition, displayName);
    await runAttempts(given, program, { step, attempts, condition, context });
    log.write(`##[section]Finishing: ${displayName}`);
    const result = step.result === 'Failed' && given.continueOnError ? 'SucceededWithIssues' : step.result;
    if (countsForTheJob.has(result)) context.addResult(result);
    return runOf(result, attempts, { log, context, step });
  } finally {
    scope.close();
  }
}

/** A job is cancelled by its own signal alone, whatever a step says. */
const countsForTheJob: ReadonlySet<TaskResult> = new Set(['SucceededWithIssues', 'Failed', 'Abandoned']);

function judge(condition: string, context: JobContext, log: StepLog): 'run' | 'Skipped' | 'Failed' {
  try {
    if (holds(condition, context)) return 'run';
    log.write(`Skipping step due to condition evaluation.\nEvaluating: ${condition}\nResult: False`);
    return 'Skipped';
  } catch (error) {
    log.issue('error', error instanceof Error ? error.message : String(error));
    return 'Failed';
  }
}

function holds(condition: string, { variables, status }: JobContext): boolean {
  return conditionHolds(condition, variables, status());
}

/** Variables that are there for one step only. */
function openScope({ name }: TaskDefinition, displayName: string, { variables }: JobContext): { close(): void } {
  const own: Readonly<Record<string, string>> = {
    'Task.DisplayName': displayName,
    'System.TaskInstanceId': 'b0a3b1c5-5a0c-5d0a-8e57-3f6a1c9b7d21',
    'System.TaskInstanceName': name,
    'System.TaskDisplayName': displayName,
  };
  for (const [variable, value] of Object.entries(own)) variables.set(variable, value);
  return {
    close: () => {
      for (const variable of Object.keys(own)) variables.unset(variable);
    },
  };
}

async function runAttempts(
  given: JobStep,
  program: Program,
  { step, attempts, condition, context }: { step: Step; attempts: Attempts; condition: string; context: JobContext },
): Promise<void> {
  const { expand, inherited, folders, options } = context;
  const stop = stopOf(given, { step, condition, context });
  const wanted = given.retryCountOnTaskFailure ?? 0;
  if (wanted > mostRetries) {
    step.log.issue(
      'warning',
      `The maximum allowed number of attempts is ${mostRetries} but got ${wanted}. Retry attempts count will be decreased to ${mostRetries}.`,
    );
  }
  const retries = Math.min(wanted, mostRetries);
  // One environment for all attempts, filled again before each.
  const environment: Record<string, string> = { ...inherited };
  for (const [name, value] of Object.entries(given.env ?? {})) environment[name] = expand(value.trim());
  try {
    for (let retry = 0; ; retry++) {
      const output: string[] = [];
      attempts.output.push(output);
      let isGone = false;
      const { file, arguments: args, environment: filled } = program.start();
      const end = await program.run({
        file,
        arguments: args,
        folder: folders.sources,
        environment: Object.assign(environment, filled),
        patience: { ...agentPatience, ...options.patience },
        signal: stop.signal,
        powerCut: options.powerCut,
        onLine: (line) => {
          output.push(line);
          processLine(step, line);
          isGone = given.readerGoesAwayAfter?.test(line) ?? false;
          return isGone ? 'gone' : step.isDone ? 'done' : 'reading';
        },
      });
      attempts.exitCode = end.kind === 'exited' ? end.exitCode : undefined;
      if (isGone) return step.overrule('Abandoned');
      if (stop.signal.aborted) return stop.note();
      const problem = problemOf(end, `file name '${file}', arguments '"${args.join(' ')}"'`, step);
      if (problem === undefined && !step.hasSaidFailed) return;
      const milliseconds = (retry + 1) ** 2 * 1000;
      if (retry === retries) {
        if (problem === undefined) return;
        step.log.issue('error', problem);
        return step.overrule('Failed');
      }
      step.log.issue(
        'warning',
        problem === undefined
          ? `RetryHelper encountered task failure, will retry (attempt #: ${retry + 1} out of ${retries}) after ${milliseconds} ms`
          : `RetryHelper encountered exception, will retry (attempt #: ${retry + 1} ${problem}) afer ${milliseconds} ms`,
      );
      step.beginAnotherAttempt();
      await options.onRetry?.(milliseconds);
      if (stop.signal.aborted) return stop.note();
    }
  } finally {
    stop.close();
  }
}

/** More than so many retries of a step there are not. */
const mostRetries = 10;

/** `undefined`: it has ended well, as far as its process goes. */
function problemOf(end: ProcessEnd, command: string, step: Step): string | undefined {
  if (end.kind === 'left') {
    step.log.debug(
      'The task was marked as "done", but the process has not closed after 5 seconds. Treating the task as complete.',
    );
    return undefined;
  }
  return end.exitCode === 0 ? undefined : `Exit code ${end.exitCode} returned from process: ${command}.`;
}

/** What ends a step before its time: the job's cancellation, if the condition does not hold even then, and its time-out. */
function stopOf(
  given: JobStep,
  { step, condition, context }: { step: Step; condition: string; context: JobContext },
): { readonly signal: AbortSignal; note(): void; close(): void } {
  const { signal: cancellation } = context.options;
  const controller = new AbortController();
  const cancel = () => {
    context.addResult('Canceled');
    if (holds(condition, context)) return;
    step.log.issue('error', 'The Operation will be canceled. The next steps may not contain expected logs.');
    controller.abort('canceled');
  };
  const timeOut = () => controller.abort('timed out');
  if (!cancellation?.aborted) cancellation?.addEventListener('abort', cancel, { once: true });
  given.timeout?.addEventListener('abort', timeOut, { once: true });
  return {
    signal: controller.signal,
    note: () => {
      const isTimeOut = controller.signal.reason === 'timed out' && !cancellation?.aborted;
      step.log.issue('error', isTimeOut ? 'The task has timed out.' : 'The operation was canceled.');
      step.overrule(isTimeOut ? 'Failed' : 'Canceled');
    },
    close: () => {
      cancellation?.removeEventListener('abort', cancel);
      given.timeout?.removeEventListener('abort', timeOut);
    },
  };
}

function writeHeader(log: StepLog, definition: TaskDefinition, displayName: string): void {
  const rule = '='.repeat(78);
  log.write(`##[section]Starting: ${displayName}`);
  log.write(rule);
  log.write(`Task         : ${definition.friendlyName}`);
  log.write(`Description  : ${definition.description ?? ''}`);
  log.write(`Version      : ${versionOf(definition)}`);
  log.write(`Author       : ${definition.author ?? ''}`);
  log.write(`Help         : ${definition.helpUrl ?? definition.helpMarkDown ?? ''}`);
  log.write(rule);
}

function runOf(
  result: TaskResult,
  { output, exitCode }: Attempts,
  { log, context, step }: { log: StepLog; context: JobContext; step?: Step },
): TaskRun {
  const uploaded = (step?.attachments ?? []).map(read);
  const attempts = output.map((lines) => lines.join('\n'));
  return {
    result,
    exitCode,
    rawOutput: attempts.join('\n'),
    attempts,
    log: log.lines.join('\n'),
    issues: log.issues,
    outputs: step?.outputs ?? new Map(),
    variables: context.variables,
    progress: step?.progress ?? [],
    summaries: uploaded
      .filter(({ type }) => type === summaryType)
      .map(({ path, content }) => ({ path, text: content })),
    attachments: uploaded.filter(({ type }) => type !== summaryType),
    buildTags: step?.buildTags ?? [],
    tempDirectory: context.folders.temp,
    files: readFiles(context.folders.temp),
  };
}

/** The agent reads an attachment some time after it has heard of it: at the step's end at the latest. */
function read(file: Attachment): UploadedFile {
  try {
    return { ...file, content: readFileSync(file.path, 'utf8') };
  } catch (cause) {
    throw new Error(`The task took ${file.path} away before the agent had uploaded it.`, { cause });
  }
}
