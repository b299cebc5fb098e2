import { writeFileSync } from 'node:fs';
import { smallPng } from './small-png.ts';

/** A page of the Marketplace shows several of these: a picture that is larger has something in it that should not be. */
const bytesAtMost = 100_000;

export function savePicture(path: string, png: Buffer): void {
  const small = smallPng(png);
  if (small.length > bytesAtMost) throw new Error(`${path} has ${small.length} bytes, more than ${bytesAtMost}.`);
  writeFileSync(path, small);
  console.log(`${path}: ${Math.round(small.length / 1024)} KB`);
}
