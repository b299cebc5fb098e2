import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type SecureContext, type SecureContextOptions } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** How this machine reaches the world: the agent's proxy, bypass list and certificates. */
export interface NetworkSettings {
  readonly proxy: ProxySettings | undefined;
  /** PEM file with the company's certificate authorities, in addition to the built-in ones. */
  readonly caFile: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
}

export interface ProxySettings {
  /** `http:` or `https:`. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /**
   * Regular expressions, ignoring case, found anywhere in `scheme://host[:port]` (the usual port is left out): what they
   * match goes without the proxy. What is no regular expression is passed over.
   * Source: the agent's own AgentWebProxy and VstsAgentWebProxy, whose rule is .NET's.
   */
  readonly bypass: readonly string[];
}

export type ClientCertificate =
  | {
      readonly kind: 'pem';
      readonly certFile: string;
      readonly keyFile: string;
      readonly passphrase: string | undefined;
    }
  | { readonly kind: 'archive'; readonly file: string; readonly passphrase: string | undefined }
  /** A certificate without its key, or a key without its certificate. */
  | { readonly kind: 'half'; readonly passphrase: string | undefined };

/** Gives the connection pool for a URL. One pool per route, so that connections are used again. */
export interface Network {
  readonly agentFor: (url: string) => https.Agent;
  readonly plainAgentFor: (url: string) => http.Agent;
  readonly viaProxy: (url: string) => boolean;
}

/** The proxy itself said no, or could not reach the host: nothing was sent to the service. */
export class ProxyRefusal extends Error {
  readonly code = 'PROXY_REFUSED';
  readonly status: number | undefined;

  constructor(status: number | undefined, detail: string) {
    super(detail);
    this.status = status;
  }
}

/**
 * @param makeContext of TLS; called once, with the first connection
 * @throws Error if a certificate file cannot be read or the proxy's address is none: see network-problems.ts
 */
export function createNetwork(settings: NetworkSettings, makeContext = tls.createSecureContext): Network {
  const options = { ...certificateAuthorities(settings.caFile), ...clientCertificate(settings.clientCertificate) };
  let secureContext: SecureContext | undefined;
  const security = () => {
    // Made once: to read some 150 certificate authorities takes longer than all the rest of a connection.
    secureContext ??= makeContext(options);
    return { secureContext, ...alwaysChecked };
  };
  const direct = new DirectAgent(security);
  const proxied = settings.proxy === undefined ? undefined : new CompanyProxyAgent(settings.proxy, security);
  const isBypassed = bypassRule(settings.proxy?.bypass ?? []);
  const plain = new http.Agent(patientWithEachAddress);
  const viaProxy = (url: string) => proxied !== undefined && !isBypassed(new URL(url));
  return {
    viaProxy,
    agentFor: (url) => (viaProxy(url) && proxied !== undefined ? proxied : direct),
    plainAgentFor: () => plain,
  };
}

/** Said aloud, because Node would ask the variable NODE_TLS_REJECT_UNAUTHORIZED, which any pipeline can set. */
const alwaysChecked = { rejectUnauthorized: true } as const;

/**
 * Milliseconds for each of a host's addresses. By itself Node allows 250: on a slow network no connection would ever come
 * about. In five seconds a lost packet is sent again twice.
 */
const patientWithEachAddress = { autoSelectFamilyAttemptTimeout: 5_000 } as const;

/** What goes to this machine never leaves it. */
function bypassRule(patterns: readonly string[]): (url: URL) => boolean {
  const expressions = patterns.flatMap((pattern) => {
    try {
      return [new RegExp(pattern, 'i')];
    } catch {
      return [];
    }
  });
  return ({ protocol, host, hostname }) =>
    isLoopback(hostname) || expressions.some((expression) => expression.test(`${protocol}//${host}`));
}

/** As .NET's Uri.IsLoopback has it. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|loopback|127(?:\.\d+){3}|\[::1\])$/i.test(hostname);
}

/** What goes into a TLS connection. @throws Error if a certificate is unusable */
type Security = () => { readonly secureContext: SecureContext; readonly rejectUnauthorized: true };

