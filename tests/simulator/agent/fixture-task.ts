import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskDefinition } from '../../../simulator/agent/task-definition.ts';

let root: string | undefined;

/** A task whose script is the given text, in a folder of its own. Call removeTasks() afterwards. */
export function makeTask(script: string, definition: Partial<TaskDefinition> = {}): string {
  root ??= mkdtempSync(join(tmpdir(), 'fixture-task-'));
  const folder = mkdtempSync(join(root, 'task-'));
  const task: TaskDefinition = {
    id: '00000000-1111-2222-3333-444444444444',
    name: 'Fixture',
    friendlyName: 'A fixture',
    version: { Major: 1, Minor: 0, Patch: 0 },
    execution: { Node20_1: { target: 'index.js' }, Node24: { target: 'index.js' } },
    ...definition,
  };
  writeFileSync(join(folder, 'task.json'), JSON.stringify(task));
  writeFileSync(join(folder, 'index.js'), script);
  return folder;
}

/** The same, inside the folder of an extracted extension. */
export function makeExtension(script: string): string {
  const task = makeTask(script);
  const extension = `${task}-extension`;
  mkdirSync(join(extension, 'tasks'), { recursive: true });
  renameSync(task, join(extension, 'tasks', 'Fixture'));
  const contribution = { type: 'ms.vss-distributed-task.task', properties: { name: 'tasks/Fixture' } };
  writeFileSync(join(extension, 'extension.vsomanifest'), JSON.stringify({ contributions: [contribution] }));
  return extension;
}

/** A task that prints these lines. */
export function printingTask(lines: readonly string[], definition: Partial<TaskDefinition> = {}): string {
  return makeTask(lines.map((line) => `console.log(${JSON.stringify(line)});`).join('\n'), definition);
}

/** A task that prints some environment variables as JSON. */
export function environmentTask(names: readonly string[], definition: Partial<TaskDefinition> = {}): string {
  return makeTask(
    `const seen = {};
     for (const name of ${JSON.stringify(names)}) seen[name] = process.env[name] ?? null;
     console.log(JSON.stringify(seen));`,
    definition,
  );
}

export function removeTasks(): void {
  if (root !== undefined) rmSync(root, { recursive: true, force: true });
  root = undefined;
}
