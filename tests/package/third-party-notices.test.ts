import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundledPackages, thirdPartyNotices } from '../../scripts/third-party-notices.ts';
import { readVsix } from '../../scripts/vsix.ts';
import { builtPackage, bundleMetafile, tabMetafile } from './built-package.ts';

describe('the third-party notices', () => {
  /** Licences that ask for no more than to be passed on. */
  const welcome = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

  it('of the package name every package of which there is code in the task or the tab, with version and licence', () => {
    const notices = Buffer.from(
      readVsix(builtPackage()).get('ThirdPartyNotices.txt') ?? assert.fail('no notices'),
    ).toString();

    for (const { name, version } of [bundleMetafile(), tabMetafile()].flatMap(packagesByHand)) {
      assert.ok(notices.includes(`\n${name} ${version} (`), `${name} ${version}`);
    }
    for (const { name, licence, licenceText } of bundledPackages(bundleMetafile(), tabMetafile())) {
      assert.ok(welcome.includes(licence), `${name}: ${licence}`);
      assert.match(licenceText, /permi(ssion|tted)|license/i, name);
      assert.ok(notices.includes(licenceText), name);
    }
  });

  /** Another way to the same list: from each bundled file up to the first package.json that names a package. */
  function packagesByHand({ outputs }: Metafile): { name: string; version: string }[] {
    const bundled = Object.values(outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter((path) => (inputs[path]?.bytesInOutput ?? 0) > 0),
    );
    return bundled
      .filter((path) => path.includes('node_modules'))
      .map((path) => {
        for (let folder = dirname(path); ; folder = dirname(folder)) {
          const file = join(folder, 'package.json');
          const { name, version } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
          if (version !== undefined) return { name, version };
          assert.ok(folder !== '.', path);
        }
      });
  }

  describe('take the licence of a package', () => {
    let root: string;
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), 'packages-'));
    });
    afterEach(() => rmSync(root, { recursive: true, force: true }));

    /** A bundle with a file of one package; the file may have been left out of it. */
    function bundleOf(files: Record<string, string>, bytesInOutput = 10): Metafile {
      const folder = join(root, 'node_modules/@some/package');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{"name":"@some/package","version":"1.2.3","license":"MIT"}');
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const output = { bytes: 10, exports: [], imports: [], inputs: { [`${folder}/lib/a.js`]: { bytesInOutput } } };
      return { inputs: {}, outputs: { 'index.js': output } };
    }

    const licenceOf = (metafile: Metafile) => bundledPackages(metafile)[0]?.licenceText;

    it('from its licence file, whatever that is called', () => {
      assert.equal(licenceOf(bundleOf({ 'license.md': 'You may.\r\n' })), 'You may.');
      assert.equal(licenceOf(bundleOf({ 'license.md': 'You may.', NOTICE: 'By us.' })), 'By us.\n\nYou may.');
    });

    it('from the end of its README, if it has no such file', () => {
      const readme = '# Package\n\nLicense\n-------\n\nYou may.\n\n[us]: https://example.org\n';

      assert.equal(licenceOf(bundleOf({ 'README.md': readme })), 'You may.');
    });

    it('from nowhere else: somebody has to look', () => {
      assert.throws(
        () => bundledPackages(bundleOf({ 'README.md': '# Package' })),
        /No licence found for @some\/package/,
      );
    });

    it('only if code of it is in the bundle', () => {
      assert.deepEqual(bundledPackages(bundleOf({}, 0)), []);
    });

    it('with its name and version above it', () => {
      const notices = thirdPartyNotices(bundledPackages(bundleOf({ LICENSE: 'You may.' })));

      assert.match(notices, /\n-+\n@some\/package 1\.2\.3 \(MIT\)\n-+\n\nYou may\.\n$/);
    });
  });
});
