import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { createWorld, type Simulator, startSimulator, type WorldSpec } from '../../simulator/index.ts';
import { clientOf } from '../simulator/client.ts';
import { type CommandOptions, type CommandRun, runCommand } from './run-command.ts';

const upn = 'svc-pats@contoso.example';
const app = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001';
const robot = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0002';
const vault = 'contoso-kv.vault.azure.net';
const secretUrl = `https://${vault}/secrets/sign-in`;
const day = 86_400_000;

describe('renew-pats sign-in', () => {
  let simulator: Simulator;

  afterEach(() => simulator.close());

  const start = async (spec: WorldSpec = {}) => {
    const world = createWorld({
      accounts: [{ upn }, { upn: 'somebody@contoso.example' }],
      applications: [{ clientId: app }, { clientId: robot, secret: 'the robot’s secret' }],
      organizations: { contoso: { pats: [{ displayName: 'Build feed' }] } },
      vaults: { 'contoso-kv': {} },
      settings: { devicePollSeconds: 0 },
      ...spec,
    });
    simulator = await startSimulator({ world });
    return world;
  };
  const signIn = (args: readonly string[] = [], options: CommandOptions = {}): Promise<CommandRun> =>
    runCommand(
      simulator,
      ['sign-in', '--tenant-id', 'contoso.example', '--client-id', app, '--refresh-token-secret', secretUrl, ...args],
      options,
    );
  const versions = () => simulator.world.vaults.secret(vault, 'sign-in')?.versions ?? [];
  const showsNoToken = (run: CommandRun) => {
    for (const { token } of simulator.world.entra.refreshTokens()) {
      assert.ok(!`${run.stdout}${run.stderr}`.includes(token), 'no refresh token is shown');
    }
  };

  it('waits until the code has been entered, and stores the refresh token for 90 days', async () => {
    const world = await start();
    // The code is entered after the second time that the command has asked.
    simulator.faults.use({
      afterApplied: async (request) => {
        if (request.operation !== 'entra.token.deviceCode' || request.operationOrdinal !== 2) return;
        const told = simulator.requests.find(({ operation }) => operation === 'entra.deviceCode')?.answer?.body ?? '{}';
        world.entra.approveDeviceCode(JSON.parse(told).user_code, upn);
      },
    });
    const run = await signIn(['--username', upn]);

    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stderr, /open the page https:\/\/microsoft\.com\/devicelogin and enter the code \w+/);
    assert.match(run.stdout, /Signed in as svc-pats@contoso\.example\. Its refresh token is in contoso-kv\/sign-in\./);
    const [version, ...others] = versions();
    assert.ok(version !== undefined && others.length === 0);
    assert.equal(version.expires, (world.now + 90 * day) / 1000);
    assert.equal(version.contentType, 'application/vnd.renew-pats.refresh-token');
    assert.deepEqual(version.tags, { 'renewPats-username': upn });
    const [held] = [...world.entra.refreshTokens()].filter(({ token }) => token === version.value);
    assert.equal(held?.accountId, world.entra.accountByUpn(upn)?.id);
    assert.equal(held?.fromPassword, false);
    showsNoToken(run);
  });

  it('is all that the pipeline, or a scheduler, needs from then on', async () => {
    const world = await start();
    world.entra.signInBrowser(upn);
    assert.equal((await signIn()).code, 0);
    const first = versions()[0]?.value;
    world.advance({ days: 7 });
    const run = await runCommand(
      simulator,
      [
        'renew',
        '--organization',
        'contoso',
        '--tenant-id',
        'contoso.example',
        '--client-id',
        app,
        '--sign-in',
        'refresh-token',
      ],
      {
        environment: {
          RENEWPATS_REFRESH_TOKEN_SECRET: secretUrl,
          RENEWPATS_AZURE_SUBSCRIPTION: 'environment',
          AZURE_TENANT_ID: 'contoso.example',
          AZURE_CLIENT_ID: robot,
          AZURE_CLIENT_SECRET: 'the robot’s secret',
        },
      },
    );
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /Renewed 1, revoked 0, skipped 0, failed 0\./);
    assert.deepEqual(
      versions().map(({ enabled }) => enabled),
      [false, true],
      'the token that was used is superseded',
    );
    assert.notEqual(versions()[1]?.value, first);
    assert.equal(versions()[1]?.expires, (world.now + 90 * day) / 1000);
    showsNoToken(run);
  });

  it('works with a browser on this machine where device codes are blocked, with PKCE', async () => {
    const world = await start({ accounts: [{ upn, refusals: { deviceCode: 53003 } }] });
    world.entra.signInBrowser(upn);
    const folder = mkdtempSync(join(tmpdir(), 'browser-'));
    const opened = join(folder, 'opened');
    writeFileSync(join(folder, 'browser'), `#!/bin/sh\nprintf %s "$1" > '${opened}'\n`, { mode: 0o755 });
    try {
      const run = await signIn(['--browser', '--json'], {
        environment: { BROWSER: join(folder, 'browser') },
        onStderr: once(/https:\/\/login\.microsoftonline\.com\/\S+(?=\n)/, (url) => void browse(simulator, url)),
      });
      assert.equal(run.code, 0, run.stderr);
      const address = new URL(readFileSync(opened, 'utf8'));
      assert.equal(address.searchParams.get('code_challenge_method'), 'S256');
      assert.match(address.searchParams.get('redirect_uri') ?? '', /^http:\/\/localhost:\d+$/);
      const expiresOn = new Date(world.now + 90 * day).toISOString();
      assert.deepEqual(JSON.parse(run.stdout), { username: upn, vault: 'contoso-kv', secret: 'sign-in', expiresOn });
      assert.equal(versions().length, 1);
      showsNoToken(run);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says what the sign-in page said when that sends the person back with an error', async () => {
    const world = await start({ accounts: [{ upn, refusals: { authorizationCode: 53003 } }] });
    world.entra.signInBrowser(upn);
    const run = await signIn(['--browser'], {
      environment: { BROWSER: 'true' },
      onStderr: once(/https:\/\/login\.microsoftonline\.com\/\S+(?=\n)/, (url) => void browse(simulator, url)),
    });
    assert.equal(run.code, 3);
    assert.match(run.stderr, /Error: A Conditional Access policy blocks the account.*\(AADSTS53003/);
    assert.equal(versions().length, 0);
  });

  it('stores nothing when another account signs in than the one that was expected', async () => {
    const world = await start();
    world.entra.signInBrowser('somebody@contoso.example');
    const run = await signIn(['--username', upn]);
    assert.equal(run.code, 3);
    assert.match(run.stderr, /somebody@contoso\.example has signed in, and svc-pats@contoso\.example was expected/);
    assert.equal(versions().length, 0);
  });

  it('does not hide a secret that something else reads, unless it is told to', async () => {
    const world = await start({
      vaults: { 'contoso-kv': { secrets: { 'sign-in': { value: 'a database password' } } } },
    });
    world.entra.signInBrowser(upn);
    const refused = await signIn();
    assert.equal(refused.code, 3);
    assert.match(
      refused.stderr,
      /Secret "sign-in" in vault "contoso-kv" holds something that this command has not stored/,
    );
    assert.ok(!refused.stderr.includes('a database password'));
    assert.equal(versions().length, 1);
    assert.equal((await signIn(['--replace'])).code, 0);
    assert.deepEqual(
      versions().map(({ enabled }) => enabled),
      [false, true],
    );
  });

  it('may be done again at any time, and keeps a person’s own tags', async () => {
    const contentType = 'application/vnd.renew-pats.refresh-token';
    const world = await start({
      vaults: {
        'contoso-kv': { secrets: { 'sign-in': { value: 'an old token', contentType, tags: { owner: 'team' } } } },
      },
    });
    world.entra.signInBrowser(upn);
    assert.equal((await signIn()).code, 0);
    assert.deepEqual(versions()[1]?.tags, { owner: 'team', 'renewPats-username': upn });
  });

  it('says who lacks which right when the account may not open the vault, and lets an application open it', async () => {
    const world = await start({ vaults: { 'contoso-kv': { access: { [robot]: 'all' } } } });
    world.entra.signInBrowser(upn);
    const refused = await signIn();
    assert.equal(refused.code, 3);
    assert.match(
      refused.stderr,
      /svc-pats@contoso\.example is not allowed to \w+ contoso-kv\/sign-in\..*ForbiddenByRbac/,
    );
    const run = await signIn(['--azure-subscription', 'environment'], {
      environment: {
        AZURE_TENANT_ID: 'contoso.example',
        AZURE_CLIENT_ID: robot,
        AZURE_CLIENT_SECRET: 'the robot’s secret',
      },
    });
    assert.equal(run.code, 0, run.stderr);
  });

  it('says that a policy blocks device codes', async () => {
    const world = await start({ accounts: [{ upn, refusals: { deviceCode: 53003 } }] });
    world.entra.signInBrowser(upn);
    const run = await signIn();
    assert.equal(run.code, 3);
    assert.match(run.stderr, /A Conditional Access policy blocks the account.*AADSTS53003.* Nothing was stored\./);
  });

  it('can be interrupted while it waits', async () => {
    await start({ settings: { devicePollSeconds: 1 } });
    const run = await signIn([], {
      onStderr: (text, send) => {
        if (text.includes('Sign in as the service account.')) send('SIGINT');
      },
    });
    assert.equal(run.code, 130);
    assert.equal(versions().length, 0);
  });

  it('names everything that is missing at once, in the words of the command line', async () => {
    await start();
    const run = await runCommand(simulator, ['sign-in', '--client-id', 'my app']);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /--tenant-id \(or RENEWPATS_TENANT_ID\)/);
    assert.match(run.stderr, /--client-id \(or RENEWPATS_CLIENT_ID\): "my app" is not a GUID/);
    assert.match(run.stderr, /--refresh-token-secret \(or RENEWPATS_REFRESH_TOKEN_SECRET\)/);
    assert.equal(simulator.requests.length, 0);
  });
});

/** Acts the first time that the text has it. */
function once(pattern: RegExp, act: (found: string) => void): (text: string) => void {
  let isDone = false;
  return (text) => {
    const found = pattern.exec(text)?.[0];
    if (isDone || found === undefined) return;
    isDone = true;
    act(found);
  };
}

/** What a browser does with the sign-in page: it sends the page's form to this machine. */
async function browse(simulator: Simulator, url: string): Promise<void> {
  const page: string = (await clientOf(simulator).get(url)).data;
  const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
  const unescaped = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  const fields = new URLSearchParams();
  for (const [, name = '', value = ''] of page.matchAll(/name="(\w+)" value="([^"]*)"/g))
    fields.set(name, unescaped(value));
  // The listener is on 127.0.0.1; a browser tries each address of localhost.
  const target = unescaped(action).replace('localhost', '127.0.0.1');
  await axios.post(target, fields, { proxy: false, validateStatus: () => true });
}
