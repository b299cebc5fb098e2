import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** What is measured, each as a file for Node.js. */
export interface Programs {
  /** The task as an agent has it: its folder alone, nothing of a checkout around it. */
  readonly task: string;
  /** The task's sources without their packages, which are loaded from node_modules. */
  readonly unbundled: string;
  /** The requests of simple without any package: no program that sends them starts faster. */
  readonly byHand: string;
  /** What the published article does. */
  readonly article: string;
  readonly remove: () => void;
}

export async function makePrograms(): Promise<Programs> {
  const folder = mkdtempSync(join(tmpdir(), 'renew-pats-bench-'));
  cpSync('dist/stage/tasks/RenewPats', join(folder, 'task'), { recursive: true });
  const make = async (entry: string, output: string, packages: 'bundle' | 'external') => {
    const options = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'error' } as const;
    await build({
      entryPoints: [entry],
      outfile: output,
      packages,
      minifySyntax: true,
      minifyWhitespace: true,
      ...options,
    });
    return output;
  };
  return {
    task: join(folder, 'task', 'index.js'),
    // In the checkout, because from here node_modules is found.
    unbundled: await make('tasks/RenewPats/index.ts', 'dist/bench/unbundled.cjs', 'external'),
    byHand: await make('scripts/bench/by-hand.ts', join(folder, 'by-hand.cjs'), 'bundle'),
    article: await make('scripts/bench/article.ts', join(folder, 'article.cjs'), 'bundle'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
