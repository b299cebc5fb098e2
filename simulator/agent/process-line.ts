import { type LoggingCommand, parseLoggingCommand, unescapeText } from './logging-command.ts';
import { isRestricted } from './restrictions.ts';
import type { Step } from './step.ts';
import { taskCommands } from './task-commands.ts';

/** Areas of commands that an agent knows besides `task`. They are accepted, and nothing is done but for a build's tags. */
const otherAreas = new Set(['artifact', 'build', 'codecoverage', 'release', 'results', 'telemetry']);

const documentation = 'Please reference documentation (http://go.microsoft.com/fwlink/?LinkId=817296)';

/** One line that the task printed, on either stream: carried out if it is a logging command, shown otherwise. */
export function processLine(step: Step, line: string): void {
  const command = parseLoggingCommand(line);
  if (command === undefined) {
    if (line.includes('##vso')) {
      step.log.issue(
        'warning',
        `'${line}' contains logging command keyword '##vso', but it's not a legal command. Please see the list of accepted commands: https://go.microsoft.com/fwlink/?LinkId=817296`,
      );
    }
    step.log.write(line);
    return;
  }

  const { area, event } = command;
  if (area !== 'task' && !otherAreas.has(area)) {
    step.log.issue('warning', `Cannot find command extension for ##vso[${area}.command]. ${documentation}`);
    return;
  }
  if (area === 'build' && step.variables.get('System.HostType')?.value !== 'build') {
    // A release has no build: there the agent refuses the whole area, and the step fails.
    step.log.issue('error', '##vso[build.command] is not supported for Release.');
    step.commandFailed();
    step.log.write(line);
    return;
  }
  try {
    const taskCommand = area === 'task' ? findTaskCommand(event) : undefined;
    const isAllowed = taskCommand?.allowedInRestrictedMode ?? area === 'telemetry';
    if (isAllowed || !isRestricted(step.restrictions)) {
      if (area === 'build') buildCommand(step, command);
      taskCommand?.execute(step, command);
    } else {
      step.log.issue(
        'warning',
        `##vso[${area}.${event}] is not allowed in this step due to policy restrictions. ${documentation}`,
      );
    }
  } catch (error) {
    step.log.issue('error', `Unable to process command '${line}' successfully. ${documentation}`);
    step.log.issue('error', error instanceof Error ? error.message : String(error));
    step.commandFailed();
  } finally {
    // The agent repeats each command in a debug log as it has read it, which is one more place where a value can slip out.
    if (area !== 'task' || event !== 'debug') step.log.debug(`Processed: ${unescapeText(line)}`);
  }
}

function findTaskCommand(event: string) {
  const taskCommand = Object.hasOwn(taskCommands, event) ? taskCommands[event] : undefined;
  if (taskCommand !== undefined) return taskCommand;
  throw new Error(`##vso[task.${event}] is not a recognized command for Task command extension. ${documentation}.`);
}

function buildCommand(step: Step, { event, data }: LoggingCommand): void {
  if (event === 'addbuildtag' && data !== '') step.buildTags.push(data);
}
