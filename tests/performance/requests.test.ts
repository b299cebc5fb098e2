import assert from 'node:assert/strict';
import { describePackagedTask } from '../blackbox/on-each-node.ts';
import { inDays, type Situation, type StepRun, vaultHost } from '../blackbox/situation.ts';

const vault = { keyVault: 'contoso-vault' };
const hosts = ['login.microsoftonline.com', 'vssps.dev.azure.com', 'dev.azure.com', vaultHost];

const feeds = (count: number) => Array.from({ length: count }, (_, index) => ({ displayName: `Feed ${index}` }));
const ended = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ displayName: `Old ${index}`, validTo: inDays(-1) }));

/** What every run with a vault asks once: the account's name, the vault's challenge and the token for it. */
const once = {
  'entra.token.password': 1,
  'devops.connectionData': 1,
  'vault.challenge': 1,
  'entra.token.refreshToken': 1,
};

/** Runs a step, and holds it to one connection for each host and worker. */
async function counted(
  here: Situation,
  inputs: Readonly<Record<string, string>>,
  result = 'Succeeded',
): Promise<StepRun> {
  const connections = here.simulator.watchConnections();
  const run = await here.run(inputs);
  assert.equal(run.result, result);
  for (const host of hosts) {
    const most = connections.mostAtOnce(host);
    assert.ok(most <= Number(inputs.concurrency ?? 8), `${most} connections with ${host}`);
  }
  return run;
}

