import { runTask, type TaskRun } from '../../simulator/agent/run-task.ts';
import { createWorld, startSimulator } from '../../simulator/index.ts';

const account = 'svc-pats@contoso.com';
const password = 'correct-horse-battery-staple';
const vault = 'contoso-vault';

/** The runs whose pages the pictures show: the packaged task on the simulator, in one week of a service account. */
export async function realRuns(taskFolder: string): Promise<{ readonly advanced: TaskRun; readonly report: TaskRun }> {
  const world = createWorld({
    now: '2026-11-23T04:00:00Z',
    ticking: true,
    tenant: { domains: ['contoso.onmicrosoft.com'] },
    accounts: [{ upn: account, password }],
    organizations: {
      contoso: {
        pats: [
          ...[
            ['Build feed', 'vso.packaging', '2026-10-03', '2026-12-03'],
            ['Deploy', 'vso.build vso.release', '2026-10-05', '2026-12-05'],
            ['Nightly tests', 'vso.test', '2026-09-28', '2026-11-29'],
            ['Release notes', 'vso.work', '2026-11-09', '2027-01-08'],
            ['Package mirror', 'vso.packaging_write', '2026-11-02', '2027-01-01'],
            ['Wiki sync', 'vso.wiki_write', '2026-11-16', '2027-01-15'],
            ['Migration', 'vso.code', '2026-08-10', '2026-10-09'],
            ['Signing', 'vso.code vso.build', '2026-10-06', '2026-12-04'],
          ].map(([displayName = '', scope = '', from, to]) => ({
            displayName,
            scope,
            validFrom: `${from}T04:00:00Z`,
            validTo: `${to}T04:00:00Z`,
          })),
        ],
      },
    },
    vaults: {
      [vault]: {
        secrets: {
          Deploy: { value: { pat: 'Deploy' }, tags: { team: 'platform' } },
          Signing: { value: 'the password of a certificate' },
        },
      },
    },
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
    await runStep({ ...advanced, pats: 'Release notes\nPackage mirror\nWiki sync', renewBeforeDays: '59' });
    world.advance({ hours: 50 });
    const run = await runStep(advanced);
    return { advanced: run, report: await runStep({ mode: 'report', keyVault: vault }) };
  } finally {
    await simulator.close();
  }
}
