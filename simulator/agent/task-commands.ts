import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { escapeText, type LoggingCommand } from './logging-command.ts';
import { maySetVariable } from './restrictions.ts';
import type { Step } from './step.ts';
import { parseTaskResult } from './task-result.ts';

type Command = Pick<LoggingCommand, 'properties' | 'data'>;

interface TaskCommand {
  /** Whether a step in restricted mode may use it. */
  readonly allowedInRestrictedMode: boolean;
  /** @throws Error if the command makes no sense: the step fails. */
  execute(step: Step, command: Command): void;
}

/** The commands `##vso[task.…]`, each with what the agent does for it. */
export const taskCommands: Readonly<Record<string, TaskCommand>> = {
  debug: open((step, { data }) => step.log.debug(data)),
  logissue: open(logIssue),
  issue: open(logIssue),
  complete: open(complete),
  setprogress: open(setProgress),
  setsecret: open((step, { data }) => step.masker.add(data)),
  setvariable: open(setVariable),
  settaskvariable: open(setTaskVariable),
  logdetail: open(() => {}),
  prependpath: open((step) => {
    checkSettable(step, 'Path');
  }),
  setendpoint: restricted((step, { properties, data }) => {
    if (properties.get('field')?.toLowerCase() === 'authparameter') step.masker.add(data);
  }),
  uploadsummary: restricted((step, { data }) => {
    if (data === '') throw new Error('Cannot upload summary file, summary file location is not specified.');
    attach(step, summaryType, basename(data), data);
  }),
  uploadfile: restricted((step, { data }) => {
    if (data === '') throw new Error('Cannot upload file because file location is not specified.');
    attach(step, 'DistributedTask.Core.FileAttachment', basename(data), data);
  }),
  addattachment: restricted((step, { properties, data }) => {
    attach(step, properties.get('type') ?? '', properties.get('name') ?? '', data);
  }),
};

/** Type of the attachments that the run's page shows as Markdown. */
export const summaryType = 'DistributedTask.Core.Summary';

function open(execute: TaskCommand['execute']): TaskCommand {
  return { allowedInRestrictedMode: true, execute };
}

function restricted(execute: TaskCommand['execute']): TaskCommand {
  return { allowedInRestrictedMode: false, execute };
}

function logIssue(step: Step, { properties, data }: Command): void {
  const type = properties.get('type')?.toLowerCase();
  if (type === undefined) {
    step.log.issue('warning', "Can't create TaskIssue from logging event.");
  } else if (type === 'error' || type === 'warning') {
    step.log.issue(type, data);
  } else {
    throw new Error(`issue type ${properties.get('type')} is not an expected issue type.`);
  }
}

function complete(step: Step, { properties, data }: Command): void {
  const result = parseTaskResult(properties.get('result') ?? '');
  if (result === undefined) throw new Error("Command doesn't have valid result value.");
  step.complete(result);
  step.tellProgress(100, data);
  if (/^(1|true|\$true)$/i.test(properties.get('done') ?? '')) step.isDone = true;
}

function setProgress(step: Step, { properties, data }: Command): void {
  const value = properties.get('value') ?? '';
  const percent = /^\s*-?\d+\s*$/.test(value) ? Math.min(Math.max(Number(value), 0), 100) : 0;
  step.tellProgress(percent, data);
}

function setVariable(step: Step, { properties, data }: Command): void {
  const name = properties.get('variable');
  if (name === undefined) throw new Error("Required field 'variable' is missing in ##vso[task.setvariable] command.");
  const isSecret = isTrue(properties, 'issecret');
  const isReadOnly = isTrue(properties, 'isreadonly');
  const isOutput = isTrue(properties, 'isoutput') || outputNames(step).has(name.toLowerCase());

  // Before the value is known as a secret: the error shows the command as it came.
  if (step.variables.get(name)?.isReadOnly) refuseOrWarn(step, name);
  if (isSecret) {
    refuseLineBreaks(data);
    // What stands in the command itself is masked as well.
    step.masker.add(escapeText(data));
  }
  if (!checkSettable(step, name)) return;

  const variable = isOutput ? `${step.name}.${name}` : name;
  step.variables.set(variable, data, { isSecret, isReadOnly: isReadOnly || isTrue(properties, 'isoutput') });
  const isNowSecret = step.variables.get(variable)?.isSecret ?? false;
  if (isOutput) step.outputs.set(name, { value: data, isSecret: isNowSecret });
}

/** An organization's setting decides which of the two it is. */
function refuseOrWarn(step: Step, name: string): void {
  const design =
    'See https://github.com/microsoft/azure-pipelines-yaml/blob/master/design/readonly-variables.md for details.';
  if (step.variables.get('agent.readOnlyVariables')?.value.toLowerCase() === 'true') {
    throw new Error(`Overwriting readonly variable '${name}' is not permitted. ${design}`);
  }
  step.log.issue(
    'warning',
    `Overwriting readonly variable '${name}'. This behavior will be disabled in the future. ${design}`,
  );
}

function setTaskVariable(step: Step, { properties, data }: Command): void {
  const name = properties.get('variable');
  if (name === undefined) {
    throw new Error("Required field 'variable' is missing in ##vso[task.settaskvariable] command.");
  }
  const isSecret = isTrue(properties, 'issecret');
  if (isSecret) {
    refuseLineBreaks(data);
    step.masker.add(data);
  }
  step.taskVariables.set(name, { value: data, isSecret });
}

function outputNames({ definition }: Step): Set<string> {
  return new Set((definition.outputVariables ?? []).map(({ name }) => name.toLowerCase()));
}

/** The agent warns and goes on without. */
function checkSettable(step: Step, name: string): boolean {
  const isAllowed = maySetVariable(step.restrictions, name);
  if (!isAllowed) {
    step.log.issue('warning', `Setting variable '${name}' has been disabled by the task or build definition.`);
  }
  return isAllowed;
}

function refuseLineBreaks(value: string): void {
  if (value.includes('\n')) throw new Error('Secrets cannot contain multiple lines');
}

function isTrue(properties: ReadonlyMap<string, string>, name: string): boolean {
  return properties.get(name)?.trim().toLowerCase() === 'true';
}

function attach(step: Step, type: string, name: string, path: string): void {
  if (type === '') throw new Error("Can't add task attachment, attachment type is not provided.");
  if (name === '') throw new Error("Can't add task attachment, attachment name is not provided.");
  for (const [what, text] of Object.entries({ Type: type, Name: name })) {
    if (/[/\0]/.test(text)) throw new Error(`${what} contains invalid characters. (/)`);
  }
  if (!existsSync(path)) {
    throw new Error(
      'Cannot upload task attachment file, attachment file location is not specified or attachment file does not exist on disk.',
    );
  }
  step.attachments.push({ type, name, path });
}
