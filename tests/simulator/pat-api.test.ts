import assert from 'node:assert/strict';
import type { AxiosInstance } from 'axios';
import { createWorld, type Simulator, startSimulator } from '../../simulator/index.ts';
import { clientOf, DEVOPS, patsOf, signIn, VAULT } from './client.ts';

const NOW = '2026-11-23T04:00:00Z';
const NO_SUCH_ID = '00000000-0000-0000-0000-000000000000';

describe('The simulated PAT API', () => {
  let simulator: Simulator;
  let pats: AxiosInstance;

  beforeEach(async () => {
    const world = createWorld({
      now: NOW,
      applications: [{ clientId: '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001', secret: 'client secret' }],
      organizations: {
        contoso: {
          id: '38aaa865-2c70-4bf7-a308-0c6539c38c1a',
          members: ['svc-pats@contoso.example', '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001'],
          pats: [
            { displayName: 'Build feed', scope: 'vso.work vso.code', validFrom: '2026-10-04T04:00:00Z' },
            { displayName: 'Everywhere', validFrom: '2026-10-04T04:00:00Z', allOrgs: true },
          ],
        },
        fabrikam: { members: [] },
      },
    });
    simulator = await startSimulator({ world });
    pats = patsOf(simulator, await signIn(simulator, DEVOPS));
  });

  afterEach(() => simulator.close());

  const idOf = (name: string): string => simulator.world.pats.named('contoso', name)[0]?.authorizationId ?? '';

  describe('answers as published', () => {
    it('a list: entries without values, and an empty continuation token at the end', async () => {
      const answer = await pats.get('', { params: { displayFilterOption: 'active', sortByOption: 'displayName' } });
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.data, {
        continuationToken: '',
        patTokens: [
          {
            displayName: 'Build feed',
            validTo: '2026-12-03T04:00:00Z',
            scope: 'vso.work vso.code',
            targetAccounts: ['38aaa865-2c70-4bf7-a308-0c6539c38c1a'],
            validFrom: '2026-10-04T04:00:00Z',
            authorizationId: idOf('Build feed'),
            token: null,
          },
          {
            displayName: 'Everywhere',
            validTo: '2026-12-03T04:00:00Z',
            scope: 'vso.code',
            targetAccounts: null,
            validFrom: '2026-10-04T04:00:00Z',
            authorizationId: idOf('Everywhere'),
            token: null,
          },
        ],
      });
    });

    it('a long list in pages', async () => {
      const first = await pats.get('', { params: { displayFilterOption: 'all', $top: 1 } });
      assert.equal(first.data.patTokens.length, 1);
      const { continuationToken } = first.data;
      const second = await pats.get('', { params: { displayFilterOption: 'all', $top: 1, continuationToken } });
      assert.equal(second.data.continuationToken, '');
      assert.notEqual(second.data.patTokens[0].authorizationId, first.data.patTokens[0].authorizationId);
    });

    it('the list again, when authorizationId is empty', async () => {
      const answer = await pats.get('', { params: { authorizationId: '' } });
      assert.equal(answer.data.patTokens.length, 2);
    });

    it('a creation: the only answer with a value in it', async () => {
      const request = { displayName: 'New', scope: 'vso.code', validTo: '2027-01-22T04:00:00.319Z', allOrgs: false };
      const created = await pats.post('', request);
      assert.equal(created.status, 200);
      assert.equal(created.data.patTokenError, 'none');
      assert.equal(created.data.patToken.validTo, '2027-01-22T04:00:00.32Z');
      assert.equal(created.data.patToken.token.length, 84);
      const { authorizationId } = created.data.patToken;
      const read = await pats.get('', { params: { authorizationId } });
      assert.deepEqual(read.data, { patToken: { ...created.data.patToken, token: null }, patTokenError: 'none' });
    });

    it('an update, with the id in the body', async () => {
      const answer = await pats.put('', { authorizationId: idOf('Build feed'), validTo: '2027-01-22T04:00:00Z' });
      assert.equal(answer.data.patTokenError, 'none');
      assert.equal(answer.data.patToken.validTo, '2027-01-22T04:00:00Z');
      assert.equal(answer.data.patToken.token, null);
    });

    it('a revocation: 204 without a body, or 200 (a setting)', async () => {
      const first = await pats.delete('', { params: { authorizationId: idOf('Build feed') } });
      assert.deepEqual([first.status, first.data], [204, '']);
      simulator.world.configure({ revokeStatus: 200 });
      const second = await pats.delete('', { params: { authorizationId: idOf('Everywhere') } });
      assert.equal(second.status, 200);
    });

    it('a refusal: 200, no PAT, and the reason beside it', async () => {
      const refused = await pats.post('', { displayName: 'New', scope: 'vso.code', allOrgs: true });
      assert.equal(refused.status, 200);
      assert.equal(refused.data.patToken, null);
      assert.equal(refused.data.patTokenError, 'globalPATCreationBlocked');
      assert.equal(typeof refused.data.patTokenErrorMessage, 'string');
    });

    it('a refusal with 400, where that is set, and without a message before 7.2', async () => {
      simulator.world.configure({ refusalStatus: 400 });
      const params = { 'api-version': '7.1-preview.1', authorizationId: NO_SUCH_ID };
      const refused = await pats.get('', { params });
      assert.equal(refused.status, 400);
      assert.deepEqual(refused.data, { patToken: null, patTokenError: 'authorizationNotFound' });
    });

    it('404 for an unknown id, where that is set', async () => {
      simulator.world.configure({ revokeOfUnknown: 'notFound' });
      const answer = await pats.delete('', { params: { authorizationId: NO_SUCH_ID } });
      assert.equal(answer.status, 404);
    });

    it('the services’ time as the date of every answer', async () => {
      simulator.world.advance({ minutes: 5 });
      const answer = await pats.get('');
      assert.equal(answer.headers.date, 'Mon, 23 Nov 2026 04:05:00 GMT');
    });

    it('JSON after a byte order mark, where that is set', async () => {
      simulator.world.configure({ byteOrderMark: true });
      const answer = await pats.get('', { responseType: 'arraybuffer' });
      assert.deepEqual([...answer.data.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    });

    it('scopes in another order, where that is set', async () => {
      simulator.world.configure({ scopeOrder: 'sorted' });
      const answer = await pats.get('', { params: { authorizationId: idOf('Build feed') } });
      assert.equal(answer.data.patToken.scope, 'vso.code vso.work');
    });
  });

  describe('refuses a request', () => {
    it('without an api-version, or with one that hides that it is a preview', async () => {
      const none = await pats.get('', { params: { 'api-version': undefined } });
      assert.deepEqual([none.status, none.data.typeKey], [400, 'VssVersionNotSpecifiedException']);
      const plain = await pats.get('', { params: { 'api-version': '7.1' } });
      assert.deepEqual([plain.status, plain.data.typeKey], [400, 'VssInvalidPreviewVersionException']);
    });

    it('whose body is no JSON, in words that sound like the server’s fault', async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await pats.post('', '{', { headers, transformRequest: (body) => body });
      assert.equal(answer.status, 400);
      assert.match(answer.data.message, /^TF400898: An Internal Error Occurred/);
    });

    it('whose body is not called JSON', async () => {
      const answer = await pats.post('', '{}', { headers: { 'content-type': 'text/plain' } });
      assert.equal(answer.status, 415);
    });

    it('for more than 100 entries, where that is set', async () => {
      simulator.world.configure({ topAboveLimit: 'refused' });
      const answer = await pats.get('', { params: { $top: 101 } });
      assert.equal(answer.status, 400);
    });

    it('to an organization that does not exist', async () => {
      const client = patsOf(simulator, await signIn(simulator, DEVOPS), 'nobody');
      const page = await client.get('');
      assert.deepEqual([page.status, page.headers['content-type']], [404, 'text/html; charset=utf-8']);
      simulator.world.configure({ unknownOrganization: 'json' });
      const answer = await client.get('');
      assert.deepEqual([answer.status, answer.data.typeKey], [404, 'HostDoesNotExistException']);
    });

    it('of a user who is not a member of the organization', async () => {
      const answer = await patsOf(simulator, await signIn(simulator, DEVOPS), 'fabrikam').get('');
      assert.equal(answer.status, 401);
      assert.match(answer.data.message, /^TF400813/);
    });

    it('with a PAT', async () => {
      const auth = { username: '', password: simulator.world.pats.named('contoso', 'Build feed')[0]?.value ?? '' };
      const answer = await clientOf(simulator).get('https://vssps.dev.azure.com/contoso/_apis/tokens/pats', { auth });
      assert.equal(answer.status, 401);
    });

    it('of a service principal', async () => {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001',
        client_secret: 'client secret',
        scope: `${DEVOPS}/.default`,
      });
      const signedIn = await clientOf(simulator).post(
        'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token',
        form,
      );
      const answer = await patsOf(simulator, signedIn.data.access_token).get('');
      assert.equal(answer.status, 403);
      assert.equal(answer.data.typeKey, 'InvalidAccessException');
      assert.equal(answer.data.message, 'Service principals are not allowed to perform this action.');
    });

    it('without the scopes that Microsoft calls required, where that is set', async () => {
      simulator.world.configure({ patApiScopes: 'vsoPats' });
      const answer = await pats.get('');
      assert.equal(answer.status, 401);
    });
  });

  describe('does not know a bearer that is bad, expired or for somebody else', () => {
    const bad = (): AxiosInstance => patsOf(simulator, 'not.a.token');

    it('and shows the sign-in page with a status that looks like success', async () => {
      const answer = await bad().get('');
      assert.equal(answer.status, 203);
      assert.match(answer.data, /^<!DOCTYPE html[\s\S]*Azure DevOps Services \| Sign In/);
    });

    it('or redirects to it', async () => {
      simulator.world.configure({ badBearer: 'redirect' });
      const answer = await bad().get('');
      assert.equal(answer.status, 302);
      assert.match(answer.headers.location, /\.vssps\.visualstudio\.com\/_signin/);
      const followed = await bad().get('', { maxRedirects: 5 });
      assert.equal(followed.status, 203);
    });

    it('or says so', async () => {
      simulator.world.configure({ badBearer: 'unauthorized' });
      const answer = await bad().get('');
      assert.equal(answer.status, 401);
      assert.match(answer.data.message, /^TF400813/);
    });

    it('and always says so to a client that suppresses the page, and names the tenant', async () => {
      const answer = await bad().get('', { headers: { 'X-TFS-FedAuthRedirect': 'Suppress' } });
      assert.equal(answer.status, 401);
      assert.equal(answer.headers['x-vss-resourcetenant'], simulator.world.pats.organization('contoso')?.tenantId);
      simulator.world.configure({ honoursSuppress: false });
      const page = await bad().get('', { headers: { 'X-TFS-FedAuthRedirect': 'Suppress' } });
      assert.equal(page.status, 203);
    });

    it('as a token is an hour or so after it was issued', async () => {
      assert.equal((await pats.get('')).status, 200);
      simulator.world.advance({ hours: 2 });
      assert.equal((await pats.get('')).status, 203);
    });

    it('as a token for Key Vault is', async () => {
      const answer = await patsOf(simulator, await signIn(simulator, VAULT)).get('');
      assert.equal(answer.status, 203);
    });
  });
});
