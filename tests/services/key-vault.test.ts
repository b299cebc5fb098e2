import assert from 'node:assert/strict';
import type { HttpAnswer, HttpRequest } from '../../src/services/http.ts';
import { type KeyVaultOptions, openKeyVault, vaultName } from '../../src/services/key-vault.ts';
import { ServiceClock } from '../../src/services/service-clock.ts';
import { ServiceError } from '../../src/services/service-error.ts';

const created = Date.parse('2026-11-23T04:00:00Z') / 1000;
const version = {
  id: 'https://contoso-vault.vault.azure.net/secrets/Build-feed/0a',
  attributes: { enabled: true, created },
};

const json = (status: number, body: unknown): HttpAnswer => ({ status, headers: {}, body: JSON.stringify(body) });
const page = (status: number): HttpAnswer => ({ status, headers: {}, body: '<html>Blocked</html>' });
const nothing = (status: number): HttpAnswer => ({ status, headers: {}, body: '' });
const refusal = (status: number, code: string, message = '', inner?: string): HttpAnswer =>
  json(status, { error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) } });

/** A vault that answers each request with a token in the same way. */
function vaultThatAnswers(answer: HttpAnswer, other: Partial<KeyVaultOptions> = {}) {
  const sent: HttpRequest[] = [];
  const hosts: string[] = [];
  const store = openKeyVault({
    url: 'https://contoso-vault.vault.azure.net',
    who: 'Service connection "Azure"',
    session: { tokenFor: async () => ({ token: 'a.b.c', expiresOn: new Date('2100-01-01') }) },
    send: async (request) => {
      hosts.push(new URL(request.url).hostname);
      if (Object.keys(request.headers ?? {}).every((name) => name.toLowerCase() !== 'authorization')) {
        const header = 'Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"';
        return { ...refusal(401, 'Unauthorized'), headers: { 'www-authenticate': header } };
      }
      sent.push(request);
      return answer;
    },
    pauses: { sleep: async () => {}, random: () => 0, isStopping: () => false },
    clock: new ServiceClock(() => Date.parse('2026-11-23T04:00:00Z')),
    registerSecret: () => {},
    ...other,
  });
  const content = { value: 'a value', contentType: 'text/plain', expiresOn: undefined, tags: {} };
  return { store, sent, hosts, set: () => store.set('Build-feed', () => content) };
}

async function failureOf(attempt: Promise<unknown>): Promise<ServiceError> {
  const [outcome] = await Promise.allSettled([attempt]);
  assert.ok(outcome.status === 'rejected' && outcome.reason instanceof ServiceError, 'it should fail');
  return outcome.reason;
}

describe('Storing a value in Key Vault', () => {
  const outcomes: readonly { what: string; answer: HttpAnswer; outcome: 'refused' | 'unknown'; isRepeated: boolean }[] =
    [
      { what: 'a bad parameter', answer: refusal(400, 'BadParameter'), outcome: 'refused', isRepeated: false },
      {
        what: 'no permission',
        answer: refusal(403, 'Forbidden', '', 'AccessDenied'),
        outcome: 'refused',
        isRepeated: false,
      },
      { what: 'no vault', answer: refusal(404, 'VaultNotFound'), outcome: 'refused', isRepeated: false },
      { what: 'a conflict', answer: refusal(409, 'Conflict'), outcome: 'refused', isRepeated: false },
      { what: 'too many requests', answer: refusal(429, 'Throttled'), outcome: 'refused', isRepeated: true },
      {
        what: 'a time-out of the service',
        answer: refusal(408, 'RequestTimeout'),
        outcome: 'unknown',
        isRepeated: true,
      },
      ...[500, 502, 503, 504].map((status) => ({
        what: `${status} in Key Vault’s form`,
        answer: refusal(status, 'InternalServerError'),
        outcome: 'unknown' as const,
        isRepeated: true,
      })),
      { what: 'a 200 without a version', answer: json(200, {}), outcome: 'unknown', isRepeated: false },
      { what: 'a 200 with an answer of another kind', answer: json(200, []), outcome: 'unknown', isRepeated: false },
      ...[200, 203, 301, 302, 307, 400, 403, 404, 409].flatMap((status) => [
        { what: `${status} with a page`, answer: page(status), outcome: 'unknown' as const, isRepeated: false },
        { what: `${status} with nothing`, answer: nothing(status), outcome: 'unknown' as const, isRepeated: false },
      ]),
      {
        what: '403 with a filter’s JSON',
        answer: json(403, { message: 'blocked' }),
        outcome: 'unknown',
        isRepeated: false,
      },
      ...[429, 500, 502, 503, 504].flatMap((status) => [
        { what: `${status} with a page`, answer: page(status), outcome: 'unknown' as const, isRepeated: true },
        { what: `${status} with nothing`, answer: nothing(status), outcome: 'unknown' as const, isRepeated: true },
      ]),
    ];
  for (const { what, answer, outcome, isRepeated } of outcomes)
    it(`answered by ${what}: ${outcome === 'refused' ? 'certainly not stored' : 'perhaps stored'}`, async () => {
      const { set, sent } = vaultThatAnswers(answer);
      assert.equal((await failureOf(set())).outcome, outcome);
      assert.equal(sent.length > 1, isRepeated);
    });

  it('is unsent when there is no token to send it with', async () => {
    const refused = new ServiceError('No.', { outcome: 'refused', code: 'AADSTS50126' });
    const { set, sent } = vaultThatAnswers(json(200, version), {
      session: { tokenFor: () => Promise.reject(refused) },
    });
    const { outcome, code } = await failureOf(set());
    assert.deepEqual([outcome, code, sent], ['unsent', 'AADSTS50126', []]);
  });
});

