import { gunzipSync, gzipSync } from 'fflate';

/** The files of an npm package: path below `package/`, content, and whether it is a program. */
export interface TarredFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly isProgram: boolean;
}

const block = 512;

/**
 * Writes an npm package: the same bytes for the same files, whatever the clock, the machine's npm and zlib, and the order
 * they came in. Source: POSIX.1-1988, ustar; npm wants everything below `package/`.
 */
export function writeTarball(files: readonly TarredFile[]): Uint8Array {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const parts = sorted.flatMap((file) => [header(file), file.content, new Uint8Array(padding(file.content.length))]);
  // Two empty blocks end the archive.
  return gzipSync(Buffer.concat([...parts, new Uint8Array(2 * block)]), { level: 9, mtime: 0 });
}

/** Reads what `writeTarball` has written: path and content. @throws Error if a header's sum is wrong */
export function readTarball(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const archive = Buffer.from(gunzipSync(bytes));
  const files = new Map<string, Uint8Array>();
  for (let at = 0; archive[at] !== 0; ) {
    const head = archive.subarray(at, at + block);
    const text = (from: number, length: number) => head.toString('utf8', from, from + length).replace(/\0.*$/s, '');
    if (Number.parseInt(text(148, 8), 8) !== sumOf(head)) throw new Error(`The header at ${at} is damaged.`);
    const size = Number.parseInt(text(124, 12), 8);
    files.set(text(0, 100).replace(/^package\//, ''), archive.subarray(at + block, at + block + size));
    at += block + size + padding(size);
  }
  return files;
}

function header({ path, content, isProgram }: TarredFile): Uint8Array {
  const head = Buffer.alloc(block);
  const name = `package/${path}`;
  if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long a name for a tar file.`);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  head.write(name, 0);
  head.write(octal(isProgram ? 0o755 : 0o644, 8), 100);
  head.write(octal(0, 8), 108);
  head.write(octal(0, 8), 116);
  head.write(octal(content.length, 12), 124);
  // 1985-10-26, the time that npm gives everything: some tools take earlier ones for a mistake.
  head.write(octal(499_162_500, 12), 136);
  head.write('0', 156);
  head.write('ustar\x0000', 257);
  head.write(`${sumOf(head).toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}

/** Of all bytes of a header, its own eight taken as blanks. */
function sumOf(head: Uint8Array): number {
  return head.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

function padding(size: number): number {
  return (block - (size % block)) % block;
}
