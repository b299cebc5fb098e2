import {
  createHttpHeaders,
  type HttpClient,
  isRestError,
  type PipelineResponse,
  type RestError,
} from '@azure/core-rest-pipeline';
import { type KeyVaultSecret, SecretClient, type SecretProperties } from '@azure/keyvault-secrets';
import type { SecretVersion } from '../renewal/record.ts';
import { isRecord, parseJson } from './azure-devops.ts';
import type { UserSession } from './entra.ts';
import { retryAfter, type Send } from './http.ts';
import { type Pauses, type RetryOptions, retrying } from './retry.ts';
import type { NewestSecret, SecretStore } from './secret-store.ts';
import type { ServiceClock } from './service-clock.ts';
import { ServiceError } from './service-error.ts';

export interface KeyVaultOptions {
  /** Such as `https://contoso-vault.vault.azure.net`. */
  readonly url: string;
  readonly session: UserSession;
  /** Who opens the vault, for the sentences. */
  readonly who: string;
  readonly send: Send;
  readonly pauses: Pauses;
  readonly clock: ServiceClock;
  readonly registerSecret: (value: string) => void;
}

/** A vault through Microsoft’s SDK, on our HTTP stack and with our retries. */
export function openKeyVault(options: KeyVaultOptions): SecretStore {
  const name = vaultName(options.url);
  const client = new SecretClient(options.url, credentialOf(options), {
    httpClient: httpClientOf(options),
    retryOptions: { maxRetries: 0 },
  });
  // The first call fetches the challenge and the token for all: it goes alone, the others wait for it.
  let first: Promise<unknown> | undefined;
  const afterFirst = async <T>(attempt: () => Promise<T>): Promise<T> => {
    if (first !== undefined) {
      await first.catch(() => undefined);
      return attempt();
    }
    const started = attempt();
    first = started;
    return started;
  };
  const call = <T>(secret: string, attempt: () => Promise<T>, more: Omit<RetryOptions, 'repeat'> = {}) =>
    retrying(options.pauses, { repeat: 'always', ...more }, async () => {
      try {
        return await afterFirst(attempt);
      } catch (error) {
        throw vaultError(error, { vault: name, secret, who: options.who });
      }
    });

  return {
    name,
    now: () => options.clock.now(),
    tellsTime: () => options.clock.isTold,

    versions: async (secret) => {
      try {
        return await call(secret, async () => {
          const found: SecretVersion[] = [];
          for await (const properties of client.listPropertiesOfSecretVersions(secret))
            found.push(readVersion(properties));
          return found;
        });
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'SecretNotFound') return [];
        throw error;
      }
    },

    newest: (secret) => readSecret(secret, undefined),
    version: (secret, id) => readSecret(secret, id),

    set: async (secret, content, beforeEach) => {
      const set = await call(
        secret,
        () =>
          client.setSecret(secret, content.value, {
            contentType: content.contentType,
            tags: { ...content.tags },
            ...(content.expiresOn === undefined ? {} : { expiresOn: new Date(content.expiresOn) }),
          }),
        { finishes: true, ...(beforeEach && { beforeEach }) },
      );
      return readVersion(set.properties);
    },

    setExpiry: async (secret, id, expiresOn) => {
      await call(secret, () => client.updateSecretProperties(secret, id, { expiresOn: new Date(expiresOn) }));
    },

    checkWritable: async (secret, { id, contentType }) => {
      // Of all that could be repeated, this does the least if somebody has changed it meanwhile.
      const same = contentType === undefined ? {} : { contentType };
      await call(secret, () => client.updateSecretProperties(secret, id, same));
    },

    disable: async (secret, id) => {
      await call(secret, () => client.updateSecretProperties(secret, id, { enabled: false }));
    },
  };

  async function readSecret(secret: string, version: string | undefined): Promise<NewestSecret> {
    try {
      const read = await call(secret, () => client.getSecret(secret, version === undefined ? {} : { version }));
      const value = readValue(read);
      options.registerSecret(value);
      return { kind: 'read', version: readVersion(read.properties), value };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.code === 'SecretNotFound') return { kind: 'none' };
      if (error.code === 'SecretDisabled') return { kind: 'disabled' };
      throw error;
    }
  }
}

/** The vault’s name for people: the first part of its host. */
export function vaultName(url: string): string {
  return new URL(url).hostname.split('.')[0] ?? url;
}

function credentialOf(options: KeyVaultOptions) {
  return {
    getToken: async (scopes: string | string[]) => {
      const scope = Array.isArray(scopes) ? (scopes[0] ?? '') : scopes;
      const { token, expiresOn } = await options.session.tokenFor(scope).catch((error: unknown) => {
        // Without a token nothing went to the vault, whatever became of the sign-in.
        throw error instanceof ServiceError ? error.withOutcome('unsent') : error;
      });
      return { token, expiresOnTimestamp: expiresOn.getTime() };
    },
  };
}

/** What a vault said with a refusal, by request: for a list, the SDK’s error does not keep it. */
const refusals = new WeakMap<object, unknown>();

/** Microsoft’s SDK on our HTTP stack. */
function httpClientOf(options: KeyVaultOptions): HttpClient {
  return {
    sendRequest: async (request): Promise<PipelineResponse> => {
      const answer = await options.send({
        method: request.method as 'GET',
        url: request.url,
        headers: request.headers.toJSON(),
        body: typeof request.body === 'string' ? request.body : undefined,
      });
      options.clock.observe(answer);
      const { host } = new URL(request.url);
      const said = parseJson(answer.body);
      if (looksLikeNoApi(answer.status, said)) {
        throw new ServiceError(
          `${host} answered with a page in place of data (HTTP ${answer.status}). Check the vault’s name and the agent’s proxy.`,
          { outcome: 'unknown', code: `Page${answer.status}`, status: answer.status },
        );
      }
      if (answer.status >= 400) refusals.set(request, said);
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders({ ...answer.headers, 'content-type': 'application/json' }),
        // The SDK fails in a way of its own over a refusal without a body, or with one that is no object.
        bodyAsText: isRecord(said) ? answer.body : '{}',
      };
    },
  };
}

