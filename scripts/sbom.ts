import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BundledPackage } from './third-party-notices.ts';

/** What package-lock.json knows of the packages, by their folders. */
export type LockedPackages = Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;

/** Of this product, as the repository's own manifest and lock file have it. */
export function sbomOf(packages: readonly BundledPackage[]): string {
  const { name, version, license } = JSON.parse(readFileSync('package.json', 'utf8'));
  return sbom(
    { name, version, licence: license },
    packages,
    JSON.parse(readFileSync('package-lock.json', 'utf8')).packages,
  );
}

interface Product {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

/**
 * The software bill of materials (CycloneDX 1.6): the packages of which code was bundled, with the hashes of the lock file.
 * It has no time in it, and its serial number follows from its content: the same commit gives the same bytes.
 * Source: https://cyclonedx.org/docs/1.6/json
 * @throws Error if a package is not in the lock file: then what was bundled is not what was pinned
 */
export function sbom(product: Product, packages: readonly BundledPackage[], locked: LockedPackages): string {
  const components = packages.map((one) => componentOf(one, locked));
  const subject = purl(product.name, product.version);
  const content = {
    metadata: {
      component: {
        type: 'application',
        'bom-ref': subject,
        name: product.name,
        version: product.version,
        licenses: licences(product.licence),
        purl: subject,
      },
    },
    components,
    dependencies: [
      { ref: subject, dependsOn: components.map((component) => component['bom-ref']) },
      ...components.map((component) => ({ ref: component['bom-ref'] })),
    ],
  };
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function componentOf({ name, version, licence, folder }: BundledPackage, locked: LockedPackages) {
  const entry = locked[folder.slice(folder.indexOf('node_modules/'))];
  if (entry?.integrity === undefined || entry.version !== version) {
    throw new Error(
      `${name} ${version} is bundled, and package-lock.json pins ${entry?.version ?? 'no such package'}.`,
    );
  }
  const [algorithm = '', hash = ''] = entry.integrity.split(/-(.*)/s);
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return {
    type: 'library',
    'bom-ref': purl(name, version),
    ...(scope === undefined ? {} : { group: scope }),
    name: bare,
    version,
    scope: 'required',
    hashes: [{ alg: algorithm.replace(/^sha/, 'SHA-'), content: Buffer.from(hash, 'base64').toString('hex') }],
    licenses: licences(licence),
    purl: purl(name, version),
  };
}

function licences(licence: string) {
  return /[ ()]/.test(licence) ? [{ expression: licence }] : [{ license: { id: licence } }];
}

/** Source: the package-url specification; a scope's `@` is percent-encoded. */
function purl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** A UUID of the content: RFC 9562, version 8. */
function uuidOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
