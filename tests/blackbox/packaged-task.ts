import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackExtension } from '../../simulator/agent/unpack-extension.ts';
import { builtPackage } from '../package/built-package.ts';

let unpacked: string | undefined;

/** The folder of the extension, out of the .vsix as a person installs it; unpacked once for all tests. */
export function packagedTask(): string {
  if (unpacked === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'renew-pats-package-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    unpackExtension(builtPackage(), folder);
    unpacked = folder;
  }
  return unpacked;
}
