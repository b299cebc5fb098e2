import { AxiosError } from 'axios';
import { ServiceError } from './service-error.ts';
import { type Late, timeLimits } from './time-limits.ts';

/** What is known of a request that got no answer. */
export interface Broken {
  readonly host: string;
  readonly viaProxy: boolean;
  /** False: nothing of it can have arrived. */
  readonly isSent: boolean;
  readonly late: Late | undefined;
}

const unreachable: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of that name. Check the name, and this machine’s DNS or proxy',
  EAI_AGAIN: 'the name could not be looked up. Check this machine’s DNS or proxy',
  ECONNREFUSED: 'the connection was refused. Check the firewall and the proxy of the agent',
  EHOSTUNREACH: 'there is no route to it. Check the firewall and the proxy of the agent',
  ENETUNREACH: 'there is no route to it. Check the firewall and the proxy of the agent',
};

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
export function connectionError(error: unknown, broken: Broken): ServiceError {
  const { host, isSent, late } = broken;
  const cause = error instanceof AxiosError ? (error.cause ?? error) : error;
  const code = codeOf(cause) ?? codeOf(error);
  if (late !== undefined) return lateError(late, broken);
  if (code === 'PROXY_REFUSED') return proxyError(host, statusOf(cause));
  if (code !== undefined && untrusted.has(code)) {
    return new ServiceError(
      `The certificate of ${host} is not trusted (${code}). If the company’s proxy inspects TLS, give its certificate ` +
        'authority to the agent (config with --sslcacert) or set NODE_EXTRA_CA_CERTS on the agent machine.',
      { outcome: 'unsent', code },
    );
  }
  if (code === 'EPROTO' || code?.startsWith('ERR_SSL_')) {
    return new ServiceError(
      `No TLS connection to ${host} came about (${code}). Something on the way speaks another protocol or another version of ` +
        'TLS, or wants a client certificate. Check the proxy, and the port in the host’s address.',
      { outcome: isSent ? 'unknown' : 'unsent', code },
    );
  }
  if (isSent) {
    return new ServiceError(`The connection to ${host} broke before the answer came (${code ?? 'no code'}).`, {
      outcome: 'unknown',
      code,
      transient: true,
    });
  }
  return neverConnected(code, broken);
}

function neverConnected(code: string | undefined, { host, viaProxy }: Broken): ServiceError {
  const where = viaProxy ? `${host}, or the agent’s proxy,` : host;
  const reason = code === undefined ? undefined : unreachable[code];
  return new ServiceError(
    reason === undefined
      ? `No connection to ${where} came about (${code ?? 'no code'}), so nothing was sent. Check the firewall and the proxy of the agent.`
      : `${where} cannot be reached: ${reason} (${code}).`,
    // A name that does not exist will not exist in a moment.
    { outcome: 'unsent', code, transient: code !== 'ENOTFOUND' },
  );
}

function lateError(late: Late, { host, viaProxy, isSent }: Broken): ServiceError {
  const code = 'ETIMEDOUT';
  if (late === 'connection') return neverConnected(code, { host, viaProxy, isSent, late });
  const words = {
    silence: `${host} did not answer in time (${code}): nothing came for ${timeLimits.silence / 1000} seconds.`,
    'whole answer':
      `${host} did not answer in time (${code}): its answer was not complete after ${timeLimits['whole answer'] / 1000} seconds. ` +
      'Something on the way may hold it back.',
    cancelled: `${host} did not answer in time (${code}): the job was cancelled.`,
  }[late];
  return new ServiceError(words, { outcome: isSent ? 'unknown' : 'unsent', code, transient: true });
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

function statusOf(error: unknown): number | undefined {
  return error instanceof Object && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}
