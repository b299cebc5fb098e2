import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepareJob } from './job-context.ts';
import { processLine } from './process-line.ts';
import { useConnections } from './service-connection.ts';
import { Step } from './step.ts';
import { StepLog } from './step-log.ts';
import { summaryType } from './task-commands.ts';
import { chooseTarget, findTaskFolder, readTaskDefinition, type TaskDefinition, versionOf } from './task-definition.ts';
import { taskEnvironment } from './task-environment.ts';
import { resolveInputs } from './task-inputs.ts';
import type { TaskJob, TaskRun } from './task-job.ts';
import { agentPatience, type ProcessEnd, runProcess } from './task-process.ts';
import { installTask, makeWorkFolders, readFiles, type WorkFolders } from './work-folders.ts';

export type { AgentProxy } from './job-variables.ts';
export type { ServiceConnection } from './service-connection.ts';
export type { TaskJob, TaskRun, UploadedFile } from './task-job.ts';
export type { TaskResult } from './task-result.ts';

/**
 * Runs a task as an agent of Azure Pipelines would: inputs, variables and connections through the environment, logging
 * commands from its output, secrets masked.
 * @throws Error where the server would not have started the run: unknown inputs or service connections.
 */
export async function runTask(job: TaskJob): Promise<TaskRun> {
  const folders = makeWorkFolders();
  try {
    return await runStep(job, folders);
  } finally {
    if (!job.keepFolders) rmSync(folders.root, { recursive: true, force: true });
  }
}

async function runStep(job: TaskJob, folders: WorkFolders): Promise<TaskRun> {
  const taskFolder = findTaskFolder(job.taskFolder);
  const definition = readTaskDefinition(taskFolder);
  const nodePath = job.nodePath ?? process.execPath;
  const target = chooseTarget(definition, nodeMajor(nodePath));
  if (target === undefined) throw new Error('A supported task execution handler was not found.');

  const { settings, variables, masker, agentEnvironment, expand } = prepareJob(job, folders);
  const inputs = resolveInputs(definition, job.inputs ?? {}, expand);
  const connections = useConnections(definition, inputs, job.endpoints ?? {});
  const script = join(installTask(taskFolder, folders.tasks, `${definition.name}_${definition.id}`), target);
  const log = new StepLog(masker, settings.isDebug, job.onLine ?? (() => {}));
  const step = new Step(job.stepName ?? `${definition.name}1`, definition, { variables, masker, log });
  const rawOutput: string[] = [];

  writeHeader(log, definition);
  const end = await runProcess({
    file: nodePath,
    arguments: [script],
    folder: folders.sources,
    environment: {
      ...agentEnvironment,
      ...Object.fromEntries(Object.entries(job.env ?? {}).map(([name, value]) => [name, expand(value.trim())])),
      ...taskEnvironment(inputs, connections, settings, variables),
    },
    patience: { ...agentPatience, ...job.patience },
    signal: job.signal,
    powerCut: job.powerCut,
    onLine: (line) => {
      rawOutput.push(line);
      processLine(step, line);
      return step;
    },
  });
  if (job.signal?.aborted) noteCancellation(step);
  else noteEnd(step, end, `file name '${nodePath}', arguments '"${script}"'`);
  log.write(`##[section]Finishing: ${definition.friendlyName}`);

  const uploaded = step.attachments.map((file) => ({ ...file, content: readFileSync(file.path, 'utf8') }));
  return {
    result: step.result,
    exitCode: end.kind === 'exited' ? end.exitCode : undefined,
    rawOutput: rawOutput.join('\n'),
    log: log.lines.join('\n'),
    issues: log.issues,
    outputs: step.outputs,
    variables,
    progress: step.progress,
    summaries: uploaded
      .filter(({ type }) => type === summaryType)
      .map(({ path, content }) => ({ path, text: content })),
    attachments: uploaded.filter(({ type }) => type !== summaryType),
    buildTags: step.buildTags,
    tempDirectory: folders.temp,
    files: readFiles(folders.temp),
  };
}

function noteCancellation(step: Step): void {
  step.log.issue('error', 'The operation was canceled.');
  step.overrule('Canceled');
}

function noteEnd(step: Step, end: ProcessEnd, command: string): void {
  if (end.kind === 'left') {
    step.log.debug(
      'The task was marked as "done", but the process has not closed after 5 seconds. Treating the task as complete.',
    );
  } else if (end.exitCode !== 0) {
    step.log.issue('error', `Exit code ${end.exitCode} returned from process: ${command}.`);
    step.overrule('Failed');
  }
}

function writeHeader(log: StepLog, definition: TaskDefinition): void {
  const rule = '='.repeat(78);
  log.write(`##[section]Starting: ${definition.friendlyName}`);
  log.write(rule);
  log.write(`Task         : ${definition.friendlyName}`);
  log.write(`Description  : ${definition.description ?? ''}`);
  log.write(`Version      : ${versionOf(definition)}`);
  log.write(`Author       : ${definition.author ?? ''}`);
  log.write(`Help         : ${definition.helpUrl ?? definition.helpMarkDown ?? ''}`);
  log.write(rule);
}

function nodeMajor(nodePath: string): number {
  const version =
    nodePath === process.execPath ? process.version : execFileSync(nodePath, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)\./.exec(version)?.[1]);
}
