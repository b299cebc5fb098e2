import type {
  DeletedAnswer,
  DeletedPage,
  SecretAnswer,
  SecretPage,
  SecretVersion,
  SecretVersionFields,
  Vault,
  VaultRefusal,
} from '../key-vault.ts';
import type { World } from '../world.ts';
import { credentialsOf, empty, type HttpAnswer, type HttpRequest, json, readJson, type Service } from './exchange.ts';

/** Domains of vaults, and the resource that tokens for them name. */
export const vaultDomains: ReadonlyMap<string, { readonly resource: string; readonly loginHost: string }> = new Map([
  ['vault.azure.net', { resource: 'https://vault.azure.net', loginHost: 'login.microsoftonline.com' }],
  ['vault.usgovcloudapi.net', { resource: 'https://vault.usgovcloudapi.net', loginHost: 'login.microsoftonline.us' }],
  ['vault.azure.cn', { resource: 'https://vault.azure.cn', loginHost: 'login.chinacloudapi.cn' }],
]);

/** Those that the published clients send: 2016-10-01, 7.0 to 7.6 and their previews, 2025-06-01-preview, 2025-07-01 and 2026-04-01. */
const apiVersions = /^(?:2016-10-01|7\.[0-6](?:-preview(?:\.\d)?)?|2025-06-01-preview|2025-07-01|2026-04-01)$/;

const DAYS_RECOVERABLE = 90;
const RECOVERY_LEVEL = 'Recoverable+Purgeable';

/** The data plane of a vault (Key Vault REST reference, secrets). */
export const vaultService: Service = {
  operation(request) {
    // The SDK asks once without a token, and without the body, to hear where to sign in.
    if (credentialsOf(request).kind === 'none') return 'vault.challenge';
    return operationOf(request);
  },

  answer(world, request) {
    const vault = world.vaults.vault(request.host);
    if (vault === undefined)
      return json(404, { error: { code: 'VaultNotFound', message: 'The vault was not found.' } });
    const caller = callerOf(world, request, vault);
    const answer = caller.kind === 'refused' ? caller.answer : carryOut(world, request, caller.id);
    const headers = {
      'cache-control': 'no-cache',
      pragma: 'no-cache',
      'x-ms-keyvault-region': 'westeurope',
      'x-ms-keyvault-service-version': '1.9.2000.1',
      'x-ms-keyvault-network-info': 'conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;',
      'x-ms-request-id': world.random.guid(),
      'x-ms-client-request-id': request.headers['x-ms-client-request-id'] ?? world.random.guid(),
    };
    return { ...answer, headers: { ...headers, ...answer.headers } };
  },
};

function operationOf(request: HttpRequest): string {
  const [collection, name, rest] = partsOf(request);
  const { method } = request;
  if (collection === 'secrets') {
    if (name === '') return method === 'GET' ? 'vault.listSecrets' : 'unknown';
    if (rest === 'versions') return method === 'GET' ? 'vault.listVersions' : 'unknown';
    if (method === 'GET') return rest === '' ? 'vault.getSecret' : 'vault.getSecretVersion';
    if (method === 'PUT' && rest === '') return 'vault.setSecret';
    if (method === 'PATCH') return 'vault.updateVersion';
    if (method === 'DELETE' && rest === '') return 'vault.deleteSecret';
  }
  if (collection === 'deletedsecrets') {
    if (name === '') return method === 'GET' ? 'vault.listDeletedSecrets' : 'unknown';
    if (method === 'GET' && rest === '') return 'vault.getDeletedSecret';
    if (method === 'POST' && rest === 'recover') return 'vault.recoverDeletedSecret';
    if (method === 'DELETE' && rest === '') return 'vault.purgeDeletedSecret';
  }
  return 'unknown';
}

function partsOf(request: HttpRequest): readonly [collection: string, name: string, rest: string] {
  const [collection = '', name = '', rest = ''] = request.path.split('/').slice(1).map(decodeURIComponent);
  return [collection.toLowerCase(), name, rest];
}

type Caller =
  | { readonly kind: 'identity'; readonly id: string }
  | { readonly kind: 'refused'; readonly answer: HttpAnswer };

function callerOf(world: World, request: HttpRequest, vault: Vault): Caller {
  const domain = vaultDomains.get(vault.host.slice(vault.host.indexOf('.') + 1));
  const header = `Bearer authorization="https://${domain?.loginHost}/${vault.tenantId}", resource="${domain?.resource}"`;
  const refused = (message: string): Caller => ({
    kind: 'refused',
    answer: json(401, { error: { code: 'Unauthorized', message } }, { 'www-authenticate': header }),
  });
  const credentials = credentialsOf(request);
  if (credentials.kind !== 'bearer') return refused('AKV10000: Request is missing a Bearer or PoP token.');
  const token = world.entra.accessToken(credentials.token);
  if (token === undefined) return refused('AKV10001: Error validating token: it is expired, or nobody issued it.');
  if (token.audience !== domain?.resource)
    return refused(`AKV10022: Invalid audience. Expected ${domain?.resource}, found: ${token.audience}.`);
  if (token.tenantId !== vault.tenantId) {
    const issuer = (id: string): string => `https://sts.windows.net/${id}/`;
    return refused(
      `AKV10032: Invalid issuer. Expected one of ${issuer(vault.tenantId)}, found ${issuer(token.tenantId)}.`,
    );
  }
  return { kind: 'identity', id: token.subjectId };
}