class DirectAgent extends https.Agent {
  readonly #security: Security;

  constructor(security: Security) {
    super({ keepAlive: true, ...patientWithEachAddress });
    this.#security = security;
  }

  override keepSocketAlive(socket: Duplex): boolean {
    super.keepSocketAlive(socket);
    closeWhenIdle(socket);
    return true;
  }

  override createConnection(...[options, done]: Parameters<https.Agent['createConnection']>) {
    return super.createConnection({ ...options, ...this.#security() }, done);
  }
}

class CompanyProxyAgent extends HttpsProxyAgent<string> {
  readonly #security: Security;

  constructor(proxy: ProxySettings, security: Security) {
    const { address, authorization } = addressed(proxy);
    // The agent prints its address with DEBUG=*, so the password is not in there.
    super(address, { keepAlive: true, ...patientWithEachAddress, headers: () => ({ ...authorization }) });
    // Or it would look for the protocol in a stack trace, at each request.
    this.protocol = 'https:';
    this.#security = security;
  }

  override keepSocketAlive(socket: Duplex): boolean {
    super.keepSocketAlive(socket);
    closeWhenIdle(socket);
    return true;
  }

  override async connect(...[request, options]: Parameters<HttpsProxyAgent<string>['connect']>) {
    const security = this.#security();
    // For a proxy that is itself reached by TLS.
    Object.assign(this.connectOpts, security);
    let refusedWith: number | undefined;
    request.once('proxyConnect', (answer: { statusCode: number }) => {
      if (answer.statusCode !== 200) refusedWith = answer.statusCode;
    });
    // The agent hands a socket over before TLS is done, so all that fails here failed on the way to the proxy.
    const socket = await super.connect(request, { ...options, ...security }).catch((error: unknown) => {
      throw new ProxyRefusal(undefined, error instanceof Error ? error.message : 'connection failed');
    });
    if (refusedWith === undefined) return socket;
    socket.destroy();
    throw new ProxyRefusal(refusedWith, `the proxy answered ${refusedWith}`);
  }
}

/**
 * Less than after which servers and proxies close idle connections (some after five seconds): a request that meets such a
 * closing is lost, nobody knows whether it was carried out, and a creation must not be repeated then (I9).
 */
const longestIdle = 4_000;

/** The agent closes a connection that times out while nobody uses it; a request sets a time-out of its own. */
function closeWhenIdle(socket: Duplex): void {
  if (socket instanceof Socket) socket.setTimeout(longestIdle);
}

/** The proxy's address, and the header that signs in to it. */
function addressed({ url, username, password }: ProxySettings) {
  const address = new URL(url);
  const user = username ?? decoded(address.username);
  const secret = password ?? decoded(address.password);
  address.username = '';
  address.password = '';
  const basic = Buffer.from(`${user}:${secret}`).toString('base64');
  return {
    address: address.href,
    authorization: user + secret === '' ? {} : { 'Proxy-Authorization': `Basic ${basic}` },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Naming one's own authorities replaces Node's list, so that list (and NODE_EXTRA_CA_CERTS) is named too. */
export function certificateAuthorities(caFile: string | undefined): SecureContextOptions {
  if (caFile === undefined) return {};
  return { ca: [...tls.rootCertificates, readFileSync(caFile, 'utf8'), ...extraAuthorities()] };
}

/** Node itself goes on without a file that it cannot read. */
function extraAuthorities(): readonly string[] {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  try {
    return file === undefined || file === '' ? [] : [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}

export function clientCertificate(certificate: ClientCertificate | undefined): SecureContextOptions {
  if (certificate === undefined || certificate.kind === 'half') return {};
  const passphrase = certificate.passphrase === undefined ? {} : { passphrase: certificate.passphrase };
  return certificate.kind === 'pem'
    ? { cert: readFileSync(certificate.certFile), key: readFileSync(certificate.keyFile), ...passphrase }
    : { pfx: readFileSync(certificate.file), ...passphrase };
}
