import assert from 'node:assert/strict';
import { allOrgsAsItIs } from '../../src/renewal/pat.ts';
import { provePat } from '../../src/services/connection-data.ts';
import type { HttpAnswer, HttpRequest } from '../../src/services/http.ts';
import { createPatApi } from '../../src/services/pat-api.ts';
import { ServiceClock } from '../../src/services/service-clock.ts';
import { ServiceError } from '../../src/services/service-error.ts';

/** Azure DevOps that gives this answer to everything. */
function answering(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const answer: HttpAnswer = { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
  const sent: HttpRequest[] = [];
  return {
    sent,
    send: async (request: HttpRequest) => {
      sent.push(request);
      return answer;
    },
    pauses: { sleep: async () => {}, random: () => 0, isStopping: () => false },
    clock: new ServiceClock(() => 0),
    accessToken: async () => 'token',
  };
}

describe('An error answer of Azure DevOps', () => {
  const update = (status: number, body: unknown) =>
    createPatApi(answering(status, body), 'contoso').update({
      authorizationId: 'id',
      displayName: 'Feed',
      scope: 'vso.code',
      validTo: 0,
      allOrgs: false,
    });

  const cases: readonly { status: number; body: unknown; told: RegExp }[] = [
    ...[200, 400, 401, 403, 404].map((status) => ({
      status,
      body: { patToken: null, patTokenError: 'disablePatCreationPolicyViolation' },
      told: /^A policy of the organization forbids .* \(disablePatCreationPolicyViolation\)\.$/,
    })),
    {
      status: 404,
      body: { patTokenError: 'tokenNotFound' },
      told: /^Azure DevOps knows no such PAT \(any more\) \(tokenNotFound\)\.$/,
    },
    {
      status: 403,
      body: { patTokenError: 'accessDenied' },
      told: /does not let the service account manage PATs \(HTTP 403, accessDenied\)/,
    },
    { status: 500, body: { message: 'TF400898: An Internal Error Occurred.' }, told: /\(HTTP 500, TF400898\)/ },
    {
      status: 400,
      body: { message: 'VS403415: Service principals are not allowed to use this API.' },
      told: /PATs can be managed by a user only.* Sign in as a user account\./,
    },
    {
      status: 403,
      body: { patTokenError: 'somethingNew', patTokenErrorMessage: 'Ask the owner.' },
      told: /\(HTTP 403, somethingNew\)\. Azure DevOps says: Ask the owner\. /,
    },
    { status: 503, body: '', told: /\(HTTP 503\)/ },
    {
      status: 400,
      body: { patTokenError: 'constructor' },
      told: /^Azure DevOps refused the request \(constructor\)\.$/,
    },
  ];
  for (const { status, body, told } of cases) {
    it(`is told in its own words and with its own code: ${status} ${JSON.stringify(body)}`, async () => {
      await assert.rejects(update(status, body), { message: told });
    });
  }
});

describe('A list of PATs', () => {
  it('shows all of them although one has no name', async () => {
    const pat = { validFrom: '2026-10-04T00:00:00Z', validTo: '2026-12-03T00:00:00Z', targetAccounts: [] };
    const patTokens = [
      { ...pat, authorizationId: '1', displayName: null, scope: null },
      { ...pat, authorizationId: '2', displayName: 'Feed', scope: 'vso.code' },
    ];
    const found = await createPatApi(answering(200, { patTokens, continuationToken: null }), 'contoso').list('active');
    assert.deepEqual(
      found.map(({ displayName, scope }) => [displayName, scope]),
      [
        ['', ''],
        ['Feed', 'vso.code'],
      ],
    );
  });
});

describe('A page in place of Azure DevOps’ answer', () => {
  const page = '<html><title>Web filter</title></html>';
  for (const status of [200, 400, 401, 403, 404, 429, 500, 502]) {
    it(`is told as that, with the host and the status, and not as missing membership: ${status}`, async () => {
      const pats = createPatApi(answering(status, page, { 'content-type': 'text/html' }), 'contoso');
      await assert.rejects(pats.list('active'), {
        outcome: 'unknown',
        code: `Page${status}`,
        message: new RegExp(
          `^vssps\\.dev\\.azure\\.com answered with a page in place of data \\(HTTP ${status}, titled "Web filter"\\): a proxy`,
        ),
      });
    });
  }

  for (const status of [203, 302]) {
    it(`is told as a sign-in page where Azure DevOps sends its own so: ${status}`, async () => {
      const pats = createPatApi(answering(status, page, { 'content-type': 'text/html' }), 'contoso');
      await assert.rejects(pats.list('active'), { outcome: 'unknown', message: /with a sign-in page.*tenantId/ });
    });
  }

  it('is Azure DevOps’ own where it bears its ids', async () => {
    const headers = { 'content-type': 'text/html', 'x-tfs-processid': '1' };
    const pats = createPatApi(answering(401, page, headers), 'contoso');
    await assert.rejects(pats.list('active'), {
      outcome: 'refused',
      message: /does not let the service account manage PATs/,
    });
  });
});

describe('A policy on how long a PAT may live', () => {
  const refusing = () => createPatApi(answering(200, { patTokenError: 'patLifespanPolicyViolation' }), 'contoso');
  const request = { displayName: 'Feed', scope: 'vso.code', validTo: 0, allOrgs: false };

  it('advises fewer days where a new PAT is made', async () => {
    await assert.rejects(refusing().create(request), { message: /Ask for fewer days in the input lifetimeDays/ });
  });

  it('advises the other mode where one is extended: its life counts from the day it was made', async () => {
    await assert.rejects(refusing().update({ ...request, authorizationId: '1' }), ({ message }: Error) => {
      assert.match(message, /counted from the day it was made.*Mode advanced.*\(patLifespanPolicyViolation\)/);
      assert.doesNotMatch(message, /fewer days/);
      return true;
    });
  });
});

describe('A sign-in that fails during a run', () => {
  it('leaves the request unsent: nothing went to Azure DevOps', async () => {
    const devOps = {
      ...answering(200, {}),
      accessToken: () => Promise.reject(new ServiceError('Entra did not answer.', { outcome: 'unknown' })),
    };
    const request = { displayName: 'Feed', scope: 'vso.code', validTo: 0, allOrgs: false };
    await assert.rejects(createPatApi(devOps, 'contoso').create(request), { outcome: 'unsent' });
    assert.deepEqual(devOps.sent, []);
  });
});

describe('Where a PAT is valid', () => {
  const cases: readonly { name: string; told: object; isGlobal: boolean; isShared: boolean; asked: object }[] = [
    {
      name: 'one organization',
      told: { targetAccounts: ['A'] },
      isGlobal: false,
      isShared: false,
      asked: { allOrgs: false },
    },
    {
      name: 'one, named twice',
      told: { targetAccounts: ['A', 'a'] },
      isGlobal: false,
      isShared: false,
      asked: { allOrgs: false },
    },
    { name: 'several', told: { targetAccounts: ['A', 'B'] }, isGlobal: false, isShared: true, asked: {} },
    { name: 'all', told: { targetAccounts: null }, isGlobal: true, isShared: true, asked: { allOrgs: true } },
    { name: 'not told', told: {}, isGlobal: true, isShared: true, asked: { allOrgs: true } },
    { name: 'an empty list', told: { targetAccounts: [] }, isGlobal: true, isShared: true, asked: { allOrgs: true } },
    { name: 'no list', told: { targetAccounts: 'A' }, isGlobal: true, isShared: true, asked: { allOrgs: true } },
    { name: 'no ids', told: { targetAccounts: [1] }, isGlobal: true, isShared: true, asked: { allOrgs: true } },
  ];
  for (const { name, told, isGlobal, isShared, asked } of cases) {
    it(`${name}: an update leaves it so`, async () => {
      const patToken = {
        authorizationId: '1',
        validFrom: '2026-10-04T00:00:00Z',
        validTo: '2026-12-03T00:00:00Z',
        ...told,
      };
      const devOps = answering(200, { patTokens: [patToken], patToken });
      const pats = createPatApi(devOps, 'contoso');
      const [found] = await pats.list('active');
      assert.ok(found);
      assert.deepEqual([found.isGlobal, found.isShared], [isGlobal, isShared]);
      await pats.update({ ...found, validTo: undefined, allOrgs: allOrgsAsItIs(found) });
      const { authorizationId, displayName, scope, ...organizations } = JSON.parse(devOps.sent.at(-1)?.body ?? '');
      assert.deepEqual({ authorizationId, displayName, scope }, { authorizationId: '1', displayName: '', scope: '' });
      assert.deepEqual(organizations, asked);
    });
  }
});

describe('An answer of 404 for one PAT', () => {
  const bodies = [
    { name: 'without a body', body: '' },
    { name: 'with the service’s own error', body: { patTokenError: 'authorizationNotFound' } },
    {
      name: 'with a text that holds another code',
      body: { message: 'VS860016: the token was not found', typeKey: 'SessionTokenNotFoundException' },
    },
    { name: 'with a text of the service', body: { $id: '1', message: 'not found', typeKey: 'SomeException' } },
  ];
  for (const { name, body } of bodies) {
    it(`${name} says that it is gone`, async () => {
      const pats = createPatApi(answering(404, body), 'contoso');
      assert.equal(await pats.get('id'), undefined);
      await pats.revoke('id');
    });
  }

  it('that is a page says nothing of it: a proxy may have made that up', async () => {
    const pats = createPatApi(answering(404, '<html>no such page</html>'), 'contoso');
    await assert.rejects(pats.get('id'), { outcome: 'unknown' });
    await assert.rejects(pats.revoke('id'), { outcome: 'unknown' });
  });
});

describe('A time without a zone', () => {
  it('is UTC, wherever the agent is', async () => {
    const validTo = '2026-12-03T00:00:00.1234567';
    const pat = { authorizationId: '1', displayName: 'Feed', scope: '', validFrom: '2026-10-04T00:00:00', validTo };
    const [found] = await createPatApi(answering(200, { patTokens: [pat] }), 'contoso').list('active');
    assert.equal(found?.validFrom, Date.UTC(2026, 9, 4));
    assert.equal(found?.validTo, Date.UTC(2026, 11, 3) + 123);
  });
});

describe('The proof of a PAT', () => {
  it('knows the anonymous visitor in capitals too', async () => {
    const id = 'AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA';
    const proof = await provePat(answering(200, { authenticatedUser: { id } }), 'contoso', 'value', 'account');
    assert.deepEqual(proof, { kind: 'nothing shown' });
  });

  it('is tried without the account’s id too: whoever is named shows nothing then', async () => {
    const answer = answering(200, { authenticatedUser: { id: 'somebody' } });
    assert.deepEqual(await provePat(answer, 'contoso', 'value', undefined), { kind: 'nothing shown' });
    assert.equal(answer.sent.length, 1);
  });

  it('is bad by the service’s own word, without the account’s id too', async () => {
    const said = 'Access Denied: The Personal Access Token used has expired.';
    const answer = answering(401, '', { 'x-tfs-serviceerror': encodeURIComponent(said) });
    assert.deepEqual(await provePat(answer, 'contoso', 'value', undefined), { kind: 'bad', why: said });
  });
});
