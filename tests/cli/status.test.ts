import assert from 'node:assert/strict';
import { createWorld, type SecretSpec, type Simulator, startSimulator } from '../../simulator/index.ts';
import { runCommand } from './run-command.ts';

const upn = 'svc-pats@contoso.example';
const robot = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0002';
const secretUrl = 'https://contoso-kv.vault.azure.net/secrets/sign-in';
const now = Date.parse('2026-11-23T04:00:00Z');
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();

const stored = (more: Partial<SecretSpec> = {}): SecretSpec => ({
  value: 'a refresh token',
  contentType: 'application/vnd.renew-pats.refresh-token',
  tags: { 'renewPats-username': upn },
  created: inDays(-7),
  expires: inDays(83),
  ...more,
});

describe('renew-pats status', () => {
  let simulator: Simulator;

  afterEach(() => simulator.close());

  const status = async (secrets: Readonly<Record<string, SecretSpec | readonly SecretSpec[]>>, ...args: string[]) => {
    const applications = [{ clientId: robot, secret: 'the robot’s secret' }];
    const world = createWorld({ now, accounts: [{ upn }], applications, vaults: { 'contoso-kv': { secrets } } });
    simulator = await startSimulator({ world });
    const where = ['--tenant-id', 'contoso.example', '--refresh-token-secret', secretUrl];
    return runCommand(simulator, ['status', ...where, '--azure-subscription', 'environment', ...args], {
      environment: {
        AZURE_TENANT_ID: 'contoso.example',
        AZURE_CLIENT_ID: robot,
        AZURE_CLIENT_SECRET: 'the robot’s secret',
      },
    });
  };

  it('says who is signed in, since when and until when, and neither reads nor uses the token', async () => {
    const run = await status({ 'sign-in': stored() });
    assert.equal(run.code, 0, run.stderr);
    assert.equal(
      run.stdout,
      `${upn} is signed in. Its refresh token is in contoso-kv/sign-in.\n` +
        'Stored 2026-11-16 (7 days ago); lives until 2027-02-14 (in 83 days).\n',
    );
    const operations = new Set(simulator.requests.map(({ operation }) => operation));
    assert.ok(
      !operations.has('entra.token.refreshToken') && !operations.has('vault.getSecret'),
      [...operations].join(),
    );
    for (const { method, host } of simulator.requests) assert.ok(method === 'GET' || host.startsWith('login.'));
  });

  it('says the same to a program', async () => {
    const run = await status({ 'sign-in': stored() }, '--output', 'json');
    assert.deepEqual(JSON.parse(run.stdout), {
      signedIn: true,
      username: upn,
      vault: 'contoso-kv',
      secret: 'sign-in',
      storedOn: inDays(-7),
      expiresOn: inDays(83),
    });
  });

  it('warns when no run has used the token for long', async () => {
    const run = await status({ 'sign-in': stored({ expires: inDays(20) }) }, '--quiet');
    assert.deepEqual([run.code, run.stdout], [0, '']);
    assert.match(
      run.stderr,
      /^Warning: No run has used the token for long\. .* renew-pats sign-in --tenant-id contoso\.example/,
    );
  });

  for (const [title, secrets, why] of [
    ['there is no secret', {}, /there is no secret contoso-kv\/sign-in\./],
    [
      'its newest version is disabled',
      { 'sign-in': [stored(), stored({ enabled: false, created: inDays(-1) })] },
      /newest version .* is disabled/,
    ],
    [
      'the secret holds something else',
      { 'sign-in': stored({ contentType: 'text/plain' }) },
      /something that no sign-in has/,
    ],
    ['the token has ended', { 'sign-in': stored({ expires: inDays(-1) }) }, /the refresh token in .* has ended/],
  ] as const) {
    it(`ends with 3 and says how to sign in when ${title}`, async () => {
      const run = await status(secrets);
      assert.equal(run.code, 3);
      assert.match(run.stderr, why);
      assert.match(
        run.stderr,
        /^Error: Nobody is signed in: .* Sign in with: renew-pats sign-in --tenant-id contoso\.example .*\/secrets\/sign-in$/m,
      );
    });
  }

  it('asks who opens the vault, since nobody signs in for it', async () => {
    simulator = await startSimulator({ world: createWorld({}) });
    const run = await runCommand(simulator, [
      'status',
      '--tenant-id',
      'contoso.example',
      '--refresh-token-secret',
      secretUrl,
    ]);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /--azure-subscription \(or RENEWPATS_AZURE_SUBSCRIPTION\): nobody signs in here/);
    assert.equal(simulator.requests.length, 0);
  });
});
