import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { explore } from './explore.ts';
import { knownStories } from './known-stories.ts';
import { type Mutation, mutations } from './mutations.ts';
import { Broken } from './oracle.ts';
import type { Engine } from './run-on-stage.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const source = fileURLToPath(new URL('../../src/', import.meta.url));
const page = fileURLToPath(new URL('../../docs/how-it-works.md', import.meta.url));

/** The checks must bite: each fault that is planted in the product has to break an invariant. */
describe('a fault planted in the product', function () {
  this.timeout(120_000);
  let folder: string;
  // Inside the checkout, so that the bundles find the packages.
  before(async () => {
    folder = await mkdtemp(join(here, '.mutants-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [index, mutation] of mutations.entries()) {
    it(`is caught by ${mutation.caughtBy.join(' or ')}: ${mutation.name}`, async () => {
      const engine = await mutant(mutation, join(folder, `${index}.mjs`));
      const caughtBy = await firstBroken(engine);
      assert.ok(caughtBy !== undefined, 'no invariant caught it');
      assert.ok(mutation.caughtBy.includes(caughtBy), `${caughtBy} caught it`);
    });
  }

  it('stands in the table of docs/how-it-works.md, with the invariants that catch it', () => {
    const text = readFileSync(page, 'utf8');
    for (const { name, caughtBy } of mutations) {
      assert.ok(text.includes(`| ${name} | ${caughtBy.join(', ')} |`), `the table lacks "${name}"`);
    }
  });
});

async function mutant(mutation: Mutation, outfile: string): Promise<Engine> {
  await build({
    entryPoints: [join(here, 'engine.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
    plugins: [plant(mutation)],
  });
  return (await import(pathToFileURL(outfile).href)) as Engine;
}

function plant(mutation: Mutation): Plugin {
  const path = join(source, mutation.file);
  const text = readFileSync(path, 'utf8');
  assert.equal(text.split(mutation.find).length, 2, `"${mutation.find}" must stand in ${mutation.file} exactly once`);
  return {
    name: 'plant',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, (args) =>
        args.path === path
          ? { contents: text.replace(mutation.find, () => mutation.replace), loader: 'ts' }
          : undefined,
      );
    },
  };
}

/** The invariant that breaks first: over the known stories, then over as many others as it takes. */
async function firstBroken(engine: Engine): Promise<string | undefined> {
  const found = await explore(engine, { stories: 20_000, seed: 7, known: knownStories, shrinks: false });
  if (found.kind === 'held') return undefined;
  if (found.error instanceof Broken) return found.error.invariant;
  throw found.error;
}
