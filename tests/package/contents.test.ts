import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };
import { extension as belongs, problemsOf } from '../../scripts/package-contents.ts';
import { readVsix, writeVsix } from '../../scripts/vsix.ts';
import task from '../../tasks/RenewPats/task.json' with { type: 'json' };
import extension from '../../vss-extension.json' with { type: 'json' };
import { builtPackage } from './built-package.ts';

describe('the package', () => {
  const files = () => readVsix(builtPackage());
  const text = (name: string) => Buffer.from(files().get(name) ?? assert.fail(`no ${name}`)).toString();

  it('is the only one in dist, and named after publisher, extension and version', () => {
    assert.equal(builtPackage(), `dist/renew-pats.renew-pats-${packageJson.version}.vsix`);
  });

  it('holds what belongs there and nothing else', () => {
    assert.deepEqual(problemsOf(files(), belongs), []);
  });

  it('would not be accepted with a file too many, too few, or empty', () => {
    const tampered = new Map(files());
    tampered.set('tasks/RenewPats/index.ts', Buffer.from('source'));
    tampered.set('overview.md', new Uint8Array());
    tampered.delete('LICENSE');

    assert.deepEqual(problemsOf(tampered, belongs), [
      'LICENSE is missing.',
      'tasks/RenewPats/index.ts does not belong there.',
      'overview.md is empty.',
    ]);
  });

  it('is the same, byte for byte, each time it is made of the same files', () => {
    const reversed = new Map([...files()].reverse());

    assert.deepEqual(Buffer.from(writeVsix(reversed)), readFileSync(builtPackage()));
  });

  it('holds the task’s manifest as it is in the repository, with the script that it names', () => {
    assert.deepEqual(JSON.parse(text('tasks/RenewPats/task.json')), task);
    for (const { target } of Object.values(task.execution)) assert.ok(files().has(`tasks/RenewPats/${target}`));
  });

  it('says of each file what it is', () => {
    const types = text('[Content_Types].xml');
    for (const name of files().keys()) {
      const isKnown =
        name === '[Content_Types].xml' ||
        types.includes(`PartName="/${name}"`) ||
        types.includes(`Extension=".${name.split('.').at(-1)}"`);
      assert.ok(isKnown, name);
    }
  });

  it('names the extension, its licence, its page and its task to the Marketplace', () => {
    const manifest = text('extension.vsixmanifest');
    assert.match(
      manifest,
      new RegExp(`<Identity .*Id="renew-pats" Publisher="renew-pats" Version="${packageJson.version}"`),
    );
    assert.match(manifest, /<InstallationTarget Id="Microsoft.VisualStudio.Services.Cloud"\/>/);
    assert.match(manifest, /Type="Microsoft.VisualStudio.Services.Content.Details" .*Path="overview.md"/);
    assert.match(manifest, /Type="Microsoft.VisualStudio.Services.Content.License" .*Path="LICENSE"/);
    assert.match(manifest, /Type="Microsoft.VisualStudio.Services.Icons.Default" .*Path="images\/icon.png"/);
  });

  it('contributes the task, a tab to runs that use it, and a page to the project; asks for no more than to read runs', () => {
    const { contributions, scopes } = JSON.parse(text('extension.vsomanifest'));
    assert.deepEqual(scopes, ['vso.build']);
    assert.deepEqual(
      contributions.map(({ type, properties }: { type: string; properties: unknown }) => ({ type, properties })),
      [
        { type: 'ms.vss-distributed-task.task', properties: { name: 'tasks/RenewPats' } },
        {
          type: 'ms.vss-build-web.build-results-tab',
          properties: { name: 'Personal access tokens', uri: 'tab/index.html', supportsTasks: [task.id] },
        },
        {
          type: 'ms.vss-web.hub',
          properties: { name: 'Personal access tokens', order: 99, uri: 'hub/index.html' },
        },
      ],
    );
  });

  for (const part of ['tab', 'hub']) {
    it(`holds the page of the ${part} with all that it loads, for browsers to fetch`, () => {
      const page = text(`${part}/index.html`);
      const [, ...loaded] = page.match(/(?<=(?:href|src)=")[^"]+/g) ?? [];
      assert.ok(loaded.length > 0);
      for (const file of [`${part}.css`, ...loaded]) assert.ok(files().has(`${part}/${file}`), file);
      assert.doesNotMatch(page + text(`${part}/${part}.css`), /https?:\/\/(?!dev\.azure\.com|\*\.)|@import/);
      assert.ok(extension.files.some(({ path, addressable }) => path === part && addressable === true));
    });
  }

  it('holds what the tab links to when something failed: each code of the troubleshooting page is an anchor', () => {
    const page = text('tab/troubleshooting.html');
    const codes = new Set(readFileSync('docs/troubleshooting.md', 'utf8').match(/(?<=\*\*)AADSTS\d+(?=\*\*)/g));
    assert.ok(codes.size > 20);
    for (const code of codes) assert.equal(page.split(`id="${code}"`).length, 2, code);
    for (const [, target = ''] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(page.includes(`id="${target}"`), target);
    assert.doesNotMatch(page, /href="(?!#|https:)|<script/);
  });

  it('is small: an agent fetches the task’s part for each job', () => {
    const ofTask = new Map([...files()].filter(([name]) => !/^(?:tab|hub|images)\//.test(name)));
    assert.ok(writeVsix(ofTask).length <= 450 * 1024);
    const ofTab = new Map([...files()].filter(([name]) => /^tab\/.*(?<!troubleshooting\.html)$/.test(name)));
    assert.ok(writeVsix(ofTab).length <= 20 * 1024);
    const ofHub = new Map([...files()].filter(([name]) => name.startsWith('hub/')));
    assert.ok(writeVsix(ofHub).length <= 25 * 1024);
  });

  for (const [name, size] of [
    ['images/icon.png', 256],
    ['tasks/RenewPats/icon.png', 32],
  ] as const) {
    it(`holds ${name}, a picture of ${size} × ${size}`, () => {
      const picture = Buffer.from(files().get(name) ?? assert.fail());
      assert.equal(picture.toString('latin1', 1, 4), 'PNG');
      assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [size, size]);
    });
  }

  it('shows in its page only pictures that it holds', () => {
    for (const picture of text('overview.md').match(/images\/[\w.-]+/g) ?? []) assert.ok(files().has(picture), picture);
  });
});

describe("the extension's manifest", () => {
  it('has the version of the package, and a description that the Marketplace shows whole', () => {
    assert.equal(extension.version, packageJson.version);
    assert.ok(extension.description.length <= 200);
  });
});
