import assert from 'node:assert/strict';
import { azureConnections, connectionName, withSecret } from './azure-connections.ts';
import { describePackagedTask } from './on-each-node.ts';
import { account, type Job, type Situation, type StepRun } from './situation.ts';

const pats = [{ displayName: 'Build feed' }];
const advanced = { mode: 'advanced', keyVault: 'contoso-vault', azureSubscription: connectionName };

/** The connection with a secret, but for what is changed here. */
function changed(
  { world }: Situation,
  change: { scheme?: string; parameters?: Readonly<Record<string, string>> },
): Job {
  const connection = withSecret.job(world).endpoints?.[connectionName];
  assert.ok(connection);
  const parameters = { ...connection.parameters, ...change.parameters };
  return { endpoints: { [connectionName]: { ...connection, ...change, parameters } } };
}

/** The vault was opened as the connection's own identity, and never as the service account. */
function assertOpenedBy(clientId: string, here: Situation, run: StepRun): void {
  assert.equal(run.result, 'Succeeded');
  assert.equal(here.newest('Build-feed').value, here.named('Build feed')[1]?.value);
  const inVault = run.requests.filter(({ host, identity }) => host.includes('.vault.') && identity.kind !== 'none');
  assert.ok(inVault.length > 0);
  for (const { identity } of inVault) assert.deepEqual(identity, { kind: 'application', clientId });
}

describePackagedTask('A service connection opens the vault', (given) => {
  it('of any kind that is not bound to a machine; the service account itself needs no right there', async () => {
    for (const { clientId, company, job } of await azureConnections()) {
      const here = await given({ pats, ...company, vault: { access: { [clientId]: ['get', 'list', 'set'] } } });
      assertOpenedBy(clientId, here, await here.run(advanced, job(here.world)));
    }
  });

  it('and a job without a token for it is told what to check', async () => {
    const federation = (await azureConnections()).find(({ title }) => /federation/.test(title));
    assert.ok(federation);
    const here = await given({ pats, ...federation.company });
    const job = { ...federation.job(here.world), accessToken: 'a-token-that-no-job-has' };
    const { result, written, errors } = await here.run(advanced, job);
    assert.deepEqual([result, written], ['Failed', []]);
    assert.match(errors.join('\n'), /service connection.*workload identity federation/s);
  });

  it('and a wrong secret of its own is told from a wrong password', async () => {
    const here = await given({ pats, ...withSecret.company });
    const job = changed(here, { parameters: { serviceprincipalkey: 'another-secret-altogether' } });
    const { result, written, errors } = await here.run(advanced, job);
    assert.deepEqual([result, written], ['Failed', []]);
    assert.match(errors.join('\n'), /client secret of service connection.*AADSTS7000215/s);
  });

  it('and an expired one too', async () => {
    const applications = withSecret.company.applications.map((one) => ({
      ...one,
      secretExpires: '2026-01-01T00:00:00Z',
    }));
    const here = await given({ pats, applications });
    const { result, errors } = await here.run(advanced, withSecret.job(here.world));
    assert.equal(result, 'Failed');
    assert.match(errors.join('\n'), /client secret.*expired.*AADSTS7000222/s);
  });

  it('and a role that is missing is told with the role’s name', async () => {
    const here = await given({ pats, ...withSecret.company, vault: { access: { [account]: 'all' } } });
    const { result, written, errors } = await here.run(advanced, withSecret.job(here.world));
    assert.deepEqual([result, written], ['Failed', []]);
    assert.match(errors.join('\n'), /service connection.*Key Vault Secrets Officer.*ForbiddenByRbac/s);
  });

  it('and is not looked at where no vault is used', async () => {
    const here = await given({ pats });
    const { result } = await here.run(
      { azureSubscription: connectionName },
      changed(here, { scheme: 'SomethingElse' }),
    );
    assert.equal(result, 'Succeeded');
  });

  for (const mode of ['Advanced', 'revoke']) {
    it(`and none that is named: an emptied keyVault is refused in mode ${mode} before any request`, async () => {
      const here = await given({ pats, ...withSecret.company });
      const inputs = { ...advanced, mode, keyVault: '' };
      const { result, requests, errors } = await here.run(inputs, withSecret.job(here.world));
      assert.deepEqual([result, requests.length], ['Failed', 0]);
      assert.match(errors.join('\n'), /Input keyVault: it is empty, and the input azureSubscription is given/);
    });
  }

  it('and one of another kind is refused before any request', async () => {
    const here = await given({ pats });
    const { result, requests, errors } = await here.run(advanced, changed(here, { scheme: 'SomethingElse' }));
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(errors.join('\n'), /azureSubscription.*SomethingElse/);
  });
});
