import assert from 'node:assert/strict';
import type { AxiosResponse } from 'axios';
import { createWorld, type Settings, type Simulator, startSimulator } from '../../simulator/index.ts';
import { clientOf, DEVOPS, signIn } from './client.ts';

const UNKNOWN_VALUE = `${'a'.repeat(76)}AZDO${'b'.repeat(4)}`;

describe('The simulated connectionData, by which a new PAT is proved', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    const pats = [
      { displayName: 'good', scope: 'vso.code' },
      { displayName: 'full', scope: 'app_token' },
      { displayName: 'expired', validTo: '2026-11-20T00:00:00Z' },
      { displayName: 'revoked', revokedAt: '2026-11-20T00:00:00Z' },
    ];
    const world = createWorld({ organizations: { contoso: { pats }, open: { pats, publicProjects: true } } });
    simulator = await startSimulator({ world });
  });

  afterEach(() => simulator.close());

  const ask = (password: string, organization = 'contoso', params = {}): Promise<AxiosResponse> =>
    clientOf(simulator).get(`https://dev.azure.com/${organization}/_apis/connectionData`, {
      auth: { username: '', password },
      params,
    });
  const value = (name: string, organization = 'contoso'): string =>
    simulator.world.pats.named(organization, name)[0]?.value ?? '';
  const configure = (settings: Partial<Settings>): void => simulator.world.configure(settings);

  it('names the owner of a PAT that works, as it names the bearer’s user', async () => {
    const account = simulator.world.entra.accountByUpn('svc-pats@contoso.example');
    const byPat = await ask(value('good'));
    assert.equal(byPat.status, 200);
    const user = byPat.data.authenticatedUser;
    assert.equal(
      user.descriptor,
      `Microsoft.IdentityModel.Claims.ClaimsIdentity;${account?.tenantId}\\svc-pats@contoso.example`,
    );
    assert.match(user.subjectDescriptor, /^aad\./);
    assert.equal(user.properties.Account.$value, 'svc-pats@contoso.example');

    const token = await signIn(simulator, DEVOPS);
    const byBearer = await clientOf(simulator).get('https://dev.azure.com/contoso/_apis/connectionData', {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.deepEqual(byBearer.data.authenticatedUser, user);
  });

  it('has the same id for the account in every organization, or one per organization (a setting)', async () => {
    const idIn = async (organization: string): Promise<string> =>
      (await ask(value('good', organization), organization)).data.authenticatedUser.id;
    assert.equal(await idIn('contoso'), await idIn('open'));
    configure({ identityIds: 'perOrganization' });
    assert.notEqual(await idIn('contoso'), await idIn('open'));
  });

  it('explains that a PAT has expired, or says nothing (a setting)', async () => {
    const explained = await ask(value('expired'));
    assert.equal(explained.status, 401);
    assert.equal(
      explained.headers['x-tfs-serviceerror'],
      'Access%20Denied%3A%20The%20Personal%20Access%20Token%20used%20has%20expired.',
    );
    assert.equal(explained.data.typeKey, 'AccessCheckException');
    configure({ expiredPatAnswer: 'bare' });
    const bare = await ask(value('expired'));
    assert.deepEqual([bare.status, bare.data, bare.headers['x-tfs-serviceerror']], [401, '', undefined]);
  });

  it('has nothing but a bare 401 for a PAT that is revoked, unknown or another organization’s', async () => {
    for (const password of [value('revoked'), UNKNOWN_VALUE, value('good', 'open')]) {
      const answer = await ask(password);
      assert.deepEqual([answer.status, answer.data], [401, '']);
    }
  });

  it('answers anybody in an organization with public projects: 200 proves nothing there', async () => {
    for (const password of [UNKNOWN_VALUE, value('revoked', 'open'), value('expired', 'open')]) {
      const answer = await ask(password, 'open');
      assert.equal(answer.status, 200);
      assert.equal(answer.data.authenticatedUser.id, 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa');
      assert.equal(
        answer.data.authenticatedUser.descriptor,
        'System:PublicAccess;aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa',
      );
      assert.equal(answer.data.authenticatedUser.providerDisplayName, 'Anonymous');
    }
  });

  it('may refuse a narrow PAT that is perfectly good (a setting)', async () => {
    configure({ connectionDataScopes: ['vso.profile'] });
    assert.equal((await ask(value('good'))).status, 401);
    assert.equal((await ask(value('full'))).status, 200);
  });

  it('may not know a PAT in its first seconds (a setting)', async () => {
    configure({ newPatWorksAfterSeconds: 5 });
    const { world } = simulator;
    const owner = world.entra.accountByUpn('svc-pats@contoso.example')?.id ?? '';
    const created = world.pats.create('contoso', owner, { displayName: 'new', scope: 'vso.code' });
    assert.ok(created.kind === 'pat');
    assert.equal((await ask(created.pat.value)).status, 401);
    world.advance({ seconds: 5 });
    assert.equal((await ask(created.pat.value)).status, 200);
  });

  it('wants no api-version, or one that says preview', async () => {
    assert.equal((await ask(value('good'), 'contoso', { 'api-version': '7.1-preview' })).status, 200);
    const plain = await ask(value('good'), 'contoso', { 'api-version': '7.1' });
    assert.deepEqual([plain.status, plain.data.typeKey], [400, 'VssInvalidPreviewVersionException']);
  });

  it('tells the time in each answer, its own or a front end’s, or not at all (settings)', async () => {
    const dateOf = async () => (await ask(value('good'))).headers.date;
    assert.equal(await dateOf(), 'Mon, 23 Nov 2026 04:00:00 GMT');
    configure({ clockAheadSeconds: { azureDevOps: 60, keyVault: -60 } });
    assert.equal(await dateOf(), 'Mon, 23 Nov 2026 04:01:00 GMT');
    configure({ dateAheadSeconds: { azureDevOps: 2700 } });
    assert.equal(await dateOf(), 'Mon, 23 Nov 2026 04:46:00 GMT');
    configure({ sendsDate: false });
    assert.equal(await dateOf(), undefined);
  });

  it('answers for a renamed organization under its new name only', async () => {
    simulator.world.rename('contoso', 'contoso-emea');
    const renamed = await ask(value('good', 'contoso-emea'), 'contoso-emea');
    assert.equal(renamed.data.instanceId, simulator.world.pats.organization('contoso-emea')?.id);
    assert.equal((await ask(value('good', 'contoso-emea'))).status, 404);
  });

  it('is among the paths that OPTIONS names, as Microsoft’s clients ask first', async () => {
    const client = clientOf(simulator);
    const answer = await client.options('https://dev.azure.com/contoso/_apis');
    assert.equal(answer.status, 200);
    assert.equal(answer.data.count, answer.data.value.length);
    assert.ok(answer.data.value.some((each: { resourceName: string }) => each.resourceName === 'ConnectionData'));
    assert.equal((await client.options('https://dev.azure.com/nobody/_apis')).status, 404);
  });

  it('refuses a version that there is not yet', async () => {
    const answer = await ask(value('good'), 'contoso', { 'api-version': '99.0-preview' });
    assert.deepEqual([answer.status, answer.data.typeKey], [400, 'VssVersionOutOfRangeException']);
  });

  it('refuses base64 that is not canonical', async () => {
    const encoded = Buffer.from(`:${value('good')}`).toString('base64');
    const answer = await clientOf(simulator).get('https://dev.azure.com/contoso/_apis/connectionData', {
      headers: { authorization: `Basic ${encoded}A` },
    });
    assert.equal(answer.status, 401);
  });
});
