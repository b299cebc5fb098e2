import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobContext } from './job-context.ts';
import { useConnections } from './service-connection.ts';
import { chooseTarget, findTaskFolder, readTaskDefinition, type TaskDefinition } from './task-definition.ts';
import { scriptEnvironment, taskEnvironment } from './task-environment.ts';
import { resolveInputs } from './task-inputs.ts';
import type { JobStep, ScriptStep, TaskStep } from './task-job.ts';
import { type ProcessEnd, type ProcessStart, runProcess } from './task-process.ts';
import { installTask } from './work-folders.ts';

/** What a step starts. */
export interface Program {
  /** Asked before each attempt, when the variables may have changed; inputs do not change any more. */
  readonly start: () => {
    readonly file: string;
    readonly arguments: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
  };
  readonly run: (start: ProcessStart) => Promise<ProcessEnd>;
}

export function definitionOf(step: JobStep): TaskDefinition {
  return 'script' in step ? bash : readTaskDefinition(findTaskFolder(step.taskFolder));
}

/** @throws Error where the server or the agent would not start it: unknown inputs, service connections or handlers. */
export function programOf(step: JobStep, definition: TaskDefinition, context: JobContext): Program {
  return 'script' in step ? scriptProgram(step, context) : taskProgram(step, definition, context);
}

function taskProgram(step: TaskStep, definition: TaskDefinition, context: JobContext): Program {
  const { settings, variables, options, folders } = context;
  const target = chooseTarget(definition, settings.agentVersion);
  if (target === undefined) throw new Error('A supported task execution handler was not found.');
  const inputs = resolveInputs(definition, step.inputs ?? {}, context.expand);
  const connections = useConnections(definition, inputs, options.endpoints ?? {});
  const folder = findTaskFolder(step.taskFolder);
  const name = `${definition.name}_${definition.id}`;
  const script = join(options.standIn ? folder : installTask(folder, folders.tasks, name), target);
  return {
    run: options.standIn ?? runProcess,
    start: () => ({
      file: options.nodePath ?? process.execPath,
      arguments: [script],
      environment: taskEnvironment(inputs, connections, settings, variables),
    }),
  };
}

const bash: TaskDefinition = {
  id: '6c731c3c-3c68-459a-a5c9-bde6e6595b5b',
  name: 'Bash',
  friendlyName: 'Bash',
  version: { Major: 3, Minor: 0, Patch: 0 },
};

let bashFile: string | undefined;

/** Variables are put into the script's own text before it is written to a file, whatever that makes of it. */
function scriptProgram({ script }: ScriptStep, { expand, folders, variables }: JobContext): Program {
  bashFile ??= execFileSync('sh', ['-c', 'command -v bash'], { encoding: 'utf8' }).trim();
  const path = join(folders.temp, `${randomUUID()}.sh`);
  writeFileSync(path, `${expand(script)}\n`);
  const file = bashFile;
  return {
    run: runProcess,
    start: () => ({ file, arguments: ['--noprofile', '--norc', path], environment: scriptEnvironment(variables) }),
  };
}