function carryOut(world: World, request: HttpRequest, caller: string): HttpAnswer {
  const { vaults } = world;
  const { host, query } = request;
  const [, name, version] = partsOf(request);
  const asked = query.get('api-version');
  if (asked === null) return refusedWith(request, { kind: 'badParameter', message: 'api-version must be specified' });
  if (!apiVersions.test(asked)) {
    const message = `The specified version (${asked}) is not recognized. Consider using the latest supported version (2025-07-01).`;
    return refusedWith(request, { kind: 'badParameter', message });
  }
  const size = query.get('maxresults');
  const skipToken = query.get('$skiptoken');
  const page = {
    ...(size === null ? {} : { size: Number(size) }),
    ...(skipToken === null ? {} : { skipToken }),
  };
  switch (operationOf(request)) {
    case 'vault.setSecret': {
      const fields = readFields(request);
      if (fields === undefined || fields.value === undefined)
        return refusedWith(request, { kind: 'badParameter', message: 'Property  has invalid value\r\n' });
      return shown(request, vaults.setSecret(host, caller, name, { ...fields, value: fields.value }));
    }
    case 'vault.updateVersion': {
      const read = readFields(request);
      if (read === undefined)
        return refusedWith(request, { kind: 'badParameter', message: 'Property  has invalid value\r\n' });
      const { value: _ignored, ...fields } = read;
      // Without a version the newest one is meant.
      const target = version === '' ? (vaults.newest(host, name)?.version ?? '') : version;
      return shown(request, vaults.updateVersion(host, caller, name, target, fields), false);
    }
    case 'vault.getSecret':
      return shown(request, vaults.getSecret(host, caller, name));
    case 'vault.getSecretVersion':
      return shown(request, vaults.getVersion(host, caller, name, version));
    case 'vault.listVersions':
      return listed(request, vaults.listVersions(host, caller, name, page), true);
    case 'vault.listSecrets':
      return listed(request, vaults.listSecrets(host, caller, page), false);
    case 'vault.deleteSecret':
      return deleted(request, vaults.deleteSecret(host, caller, name));
    case 'vault.getDeletedSecret':
      return deleted(request, vaults.getDeletedSecret(host, caller, name));
    case 'vault.listDeletedSecrets':
      return deletedList(request, vaults.listDeletedSecrets(host, caller));
    case 'vault.recoverDeletedSecret':
      return shown(request, vaults.recoverDeletedSecret(host, caller, name), false);
    case 'vault.purgeDeletedSecret': {
      const answer = vaults.purgeDeletedSecret(host, caller, name);
      return answer.kind === 'purged' ? empty(204) : refusedWith(request, answer);
    }
    default:
      return json(404, { error: { code: 'NotFound', message: 'The request URI is not valid.' } });
  }
}

function readFields(request: HttpRequest): (SecretVersionFields & { readonly value?: string }) | undefined {
  const body = readJson(request);
  if (body === undefined) return undefined;
  const attributes = (body.attributes ?? {}) as Readonly<Record<string, unknown>>;
  const { enabled, nbf, exp } = attributes;
  const isOf = (value: unknown, test: (value: unknown) => boolean) =>
    value === undefined || value === null || test(value);
  const isTags = (value: unknown) =>
    typeof value === 'object' && Object.values(value ?? {}).every((tag) => typeof tag === 'string');
  // Dates are whole seconds since 1970, and tags are text.
  if (!isOf(nbf, Number.isSafeInteger) || !isOf(exp, Number.isSafeInteger) || !isOf(body.tags, isTags))
    return undefined;
  if (!isOf(enabled, (value) => typeof value === 'boolean')) return undefined;
  return {
    ...(typeof body.value === 'string' ? { value: body.value } : {}),
    ...(typeof body.contentType === 'string' ? { contentType: body.contentType } : {}),
    ...(typeof body.tags === 'object' && body.tags !== null ? { tags: body.tags as Record<string, string> } : {}),
    ...(typeof enabled === 'boolean' ? { enabled } : {}),
    ...(typeof nbf === 'number' ? { notBefore: nbf } : {}),
    ...(typeof exp === 'number' ? { expires: exp } : {}),
  };
}

function attributesOf(version: SecretVersion): Readonly<Record<string, unknown>> {
  return {
    enabled: version.enabled,
    ...(version.notBefore === undefined ? {} : { nbf: version.notBefore }),
    ...(version.expires === undefined ? {} : { exp: version.expires }),
    created: version.created,
    updated: version.updated,
    recoveryLevel: RECOVERY_LEVEL,
    recoverableDays: DAYS_RECOVERABLE,
  };
}

