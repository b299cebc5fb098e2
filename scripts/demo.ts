/**
 * `npm start`: the packaged task at its main job, in a simulated pipeline agent, against stand-ins for Entra ID, Azure
 * DevOps and Key Vault. Ends with 1 if anything is not as the story says.
 */
import { runTask, type TaskRun } from '../simulator/agent/run-task.ts';
import { createWorld, type Pat, type SecretVersion, startSimulator } from '../simulator/index.ts';
import { dateOf, timeLeft } from '../src/report/time-left.ts';
import { ensureBuilt } from './demo/fresh-build.ts';
import { heading, logLines, paragraph, type Row, table } from './demo/page.ts';

const account = 'svc-pats@contoso.com';
const password = 'correct-horse-battery-staple';
const organization = 'contoso';
const vault = 'contoso-vault';
const vaultHost = `${vault}.vault.azure.net`;

const world = createWorld({
  now: '2026-11-23T04:00:00Z',
  tenant: { domains: ['contoso.onmicrosoft.com'] },
  accounts: [{ upn: account, password }],
  organizations: {
    [organization]: {
      pats: [
        { displayName: 'Build feed', scope: 'vso.packaging' },
        { displayName: 'Deploy', scope: 'vso.build vso.release' },
        { displayName: 'Nightly tests', scope: 'vso.test' },
      ],
    },
  },
  vaults: { [vault]: { secrets: { Deploy: { value: { pat: 'Deploy' }, tags: { team: 'platform' } } } } },
});

const wrong: string[] = [];

// At every single change: what consumers read in the vault works.
world.onChange(() => {
  for (const { name } of world.vaults.secrets(vaultHost))
    expect(worksFromVault(name), `at some moment the value of secret ${name} did not work`);
});

await ensureBuilt();
const simulator = await startSimulator({ world });
try {
  await tell();
} finally {
  await simulator.close();
}
if (wrong.length > 0) {
  heading('Not as it should be:');
  for (const sentence of wrong) paragraph(`- ${sentence}`);
  process.exitCode = 1;
}

async function tell(): Promise<void> {
  heading(`Renew PATs: the packaged task in a simulated agent. It is ${today()} there.`);
  paragraph(
    `The service account ${account} owns three PATs that scripts use. They end soon. Ids are shown by their first ` +
      'eight digits, values not at all.',
  );
  showPats();

  heading('1. simple: the end moves out, the value stays');
  const before = valuesInUse();
  const simple = await runStep('mode: simple', { mode: 'simple' });
  expect(counts(simple) === '3 renewed, 0 revoked, 0 failed', `simple: ${counts(simple)}`);
  expect(sameValues(before, valuesInUse()), 'simple changed a value');

  world.advance({ days: 7 });
  heading(`2. advanced, a week later (${today()}): new values, stored in Key Vault`);
  paragraph('The vault before: somebody stored the value of Deploy by hand, with a tag and without an end.');
  showVault();
  const step = { mode: 'advanced', keyVault: vault, renewBeforeDays: '30', pats: 'Build feed\nDeploy' };
  const advanced = await runStep(
    `mode: advanced   keyVault: ${vault}   renewBeforeDays: 30   pats: Build feed, Deploy`,
    step,
  );
  expect(counts(advanced) === '2 renewed, 0 revoked, 0 failed', `advanced: ${counts(advanced)}`);
  paragraph('The vault after. The old PATs work for 48 hours more, for consumers that still hold their values.');
  showVault();
  for (const name of ['Build feed', 'Deploy']) {
    expect(worksFromVault(secretOf(name)), `the value of ${name} in the vault does not work`);
    expect(activePats(name).length === 2, `${name} should have two active PATs for the grace period`);
  }
  expect(world.vaults.newest(vaultHost, 'Deploy')?.tags.team === 'platform', 'the tag of Deploy is lost');

  world.advance({ hours: 1 });
  heading('3. The same step an hour later: nothing to do, nothing written');
  const seen = simulator.requests.length;
  const idle = await runStep('as before', step);
  expect(counts(idle) === '0 renewed, 0 revoked, 0 failed', `the second run: ${counts(idle)}`);
  const requests = simulator.requests.slice(seen).filter(({ host }) => !host.startsWith('login.'));
  const reads = requests.filter(({ method }) => method === 'GET').length;
  expect(reads === requests.length, 'the second run wrote something');
  paragraph(`It sent ${requests.length} requests to Azure DevOps and Key Vault. All of them only read.`);

  world.advance({ hours: 48 });
  heading(`4. The same step two days later (${today()}): the old PATs are revoked`);
  const last = await runStep('as before', step);
  expect(counts(last) === '0 renewed, 2 revoked, 0 failed', `the last run: ${counts(last)}`);
  paragraph('The vault at the end. The version that held the old value is disabled.');
  showVault();
  paragraph('The PATs at the end: one active PAT for each name.');
  showPats();
  for (const name of ['Build feed', 'Deploy']) {
    expect(worksFromVault(secretOf(name)), `the value of ${name} in the vault does not work in the end`);
    expect(activePats(name).length === 1, `${name} should have one active PAT in the end`);
  }
  expect(activePats('Nightly tests').length === 1, 'Nightly tests was not selected, and was touched');

  if (wrong.length > 0) return;
  heading('Checked: what the vault held worked at every moment, and no value is in any log.');
  paragraph('Next: overview.md sets the task up in a pipeline, docs/how-it-works.md says why this is safe.');
}

