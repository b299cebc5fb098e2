import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** An agent's folders, made afresh for each run. */
export interface WorkFolders {
  readonly root: string;
  readonly work: string;
  readonly job: string;
  readonly sources: string;
  readonly temp: string;
  readonly tools: string;
  readonly tasks: string;
}

export function makeWorkFolders(): WorkFolders {
  const root = mkdtempSync(join(tmpdir(), 'pipeline-agent-'));
  const work = join(root, '_work');
  const folders = {
    root,
    work,
    job: join(work, '1'),
    sources: join(work, '1', 's'),
    temp: join(work, '_temp'),
    tools: join(work, '_tool'),
    tasks: join(work, '_tasks'),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return folders;
}

/**
 * Puts a task where an agent would. A copy, so that the task finds nothing but its own folder: no node_modules and no
 * package.json of a checkout further up.
 */
export function installTask(taskFolder: string, tasks: string, name: string): string {
  const installed = join(tasks, name);
  cpSync(taskFolder, installed, { recursive: true });
  return installed;
}

/** Every file below a folder: its path from there, with `/`, and its text. */
export function readFiles(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')];
    }),
  );
}
