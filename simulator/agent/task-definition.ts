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

/** The handlers that agents of today prefer, best first, and the first agents that know them. Others are ignored. */
const handlers = [
  { name: 'Node24', since: '4.265.0' },
  { name: 'Node20_1', since: '3.230.2' },
] as const;

/**
 * The script that an agent runs; `undefined` if the task offers none that it knows. An agent that knows both takes Node24's,
 * also where it then runs it with Node.js 20, as it does unless its administrator says otherwise.
 */
export function chooseTarget(definition: TaskDefinition, agentVersion: string): string | undefined {
  const known = handlers.filter(({ since }) => isAtLeast(agentVersion, since));
  return known.map(({ name }) => definition.execution?.[name]).find((handler) => handler !== undefined)?.target;
}

function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0;
}
