import type { VsixFiles } from './vsix.ts';

/** What belongs into the package. Everything else that finds its way there is a mistake. */
const expected = [
  '[Content_Types].xml',
  'LICENSE',
  'ThirdPartyNotices.txt',
  'extension.vsixmanifest',
  'extension.vsomanifest',
  'images/icon.png',
  'overview.md',
  'sbom.cdx.json',
  'tab/index.html',
  'tab/tab.css',
  'tab/tab.js',
  'tasks/RenewPats/icon.png',
  'tasks/RenewPats/index.js',
  'tasks/RenewPats/task.json',
];

/** Pictures of the overview. */
const alsoAllowed = /^images\/[\w-]+\.png$/;

/** What is wrong with the contents of a package, in sentences; none if it is as it should be. */
export function problemsOf(files: VsixFiles): string[] {
  const missing = expected.filter((name) => !files.has(name)).map((name) => `${name} is missing.`);
  const surplus = [...files.keys()]
    .filter((name) => !expected.includes(name) && !alsoAllowed.test(name))
    .map((name) => `${name} does not belong there.`);
  const empty = [...files].filter(([, content]) => content.length === 0).map(([name]) => `${name} is empty.`);
  return [...missing, ...surplus, ...empty];
}
