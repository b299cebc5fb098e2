import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** The arrows of README's picture: what each part of src/ may import besides itself. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  renewal: [],
  secrecy: [],
  services: ['renewal', 'secrecy'],
  destinations: ['renewal', 'services'],
  report: ['renewal'],
  settings: ['renewal', 'services/service-connection.ts', 'destinations/places.ts'],
  modes: [
    ...['renewal', 'report', 'settings/settings.ts', 'world.ts', 'pool.ts'],
    ...['destinations/port.ts', 'destinations/wanted.ts', 'destinations/output-variables/rename.ts'],
    ...['services/service-error.ts', 'services/pat-api.ts'],
  ],
  'sign-in': ['renewal', 'services', 'settings', 'destinations/registry.ts', 'world.ts'],
  'world.ts': ['renewal', 'services', 'destinations/registry.ts'],
  'pool.ts': [],
  'run.ts': ['renewal', 'services', 'settings', 'modes', 'report', 'world.ts', 'pool.ts'],
  'renew.ts': ['services', 'settings', 'report', 'secrecy', 'sign-in', 'run.ts'],
};

describe('Data flows one way', () => {
  for (const part of new Set(sources('src').map(partOf))) {
    it(`${part} imports what README’s picture says, and nothing else`, () => {
      const own = arrows[part];
      assert.ok(own !== undefined, `src/${part} is on the map`);
      for (const file of sources('src').filter((source) => partOf(source) === part)) {
        for (const target of imports(file).map((imported) => relative('src', imported))) {
          const mayBe = [part, ...own].some((allowed) => target === allowed || target.startsWith(`${allowed}/`));
          assert.ok(mayBe, `${file} imports ${target}`);
        }
      }
    });
  }

  it('what decides needs nothing from outside: no package, nothing of Node.js', () => {
    for (const file of sources('src/renewal')) {
      for (const [, name = ''] of text(file).matchAll(/from '([^']+)'/g)) assert.match(name, /^\.\//, file);
      assert.doesNotMatch(text(file), /Date\.now|new Date\(\)|Math\.random|process\.|console\./, file);
    }
  });

  it('only the pipeline task imports the task library', () => {
    for (const file of [...sources('src'), ...sources('cli'), ...sources('tab')]) {
      assert.doesNotMatch(text(file), /from 'azure-pipelines-task-lib/, file);
    }
  });

  it('each destination is one folder with one line in the registry, and none knows another one', () => {
    const registry = text('src/destinations/registry.ts');
    const folders = readdirSync('src/destinations', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const destinations = folders.filter((name) => sources(`src/destinations/${name}`).some(isDestination));
    for (const name of destinations)
      assert.ok(registry.includes(`'./${name}/destination.ts'`), `${name} is registered`);
    assert.equal([...registry.matchAll(/\/destination\.ts'/g)].length - 1, destinations.length);
    for (const name of folders) {
      const others = destinations.filter((other) => other !== name);
      for (const target of sources(`src/destinations/${name}`).flatMap(imports)) {
        const other = others.find((one) => target.startsWith(`src/destinations/${one}/`));
        assert.equal(other, undefined, `${name} imports ${target}`);
      }
    }
  });

  it('nobody but the destinations, the settings and the sign-in knows which destinations exist', () => {
    const knowing = /^src\/(?:destinations|settings|sign-in|services)\//;
    const kinds = /'(?:secret|group|connection)'|\bvariableGroup\b|\.vault\b/;
    for (const file of sources('src').filter((source) => !knowing.test(source))) {
      assert.doesNotMatch(text(file), kinds, file);
    }
  });
});

function isDestination(file: string): boolean {
  return file.endsWith('/destination.ts');
}

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function text(file: string): string {
  return readFileSync(file, 'utf8');
}

/** The files of this repository that a file imports. */
function imports(file: string): readonly string[] {
  return [...text(file).matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map(([, name = '']) =>
    normalize(join(dirname(file), name)),
  );
}

/** The part of src/ that a file belongs to: a folder, or a file beside the folders. */
function partOf(file: string): string {
  return file.split('/')[1] ?? '';
}
