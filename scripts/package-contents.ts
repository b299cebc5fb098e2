/** What belongs into a package. Everything else that finds its way there is a mistake. */
export interface Contents {
  readonly expected: readonly string[];
  readonly alsoAllowed?: RegExp;
}

const ofExtension = [
  '[Content_Types].xml',
  'LICENSE',
  'ThirdPartyNotices.txt',
  'extension.vsixmanifest',
  'extension.vsomanifest',
  'hub/hub.css',
  'hub/hub.js',
  'hub/index.html',
  'images/icon.png',
  'overview.md',
  'sbom.cdx.json',
  'tab/index.html',
  'tab/tab.css',
  'tab/tab.js',
  'tab/troubleshooting.html',
  'tasks/RenewPats/icon.png',
  'tasks/RenewPats/index.js',
  'tasks/RenewPats/task.json',
];

/** The .vsix; its further pictures are those of the overview. */
export const extension: Contents = { expected: ofExtension, alsoAllowed: /^images\/[\w-]+\.png$/ };

/** The .tgz: npm installs it without any other package. */
export const command: Contents = {
  expected: ['LICENSE', 'README.md', 'ThirdPartyNotices.txt', 'package.json', 'renew-pats.js', 'sbom.cdx.json'],
};

/** What is wrong with the contents of a package, in sentences; none if it is as it should be. */
export function problemsOf(files: ReadonlyMap<string, Uint8Array>, { expected, alsoAllowed }: Contents): string[] {
  const missing = expected.filter((name) => !files.has(name)).map((name) => `${name} is missing.`);
  const surplus = [...files.keys()]
    .filter((name) => !expected.includes(name) && alsoAllowed?.test(name) !== true)
    .map((name) => `${name} does not belong there.`);
  const empty = [...files].filter(([, content]) => content.length === 0).map(([name]) => `${name} is empty.`);
  return [...missing, ...surplus, ...empty];
}
