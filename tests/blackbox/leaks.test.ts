import assert from 'node:assert/strict';
import type { TaskResult } from '../../simulator/agent/run-task.ts';
import { AZURE_POWERSHELL } from '../../simulator/index.ts';
import { azureConnections, connectionName, withSecret } from './azure-connections.ts';
import { describePackagedTask } from './on-each-node.ts';
import { leaks, secretsOf } from './secrecy.ts';
import { account, type Company, type Job, password, type TaskInputs, vaultHost } from './situation.ts';

/** What a company meets: in every one of these nothing secret may show. */
interface Scene {
  readonly title: string;
  readonly inputs?: TaskInputs;
  readonly company?: Company;
  readonly job?: Job;
  readonly result: TaskResult;
}

const vault = { mode: 'advanced', keyVault: 'contoso-vault' };
const outputs = { mode: 'advanced' };
const pats = [{ displayName: 'Build feed', scope: 'vso.packaging' }, { displayName: 'Deploy' }];

const successes: readonly Scene[] = [
  { title: 'simple', result: 'Succeeded' },
  { title: 'advanced with a vault', inputs: vault, result: 'Succeeded' },
  { title: 'advanced with a vault and outputs', inputs: { ...vault, setOutputVariables: 'true' }, result: 'Succeeded' },
  { title: 'advanced with outputs', inputs: outputs, result: 'Succeeded' },
  { title: 'advanced at once', inputs: { ...vault, revokeAfterHours: '0' }, result: 'Succeeded' },
  { title: 'a dry run', inputs: { ...vault, dryRun: 'true' }, result: 'Succeeded' },
  { title: 'a report', inputs: { mode: 'report' }, result: 'SucceededWithIssues' },
  {
    title: 'a proxy with a password',
    result: 'Succeeded',
    company: { proxyCredentials: { username: 'agent', password: 'prøxy pass/word' } },
    job: { proxy: { url: '', username: 'agent', password: 'prøxy pass/word' } },
  },
];

describePackagedTask('Nothing secret shows, with System.Debug on', (given) => {
  for (const scene of successes) {
    it(`in ${scene.title}`, async () => {
      const situation = await given({ pats, ...scene.company });
      const { proxy, ...job } = scene.job ?? {};
      // The run itself is held to show no secret: see situation.ts.
      const { result, raw } = await situation.run(scene.inputs ?? {}, {
        ...job,
        debug: true,
        ...(proxy && { proxy: { ...proxy, url: situation.simulator.proxyUrl } }),
      });
      assert.equal(result, scene.result, raw.log);
      assert.match(raw.log, /##\[debug\]/, 'debugging is on');
    });
  }

  it('through any service connection, well or ill', async () => {
    for (const connection of await azureConnections()) {
      const situation = await given({
        pats,
        vault: { access: { [connection.clientId]: 'all' } },
        ...connection.company,
      });
      const job = { ...connection.job(situation.world), debug: true };
      const inputs = { ...vault, azureSubscription: connectionName };
      assert.equal((await situation.run(inputs, job)).result, 'Succeeded', connection.title);
      situation.world.entra.refuseApplication(connection.clientId, 7000215);
      assert.equal((await situation.run(inputs, job)).result, 'Failed', connection.title);
    }
  });

  it('with a refresh token, alive or dead', async () => {
    const situation = await given({
      pats,
      secrets: { 'sign-in': { value: 'planted below' } },
      vault: { access: { [withSecret.clientId]: 'all' } },
      ...withSecret.company,
    });
    const { world } = situation;
    const [version] = situation.versions('sign-in');
    const { token } = world.entra.plantRefreshToken(account, AZURE_POWERSHELL);
    assert.ok(version);
    world.vaults.plant(vaultHost, { name: 'sign-in', versions: [{ ...version, value: token }] });
    const job = { ...withSecret.job(world), debug: true };
    const inputs = {
      signIn: 'refreshToken',
      refreshTokenSecret: `https://${vaultHost}/secrets/sign-in`,
      azureSubscription: connectionName,
    };
    const alive = await situation.run(inputs, job);
    assert.equal(alive.result, 'Succeeded');
    assert.deepEqual(leaks(alive.raw, [token]), []);
    world.advance({ hours: 1 });
    world.entra.revokeSessions(account);
    assert.equal((await situation.run(inputs, job)).result, 'Failed');
  });

  it('a password of the form $(…), which reads as a variable that is missing', async () => {
    const { run } = await given({ pats });
    const sa_password = { value: '$(S3cret-w0rd!)', secret: true } as const;
    const { result, errors, summary, operations } = await run({}, { variables: { sa_password }, debug: true });
    assert.equal(result, 'Failed');
    assert.match(errors.join('\n'), /Input password: it has the form \$\(…\)/);
    assert.doesNotMatch(`${errors}${summary}`, /S3cret/);
    assert.deepEqual(operations, {});
  });

  it('and a secret of the job that is JSON takes nothing else out of the log', async () => {
    const { run } = await given({ pats });
    const json = JSON.stringify({ key: 'hunter2hunter2', list: [1, { a: {} }] }, null, 2);
    const { result, raw } = await run({}, { variables: { config: { value: json, secret: true } }, debug: true });
    assert.equal(result, 'Succeeded');
    const registered = raw.rawOutput.split('\n').filter((line) => line.startsWith('##vso[task.setsecret]'));
    assert.ok(registered.some((line) => line.includes('hunter2hunter2')));
    for (const piece of ['{', '}', '[', ']', '%7B', '%7D', '%20%20%']) {
      assert.ok(!registered.includes(`##vso[task.setsecret]${piece}`), piece);
    }
  });

  it('and the search finds each form of a secret that does show', async () => {
    const situation = await given({ pats });
    const { raw } = await situation.run();
    const secret = 'an "odd" secret/with+all?';
    for (const shown of [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ a: secret }).toString(),
      JSON.stringify(secret),
      Buffer.from(`:${secret}`).toString('base64'),
      Buffer.from(`user:${secret}`).toString('base64'),
    ]) {
      assert.equal(leaks({ ...raw, rawOutput: `${raw.rawOutput}\nhere: ${shown}` }, [secret]).length > 0, true, shown);
      assert.deepEqual(leaks({ ...raw, rawOutput: `${raw.rawOutput}\n##vso[task.setsecret]${shown}` }, [secret]), []);
      const summaries = [{ path: 'summary.md', text: `| ${shown} |` }];
      assert.equal(leaks({ ...raw, summaries }, [secret]).length > 0, true, shown);
    }
    const known = secretsOf(situation.simulator, {
      taskFolder: '',
      variables: { p: { value: password, secret: true } },
    });
    for (const pat of situation.world.pats.all()) assert.ok(known.has(pat.value));
    assert.ok(known.has(password));
  });
});
