import assert from 'node:assert/strict';
import type { TaskResult } from '../../simulator/agent/run-task.ts';
import {
  AZURE_POWERSHELL,
  claimsChallenge,
  type Fault,
  type HttpAnswer,
  internalError,
  pageOfTheProxy,
  type SeenRequest,
  serviceUnavailable,
  tooManyRequests,
  vaultThrottled,
} from '../../simulator/index.ts';
import { azureConnections, connectionName, withSecret } from './azure-connections.ts';
import { describePackagedTask } from './on-each-node.ts';
import { leaks, secretsOf } from './secrecy.ts';
import { account, type Company, type Job, password, type Situation, type TaskInputs, vaultHost } from './situation.ts';

/** What a company meets: in every one of these nothing secret may show. */
interface Scene {
  readonly title: string;
  readonly inputs?: TaskInputs;
  readonly company?: Company;
  readonly job?: Job;
  readonly set?: (situation: Situation) => void;
  readonly result: TaskResult;
}

const vault = { mode: 'advanced', keyVault: 'contoso-vault' };
const outputs = { mode: 'advanced' };
const pats = [{ displayName: 'Build feed', scope: 'vso.packaging' }, { displayName: 'Deploy' }];

const faulty = (operation: string, fault: Fault) => (situation: Situation) =>
  void situation.faults.once(operation, fault);
const answering = (answer: HttpAnswer): Fault => ({ kind: 'answer', answer });

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

const signInRefusals = [50126, 50053, 50055, 50057, 50076, 50079, 50158, 53003, 65001, 7000218, 700016].map(
  (number): Scene => ({
    title: `AADSTS${number}`,
    company: { accounts: [{ upn: account, password, refusals: { password: number } }] },
    result: 'Failed',
  }),
);

const refusals: readonly Scene[] = [
  {
    title: 'no right to store',
    inputs: vault,
    company: { vault: { access: { [account]: ['get', 'list'] } } },
    result: 'Failed',
  },
  { title: 'no right to read', inputs: vault, company: { vault: { access: {} } }, result: 'Failed' },
  { title: 'a vault behind a firewall', inputs: vault, company: { vault: { shutOut: true } }, result: 'Failed' },
  { title: 'a vault that is not there', inputs: { ...vault, keyVault: 'no-such-vault' }, result: 'Failed' },
  {
    title: 'somebody’s value in the secret',
    inputs: vault,
    company: { secrets: { Deploy: { value: 'a database password' } } },
    result: 'Failed',
  },
  {
    title: 'a policy of the tenant',
    inputs: { lifetimeDays: '300' },
    company: { organization: { policies: { maximumLifespanDays: 30 } } },
    result: 'Failed',
  },
  { title: 'an organization that is not there', inputs: { organization: 'fabrikam' }, result: 'Failed' },
  { title: 'inputs that are wrong', inputs: { lifetimeDays: 'many', tenantId: '$(nothing)' }, result: 'Failed' },
];

const faults: readonly Scene[] = (
  [
    ['entra.token.password', 'drop', { kind: 'drop' }],
    ['entra.token.password', 'a page', answering(pageOfTheProxy())],
    ['pats.list', 'a page', answering(pageOfTheProxy())],
    ['pats.list', '401 with a challenge', answering(claimsChallenge())],
    ['pats.create', '500', answering(internalError())],
    ['pats.create', 'a lost answer', { kind: 'applyThenDrop' }],
    ['pats.create', 'throttling', answering(tooManyRequests(0))],
    ['devops.connectionData', '503', answering(serviceUnavailable(0))],
    ['vault.setSecret', 'a lost answer', { kind: 'applyThenDrop' }],
    ['vault.setSecret', 'throttling', answering(vaultThrottled(0))],
    ['vault.setSecret', 'a page', answering(pageOfTheProxy())],
    ['vault.getSecret', 'a page', answering(pageOfTheProxy())],
  ] as const
).map(([operation, what, fault]): Scene & { readonly anyResult: true } => ({
  title: `${operation}: ${what}`,
  inputs: vault,
  set: faulty(operation, fault),
  result: 'Failed',
  anyResult: true,
}));

describePackagedTask('Nothing secret shows, with System.Debug on', (given) => {
  for (const scene of [...successes, ...signInRefusals, ...refusals, ...faults]) {
    it(`in ${scene.title}`, async () => {
      const situation = await given({ pats, ...scene.company });
      scene.set?.(situation);
      const { proxy, ...job } = scene.job ?? {};
      // The run itself is held to show no secret: see situation.ts.
      const { result, raw } = await situation.run(scene.inputs ?? {}, {
        ...job,
        debug: true,
        ...(proxy && { proxy: { ...proxy, url: situation.simulator.proxyUrl } }),
      });
      if (!('anyResult' in scene)) assert.equal(result, scene.result, raw.log);
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

  describe('when a service repeats what it was sent', () => {
    for (const [operation, inputs] of [
      ['entra.token.password', {}],
      ['pats.list', {}],
      ['pats.update', {}],
      ['pats.create', vault],
      ['pats.revoke', { ...vault, revokeAfterHours: '0' }],
      ['devops.connectionData', vault],
      ['vault.setSecret', vault],
    ] as const) {
      it(`to ${operation}`, async () => {
        const situation = await given({ pats });
        situation.faults.use({
          decide: (request) => (request.operation === operation ? answering(echo(request)) : { kind: 'pass' }),
        });
        const { raw } = await situation.run(inputs, { debug: true });
        assert.ok(
          situation.simulator.requests.some((request) => request.operation === operation),
          'it was asked',
        );
        assert.doesNotMatch(raw.log, /Bearer ey/);
      });
    }
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

/** A refusal in the service's shape whose text holds the request's own headers and body. */
function echo({ operation, headers, body }: SeenRequest): HttpAnswer {
  const said = `You sent ${headers.authorization ?? ''} and ${body}`;
  const shapes: Readonly<Record<string, unknown>> = {
    entra: {
      error: 'invalid_request',
      error_description: `AADSTS90014: ${said}`,
      error_codes: [90014],
      correlation_id: said,
    },
    pats: { patToken: null, patTokenError: 'somethingNew', patTokenErrorMessage: said },
    devops: { message: said, typeKey: said },
    vault: { error: { code: said, message: said, innererror: { code: said } } },
  };
  const content = JSON.stringify(shapes[operation.split('.')[0] ?? '']);
  return {
    status: operation.startsWith('pats') ? 200 : 400,
    headers: { 'content-type': 'application/json' },
    body: content,
  };
}