describe('A refusal of Key Vault names the place and what to do', () => {
  const said = (right: string) =>
    `The user, group or application 'appid=1;oid=2' does not have secrets ${right} permission on key vault 'contoso-vault;location=westeurope'.`;
  const cases = [
    {
      answer: refusal(403, 'Forbidden', said('get'), 'AccessDenied'),
      code: 'AccessDenied',
      words: /permission to get secrets of vault "contoso-vault" \(contoso-vault\/Build-feed\)\. Add get, list and set/,
    },
    {
      answer: refusal(403, 'Forbidden', said('list'), 'AccessDenied'),
      code: 'AccessDenied',
      words: /permission to list secrets/,
    },
    { answer: refusal(403, 'Forbidden', said('set')), code: 'AccessDenied', words: /permission to set secrets/ },
    { answer: refusal(403, 'Forbidden', '', 'AccessDenied'), code: 'AccessDenied', words: /permission to set secrets/ },
    {
      answer: refusal(403, 'Forbidden', said('set'), 'ForbiddenByPolicy'),
      code: 'ForbiddenByPolicy',
      words: /permission to set secrets/,
    },
    {
      answer: refusal(403, 'Forbidden', 'Caller is not authorized to perform action on resource.', 'ForbiddenByRbac'),
      code: 'ForbiddenByRbac',
      words: /not allowed to set contoso-vault\/Build-feed\. Grant the role Key Vault Secrets Officer/,
    },
    {
      answer: refusal(403, 'Forbidden', 'Caller is not authorized to perform action on resource.'),
      code: 'ForbiddenByRbac',
      words: /Key Vault Secrets Officer/,
    },
    {
      answer: refusal(
        403,
        'Forbidden',
        'Secret was disallowed by policy: "Secrets live 30 days".',
        'ForbiddenByPolicy',
      ),
      code: 'ForbiddenByPolicy',
      words: /^The Azure Policy "Secrets live 30 days" forbids .* contoso-vault\/Build-feed\. .*lifetimeDays/,
    },
    {
      answer: refusal(
        403,
        'Forbidden',
        'Denied by /providers/Microsoft.Authorization/policyAssignments/kv-days, version 2.',
      ),
      code: 'ForbiddenByPolicy',
      words: /^The Azure Policy "kv-days" forbids/,
    },
    {
      answer: refusal(403, 'Forbidden', 'Operation is not allowed by Azure Policy.'),
      code: 'ForbiddenByPolicy',
      words: /^An Azure Policy on vault "contoso-vault" forbids/,
    },
    {
      answer: refusal(403, 'Forbidden', '', 'ForbiddenByFirewall'),
      code: 'ForbiddenByFirewall',
      words: /firewall of vault "contoso-vault"/,
    },
    {
      answer: refusal(403, 'Forbidden', 'Operation get is not allowed on a secret that is not yet valid.'),
      code: 'SecretNotYetValid',
      words: /contoso-vault\/Build-feed .*not before/,
    },
    {
      answer: refusal(403, 'Forbidden', 'Something else.'),
      code: 'Forbidden',
      words: /refuses Service connection "Azure" for contoso-vault\/Build-feed/,
    },
    {
      answer: refusal(409, 'Conflict', 'Secret Build-feed is currently in a deleted but recoverable state.'),
      code: 'ObjectIsDeletedButRecoverable',
      words: /^contoso-vault\/Build-feed was deleted.*Recover/,
    },
    {
      answer: refusal(409, 'Conflict', 'Secret Build-feed is currently being deleted.'),
      code: 'ObjectIsBeingDeleted',
      words: /^contoso-vault\/Build-feed is being deleted/,
    },
    {
      answer: refusal(409, 'Conflict', 'Something else.'),
      code: 'Conflict',
      words: /refused the request for contoso-vault\/Build-feed \(HTTP 409\)/,
    },
    {
      answer: refusal(400, 'BadParameter', 'Property tags has invalid value'),
      code: 'BadParameter',
      words: /stored in contoso-vault\/Build-feed/,
    },
    {
      answer: page(403),
      code: 'Page403',
      words:
        /^contoso-vault\.vault\.azure\.net answered with a page .*\(HTTP 403\), asked for contoso-vault\/Build-feed: a filter or proxy/,
    },
    {
      answer: page(200),
      code: 'Page200',
      words: /agent’s proxy lets requests to contoso-vault\.vault\.azure\.net through/,
    },
    { answer: nothing(302), code: 'Page302', words: /answered with nothing in place of data/ },
  ];
  for (const { answer, code, words } of cases)
    it(`${answer.status} ${answer.body.slice(0, 150)}`, async () => {
      const failure = await failureOf(vaultThatAnswers(answer).set());
      assert.match(failure.message, words);
      assert.equal(failure.code, code);
      assert.ok(failure.message.endsWith(`(${code})`));
    });

  it('and shows nothing of what the service says that could be a value', async () => {
    const value = 'a'.repeat(52);
    const texts = [`disallowed by policy '${value}'`, `policyAssignments/${value}`].map((text) =>
      refusal(403, 'Forbidden', text),
    );
    for (const answer of texts) assert.ok(!(await failureOf(vaultThatAnswers(answer).set())).message.includes('aaaa'));
  });
});