/** @param identifier the secret's URL, with or without the version. */
function propertiesOf(identifier: string, version: SecretVersion): Readonly<Record<string, unknown>> {
  return {
    ...(version.contentType === undefined ? {} : { contentType: version.contentType }),
    id: identifier,
    attributes: attributesOf(version),
    ...(Object.keys(version.tags).length === 0 ? {} : { tags: version.tags }),
    ...(version.managed ? { managed: true } : {}),
  };
}

function shown(request: HttpRequest, answer: SecretAnswer | VaultRefusal, withValue = true): HttpAnswer {
  if (answer.kind !== 'version') return refusedWith(request, answer);
  const { secret, version } = answer;
  const properties = propertiesOf(`https://${request.host}/secrets/${secret}/${version.version}`, version);
  return json(200, withValue ? { value: version.value, ...properties } : properties);
}

function listed(request: HttpRequest, answer: SecretPage | VaultRefusal, withVersion: boolean): HttpAnswer {
  if (answer.kind !== 'page') return refusedWith(request, answer);
  const base = `https://${request.host}/secrets`;
  const value = answer.entries.map(({ secret, version }) =>
    propertiesOf(withVersion ? `${base}/${secret}/${version.version}` : `${base}/${secret}`, version),
  );
  return json(200, { value, nextLink: answer.skipToken === '' ? null : nextLink(request, answer.skipToken) });
}

function nextLink(request: HttpRequest, skipToken: string): string {
  const query = new URLSearchParams(request.query);
  query.set('$skiptoken', skipToken);
  return `https://${request.host}:443${request.path}?${query}`;
}

function deletedProperties(request: HttpRequest, { secret, newest }: DeletedAnswer): Readonly<Record<string, unknown>> {
  const deletedDate = Math.floor(secret.deletedAt / 1000);
  return {
    recoveryId: `https://${request.host}/deletedsecrets/${secret.name}`,
    deletedDate,
    scheduledPurgeDate: deletedDate + DAYS_RECOVERABLE * 86_400,
    ...propertiesOf(`https://${request.host}/secrets/${secret.name}/${newest.version}`, newest),
  };
}

function deleted(request: HttpRequest, answer: DeletedAnswer | VaultRefusal): HttpAnswer {
  return answer.kind === 'deleted' ? json(200, deletedProperties(request, answer)) : refusedWith(request, answer);
}

function deletedList(request: HttpRequest, answer: DeletedPage | VaultRefusal): HttpAnswer {
  if (answer.kind !== 'deletedPage') return refusedWith(request, answer);
  return json(200, { value: answer.entries.map((entry) => deletedProperties(request, entry)), nextLink: null });
}

function refusedWith(request: HttpRequest, refusal: VaultRefusal): HttpAnswer {
  const [, name] = partsOf(request);
  const error = (status: number, code: string, message: string, inner?: string): HttpAnswer =>
    json(status, { error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) } });
  switch (refusal.kind) {
    case 'notFound': {
      const message = `A secret with (name/id) ${refusal.what} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`;
      return error(404, 'SecretNotFound', message);
    }
    case 'forbidden':
      return error(403, 'Forbidden', forbiddenMessage(request, refusal.reason), refusal.reason);
    case 'accessDenied': {
      const vault = request.host.split('.')[0];
      const message = `The user, group or application 'appid=00000000-0000-0000-0000-000000000000' does not have secrets ${refusal.permission} permission on key vault '${vault};location=westeurope'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`;
      return error(403, 'Forbidden', message, 'AccessDenied');
    }
    case 'disabled':
      return error(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', 'SecretDisabled');
    case 'notYetValid':
      return error(403, 'Forbidden', 'Operation get is not allowed on a secret that is not yet valid.');
    case 'managed':
      // Not published: that it is refused is sure, the words are not.
      return error(403, 'Forbidden', 'Operation set is not allowed on a managed secret.');
    case 'conflict': {
      const state = refusal.reason === 'ObjectIsBeingDeleted' ? 'being deleted' : 'in a deleted but recoverable state';
      const message = `Secret ${name} is currently ${state}, and its name cannot be reused; in this state, the secret can only be recovered or purged.`;
      return error(409, 'Conflict', message, refusal.reason);
    }
    case 'badParameter':
      return error(400, 'BadParameter', refusal.message);
  }
}

function forbiddenMessage(request: HttpRequest, reason: string): string {
  const vault = request.host.split('.')[0];
  switch (reason) {
    case 'ForbiddenByFirewall':
      return `Client address is not authorized and caller is not a trusted service.\r\nClient address: 127.0.0.1\r\nVault: ${vault};location=westeurope`;
    default:
      return `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nVault: ${vault};location=westeurope`;
  }
}
