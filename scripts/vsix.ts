import { readFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';

/** The files of a package: path, with `/`, and content. */
export type VsixFiles = ReadonlyMap<string, Uint8Array>;

/** Reads a .vsix, which is a zip file; folders have no entries of their own. */
export function readVsix(path: string): VsixFiles {
  const entries = Object.entries(unzipSync(readFileSync(path)));
  return new Map(entries.filter(([name]) => !name.endsWith('/')));
}

/**
 * Writes the same bytes for the same files, whatever the clock, the time zone and the order they came in. So anybody can
 * build a release again and see that the published one holds nothing else.
 */
export function writeVsix(files: VsixFiles): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  // The earliest time that a zip file can hold. It has no time zone; this is midnight wherever it is written.
  return zipSync(Object.fromEntries(sorted), { level: 9, mtime: new Date(1980, 0, 1) });
}
