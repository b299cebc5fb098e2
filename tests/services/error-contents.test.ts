import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { AZURE_POWERSHELL, createWorld, type Fault, type Simulator, startSimulator } from '../../simulator/index.ts';
import type { Sight } from '../../src/destinations/port.ts';
import { secretForms } from '../../src/secrecy/secret-forms.ts';
import { createHttp } from '../../src/services/http.ts';
import { createNetwork } from '../../src/services/network.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { connect } from '../../src/sign-in/connect.ts';
import { noRefusedSignIns } from '../../src/sign-in/refused-sign-ins.ts';
import type { World } from '../../src/world.ts';
import { pat } from '../renewal/examples.ts';

const account = 'svc-pats@contoso.example';
const password = 'pa ss&w%rd"1+\\é';
const value = 'A'.repeat(84);
const examplePat = pat('0d7c9b0e-2f6a-4a55-8f0f-6a1f3f1c2b10');

/** Every way a request can end that makes an error. */
const faults: Readonly<Record<string, Fault>> = {
  'is dropped': { kind: 'drop' },
  'is carried out, and the answer lost': { kind: 'applyThenDrop' },
  ...Object.fromEntries(
    [203, 302, 400, 401, 404, 429, 500].flatMap((status) => [
      [`gets ${status} with a page`, page(status, '<html><body>No</body></html>')],
      [`gets ${status} with JSON`, page(status, '{"message":"TF400813: no","error":"no","typeKey":"No"}')],
    ]),
  ),
  'gets an empty 200': page(200, ''),
  'gets JSON of another shape': page(200, '[]'),
};

function page(status: number, body: string): Fault {
  const headers = { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json', 'retry-after': '0' };
  return { kind: 'answer', answer: { status, headers, body } };
}

const calls: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'pats.list': (world) => world.organization('contoso').pats.list('active'),
  'pats.get': (world) => world.organization('contoso').pats.get('0d7c9b0e-2f6a-4a55-8f0f-6a1f3f1c2b10'),
  'pats.create': (world) =>
    world
      .organization('contoso')
      .pats.create({ displayName: 'New', scope: 'vso.code', validTo: Date.parse('2026-12-03'), allOrgs: false }),
  'devops.connectionData': (world) => world.organization('contoso').prove(value),
  'vault.getSecret': async (world) => lookAt(world, true),
  'vault.setSecret': async (world) => {
    const sight = await lookAt(world, false);
    const delivered = await sight.deliver({
      pat: examplePat,
      token: value,
      familyName: 'Deploy',
      others: [],
      checkTime: () => {},
      isOutrankedBy: async () => false,
    });
    throw 'error' in delivered ? delivered.error : new Error(delivered.kind);
  },
  'vault.listVersions': async (world) => lookAt(world, false),
};

function lookAt(world: World, isAdopting: boolean): Promise<Sight> {
  const place = world.placeOf({ kind: 'secret', name: 'Deploy' }, { organization: 'contoso', name: 'Deploy' });
  assert.ok(typeof place !== 'string');
  const owner = { account: 'somebody', organization: 'contoso' };
  return place.look({ owner, isAdopting, takeOver: false, isAnothers: async () => false });
}

describe('An error, with all that hangs on it, holds no secret', () => {
  let simulator: Simulator;
  /** Every form of every secret so far. */
  const secrets = new Set<string>([password, value].flatMap(secretForms));

  before(async () => {
    const world = createWorld({
      accounts: [{ upn: account, password }],
      vaults: { 'contoso-kv': { secrets: { Deploy: { value } } } },
    });
    simulator = await startSimulator({ world });
  });

  after(() => simulator.close());

  const signIn = async () => {
    const inputs: Readonly<Record<string, string>> = {
      mode: 'advanced',
      pats: '*',
      dryRun: 'false',
      organization: 'contoso',
      tenantId: 'contoso.example',
      clientId: AZURE_POWERSHELL,
      username: account,
      password,
      keyVault: 'contoso-kv',
    };
    const settings = readSettings({
      read: (name) => inputs[name] ?? '',
      variable: undefined,
      serviceConnection: () => 'there is none',
    });
    const network = createNetwork({
      proxy: { url: simulator.proxyUrl, username: undefined, password: undefined, bypass: [] },
      caFile: simulator.caFile,
      clientCertificate: undefined,
    });
    const sleep = async () => {};
    const now = () => simulator.world.now;
    return connect(settings, {
      send: createHttp({ network, concurrency: 8, sleep, now }),
      pauses: { sleep, random: () => 0, isStopping: () => false },
      refusedSignIns: noRefusedSignIns,
      passwordDoubts: () => [],
      registerSecret: (secret) => {
        for (const form of secretForms(secret)) secrets.add(form);
      },
      now,
      elapsed: now,
      wall: now,
      isStopping: () => false,
      progress: () => {},
      variables: { set: async () => {}, handOver: async () => {}, isReadOnly: () => false },
    });
  };
  const failureOf = (attempt: Promise<unknown>): Promise<unknown> =>
    attempt.then(
      () => undefined,
      (error: unknown) => error,
    );
  const holdsNothing = (error: unknown) => {
    // By name: tests load what the engine imports late a second time.
    assert.equal(error instanceof Error && error.name, 'ServiceError', inspect(error));
    const shown = inspect(error, {
      depth: Number.POSITIVE_INFINITY,
      showHidden: true,
      getters: true,
      maxStringLength: null,
    });
    for (const form of secrets) assert.ok(!shown.includes(form), `${JSON.stringify(form)} in ${shown}`);
    assert.doesNotMatch(shown, /authorization|bearer|axioserror/i);
  };

  for (const [what, fault] of Object.entries(faults)) {
    it(`when a request ${what}`, async () => {
      const stop = simulator.faults.always('entra.token.password', fault);
      holdsNothing(await failureOf(signIn()));
      stop();
      const { world } = await signIn();
      // The challenge is fetched before anything fails: what fails next is the call itself.
      await lookAt(world, true);
      await world.organization('contoso').accountId();
      let failed = 0;
      for (const [operation, call] of Object.entries(calls)) {
        const end = simulator.faults.always(operation, fault);
        const error = await failureOf(call(world));
        end();
        if (error === undefined) continue;
        failed++;
        holdsNothing(error);
      }
      assert.ok(failed > 0, 'some call failed');
      assert.ok(secrets.size > 20, 'there were secrets to look for');
    });
  }
});
