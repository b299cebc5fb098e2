import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createWorld, type Simulator, startSimulator } from '../../simulator/index.ts';
import { patsOf } from './client.ts';

const upn = 'svc-pats@contoso.example';
/** By its id: Azure's clients compare it with the tenant that a vault names. */
const tenant = '6f1d1c6e-3a7e-4a52-9d0a-6f7a1f2b7c11';
const app = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001';
const robot = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0002';
const secret = 'the secret of the robot';
const vault = 'https://contoso-kv.vault.azure.net';
const python = process.env.RENEWPATS_PYTHON;

/** Clients that nobody here wrote: what the stand-ins answer must be what Microsoft's own code takes for an answer. */
describe('The simulator, asked by Microsoft’s Python clients', () => {
  if (python === undefined || python === '') {
    it('is skipped: set RENEWPATS_PYTHON to a Python with azure-keyvault-secrets, azure-identity and msal');
    return;
  }
  let simulator: Simulator;

  beforeEach(async () => {
    const world = createWorld({
      tenant: { id: tenant, domains: ['contoso.example'] },
      accounts: [{ upn }],
      applications: [{ clientId: app }, { clientId: robot, secret }],
      vaults: { 'contoso-kv': { access: { [robot]: 'all', [upn]: 'all' } } },
    });
    world.configure({ devicePollSeconds: 1 });
    simulator = await startSimulator({ world });
  });
  afterEach(() => simulator.close());

  const ask = (wanted: Readonly<Record<string, unknown>>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { HOME = '' } = process.env;
      const env = { HOME, HTTPS_PROXY: simulator.proxyUrl, REQUESTS_CA_BUNDLE: simulator.caFile };
      const child = execFile(python, ['tests/simulator/python/clients.py'], { env }, (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout));
        else reject(new Error(stderr));
      });
      child.stdin?.end(JSON.stringify({ tenant, clientId: app, ...wanted }));
    });
  const operations = () => simulator.requests.map(({ operation }) => operation);
  /** What the person at the browser does about a device code, once it has been asked about for the first time. */
  const atTheBrowser = (decide: (userCode: string) => void) =>
    simulator.faults.use({
      afterApplied: async ({ operation }) => {
        const polls = operations().filter((each) => each === 'entra.token.deviceCode');
        if (operation !== 'entra.token.deviceCode' || polls.length > 1) return;
        const started = simulator.requests.findLast((request) => request.operation === 'entra.deviceCode');
        decide(JSON.parse(started?.answer?.body ?? '{}').user_code);
      },
    });

  it('signs in with a password, after a look at the realm, and gives the vault’s token silently', async () => {
    const password = simulator.world.entra.accountByUpn(upn)?.password;
    const { first, vault: silent } = await ask({ way: 'password', username: upn, password });
    assert.equal(first?.user, upn);
    assert.equal((await patsOf(simulator, first?.token ?? '').get('')).status, 200);
    assert.equal(simulator.world.entra.accessToken(silent?.token ?? '')?.resource, 'keyVault');
    const asked = operations();
    assert.ok(asked.indexOf('entra.userRealm') < asked.indexOf('entra.token.password'), asked.join());
    assert.ok(asked.includes('entra.userRealm'));
  });

  it('refuses a wrong password with the code in its list', async () => {
    const { first } = await ask({ way: 'password', username: upn, password: 'wrong' });
    assert.deepEqual(first, { error: 'invalid_grant', codes: [50126] });
  });

  it('signs in by device code once the person has approved', async () => {
    atTheBrowser((userCode) => simulator.world.entra.approveDeviceCode(userCode, upn));
    const { first } = await ask({ way: 'device code' });
    assert.equal(first?.user, upn);
  });

  it('tells that the person has declined', async () => {
    atTheBrowser((userCode) => simulator.world.entra.declineDeviceCode(userCode));
    const { first } = await ask({ way: 'device code' });
    assert.equal(first?.error, 'authorization_declined');
  });

  it('signs an application in with its secret, for .default alone', async () => {
    const { first } = await ask({ way: 'client secret', clientId: robot, secret });
    assert.equal(simulator.world.entra.accessToken(first?.token ?? '')?.kind, 'application');
    const wrong = await ask({ way: 'client secret', clientId: robot, secret: 'wrong' });
    assert.deepEqual(wrong.first, { error: 'invalid_client', codes: [7000215] });
    const scopes = ['https://vault.azure.net/user_impersonation'];
    const narrow = await ask({ way: 'client secret', clientId: robot, secret, scopes });
    assert.deepEqual(narrow.first, { error: 'invalid_scope', codes: [1002012] });
  });

  const roundTrip = {
    newest: 'second value',
    second: 'second value',
    versions: [
      [false, 'text/plain', { owner: 'team' }],
      [true, null, null],
    ],
    names: ['Build-feed'],
  };

  it('stores, reads, lists and disables in a vault, for an application', async () => {
    assert.deepEqual(await ask({ way: 'vault', clientId: robot, secret, vault, name: 'Build-feed' }), roundTrip);
  });

  it('and for a person who signed in by device code', async () => {
    simulator.world.entra.signInBrowser(upn);
    assert.deepEqual(await ask({ way: 'vault', vault, name: 'Build-feed' }), roundTrip);
  });

  it('refuses whoever has no right to a vault, with the inner code', async () => {
    simulator.world.entra.putApplication({
      ...(simulator.world.entra.application(robot) ?? assert.fail('the robot is there')),
      clientId: app,
      objectId: 'nobody-the-vault-knows',
    });
    const refused = await ask({ way: 'vault', clientId: app, secret, vault, name: 'Build-feed' });
    assert.deepEqual(refused, { status: 403, inner: 'ForbiddenByRbac' });
  });
});

interface Answer {
  readonly first?: Outcome;
  readonly vault?: Outcome;
}

interface Outcome {
  readonly token?: string;
  readonly user?: string | null;
  readonly error?: string;
  readonly codes?: readonly number[];
}
