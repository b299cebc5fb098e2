/** Draws images/icon.svg at the sizes that the Marketplace and the task need. Run it after a change of the drawing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';

const drawing = readFileSync('images/icon.svg', 'utf8');
for (const { path, width } of [
  { path: 'images/icon.png', width: 256 },
  { path: 'tasks/RenewPats/icon.png', width: 32 },
]) {
  writeFileSync(path, new Resvg(drawing, { fitTo: { mode: 'width', value: width } }).render().asPng());
  console.log(`${path}: ${width} × ${width}`);
}
