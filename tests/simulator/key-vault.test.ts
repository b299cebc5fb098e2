import assert from 'node:assert/strict';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { SecretClient } from '@azure/keyvault-secrets';
import type { AxiosInstance } from 'axios';
import { createWorld, type Simulator, startSimulator, type VaultSpec } from '../../simulator/index.ts';
import { agentOf, clientOf, signIn, VAULT, vaultOf } from './client.ts';

const HOST = 'contoso-kv.vault.azure.net';
const NOW = '2026-11-23T04:00:00Z';
const UPN = 'svc-pats@contoso.example';

/** The SDK behind the proxy, signed in as `upn`. Its own retries are off: each request is one. */
function sdkOf(simulator: Simulator, upn = UPN): SecretClient {
  // With `proxyOptions` the SDK forgets `tlsOptions`: it makes an agent of its own, without the CA.
  const agent = agentOf(simulator);
  const policy: PipelinePolicy = {
    name: 'throughTheProxy',
    sendRequest: (request, next) => {
      request.agent = agent;
      return next(request);
    },
  };
  const getToken = async () => ({
    token: await signIn(simulator, VAULT, upn),
    expiresOnTimestamp: Date.now() + 3_600_000,
  });
  return new SecretClient(
    `https://${HOST}`,
    { getToken },
    { additionalPolicies: [{ policy, position: 'perRetry' }], retryOptions: { maxRetries: 0 } },
  );
}

