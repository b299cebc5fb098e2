import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleForNode } from './bundle.ts';
import { sbomOf } from './sbom.ts';
import { bundledPackages, thirdPartyNotices } from './third-party-notices.ts';

/** Builds the `renew-pats` command as a folder that stands by itself: `node <folder>/renew-pats.js`; packed, it is the npm package. */
export async function buildCommand(folder: string): Promise<Metafile> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'renew-pats.js');
  const metafile = await bundleForNode('cli/index.ts', program);
  chmodSync(program, 0o755);
  const packages = bundledPackages(metafile);
  writeFileSync(join(folder, 'ThirdPartyNotices.txt'), thirdPartyNotices(packages));
  writeFileSync(join(folder, 'sbom.cdx.json'), sbomOf(packages));
  cpSync('LICENSE', join(folder, 'LICENSE'));
  cpSync('cli/README.md', join(folder, 'README.md'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  return metafile;
}

/** No dependencies and no scripts: installing runs nothing and fetches nothing. The bundle is CommonJS. */
function manifest() {
  const { name, version, description, license, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const keywords = ['azure-devops', 'personal-access-token', 'pat', 'rotate', 'key-vault'];
  const bin = { [name]: 'renew-pats.js' };
  return { name, version, description, keywords, license, type: 'commonjs', bin, engines };
}
