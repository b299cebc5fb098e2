/** Builds dist/stage, the folder that becomes the extension's package, and dist/cli, the `renew-pats` command. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildCommand } from './build-command.ts';
import { bundleForBrowser, bundleForNode } from './bundle.ts';
import { sbomOf } from './sbom.ts';
import { bundledPackages, thirdPartyNotices } from './third-party-notices.ts';
import { troubleshootingPage } from './troubleshooting-page.ts';

const stage = 'dist/stage';
rmSync(stage, { recursive: true, force: true });

const metafile = await bundleForNode('tasks/RenewPats/index.ts', join(stage, 'tasks/RenewPats/index.js'));
writeFileSync('dist/metafile.json', JSON.stringify(metafile));
const tab = await bundleForBrowser('tab/main.ts', join(stage, 'tab/tab.js'));
writeFileSync('dist/tab-metafile.json', JSON.stringify(tab));
await bundleForBrowser('tab/tab.css', join(stage, 'tab/tab.css'));
const hub = await bundleForBrowser('hub/main.ts', join(stage, 'hub/hub.js'));
await bundleForBrowser('hub/hub.css', join(stage, 'hub/hub.css'));
writeFileSync(
  join(stage, 'tab/troubleshooting.html'),
  troubleshootingPage(readFileSync('docs/troubleshooting.md', 'utf8')),
);
const packages = bundledPackages(metafile, tab, hub);
writeFileSync(join(stage, 'ThirdPartyNotices.txt'), thirdPartyNotices(packages));
writeFileSync(join(stage, 'sbom.cdx.json'), sbomOf(packages));

const overview = 'overview.md';
for (const file of [
  'vss-extension.json',
  'LICENSE',
  overview,
  'images/icon.png',
  'tasks/RenewPats/task.json',
  'tasks/RenewPats/icon.png',
  'tab/index.html',
  'hub/index.html',
  ...imagesOf(overview),
]) {
  mkdirSync(dirname(join(stage, file)), { recursive: true });
  cpSync(file, join(stage, file));
}

await buildCommand('dist/cli');

/** The pictures that a page shows; others in images/ are for the repository. */
function imagesOf(page: string): string[] {
  return [...new Set(readFileSync(page, 'utf8').match(/images\/[\w.-]+/g))];
}
