import assert from 'node:assert/strict';
import { runTask, type ServiceConnection } from '../../simulator/agent/run-task.ts';
import { createWorld, type Simulator, startSimulator, type World } from '../../simulator/index.ts';
import { examples, mappings, taskSteps } from './pages.ts';

const tenantId = 'a8c1f0f5-7f0e-4b1c-9c39-2a2e3a3b5d10';
const clientId = 'f0b7f8a1-0c0e-4a0e-8f4c-6f2f5f3c1d20';
const password = 'correct-horse-battery-staple';
const vaultAccess = 'the-secret-of-the-service-connection';

/** The world that the examples speak of. */
function contoso(): World {
  const accounts = ['svc-pats', 'svc-build', 'svc-release', 'svc-partners'].map((name) => `${name}@contoso.com`);
  return createWorld({
    tenant: { id: tenantId, domains: ['contoso.onmicrosoft.com', 'contoso.com'] },
    accounts: accounts.map((upn) => ({ upn, password })),
    applications: [{ clientId, secret: vaultAccess }],
    organizations: Object.fromEntries(
      ['contoso', 'fabrikam', 'contoso-partners'].map((name) => [
        name,
        {
          pats: accounts.flatMap((owner) => [
            { displayName: 'Build feed', owner },
            { displayName: 'Laptop A', owner },
          ]),
        },
      ]),
    ),
    vaults: { 'contoso-vault': {} },
  });
}

const connection: ServiceConnection = {
  id: 'a2d0e5ce-6a4d-4a92-9b3c-0f5a4a3b9c11',
  url: 'https://management.azure.com/',
  scheme: 'ServicePrincipal',
  parameters: { serviceprincipalid: clientId, serviceprincipalkey: vaultAccess, tenantid: tenantId },
};

describe('The packaged task, with the inputs of', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ world: contoso() });
  });

  afterEach(() => simulator.close());

  for (const { where, content } of examples()) {
    it(`${where} renews what it should, and ends well`, async function () {
      this.timeout(60_000);
      for (const leg of legsOf(content)) {
        for (const step of taskSteps(content)) {
          const run = await runTask({
            taskFolder: 'dist/stage/tasks/RenewPats',
            inputs: Object.fromEntries(Object.entries(step.inputs ?? {}).map(([name, value]) => [name, String(value)])),
            variables: {
              sa_username: 'svc-pats@contoso.com',
              sa_password: { value: password, secret: true },
              tenantid: 'contoso.onmicrosoft.com',
              build_password: { value: password, secret: true },
              release_password: { value: password, secret: true },
              partners_password: { value: password, secret: true },
              'System.CollectionUri': 'https://dev.azure.com/contoso/',
              ...leg,
            },
            endpoints: { 'renew-pats-vault': connection },
            proxy: { url: simulator.proxyUrl },
            caInfo: simulator.caFile,
          });

          assert.equal(run.result, 'Succeeded', run.log);
          const renews = step.inputs?.mode === 'simple' || step.inputs?.mode === 'advanced';
          if (renews) assert.notEqual(run.outputs.get('renewedCount')?.value, '0', run.log);
        }
      }
    });
  }
});

/** The variables of each leg of a matrix; one leg without any where there is no matrix. */
function legsOf(content: unknown): readonly Readonly<Record<string, string>>[] {
  const matrix = [...mappings(content)].find((mapping) => 'matrix' in mapping)?.matrix;
  return matrix === undefined ? [{}] : Object.values(matrix as Readonly<Record<string, Record<string, string>>>);
}