/** One run of the step; prints its table and warnings as its log has them. */
async function runStep(told: string, inputs: Readonly<Record<string, string>>): Promise<TaskRun> {
  paragraph(`inputs:  ${told}`);
  const run = await runTask({
    taskFolder: 'dist/stage/tasks/RenewPats',
    inputs,
    variables: {
      sa_username: account,
      sa_password: { value: password, secret: true },
      tenantid: 'contoso.onmicrosoft.com',
      'System.CollectionUri': `https://dev.azure.com/${organization}/`,
    },
    proxy: { url: simulator.proxyUrl },
    caInfo: simulator.caFile,
  });
  logLines(shownLines(run.log));
  expect(run.result === 'Succeeded', `a step ended as ${run.result}: ${run.issues.map(({ message }) => message)}`);
  for (const pat of world.pats.all()) expect(!run.log.includes(pat.value), 'a value of a PAT is in the log');
  expect(!run.log.includes(password), 'the password is in the log');
  return run;
}

/** Without the agent's own header and markers, and without what the tables below show anyway. */
function shownLines(log: string): readonly string[] {
  const header = 8;
  return log
    .split('\n')
    .slice(header)
    .filter((line) => !/^(?:##\[(?:group|endgroup|section)\]|Next: The first to end)/.test(line))
    .map((line) => line.replace(/^##\[(warning|error)\]/, '$1: '))
    .map((line) => line.replace(/\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '$1'));
}

function counts(run: TaskRun): string {
  const read = (name: string) => run.outputs.get(name)?.value ?? '?';
  return `${read('renewedCount')} renewed, ${read('revokedCount')} revoked, ${read('failedCount')} failed`;
}

function showPats(): void {
  const rows = [...world.pats.all()]
    .sort((a, b) =>
      a.displayName < b.displayName ? -1 : a.displayName > b.displayName ? 1 : a.validFrom - b.validFrom,
    )
    .map((pat): Row => [pat.displayName, short(pat), pat.scope, world.pats.status(pat), ends(pat.validTo), '••••']);
  table(['PAT', 'id', 'scopes', 'state', 'ends', 'value'], rows);
}

function showVault(): void {
  const secrets = [...world.vaults.secrets(vaultHost)].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = secrets.flatMap(({ name, versions }) =>
    versions.map(
      (version): Row => [
        name,
        version.version.slice(0, 6),
        version.enabled ? 'enabled' : 'disabled',
        heldBy(version),
        version.expires === undefined ? 'no end' : ends(version.expires * 1000),
        tags(version),
      ],
    ),
  );
  table(['secret', 'version', 'state', 'value', 'ends', 'tags'], rows);
}

function heldBy(version: SecretVersion): string {
  const pat = world.pats.byValue(version.value);
  return pat === undefined ? '••••' : `•••• (${short(pat)})`;
}

/** A person's tags in full, the task's own by the number: five on each version that it wrote. */
function tags(version: SecretVersion): string {
  const own = Object.keys(version.tags).filter((name) => name.startsWith('renewPats-')).length;
  const others = Object.entries(version.tags).filter(([name]) => !name.startsWith('renewPats-'));
  const words = others.map(([name, value]) => `${name}=${value}`);
  return [...words, ...(own > 0 ? [`${own} of renewPats-…`] : [])].join(', ');
}

function secretOf(name: string): string {
  return name.replaceAll(' ', '-');
}

function worksFromVault(secret: string): boolean {
  const value = world.vaults.newest(vaultHost, secret)?.value ?? '';
  return world.pats.use(organization, value).kind === 'accepted';
}

function activePats(name: string): readonly Pat[] {
  return world.pats.named(organization, name).filter((pat) => world.pats.status(pat) === 'active');
}

function valuesInUse(): readonly string[] {
  return [...world.pats.all()].filter((pat) => world.pats.status(pat) === 'active').map((pat) => pat.value);
}

function sameValues(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((value) => others.includes(value));
}

function expect(isSo: boolean, otherwise: string): void {
  if (!isSo && !wrong.includes(otherwise)) wrong.push(otherwise);
}

/** The first part of an id is enough to tell a few PATs apart. */
function short(pat: Pat): string {
  return pat.authorizationId.slice(0, 8);
}

function today(): string {
  return new Date(world.now).toISOString().slice(0, 10);
}

function ends(instant: number): string {
  return `${dateOf(instant)}${instant < world.now ? '' : ` (${timeLeft(instant, world.now)})`}`;
}
