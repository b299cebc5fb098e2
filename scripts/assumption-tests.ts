/** Writes into docs/assumptions.md which tests play which setting of the simulator. Run it after new tests do. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSettings } from '../simulator/settings.ts';

const page = 'docs/assumptions.md';
const heading = '## Which test plays which answer\n';

const tests = readdirSync('tests', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('docs'))
  .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(join('tests', name), 'utf8') }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const rows = Object.keys(defaultSettings).map((setting) => {
  const playing = tests.filter(({ text }) => new RegExp(`\\b${setting}\\b`).test(text)).map(({ name }) => name);
  const links = (wanted: (name: string) => boolean) =>
    playing
      .filter(wanted)
      .map((name) => `[${name}](../tests/${name})`)
      .join(', ') || '–';
  const ofSimulator = (name: string) => name.startsWith('simulator/');
  return `| \`${setting}\` | ${links((name) => !ofSimulator(name))} | ${links(ofSimulator)} |`;
});

const intro = `
The first column holds tests of the product, the second those of the simulator itself. A dash: no test names this setting, it has its
default answer everywhere. Written by \`npx tsx scripts/assumption-tests.ts\`.
`;
const [before] = readFileSync(page, 'utf8').split(heading);
const table = ['| Setting | The product | The simulator |', '|---|---|---|', ...rows].join('\n');
writeFileSync(page, `${before}${heading}${intro}\n${table}\n`);
