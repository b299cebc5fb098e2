import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';

/** Runs a script of this folder in a page; its last expression is the result. */
export function inPage<Result>(frame: Frame, script: 'contrasts' | 'overlaps' | 'work'): Promise<Result> {
  return frame.evaluate<Result>(readFileSync(join(import.meta.dirname, `${script}.js`), 'utf8'));
}