describePackagedTask('The requests of a run', (given) => {
  for (const [count, pages] of [
    [1, 2],
    [20, 2],
    [120, 3],
  ] as const) {
    it(`in simple are 1 + pages + N: 1 + ${pages} + ${count}`, async () => {
      const here = await given({ pats: feeds(count) });
      const { operations, requests } = await counted(here, {});
      assert.deepEqual(operations, { 'entra.token.password': 1, 'pats.list': pages, 'pats.update': count });
      assert.equal(requests.length, 1 + pages + count);
    });
  }

  it('in simple are none for a PAT that is not due, expired or left out', async () => {
    const here = await given({ pats: [...feeds(10), ...ended(3), { displayName: 'Other' }] });
    const inputs = { pats: 'Feed *\nOld *', renewBeforeDays: '5' };
    const { requests } = await counted(here, inputs, 'SucceededWithIssues');
    assert.equal(requests.length, 1 + 2);
  });

  it('in simple with a vault are 4 + pages + 2 per family, and one more where the secret’s expiry follows', async () => {
    const here = await given({ pats: feeds(10) });
    await here.run({ ...vault, mode: 'advanced', revokeAfterHours: '0' });
    here.world.advance({ days: 30 });
    const { operations, requests } = await counted(here, { ...vault, pats: '*' });
    assert.equal(operations['vault.updateVersion'], 10);
    // The old PATs, ten days from their end when the story began, have expired since: two pages as ever.
    assert.equal(requests.length, 4 + 2 + 3 * 10);
  });

  for (const [count, pages] of [
    [1, 2],
    [20, 2],
    [120, 3],
  ] as const) {
    it(`in advanced are 4 + pages + 4 per family due: 4 + ${pages} + 4 × ${count}`, async () => {
      const here = await given({ pats: feeds(count) });
      const { operations, requests } = await counted(here, { ...vault, mode: 'advanced' });
      assert.deepEqual(operations, {
        ...once,
        'pats.list': pages,
        'vault.listVersions': count,
        'pats.create': count,
        'devops.connectionData': 1 + count,
        'vault.setSecret': count,
      });
      assert.equal(requests.length, 4 + pages + 4 * count);
    });
  }

  it('in advanced are 2 more for each secret that somebody else filled and the task adopts: its value, and whose PAT that is', async () => {
    const here = await given({ pats: feeds(10), secrets: { 'Feed-3': { value: { pat: 'Feed 3' } } } });
    const { operations, requests } = await counted(here, { ...vault, mode: 'advanced' });
    assert.equal(operations['vault.getSecretVersion'], 1);
    assert.equal(requests.length, 4 + 2 + 4 * 10 + 2);
  });

  it('in advanced with nothing due are 4 + pages + 1 per family', async () => {
    const here = await given({ pats: feeds(20) });
    await here.run({ ...vault, mode: 'advanced' });
    const { operations } = await counted(here, { ...vault, mode: 'advanced', renewBeforeDays: '7' });
    assert.deepEqual(operations, { ...once, 'pats.list': 2, 'vault.listVersions': 20 });
  });

  it('in advanced are 1 per family and 25 versions of its secret', async () => {
    const versions = Array.from({ length: 51 }, (_, index) => ({
      value: `value ${index}`,
      created: inDays(index - 60),
    }));
    const here = await given({
      pats: feeds(1),
      secrets: { 'Feed-0': [...versions, { value: { pat: 'Feed 0' }, created: inDays(-1) }] },
    });
    const { operations } = await counted(here, { ...vault, mode: 'advanced', dryRun: 'true' });
    assert.equal(operations['vault.listVersions'], 3);
  });

  for (const mode of ['advanced', 'revoke']) {
    it(`in ${mode} are 5 per revocation: record, current PAT, the old one, revoke, disable`, async () => {
      const here = await given({ pats: feeds(20) });
      await here.run({ ...vault, mode: 'advanced', lifetimeDays: '9' });
      here.world.advance({ days: 3 });
      await here.run({ ...vault, mode: 'advanced', lifetimeDays: '90' });
      here.world.advance({ hours: 49 });
      const { operations, outputs } = await counted(here, { ...vault, mode, renewBeforeDays: '30' });
      assert.equal(outputs.revokedCount, '20');
      assert.deepEqual(operations, {
        ...once,
        'pats.list': 2,
        'vault.listVersions': 20,
        'vault.getSecret': 20,
        'pats.get': 2 * 20,
        'pats.revoke': 20,
        'vault.updateVersion': 20,
      });
    });
  }

  it('of values that are handed over are 2 per family due, 2 to confirm each, and 3 per revocation', async () => {
    const here = await given({ pats: feeds(10) });
    const renewed = await counted(here, { mode: 'advanced' });
    assert.deepEqual(renewed.operations, {
      'entra.token.password': 1,
      'pats.list': 2,
      'devops.connectionData': 1 + 10,
      'pats.create': 10,
    });
    const handedOver = renewed.pats.flatMap(({ newAuthorizationId }) => newAuthorizationId ?? []).join(',');
    const confirmed = await counted(here, { mode: 'revoke', handedOver });
    // One gives the new PAT its plain name, one the old PAT its date.
    assert.deepEqual(confirmed.operations, { 'entra.token.password': 1, 'pats.list': 2, 'pats.update': 2 * 10 });
    here.world.advance({ hours: 49 });
    const { operations } = await counted(here, { mode: 'revoke' });
    assert.deepEqual(operations, { 'entra.token.password': 1, 'pats.list': 2, 'pats.get': 2 * 10, 'pats.revoke': 10 });
  });

  it('into a variable group are 4 more per family due, and 2 for the whole group where nothing is due', async () => {
    const here = await given({
      organizations: { contoso: { pats: feeds(10), projects: { Tools: { groups: { feeds: {} } } } } },
    });
    const inputs = { mode: 'advanced', variableGroup: 'Tools/feeds' };
    const { operations } = await counted(here, inputs);
    assert.deepEqual(operations, {
      'entra.token.password': 1,
      'pats.list': 2,
      'devops.connectionData': 1 + 10,
      'pats.create': 10,
      'groups.list': 1 + 10,
      'groups.get': 1 + 2 * 10,
      'groups.update': 10,
    });
    const idle = await counted(here, { ...inputs, renewBeforeDays: '7' });
    assert.deepEqual(idle.operations, {
      'entra.token.password': 1,
      'pats.list': 2,
      'devops.connectionData': 1,
      'groups.list': 1,
      'groups.get': 1,
    });
  });

  it('in report are 1 + pages, with a vault 4 + pages + 1 per family', async () => {
    const here = await given({ pats: feeds(20) });
    const soon = 'SucceededWithIssues';
    assert.equal((await counted(here, { mode: 'report' }, soon)).requests.length, 1 + 2);
    assert.equal((await counted(here, { ...vault, mode: 'report' }, soon)).requests.length, 4 + 2 + 20);
  });

  for (const concurrency of ['1', '3', '32']) {
    it(`go over one connection for each host and worker: ${concurrency}`, async () => {
      const here = await given({ pats: feeds(40) });
      const { requests } = await counted(here, { ...vault, mode: 'advanced', concurrency });
      for (const host of hosts.filter((host) => host !== 'login.microsoftonline.com')) {
        const asked = requests.filter((request) => request.host === host).length;
        const { tlsHandshakes } = here.simulator.traffic(host);
        assert.ok(tlsHandshakes < asked, `${tlsHandshakes} connections for ${asked} requests to ${host}`);
      }
    });
  }
});
