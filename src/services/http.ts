import axios, { AxiosError, type AxiosInstance } from 'axios';
import type { Network } from './network.ts';
import { Pace } from './pace.ts';
import { ServiceError } from './service-error.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** It begins something new: once the job has been cancelled it is not sent any more. */
  readonly begins?: boolean | undefined;
}

/** Any answer, whatever its status. Headers in lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What may be told of a request: never its headers, body or query. */
export interface RequestTrace {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** HTTP status, or the code of the error. */
  readonly result: string;
  readonly milliseconds: number;
}

/** Sends one request, once. @throws ServiceError if there is no answer */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HttpOptions {
  readonly network: Network;
  /** So many requests to one host at once, each on a connection of its own. */
  readonly concurrency: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds, monotonic or not: used for durations only. */
  readonly now: () => number;
  readonly trace?: (trace: RequestTrace) => void;
  /** Aborted when the job is cancelled: all that is left to do then has a few seconds in all. */
  readonly stopping?: AbortSignal;
}

/** Azure DevOps may hold a request back for 30 seconds before it answers it (rate limits). */
const timeout = 60_000;
/** The agent kills the process 10 seconds after a cancellation; the report takes a moment, too. */
const timeLeftWhenStopping = 8_000;

/** The one HTTP stack: everything that the process sends goes through here. */
export function createHttp(options: HttpOptions): Send {
  const client = axios.create({
    proxy: false,
    maxRedirects: 0,
    responseType: 'text',
    // Bodies go and come as they are: by itself axios would quote some, and parse others.
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
    maxContentLength: 32 * 1024 * 1024,
  });
  let stoppedAt: number | undefined;
  const { stopping } = options;
  stopping?.addEventListener('abort', () => (stoppedAt ??= options.now()), { once: true });
  /** A third of what is left: however many requests follow one another, their sum stays within it. */
  const timeWhenStopping = () => {
    stoppedAt ??= options.now();
    return Math.max(0, stoppedAt + timeLeftWhenStopping - options.now()) / 3;
  };
  const paces = new Map<string, Pace>();
  const paceOf = (host: string) => {
    const known = paces.get(host);
    if (known !== undefined) return known;
    const { concurrency, sleep, now } = options;
    const pace = new Pace({ most: concurrency, sleep, now, isStopping: () => stopping?.aborted ?? false });
    paces.set(host, pace);
    return pace;
  };

  return async (request) => {
    const { host, pathname } = new URL(request.url);
    const pace = paceOf(host);
    const turn = await pace.enter();
    if (request.begins && stopping?.aborted) {
      pace.leave(turn, undefined);
      throw new ServiceError('The job was cancelled before this was sent.', { outcome: 'unsent', code: 'Cancelled' });
    }
    const started = options.now();
    const report = (result: string) =>
      options.trace?.({
        method: request.method,
        host,
        path: pathname,
        result,
        milliseconds: Math.round(options.now() - started),
      });
    try {
      const answer = await sendOnce(client, request, options, timeWhenStopping);
      pace.leave(turn, { status: answer.status, retryAfter: retryAfter(answer.headers) });
      report(String(answer.status));
      return answer;
    } catch (error) {
      pace.leave(turn, undefined);
      const failure = connectionError(error, host, options.network.viaProxy(request.url));
      report(failure.code ?? 'failed');
      throw failure;
    }
  };
}

async function sendOnce(
  client: AxiosInstance,
  request: HttpRequest,
  options: HttpOptions,
  timeWhenStopping: () => number,
): Promise<HttpAnswer> {
  const controller = new AbortController();
  const stopping = options.stopping;
  const hurry = () => setTimeout(() => controller.abort(), timeWhenStopping()).unref();
  if (stopping?.aborted) hurry();
  else stopping?.addEventListener('abort', hurry, { once: true });
  try {
    const response = await client.request<unknown>({
      method: request.method,
      url: request.url,
      headers: { ...request.headers },
      data: request.body,
      timeout,
      signal: controller.signal,
      httpsAgent: options.network.agentFor(request.url),
      httpAgent: options.network.plainAgentFor(request.url),
    });
    const headers = Object.entries(response.headers).map(
      ([name, value]) => [name.toLowerCase(), String(value)] as const,
    );
    const body = typeof response.data === 'string' ? response.data : '';
    // Some answers begin with a byte order mark, which JSON.parse refuses.
    return { status: response.status, headers: Object.fromEntries(headers), body: body.replace(/^\uFEFF/, '') };
  } finally {
    stopping?.removeEventListener('abort', hurry);
  }
}