describe('A version of a secret', () => {
  it('is told with what a certificate keeps, and from when it may be read', async () => {
    const attributes = { ...version.attributes, nbf: created + 60 };
    const { store } = vaultThatAnswers(json(200, { value: [{ ...version, managed: true, attributes }, version] }));
    const told = await store.versions('Build-feed');
    assert.deepEqual(
      told.map(({ managed, notBefore, tags }) => ({ managed, notBefore, tags })),
      [
        { managed: true, notBefore: (created + 60) * 1000, tags: {} },
        { managed: undefined, notBefore: undefined, tags: {} },
      ],
    );
  });
});

describe('A vault’s address', () => {
  const addresses = [
    { given: 'https://contoso-vault.privatelink.vaultcore.azure.net', asked: 'contoso-vault.vault.azure.net' },
    { given: 'https://contoso-vault.vaultcore.azure.net/', asked: 'contoso-vault.vault.azure.net' },
    {
      given: 'https://contoso-vault.privatelink.vaultcore.usgovcloudapi.net',
      asked: 'contoso-vault.vault.usgovcloudapi.net',
    },
    { given: 'https://contoso-vault.vault.azure.cn', asked: 'contoso-vault.vault.azure.cn' },
  ];
  for (const { given, asked } of addresses)
    it(`${given} is asked as ${asked}`, async () => {
      const { store, hosts } = vaultThatAnswers(json(200, { value: [] }), { url: given });
      assert.equal(vaultName(given), 'contoso-vault');
      await store.versions('Build-feed').catch(() => undefined);
      assert.deepEqual([...new Set(hosts)], [asked]);
    });
});
