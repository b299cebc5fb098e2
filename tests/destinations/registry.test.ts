import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A destination is a folder that holds `destination.ts`. */
const folders = readdirSync('src/destinations').filter((name) => existsSync(`src/destinations/${name}/destination.ts`));

describe('Each destination', () => {
  it('is in the registry, and nothing else is', () => {
    const registry = readFileSync('src/destinations/registry.ts', 'utf8');
    const imported = [...registry.matchAll(/from '\.\/([\w-]+)\/destination\.ts'/g)].map(([, name]) => name);
    assert.deepEqual(imported.sort(), folders.sort());
  });

  for (const folder of folders) {
    it(`is held to the promises of the port, with faults planted in it: ${folder}`, () => {
      const test = readFileSync(`tests/destinations/${folder}/conformance.test.ts`, 'utf8');
      assert.match(test, /describeConformance\(/);
      assert.match(test, /describePlantedFaults\(/);
    });
  }
});
