import assert from 'node:assert/strict';
import { connectionName } from './azure-connections.ts';
import { type Machine, startMachine } from './machine.ts';
import { describePackagedTask } from './on-each-node.ts';
import type { Job, Situation } from './situation.ts';

const clientId = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0005';
const company = { pats: [{ displayName: 'Build feed' }], applications: [{ clientId, managedIdentity: true }] };
const advanced = { mode: 'advanced', keyVault: 'contoso-vault', azureSubscription: connectionName };

describePackagedTask('A managed identity', (given) => {
  let machine: Machine | undefined;
  afterEach(() => machine?.close());

  const jobOn = async ({ world }: Situation, ...[kind, busy]: [Parameters<typeof startMachine>[1], number?]) => {
    machine = await startMachine(world, kind, busy);
    const endpoint = { id: connectionName, url: 'https://management.azure.com/', scheme: 'ManagedServiceIdentity' };
    return {
      endpoints: { [connectionName]: { ...endpoint, parameters: {} } },
      env: machine.environment,
    } satisfies Job;
  };

  for (const kind of ['virtual machine', 'container app'] as const) {
    it(`of a ${kind} opens the vault: one token for the whole run, and never through the proxy`, async () => {
      const here = await given({ ...company, vault: { access: { [clientId]: ['get', 'list', 'set'] } } });
      const run = await here.run(advanced, await jobOn(here, kind));
      assert.equal(run.result, 'Succeeded', run.errors.join('\n'));
      assert.equal(here.newest('Build-feed').value, here.named('Build feed')[1]?.value);
      const inVault = run.requests.filter(({ host, identity }) => host.includes('.vault.') && identity.kind !== 'none');
      for (const { identity } of inVault) assert.deepEqual(identity, { kind: 'application', clientId });
      assert.equal(machine?.asked.length, 1);
    });
  }

  it('is asked for again while the machine’s service is being updated', async () => {
    const here = await given(company);
    const run = await here.run(advanced, await jobOn(here, 'virtual machine', 2));
    assert.equal(run.result, 'Succeeded', run.errors.join('\n'));
    assert.equal(machine?.asked.length, 3);
  });

  it('that the machine does not have is an error that says where it works, and nothing is changed', async () => {
    const here = await given({ ...company, applications: [] });
    const { result, written, errors } = await here.run(advanced, await jobOn(here, 'virtual machine'));
    assert.deepEqual([result, written], ['Failed', []]);
    assert.match(
      errors.join('\n'),
      /service connection "renew-pats-vault" \(HTTP 400\)\. Managed identity works on a self-hosted agent in Azure/,
    );
  });
});
