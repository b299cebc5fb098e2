import { createHttpHeaders, type HttpClient, isRestError, type PipelineResponse } from '@azure/core-rest-pipeline';
import { type KeyVaultSecret, SecretClient, type SecretProperties } from '@azure/keyvault-secrets';

import { isRecord, parseJson } from './azure-devops.ts';
import type { UserSession } from './entra.ts';
import { type HttpAnswer, retryAfter, type Send } from './http.ts';
import { type Pauses, type RetryOptions, retrying } from './retry.ts';
import type { NewestSecret, SecretContent, SecretStore, SecretVersion } from './secret-store.ts';
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
  const client = new SecretClient(ownAddress(options.url), credentialOf(options), {
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
  const call = <T>(secret: string, right: Right, attempt: () => Promise<T>, more: Omit<RetryOptions, 'repeat'> = {}) =>
    retrying(options.pauses, { repeat: 'always', ...more }, async () => {
      try {
        return await afterFirst(attempt);
      } catch (error) {
        throw vaultError(error, { vault: name, place: `${name}/${secret}`, right, who: options.who });
      }
    });

  return {
    name,
    now: () => options.clock.now(),
    tellsTime: () => options.clock.isTold,

    versions: async (secret) => {
      try {
        return await call(secret, 'list', async () => {
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

    set: async (secret, contentOf) => {
      let content: SecretContent | undefined;
      const beforeEach = () => {
        content = contentOf();
      };
      const attempt = () => {
        const { value, contentType, tags, expiresOn } = content ?? contentOf();
        const expiry = expiresOn === undefined ? {} : { expiresOn: new Date(expiresOn) };
        return client.setSecret(secret, value, { contentType, tags: { ...tags }, ...expiry });
      };
      const set = await call(secret, 'set', attempt, { finishes: true, beforeEach });
      return readVersion(set.properties);
    },

    setExpiry: async (secret, id, expiresOn) => {
      await call(secret, 'set', () => client.updateSecretProperties(secret, id, { expiresOn: new Date(expiresOn) }));
    },

    checkWritable: async (secret, { id, contentType }) => {
      // Of all that could be repeated, this does the least if somebody has changed it meanwhile.
      const same = contentType === undefined ? {} : { contentType };
      await call(secret, 'set', () => client.updateSecretProperties(secret, id, same));
    },

    disable: async (secret, id) => {
      await call(secret, 'set', () => client.updateSecretProperties(secret, id, { enabled: false }));
    },
  };

  async function readSecret(secret: string, version: string | undefined): Promise<NewestSecret> {
    try {
      const read = await call(secret, 'get', () => client.getSecret(secret, version === undefined ? {} : { version }));
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

/**
 * A vault answers to its own name only, also through a private endpoint: `….privatelink.vaultcore.azure.net` is where that
 * name points to inside the network, and no certificate has it (source: Key Vault, private-link-service).
 */
function ownAddress(url: string): string {
  const address = new URL(url);
  const inside = /^([^.]+)(?:\.privatelink)?\.vaultcore\.([a-z.]+)$/i.exec(address.hostname);
  if (inside !== null) address.hostname = `${inside[1]}.vault.${inside[2]}`;
  return address.origin;
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
const refusals = new WeakMap<object, Refusal>();

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
      const said = parseJson(answer.body);
      const refusal = readRefusal(said);
      if (!isOfVault(answer, said, refusal)) throw new StrangeAnswer(new URL(request.url).host, answer);
      options.clock.observe(answer);
      if (refusal !== undefined) refusals.set(request, refusal);
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

/** The parts of a refusal in Key Vault’s published form. */
interface Refusal {
  readonly code: string | undefined;
  readonly innerCode: string | undefined;
  readonly message: string;
}

function readRefusal(said: unknown): Refusal | undefined {
  const details = isRecord(said) ? said.error : undefined;
  if (!isRecord(details)) return undefined;
  const inner = details.innererror ?? details.innerError;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return {
    code: text(details.code),
    innerCode: isRecord(inner) ? text(inner.code) : undefined,
    message: text(details.message) ?? '',
  };
}

/**
 * A vault answers in JSON, never redirects, and refuses in a form of its own. Anything else is a filter’s page, a proxy’s or
 * a sign-in: it says nothing about what became of the request, whatever its status. A filter that looks for secrets in
 * answers stops the one in which the vault repeats the value that it has just stored.
 */
function isOfVault({ status, headers }: HttpAnswer, said: unknown, refusal: Refusal | undefined): boolean {
  if (status === 204) return true;
  if (status < 300) return status !== 203 && isRecord(said);
  // The first request goes without a token to hear where to sign in: this header is the answer to it.
  if (status === 401) return refusal !== undefined || headers['www-authenticate'] !== undefined;
  return status >= 400 && refusal !== undefined;
}

/** What answered in the vault’s place, or the vault in a way that is not published. */
class StrangeAnswer extends Error {
  readonly host: string;
  readonly answer: HttpAnswer;

  constructor(host: string, answer: HttpAnswer) {
    super('no answer of Key Vault');
    this.name = 'StrangeAnswer';
    this.host = host;
    this.answer = answer;
  }
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

/** What a call needs to be allowed to do, in the words of access policies. */
type Right = 'get' | 'list' | 'set';

interface VaultSubject {
  readonly vault: string;
  /** `vault/secret`. */
  readonly place: string;
  readonly right: Right;
  readonly who: string;
}

function vaultError(error: unknown, subject: VaultSubject): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof StrangeAnswer) return strangeAnswer(error, subject);
  if (!isRestError(error)) {
    const words = error instanceof Error && /challenge/i.test(error.message);
    return new ServiceError(
      words
        ? `Vault "${subject.vault}" asked for a sign-in at a place that does not fit its host name. Check the input keyVault.`
        : `The call for ${subject.place} failed in an unexpected way.`,
      { outcome: 'unknown', code: 'Unexpected' },
    );
  }
  const status = error.statusCode ?? 0;
  const refusal = error.request === undefined ? undefined : refusals.get(error.request);
  const code = codeOf(refusal) ?? error.code ?? String(status);
  // Only the vault’s own no is one. Anything else may have been carried out.
  const definite = status >= 400 && status < 500 && status !== 408 && refusal !== undefined;
  return new ServiceError(`${vaultSentence(code, status, refusal?.message ?? '', subject)} (${code})`, {
    outcome: definite ? 'refused' : 'unknown',
    code,
    status,
    retryAfter: retryAfter(error.response?.headers.toJSON() ?? {}),
    transient: isPassing(status),
  });
}

function isPassing(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}

function strangeAnswer({ host, answer }: StrangeAnswer, { place }: VaultSubject): ServiceError {
  const { status, headers, body } = answer;
  const what = body.trim() === '' ? 'nothing' : /^\s*</.test(body) ? 'a page' : 'something else';
  const code = `Page${status}`;
  return new ServiceError(
    `${host} answered with ${what} in place of data (HTTP ${status}), asked for ${place}: a filter or proxy on the way may have ` +
      `answered for it. Check the vault’s name, and that the agent’s proxy lets requests to ${host} through. (${code})`,
    { outcome: 'unknown', code, status, retryAfter: retryAfter(headers), transient: isPassing(status) },
  );
}

/** `Conflict` and `Forbidden` say little: the inner error has the reason, and where it is missing, the message. */
function codeOf(refusal: Refusal | undefined): string | undefined {
  if (refusal === undefined) return undefined;
  const { code, innerCode, message } = refusal;
  if (innerCode !== undefined) return innerCode;
  return /\bAKV\d+\b/.exec(message)?.[0] ?? reasons.find(({ words }) => words.test(message))?.code ?? code;
}

/** Reasons that come with a bare `Forbidden` or `Conflict`, by what the message says. */
const reasons: readonly { readonly words: RegExp; readonly code: string }[] = [
  { words: /disabled secret/i, code: 'SecretDisabled' },
  { words: /not yet valid/i, code: 'SecretNotYetValid' },
  { words: /deleted but recoverable/i, code: 'ObjectIsDeletedButRecoverable' },
  { words: /being deleted/i, code: 'ObjectIsBeingDeleted' },
  { words: noPermission(), code: 'AccessDenied' },
  { words: /not authorized to perform action/i, code: 'ForbiddenByRbac' },
  { words: /policy/i, code: 'ForbiddenByPolicy' },
];

/** How a vault with access policies refuses: the right is the word before “permission”. */
function noPermission(): RegExp {
  return /does not have secrets (?:(\w+) )?permission/i;
}

function vaultSentence(code: string, status: number, message: string, subject: VaultSubject): string {
  const { vault, place, right, who } = subject;
  switch (code) {
    case 'ForbiddenByRbac':
      return (
        `${who} is not allowed to ${right} ${place}. Grant the role Key Vault Secrets Officer on vault "${vault}", or on that ` +
        'secret; a new role takes some minutes.'
      );
    case 'AccessDenied':
      return accessDenied(message, subject);
    case 'ForbiddenByPolicy':
      return noPermission().test(message) ? accessDenied(message, subject) : forbiddenByPolicy(message, subject);
    case 'ForbiddenByFirewall':
      return `The firewall of vault "${vault}" does not let this agent in. Allow the agent’s address or network.`;
    case 'ForbiddenByConnection':
      return `Vault "${vault}" is closed to public networks. Run on an agent inside its private network.`;
    case 'ObjectIsDeletedButRecoverable':
      return `${place} was deleted, and its name is kept. Recover the secret or purge it, then run again.`;
    case 'ObjectIsBeingDeleted':
      return `${place} is being deleted just now. Wait, then recover the secret or purge it.`;
    case 'SecretNotFound':
      return `There is no secret ${place}.`;
    case 'SecretDisabled':
      return `The newest version of ${place} is disabled.`;
    case 'SecretNotYetValid':
      return `The newest version of ${place} may not be read before its date (“not before”). Take that date away, or wait for it.`;
    case 'AKV10032':
      return `Vault "${vault}" belongs to another tenant than the token of ${who}. Check the input tenantId or the service connection.`;
    case 'BadParameter':
      return `Vault "${vault}" does not accept what was to be stored in ${place}.`;
    default:
      break;
  }
  if (status === 401)
    return `Vault "${vault}" does not accept the token of ${who}. Check the tenant and the app’s Key Vault permission.`;
  if (status === 403) return `Vault "${vault}" refuses ${who} for ${place}. Check roles, access policies and firewall.`;
  if (status === 429) return `Vault "${vault}" is limiting requests. Run at a quieter time.`;
  if (status >= 500) return `Vault "${vault}" has a problem of its own (HTTP ${status}). Run again later.`;
  return `Vault "${vault}" refused the request for ${place} (HTTP ${status}).`;
}

/** A vault with access policies names the right that is missing. */
function accessDenied(message: string, { vault, place, right, who }: VaultSubject): string {
  const missing = noPermission().exec(message)?.[1] ?? right;
  return (
    `${who} lacks the permission to ${missing} secrets of vault "${vault}" (${place}). Add get, list and set of secrets under ` +
    'the vault’s access policies, or switch the vault to roles and grant Key Vault Secrets Officer.'
  );
}

/** Azure Policy on the vault’s contents, such as a longest life of secrets. */
function forbiddenByPolicy(message: string, { vault, place }: VaultSubject): string {
  const name =
    /policyAssignments\/([\w.-]{1,48})(?=['"/,;)\s]|$)/i.exec(message)?.[1] ??
    /policy:?\s+['"]([\w .,()-]{1,48})['"]/i.exec(message)?.[1];
  const policy = name === undefined ? `An Azure Policy on vault "${vault}"` : `The Azure Policy "${name}"`;
  return (
    `${policy} forbids what was to be stored in ${place}. Ask for fewer days in the input lifetimeDays if it limits how long ` +
    'secrets are valid, or have the secret exempted from it.'
  );
}