describe('The simulated Key Vault', () => {
  let simulator: Simulator;
  let sdk: SecretClient;
  let vault: AxiosInstance;

  const start = async (spec: VaultSpec = {}): Promise<void> => {
    const world = createWorld({
      now: NOW,
      accounts: [{ upn: UPN }, { upn: 'reader@contoso.example' }],
      vaults: {
        [HOST]: {
          access: { [UPN]: 'all', 'reader@contoso.example': ['get', 'list'] },
          secrets: { 'build-feed': { value: 'old value', tags: { team: 'platform' }, contentType: 'text/plain' } },
          ...spec,
        },
      },
    });
    simulator = await startSimulator({ world });
    sdk = sdkOf(simulator);
    vault = vaultOf(simulator, await signIn(simulator, VAULT), HOST);
  };

  beforeEach(() => start());
  afterEach(() => simulator.close());

  const errorOf = async (attempt: Promise<unknown>) => {
    const [outcome] = await Promise.allSettled([attempt]);
    assert.ok(outcome.status === 'rejected', 'the vault should refuse');
    const { statusCode, code, details } = outcome.reason;
    return { statusCode, code, inner: details?.error?.innerError?.code };
  };

  it('tells a client without a token where to get one', async () => {
    const answer = await clientOf(simulator).get(`https://${HOST}/secrets/build-feed?api-version=2025-07-01`);
    const tenant = simulator.world.vaults.vault(HOST)?.tenantId;
    assert.equal(answer.status, 401);
    assert.equal(
      answer.headers['www-authenticate'],
      `Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="https://vault.azure.net"`,
    );
    assert.equal(simulator.requests.at(-1)?.operation, 'vault.challenge');
  });

  describe('keeps secrets as the SDK writes and reads them', () => {
    it('a new version with value, expiry, content type and tags in one request, at once the newest', async () => {
      const expiresOn = new Date('2027-01-22T04:00:00Z');
      const set = await sdk.setSecret('build-feed', 'new value', { expiresOn, contentType: 'PAT', tags: { a: 'b' } });
      assert.match(set.properties.version ?? '', /^[0-9a-f]{32}$/);
      assert.equal(set.properties.recoveryLevel, 'Recoverable+Purgeable');
      const read = await sdk.getSecret('build-feed');
      assert.equal(read.value, 'new value');
      assert.deepEqual(
        {
          version: read.properties.version,
          createdOn: read.properties.createdOn,
          expiresOn: read.properties.expiresOn,
          contentType: read.properties.contentType,
          tags: read.properties.tags,
        },
        {
          version: set.properties.version,
          createdOn: new Date(NOW),
          expiresOn,
          contentType: 'PAT',
          tags: { a: 'b' },
        },
      );
      assert.equal(simulator.requests.filter((request) => request.operation === 'vault.setSecret').length, 1);
    });

    it('without inheriting anything from the version before', async () => {
      await sdk.setSecret('build-feed', 'new value');
      const { properties } = await sdk.getSecret('build-feed');
      assert.deepEqual(
        [properties.tags, properties.contentType, properties.expiresOn],
        [undefined, undefined, undefined],
      );
    });

    it('older versions by their id', async () => {
      const { properties } = await sdk.getSecret('build-feed');
      await sdk.setSecret('build-feed', 'new value');
      const old = await sdk.getSecret('build-feed', { version: properties.version ?? '' });
      assert.equal(old.value, 'old value');
    });

    it('dates in whole seconds; of two sets within one second the later is the newest, or the earlier (a setting)', async () => {
      simulator.world.advance({ ms: 250 });
      await sdk.setSecret('build-feed', 'first');
      simulator.world.advance({ ms: 500 });
      await sdk.setSecret('build-feed', 'second');
      const read = await sdk.getSecret('build-feed');
      assert.equal(read.properties.createdOn?.getTime(), Date.parse(NOW));
      assert.equal(read.value, 'second');
      simulator.world.configure({ newestOfTie: 'earlierSet' });
      assert.equal((await sdk.getSecret('build-feed')).value, 'first');
    });

    it('an expired secret as readable as ever', async () => {
      await sdk.setSecret('build-feed', 'late', { expiresOn: new Date('2026-11-24T00:00:00Z') });
      simulator.world.advance({ days: 30 });
      const fresh = sdkOf(simulator);
      assert.equal((await fresh.getSecret('build-feed')).value, 'late');
    });

    it('a secret before its date, or not (a setting)', async () => {
      await sdk.setSecret('build-feed', 'early', { notBefore: new Date('2026-11-24T00:00:00Z') });
      assert.equal((await sdk.getSecret('build-feed')).value, 'early');
      simulator.world.configure({ secretBeforeItsDate: 'refused' });
      assert.equal((await errorOf(sdk.getSecret('build-feed'))).code, 'Forbidden');
      simulator.world.advance({ hours: 20 });
      assert.equal((await sdkOf(simulator).getSecret('build-feed')).value, 'early');
    });

    it('what backs a certificate as managed, and takes no value for it', async () => {
      await simulator.close();
      await start({ secrets: { site: { value: 'a certificate', managed: true } } });
      assert.equal((await sdk.getSecret('site')).properties.managed, true);
      assert.deepEqual(await errorOf(sdk.setSecret('site', 'x')), {
        statusCode: 403,
        code: 'Forbidden',
        inner: undefined,
      });
    });

    it('dates by its own clock, where that is not the world’s', async () => {
      simulator.world.configure({ clockAheadSeconds: { keyVault: 60 } });
      const { properties } = await sdk.setSecret('build-feed', 'value');
      assert.deepEqual(properties.createdOn, new Date(Date.parse(NOW) + 60_000));
    });

    it('changed properties of one version; what is absent stays', async () => {
      const { properties } = await sdk.getSecret('build-feed');
      simulator.world.advance({ seconds: 10 });
      const expiresOn = new Date('2027-01-22T04:00:00Z');
      const updated = await sdk.updateSecretProperties('build-feed', properties.version ?? '', { expiresOn });
      assert.deepEqual(updated.expiresOn, expiresOn);
      assert.deepEqual(updated.tags, { team: 'platform' });
      assert.equal(updated.contentType, 'text/plain');
      assert.deepEqual(updated.createdOn, properties.createdOn);
      assert.deepEqual(updated.updatedOn, new Date(Date.parse(NOW) + 10_000));
    });
  });

  describe('lists', () => {
    it('all versions over several pages, disabled ones too, without values, and not by time', async () => {
      for (let index = 0; index < 60; index++) {
        simulator.world.advance({ minutes: 1 });
        await vault.put('/secrets/build-feed', { value: `value ${index}`, attributes: { enabled: index % 2 === 0 } });
      }
      const times: number[] = [];
      for await (const properties of sdk.listPropertiesOfSecretVersions('build-feed'))
        times.push(properties.createdOn?.getTime() ?? 0);
      assert.equal(times.length, 61);
      assert.notDeepEqual(
        times,
        [...times].sort((left, right) => left - right),
      );
      const pages = simulator.requests.filter((request) => request.operation === 'vault.listVersions');
      assert.equal(pages.length, 3);
      assert.ok(!pages.some((page) => page.answer?.body.includes('"value":"')));
    });

    it('in smaller pages, where that is set, or as many as are asked', async () => {
      await vault.put('/secrets/build-feed', { value: 'second' });
      simulator.world.configure({ vaultPageSize: 1 });
      const first = await vault.get('/secrets/build-feed/versions');
      assert.equal(first.data.value.length, 1);
      assert.match(first.data.nextLink, /\$skiptoken=|%24skiptoken=/);
      const tooMany = await vault.get('/secrets/build-feed/versions', { params: { maxresults: 26 } });
      assert.deepEqual([tooMany.status, tooMany.data.error.code], [400, 'BadParameter']);
    });

    it('nothing, or 404, for a name that does not exist (a setting)', async () => {
      const missing = await vault.get('/secrets/never-there/versions');
      assert.deepEqual([missing.status, missing.data], [200, { value: [], nextLink: null }]);
      simulator.world.configure({ versionsOfUnknown: 'notFound' });
      const none = await vault.get('/secrets/never-there/versions');
      assert.deepEqual([none.status, none.data.error.code], [404, 'SecretNotFound']);
    });

    it('the secrets of a vault by their newest version', async () => {
      await sdk.setSecret('another', 'value');
      const names: string[] = [];
      for await (const properties of sdk.listPropertiesOfSecrets()) names.push(properties.name);
      assert.deepEqual(names, ['another', 'build-feed']);
    });
  });

  describe('refuses', () => {
    it('a secret that does not exist', async () => {
      assert.deepEqual(await errorOf(sdk.getSecret('never-there')), {
        statusCode: 404,
        code: 'SecretNotFound',
        inner: undefined,
      });
    });

    it('a newest version that is disabled, although older ones are not', async () => {
      await sdk.setSecret('build-feed', 'value', { enabled: false });
      assert.deepEqual(await errorOf(sdk.getSecret('build-feed')), {
        statusCode: 403,
        code: 'Forbidden',
        inner: 'SecretDisabled',
      });
    });

    it('who lacks the permission, by role or by access policy', async () => {
      const reader = sdkOf(simulator, 'reader@contoso.example');
      assert.equal((await reader.getSecret('build-feed')).value, 'old value');
      const forbidden = { statusCode: 403, code: 'Forbidden' };
      assert.deepEqual(await errorOf(reader.setSecret('build-feed', 'x')), { ...forbidden, inner: 'ForbiddenByRbac' });
      const version = simulator.world.vaults.newest(HOST, 'build-feed')?.version ?? '';
      const patch = reader.updateSecretProperties('build-feed', version, { enabled: false });
      assert.deepEqual(await errorOf(patch), { ...forbidden, inner: 'ForbiddenByRbac' });

      await simulator.close();
      await start({ authorization: 'accessPolicy', access: {} });
      assert.deepEqual(await errorOf(sdk.getSecret('x')), { ...forbidden, inner: 'AccessDenied' });
    });

    it('everybody who comes from the wrong network', async () => {
      simulator.world.vaults.setShutOut(HOST, true);
      const { inner } = await errorOf(sdk.getSecret('build-feed'));
      assert.equal(inner, 'ForbiddenByFirewall');
    });

    it('a token of another tenant, of another resource, and one that has expired', async () => {
      const expired = await vault.get('/secrets/build-feed');
      assert.equal(expired.status, 200);
      simulator.world.advance({ hours: 2 });
      assert.match((await vault.get('/secrets/build-feed')).data.error.message, /^AKV10001/);
      const forGraph = vaultOf(simulator, await signIn(simulator, 'https://management.azure.com'), HOST);
      assert.match((await forGraph.get('/secrets/build-feed')).data.error.message, /^AKV10022/);

      await simulator.close();
      await start({ tenantId: '00000000-0000-0000-0000-0000000000aa' });
      const foreign = await vault.get('/secrets/build-feed');
      assert.equal(foreign.status, 401);
      assert.match(foreign.data.error.message, /^AKV10032: Invalid issuer/);
    });

    const tooMuch = [
      { what: 'a value over 25 KB', body: { value: 'x'.repeat(25_601) } },
      {
        what: 'more than 15 tags',
        body: { value: 'x', tags: Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`t${i}`, ''])) },
      },
      { what: 'a tag over 256 characters', body: { value: 'x', tags: { long: 'x'.repeat(257) } } },
      { what: 'a content type over 255 characters', body: { value: 'x', contentType: 'x'.repeat(256) } },
      { what: 'a body without a value', body: {} },
      { what: 'a date as text', body: { value: 'x', attributes: { exp: '2027-01-22' } } },
      { what: 'a date with a fraction of a second', body: { value: 'x', attributes: { nbf: 1795406400.5 } } },
      { what: 'a number as a tag', body: { value: 'x', tags: { count: 1 } } },
      { what: '“enabled” as text', body: { value: 'x', attributes: { enabled: 'true' } } },
    ];
    for (const { what, body } of tooMuch)
      it(`${what}: BadParameter`, async () => {
        const answer = await vault.put('/secrets/build-feed', body);
        assert.deepEqual([answer.status, answer.data.error.code], [400, 'BadParameter']);
      });

    it('a change with a date as text, and any request of a version of the API that there is not', async () => {
      const patch = await vault.patch('/secrets/build-feed', { attributes: { exp: 'soon' } });
      assert.deepEqual([patch.status, patch.data.error.code], [400, 'BadParameter']);
      for (const version of ['7.99', '2024-01-01', 'latest']) {
        const answer = await vault.get('/secrets/build-feed', { params: { 'api-version': version } });
        assert.deepEqual([answer.status, answer.data.error.code], [400, 'BadParameter']);
      }
    });

    it('a name with other characters than letters, digits and dashes', async () => {
      const answer = await vault.put('/secrets/build_feed', { value: 'x' });
      assert.deepEqual([answer.status, answer.data.error.code], [400, 'BadParameter']);
    });
  });

  describe('deletes a secret softly', () => {
    it('so that its name is taken until it is recovered, with all its versions', async () => {
      await vault.put('/secrets/build-feed', { value: 'second' });
      assert.equal((await vault.delete('/secrets/build-feed')).status, 200);
      assert.equal((await errorOf(sdk.getSecret('build-feed'))).code, 'SecretNotFound');
      assert.deepEqual(await errorOf(sdk.setSecret('build-feed', 'x')), {
        statusCode: 409,
        code: 'Conflict',
        inner: 'ObjectIsDeletedButRecoverable',
      });
      const deleted = await sdk.getDeletedSecret('build-feed');
      assert.deepEqual(deleted.deletedOn, new Date(NOW));
      assert.equal((await vault.post('/deletedsecrets/build-feed/recover')).status, 200);
      assert.equal((await sdk.getSecret('build-feed')).value, 'second');
    });

    it('and does not show it where its newest version is disabled', async () => {
      await sdk.setSecret('build-feed', 'x', { enabled: false });
      await vault.delete('/secrets/build-feed');
      assert.equal((await errorOf(sdk.getDeletedSecret('build-feed'))).inner, 'SecretDisabled');
      assert.equal((await errorOf(sdk.getSecret('build-feed'))).code, 'SecretNotFound');
    });

    it('or for good, once it is purged', async () => {
      await vault.delete('/secrets/build-feed');
      assert.equal((await vault.delete('/deletedsecrets/build-feed')).status, 204);
      assert.equal((await sdk.setSecret('build-feed', 'new')).value, 'new');
    });

    it('and takes a while over it, where that is set', async () => {
      simulator.world.configure({ deletionSeconds: 20 });
      await vault.delete('/secrets/build-feed');
      assert.equal((await errorOf(sdk.setSecret('build-feed', 'x'))).inner, 'ObjectIsBeingDeleted');
      assert.equal((await errorOf(sdk.getDeletedSecret('build-feed'))).code, 'SecretNotFound');
      simulator.world.advance({ seconds: 20 });
      assert.equal((await errorOf(sdk.setSecret('build-feed', 'x'))).inner, 'ObjectIsDeletedButRecoverable');
    });
  });
});