/** A vault answers in JSON and never redirects: anything else is a sign-in page, or a proxy’s. */
function looksLikeNoApi(status: number, said: unknown): boolean {
  if (status === 203 || (status >= 300 && status < 400)) return true;
  return status < 300 && status !== 204 && !isRecord(said);
}

function readValue(secret: KeyVaultSecret): string {
  if (typeof secret.value === 'string') return secret.value;
  throw new ServiceError('Key Vault answered without the secret’s value.', {
    outcome: 'unknown',
    code: 'UnreadableAnswer',
  });
}

function readVersion(properties: SecretProperties): SecretVersion {
  const { version, createdOn } = properties;
  if (version === undefined || version === '' || createdOn === undefined) {
    throw new ServiceError('Key Vault gave an answer that is not of the published form.', {
      outcome: 'unknown',
      code: 'UnreadableAnswer',
    });
  }
  return {
    id: version,
    created: createdOn.getTime(),
    enabled: properties.enabled ?? true,
    expiresOn: properties.expiresOn?.getTime(),
    contentType: properties.contentType,
    tags: properties.tags ?? {},
    ...(properties.managed === true && { managed: true }),
    ...(properties.notBefore && { notBefore: properties.notBefore.getTime() }),
  };
}

interface VaultSubject {
  readonly vault: string;
  readonly secret: string;
  readonly who: string;
}

function vaultError(error: unknown, subject: VaultSubject): ServiceError {
  if (error instanceof ServiceError) return error;
  if (!isRestError(error)) {
    const words = error instanceof Error && /challenge/i.test(error.message);
    return new ServiceError(
      words
        ? `Vault "${subject.vault}" asked for a sign-in at a place that does not fit its host name. Check the input keyVault.`
        : `The call to vault "${subject.vault}" for secret "${subject.secret}" failed in an unexpected way.`,
      { outcome: 'unknown', code: 'Unexpected' },
    );
  }
  const status = error.statusCode ?? 0;
  const code = innerCode(error) ?? error.code ?? String(status);
  const definite = status >= 400 && status < 500 && status !== 408;
  return new ServiceError(`${vaultSentence(code, status, subject)} (${code})`, {
    outcome: definite ? 'refused' : 'unknown',
    code,
    status,
    retryAfter: retryAfter(error.response?.headers.toJSON() ?? {}),
    transient: status === 429 || status === 408 || status >= 500,
  });
}

/** `Conflict` and `Forbidden` say little; the inner error has the reason. */
function innerCode(error: RestError): string | undefined {
  const said = error.request === undefined ? undefined : refusals.get(error.request);
  const details = isRecord(said) ? said.error : undefined;
  if (!isRecord(details)) return undefined;
  const inner = details.innererror ?? details.innerError;
  const code = isRecord(inner) ? inner.code : undefined;
  if (typeof code === 'string') return code;
  const akv = /\bAKV\d+\b/.exec(typeof details.message === 'string' ? details.message : '')?.[0];
  if (akv !== undefined) return akv;
  // A disabled version is refused with a bare Forbidden.
  if (/disabled secret/i.test(typeof details.message === 'string' ? details.message : '')) return 'SecretDisabled';
  return typeof details.code === 'string' ? details.code : undefined;
}

function vaultSentence(code: string, status: number, { vault, secret, who }: VaultSubject): string {
  switch (code) {
    case 'ForbiddenByRbac':
    case 'ForbiddenByPolicy':
      return (
        `${who} is not allowed to do this with secret "${secret}" in vault "${vault}". Grant the role Key Vault Secrets ` +
        'Officer on the vault or on that secret (with access policies: get, list and set).'
      );
    case 'ForbiddenByFirewall':
      return `The firewall of vault "${vault}" does not let this agent in. Allow the agent’s address or network.`;
    case 'ForbiddenByConnection':
      return `Vault "${vault}" is closed to public networks. Run on an agent inside its private network.`;
    case 'ObjectIsDeletedButRecoverable':
      return `Secret "${secret}" was deleted from vault "${vault}", and its name is kept. Recover it or purge it, then run again.`;
    case 'ObjectIsBeingDeleted':
      return `Secret "${secret}" is being deleted from vault "${vault}" just now. Wait, then recover or purge it.`;
    case 'SecretNotFound':
      return `There is no secret "${secret}" in vault "${vault}".`;
    case 'SecretDisabled':
      return `The newest version of secret "${secret}" in vault "${vault}" is disabled.`;
    case 'AKV10032':
      return `Vault "${vault}" belongs to another tenant than the token of ${who}. Check the input tenantId or the service connection.`;
    case 'BadParameter':
      return `Vault "${vault}" does not accept what was to be stored in secret "${secret}".`;
    default:
      break;
  }
  if (status === 401)
    return `Vault "${vault}" does not accept the token of ${who}. Check the tenant and the app’s Key Vault permission.`;
  if (status === 403)
    return `Vault "${vault}" refuses ${who} for secret "${secret}". Check roles, access policies and firewall.`;
  if (status === 429) return `Vault "${vault}" is limiting requests. Run at a quieter time.`;
  if (status >= 500) return `Vault "${vault}" has a problem of its own (HTTP ${status}). Run again later.`;
  return `Vault "${vault}" refused the request for secret "${secret}" (HTTP ${status}).`;
}
