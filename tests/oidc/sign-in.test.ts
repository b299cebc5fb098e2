import assert from 'node:assert/strict';
import { runTask, type TaskRun } from '../../simulator/agent/run-task.ts';
import { createWorld, type Simulator, startSimulator } from '../../simulator/index.ts';
import { packagedTask } from '../blackbox/packaged-task.ts';
import { leaks } from '../blackbox/secrecy.ts';
import { runCommand } from '../cli/run-command.ts';
import { type EntraLike, startProvider } from './identity-provider.ts';

const tenantId = '6f1d1c6e-3a7e-4a52-9d0a-6f7a1f2b7c11';
const upn = 'svc-pats@contoso.com';
const clientId = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001';
const robot = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0002';
const vault = 'contoso-kv.vault.azure.net';
const secretUrl = `https://${vault}/secrets/sign-in`;

describe('With oidc-provider in the place of Entra ID', () => {
  let simulator: Simulator;
  let provider: EntraLike;
  /** What a person does about a device code, once the command has asked about it for the first time. */
  let atTheBrowser: (userCode: string) => Promise<void>;

  beforeEach(async () => {
    const world = createWorld({
      tenant: { id: tenantId, domains: ['contoso.com'] },
      accounts: [{ upn }],
      applications: [{ clientId }, { clientId: robot, secret: 'the robot’s secret' }],
      organizations: { contoso: { pats: [{ displayName: 'Build feed' }] } },
      vaults: { 'contoso-kv': {} },
    });
    provider = await startProvider({ world, tenantId, upn, clientId });
    atTheBrowser = (userCode) => provider.approve(userCode);
    simulator = await startSimulator({ world, identityProvider: (request) => provider.answer(request) });
    const decided = new Set<string>();
    simulator.faults.use({
      afterApplied: async ({ operation }) => {
        if (operation !== 'entra.token.deviceCode') return;
        const started = simulator.requests.findLast((request) => request.operation === 'entra.deviceCode');
        const code: string = JSON.parse(started?.answer?.body ?? '{}').user_code;
        if (decided.has(code)) return;
        decided.add(code);
        await atTheBrowser(code);
      },
    });
  });

  afterEach(async () => {
    await simulator.close();
    await provider.close();
  });

  const signIn = () =>
    runCommand(simulator, [
      'sign-in',
      ...[
        '--tenant-id',
        'contoso.com',
        '--client-id',
        clientId,
        '--refresh-token-secret',
        secretUrl,
        '--username',
        upn,
      ],
    ]);
  const renew = (): Promise<TaskRun> =>
    runTask({
      taskFolder: packagedTask(),
      inputs: {
        signIn: 'refreshToken',
        refreshTokenSecret: secretUrl,
        azureSubscription: 'vault',
        tenantId: 'contoso.com',
        clientId,
        organization: 'contoso',
      },
      endpoints: {
        vault: {
          id: 'a2d0e5ce-6a4d-4a92-9b3c-0f5a4a3b9c11',
          url: 'https://management.azure.com/',
          scheme: 'ServicePrincipal',
          parameters: { serviceprincipalid: robot, serviceprincipalkey: 'the robot’s secret', tenantid: tenantId },
        },
      },
      proxy: { url: simulator.proxyUrl },
      caInfo: simulator.caFile,
      debug: true,
    });
  const versions = () => simulator.world.vaults.secret(vault, 'sign-in')?.versions ?? [];
  const told = (run: TaskRun) => run.issues.map(({ message }) => message).join('\n');

  it('a person signs in by device code, and runs live on the token from then on', async () => {
    const signedIn = await signIn();
    assert.equal(signedIn.code, 0, signedIn.stderr);
    assert.match(signedIn.stdout, /Signed in as svc-pats@contoso\.com/);
    const polls = simulator.requests.filter(({ operation }) => operation === 'entra.token.deviceCode');
    assert.deepEqual(
      polls.map(({ status }) => status),
      [400, 200],
      'once pending, once done',
    );
    for (let week = 0; week < 3; week++) {
      simulator.world.advance({ days: 7 });
      const run = await renew();
      assert.equal(run.result, 'Succeeded', run.log);
      assert.equal(run.outputs.get('renewedCount')?.value, '1');
      assert.deepEqual(
        leaks(
          run,
          versions().map(({ value }) => value),
        ),
        [],
      );
    }
    const values = versions().map(({ value }) => value);
    assert.equal(new Set(values).size, 4, 'each exchange gave another token');
    assert.deepEqual(
      versions().map(({ enabled }) => enabled),
      [false, false, false, true],
    );
  });

  it('the token before still works, as runs that overlap need it', async () => {
    assert.equal((await signIn()).code, 0);
    const [first] = versions();
    assert.ok(first);
    assert.equal((await renew()).result, 'Succeeded');
    simulator.world.vaults.plant(vault, { name: 'sign-in', versions: [first] });
    assert.equal((await renew()).result, 'Succeeded');
  });

  it('a revoked sign-in stops the run before any PAT, and the message says what to type', async () => {
    assert.equal((await signIn()).code, 0);
    await provider.revokeSessions();
    const run = await renew();
    assert.equal(run.result, 'Failed');
    assert.match(
      told(run),
      /is not valid any more\. Sign in once again with: renew-pats sign-in --tenant-id contoso\.com .*\(AADSTS70000, correlation id/,
    );
    assert.ok(simulator.requests.every(({ operation }) => !operation.startsWith('pats.')));
    // And what it says to do helps.
    assert.equal((await signIn()).code, 0);
    assert.equal((await renew()).result, 'Succeeded');
  });

  it('a person who says no is told what that means, and nothing is stored', async () => {
    atTheBrowser = (userCode) => provider.deny(userCode);
    const run = await signIn();
    assert.equal(run.code, 3);
    assert.match(run.stderr, /account svc-pats@contoso\.com declined to let the app .* Nothing was stored\./);
    assert.equal(versions().length, 0);
  });
});
