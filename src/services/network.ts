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
  readonly skipCertificateValidation: boolean;
}

export interface ProxySettings {
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Regular expressions, ignoring case, on the whole URL: what they match goes without the proxy. */
  readonly bypass: readonly string[];
}

export type ClientCertificate =
  | {
      readonly kind: 'pem';
      readonly certFile: string;
      readonly keyFile: string;
      readonly passphrase: string | undefined;
    }
  | { readonly kind: 'archive'; readonly file: string; readonly passphrase: string | undefined };

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

/** @throws Error if a certificate file cannot be read or a bypass entry is no regular expression */
export function createNetwork(settings: NetworkSettings): Network {
  const options = { ...certificateAuthorities(settings.caFile), ...clientCertificate(settings.clientCertificate) };
  const validation = settings.skipCertificateValidation ? { rejectUnauthorized: false } : {};
  let secureContext: SecureContext | undefined;
  const security = () => {
    // Made once: to read some 150 certificate authorities takes longer than all the rest of a connection.
    secureContext ??= tls.createSecureContext(options);
    return { secureContext, ...validation };
  };
  const direct = new DirectAgent(security);
  const proxied = settings.proxy === undefined ? undefined : new CompanyProxyAgent(settings.proxy, security);
  const bypass = (settings.proxy?.bypass ?? []).map((pattern) => new RegExp(pattern, 'i'));
  const viaProxy = (url: string) => proxied !== undefined && !bypass.some((pattern) => pattern.test(url));
  const plain = new http.Agent();
  return {
    viaProxy,
    agentFor: (url) => (viaProxy(url) && proxied !== undefined ? proxied : direct),
    plainAgentFor: () => plain,
  };
}

/** What goes into a TLS connection. @throws Error if a certificate is unusable */
type Security = () => { readonly secureContext: SecureContext; readonly rejectUnauthorized?: boolean };

class DirectAgent extends https.Agent {
  readonly #security: Security;

  constructor(security: Security) {
    super({ keepAlive: true });
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
    super(proxyUrl(proxy), { keepAlive: true });
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

function proxyUrl(proxy: ProxySettings): string {
  const url = new URL(proxy.url);
  if (proxy.username !== undefined) url.username = encodeURIComponent(proxy.username);
  if (proxy.password !== undefined) url.password = encodeURIComponent(proxy.password);
  return url.href;
}

/** Naming one's own authorities replaces Node's list, so that list (and NODE_EXTRA_CA_CERTS) is named too. */
function certificateAuthorities(caFile: string | undefined): SecureContextOptions {
  if (caFile === undefined) return {};
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  const files = extra === undefined || extra === '' ? [caFile] : [caFile, extra];
  return { ca: [...tls.rootCertificates, ...files.map((file) => readFileSync(file, 'utf8'))] };
}

function clientCertificate(certificate: ClientCertificate | undefined): SecureContextOptions {
  if (certificate === undefined) return {};
  const passphrase = certificate.passphrase === undefined ? {} : { passphrase: certificate.passphrase };
  return certificate.kind === 'pem'
    ? { cert: readFileSync(certificate.certFile), key: readFileSync(certificate.keyFile), ...passphrase }
    : { pfx: readFileSync(certificate.file), ...passphrase };
}