/** Milliseconds of a `Retry-After` in seconds (also fractions) or as a date. */
export function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  if (!Number.isNaN(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(value);
  const sent = Date.parse(headers.date ?? '');
  return Number.isNaN(until) || Number.isNaN(sent) ? undefined : Math.max(0, until - sent);
}

const unsent: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of that name. Check the name, and this machine’s DNS or proxy',
  EAI_AGAIN: 'the name could not be looked up. Check this machine’s DNS or proxy',
  ECONNREFUSED: 'the connection was refused. Check the firewall and the proxy of the agent',
  EHOSTUNREACH: 'there is no route to it. Check the firewall and the proxy of the agent',
  ENETUNREACH: 'there is no route to it. Check the firewall and the proxy of the agent',
};

const passing = new Set(['EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);

const untrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Says what went wrong on the way, from the error's code alone: the object itself holds headers and body. */
function connectionError(error: unknown, host: string, viaProxy: boolean): ServiceError {
  const cause = error instanceof AxiosError ? (error.cause ?? error) : error;
  const code = codeOf(cause) ?? codeOf(error);
  const status =
    cause instanceof Object && 'status' in cause && typeof cause.status === 'number' ? cause.status : undefined;
  if (code === 'PROXY_REFUSED') return proxyError(host, status);
  if (code !== undefined && untrusted.has(code)) {
    return new ServiceError(
      `The certificate of ${host} is not trusted (${code}). If the company’s proxy inspects TLS, give its certificate ` +
        'authority to the agent (config with --sslcacert) or set NODE_EXTRA_CA_CERTS on the agent machine.',
      { outcome: 'unsent', code },
    );
  }
  const reason = code === undefined ? undefined : unsent[code];
  if (reason !== undefined) {
    const where = viaProxy ? `${host}, or the agent’s proxy,` : host;
    return new ServiceError(`${where} cannot be reached: ${reason} (${code}).`, {
      outcome: 'unsent',
      code,
      transient: passing.has(code ?? ''),
    });
  }
  if (code === 'EPROTO' || code?.startsWith('ERR_SSL_')) {
    return new ServiceError(
      `No TLS connection to ${host} came about (${code}). Something on the way speaks another protocol or another version of ` +
        'TLS, or wants a client certificate. Check the proxy, and the port in the host’s address.',
      { outcome: 'unknown', code },
    );
  }
  const late = code === 'ECONNABORTED' || code === 'ETIMEDOUT' || code === 'ERR_CANCELED';
  return new ServiceError(
    late
      ? `${host} did not answer in time (${code}).`
      : `The connection to ${host} broke before the answer came (${code ?? 'no code'}).`,
    { outcome: 'unknown', code, transient: true },
  );
}

function proxyError(host: string, status: number | undefined): ServiceError {
  const details = { outcome: 'unsent', code: 'PROXY_REFUSED', status } as const;
  if (status === 407) {
    return new ServiceError(
      `The agent’s proxy asks for a sign-in before it lets a request to ${host} through (407). ` +
        'Configure the agent with --proxyusername and --proxypassword.',
      details,
    );
  }
  if (status === undefined) {
    return new ServiceError(`The agent’s proxy cannot be reached, so neither can ${host}. Check Agent.ProxyUrl.`, {
      ...details,
      transient: true,
    });
  }
  return new ServiceError(
    `The agent’s proxy does not reach ${host} (it answered ${status}). Check the name of the host, and that the proxy allows it.`,
    { ...details, transient: status === 502 || status === 503 || status === 504 },
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Object && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
