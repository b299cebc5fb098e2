import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Where it was found, from `node_modules/` on as in the lock file; what stands before that differs. */
  readonly folder: string;
  readonly licence: string;
  readonly licenceText: string;
}

/**
 * The packages of which code is in the bundles: not those that esbuild found it could leave out.
 * @throws Error if a package does not come with its licence: then somebody has to look it up.
 */
export function bundledPackages(...metafiles: readonly Metafile[]): BundledPackage[] {
  const files = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
  const folders = new Set(files.map(packageFolder).filter((folder) => folder !== undefined));
  return [...folders].map(describe).sort((a, b) => compare(`${a.name}@${a.version}`, `${b.name}@${b.version}`));
}

/** The innermost package that holds a file; none for a file of our own. */
function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function describe(folder: string): BundledPackage {
  const { name, version, license }: { name: string; version: string; license?: string } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const licenceText = licenceFiles(folder) || licenceInReadme(folder);
  if (licenceText === '' || license === undefined)
    throw new Error(`No licence found for ${name} ${version} (${folder}).`);
  return { name, version, folder, licence: license, licenceText };
}

function licenceFiles(folder: string): string {
  return readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file))
    .sort(compare)
    .map((file) => readText(join(folder, file)))
    .join('\n\n');
}

/** Some older packages state their licence at the end of their README only. */
function licenceInReadme(folder: string): string {
  const readme = readdirSync(folder).find((file) => /^readme\b/i.test(file));
  if (readme === undefined) return '';
  const withoutLinkTargets = readText(join(folder, readme)).replace(/^\[.+\]: .+$/gm, '');
  return /^(?:#+ )?license\b.*\n(?:-+\n)?([\s\S]*)$/im.exec(withoutLinkTargets)?.[1]?.trim() ?? '';
}

function readText(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim();
}

/** By code unit: the same everywhere, whatever the language of the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function thirdPartyNotices(packages: readonly BundledPackage[]): string {
  const rule = '-'.repeat(80);
  const sections = packages.map(
    ({ name, version, licence, licenceText }) =>
      `${rule}\n${name} ${version} (${licence})\n${rule}\n\n${licenceText}\n`,
  );
  return `Renew PATs includes code of the packages below. Thank you!\n\n${sections.join('\n')}`;
}
