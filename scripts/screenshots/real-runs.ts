import { runTask, type TaskRun } from '../../simulator/agent/run-task.ts';
import { createWorld, startSimulator } from '../../simulator/index.ts';

const password = 'correct-horse-battery-staple';

type Dates = readonly [displayName: string, scope: string, from: string, to: string];

/** A week of one service account. */
interface Week {
  readonly account: string;
  readonly vault: string;
  /** Two accounts' PATs have different ids. */
  readonly seed: number;
  readonly pats: readonly Dates[];
  readonly secrets: Readonly<
    Record<string, { value: string | { pat: string }; tags?: Readonly<Record<string, string>> }>
  >;
  /** What the run before the pictured one replaced. */
  readonly replacedBefore: readonly string[];
}

const healthy: Week = {
  account: 'svc-build@contoso.com',
  vault: 'build-vault',
  seed: 2,
  pats: [
    ['Artifacts feed', 'vso.packaging', '2026-10-10', '2026-12-09'],
    ['Terraform state', 'vso.code', '2026-10-19', '2026-12-18'],
    ['Release notes', 'vso.work', '2026-11-09', '2027-01-08'],
    ['Package mirror', 'vso.packaging_write', '2026-11-02', '2027-01-01'],
    ['Dashboards', 'vso.dashboards', '2026-11-12', '2027-01-11'],
    ['Wiki sync', 'vso.wiki_write', '2026-11-16', '2027-01-15'],
  ],
  secrets: {},
  replacedBefore: ['Package mirror'],
};

const troubled: Week = {
  account: 'svc-pats@contoso.com',
  vault: 'contoso-vault',
  seed: 1,
  pats: [
    ['Build feed', 'vso.packaging', '2026-10-03', '2026-12-03'],
    ['Deploy', 'vso.build vso.release', '2026-10-05', '2026-12-05'],
    ['Nightly tests', 'vso.test', '2026-09-28', '2026-11-29'],
    ['Release notes', 'vso.work', '2026-11-09', '2027-01-08'],
    ['Package mirror', 'vso.packaging_write', '2026-11-02', '2027-01-01'],
    ['Wiki sync', 'vso.wiki_write', '2026-11-16', '2027-01-15'],
    ['Migration', 'vso.code', '2026-08-10', '2026-10-09'],
    ['Signing', 'vso.code vso.build', '2026-10-06', '2026-12-04'],
  ],
  secrets: {
    Deploy: { value: { pat: 'Deploy' }, tags: { team: 'platform' } },
    Signing: { value: 'the password of a certificate' },
  },
  replacedBefore: ['Release notes', 'Package mirror', 'Wiki sync'],
};

/** The runs whose pages the pictures show: the packaged task on the simulator. */
export async function realRuns(taskFolder: string): Promise<Record<'healthy' | 'advanced' | 'report', TaskRun>> {
  const { advanced: calm } = await runsOf(taskFolder, healthy);
  return { healthy: calm, ...(await runsOf(taskFolder, troubled)) };
}

async function runsOf(taskFolder: string, week: Week): Promise<Record<'advanced' | 'report', TaskRun>> {
  const { account, vault, seed, pats, secrets, replacedBefore } = week;
  const world = createWorld({
    seed,
    now: '2026-11-23T04:00:00Z',
    ticking: true,
    tenant: { domains: ['contoso.onmicrosoft.com'] },
    accounts: [{ upn: account, password }],
    organizations: {
      contoso: {
        pats: pats.map(([displayName, scope, from, to]) => ({
          displayName,
          scope,
          validFrom: `${from}T04:00:00Z`,
          validTo: `${to}T04:00:00Z`,
        })),
      },
    },
    vaults: { [vault]: { secrets } },
  });
  const simulator = await startSimulator({ world });
  const runStep = (inputs: Readonly<Record<string, string>>) =>
    runTask({
      taskFolder,
      inputs,
      variables: {
        sa_username: account,
        sa_password: { value: password, secret: true },
        tenantid: 'contoso.onmicrosoft.com',
        'System.CollectionUri': 'https://dev.azure.com/contoso/',
      },
      proxy: { url: simulator.proxyUrl },
      caInfo: simulator.caFile,
    });
  try {
    const advanced = { mode: 'advanced', keyVault: vault, renewBeforeDays: '30' };
    await runStep({ ...advanced, pats: replacedBefore.join('\n'), renewBeforeDays: '59' });
    world.advance({ hours: 50 });
    const run = await runStep(advanced);
    return { advanced: run, report: await runStep({ mode: 'report', keyVault: vault }) };
  } finally {
    await simulator.close();
  }
}
