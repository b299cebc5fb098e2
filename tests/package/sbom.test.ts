import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { sbom } from '../../scripts/sbom.ts';
import { type BundledPackage, bundledPackages } from '../../scripts/third-party-notices.ts';
import { readVsix } from '../../scripts/vsix.ts';
import { builtPackage, bundleMetafile, tabMetafile } from './built-package.ts';

describe('the software bill of materials', () => {
  const text = Buffer.from(
    readVsix(builtPackage()).get('sbom.cdx.json') ?? assert.fail('it is in the package'),
  ).toString();
  const bom = JSON.parse(text);

  it('names each package of which there is code in the package, with its licence and the hash it is pinned by', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
    const bundled = bundledPackages(bundleMetafile(), tabMetafile());
    assert.equal(bom.components.length, bundled.length);
    for (const { name, version, licence, folder } of bundled) {
      const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
      const component = bom.components.find((one: { purl: string }) => one.purl === purl);
      assert.deepEqual(component?.licenses, [{ license: { id: licence } }], purl);
      const integrity = `sha512-${Buffer.from(component.hashes[0].content, 'hex').toString('base64')}`;
      assert.equal(integrity, lock[folder].integrity, purl);
    }
  });

  it('says what it is, and of what', () => {
    assert.deepEqual([bom.bomFormat, bom.specVersion, bom.version], ['CycloneDX', '1.6', 1]);
    assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.deepEqual([bom.metadata.component.name, bom.metadata.component.version], [name, version]);
    const refs = bom.components.map((one: { 'bom-ref': string }) => one['bom-ref']);
    assert.equal(new Set(refs).size, refs.length, 'each reference is unique');
    assert.deepEqual(bom.dependencies[0], { ref: bom.metadata.component['bom-ref'], dependsOn: refs });
  });

  const one: BundledPackage = {
    name: '@a/b',
    version: '1.0.0',
    folder: '../x/node_modules/@a/b',
    licence: 'MIT',
    licenceText: '',
  };
  const product = { name: 'p', version: '1.0.0', licence: 'MIT' };
  const locked = { 'node_modules/@a/b': { version: '1.0.0', integrity: 'sha512-AAAA' } };

  it('has the same serial number for the same content, and another for another', () => {
    const serial = (version: string) => JSON.parse(sbom({ ...product, version }, [one], locked)).serialNumber;
    assert.equal(serial('1.0.0'), serial('1.0.0'));
    assert.notEqual(serial('1.0.0'), serial('1.0.1'));
  });

  it('cannot be made of what is not pinned', () => {
    assert.throws(
      () => sbom(product, [{ ...one, version: '1.0.1' }], locked),
      /@a\/b 1\.0\.1 is bundled, and package-lock\.json pins 1\.0\.0/,
    );
    assert.throws(() => sbom(product, [one], {}), /pins no such package/);
  });
});
