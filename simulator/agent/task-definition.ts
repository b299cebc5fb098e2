import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a task.json that an agent acts on. */
export interface TaskDefinition {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly description?: string;
  readonly author?: string;
  readonly helpUrl?: string;
  readonly helpMarkDown?: string;
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
  readonly inputs?: readonly TaskInput[];
  readonly outputVariables?: readonly { readonly name: string }[];
  readonly restrictions?: {
    readonly commands?: { readonly mode?: string };
    readonly settableVariables?: { readonly allowed?: readonly string[] };
  };
  readonly execution?: Readonly<Record<string, { readonly target: string } | undefined>>;
}

export interface TaskInput {
  readonly name: string;
  readonly type: string;
  readonly aliases?: readonly string[];
  readonly defaultValue?: string | boolean;
}

/**
 * The folder that holds task.json: the one given, or, if that is an extracted extension, the folder that its one task
 * contribution names.
 */
export function findTaskFolder(folder: string): string {
  if (existsSync(join(folder, 'task.json'))) return folder;
  const manifest = join(folder, 'extension.vsomanifest');
  if (!existsSync(manifest)) throw new Error(`Neither a task nor an extension: ${folder}`);
  const extension: { contributions: { type: string; properties: { name: string } }[] } = readJson(manifest);
  const tasks = extension.contributions.filter(({ type }) => type === 'ms.vss-distributed-task.task');
  const [task] = tasks;
  if (task === undefined || tasks.length > 1) throw new Error(`${tasks.length} tasks in ${folder}; expected one`);
  return join(folder, task.properties.name);
}

export function readTaskDefinition(taskFolder: string): TaskDefinition {
  return readJson(join(taskFolder, 'task.json'));
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** `1.2.3` */
export function versionOf({ version }: TaskDefinition): string {
  return `${version.Major}.${version.Minor}.${version.Patch}`;
}

/** The handlers that agents of today prefer, best first. An agent ignores the keys that it does not know. */
const handlers = [
  { name: 'Node24', needs: 24 },
  { name: 'Node20_1', needs: 20 },
] as const;

/** The script that an agent runs whose newest Node.js has this major version; `undefined` if the task offers it none. */
export function chooseTarget(definition: TaskDefinition, nodeMajor: number): string | undefined {
  const usable = handlers.filter(({ needs }) => needs <= nodeMajor);
  return usable.map(({ name }) => definition.execution?.[name]).find((handler) => handler !== undefined)?.target;
}
