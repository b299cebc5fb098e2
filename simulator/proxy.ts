import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CertificateAuthority } from './certificate-authority.ts';
import type { Outcome } from './dispatcher.ts';
import type { HttpRequest } from './http/exchange.ts';

export interface ProxyOptions {
  readonly authority: CertificateAuthority;
  /** Can this host be resolved? */
  readonly knows: (host: string) => boolean;
  readonly dispatch: (request: HttpRequest) => Promise<Outcome>;
  /** What happens to a host that cannot be resolved. */
  readonly unknownHost: () => 502 | 504 | 'close';
  /** Basic credentials that the proxy demands; undefined: none. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/** How often each host was reached, and how. */
export interface Traffic {
  readonly connects: number;
  readonly tlsHandshakes: number;
}

export interface Proxy {
  readonly port: number;
  /** By host; a host that could not be resolved is counted too. */
  traffic(host: string): Traffic;
  /** Looks from now on how many TLS connections are open at once; those that are open already do not count. */
  watch(): ConnectionWatch;
  close(): Promise<void>;
}

/** Unlike a count of handshakes this does not grow where a slow machine lets connections become idle and close. */
export interface ConnectionWatch {
  /** The most that were open with a host at one time. */
  mostAtOnce(host: string): number;
}

/**
 * An HTTP proxy on a loopback port, as a company has one: it takes CONNECT, and behind it stand the simulated hosts with
 * certificates of the given authority. It never opens a connection of its own.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const sockets = new Set<Duplex>();
  const traffic = new Map<string, Traffic>();
  const count = (host: string, what: keyof Traffic): void => {
    const so = traffic.get(host) ?? { connects: 0, tlsHandshakes: 0 };
    traffic.set(host, { ...so, [what]: so[what] + 1 });
  };
  const watches = new Set<(host: string, socket: Duplex) => void>();
  const keep = (socket: Duplex): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that is killed resets its connections: nothing to tell anybody.
    socket.on('error', () => socket.destroy());
  };

  const behind = createHttpsServer(
    {
      SNICallback: (host, done) => {
        options.authority.contextFor(host).then((context) => done(null, context), done);
      },
    },
    (request, response) => void handle(options, request, response, hostOf(request.headers.host)),
  );
  behind.on('secureConnection', (socket) => {
    keep(socket);
    const host = String(socket.servername).toLowerCase();
    count(host, 'tlsHandshakes');
    for (const see of watches) see(host, socket);
  });
  behind.on('tlsClientError', (_error, socket) => socket.destroy());

  const front = createHttpServer((request, response) => {
    if (!isAdmitted(options, request)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
      return;
    }
    const target = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : undefined;
    if (target === undefined || target.protocol !== 'http:' || !options.knows(target.hostname)) {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body>Host not found</body></html>');
      return;
    }
    request.url = `${target.pathname}${target.search}`;
    void handle(options, request, response, target.hostname);
  });
  front.on('connection', keep);
  front.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const host = hostOf(request.url);
    if (!isAdmitted(options, request)) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    count(host, 'connects');
    if (!options.knows(host)) {
      const answer = options.unknownHost();
      if (answer === 'close') socket.destroy();
      else
        socket.end(
          `HTTP/1.1 ${answer} ${answer === 502 ? 'Bad Gateway' : 'Gateway Timeout'}\r\nContent-Length: 0\r\n\r\n`,
        );
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    behind.emit('connection', socket);
  });

  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (front.address() as AddressInfo).port,
    watch: () => {
      const open = new Map<string, number>();
      const most = new Map<string, number>();
      const change = (host: string, by: 1 | -1) => {
        const now = (open.get(host) ?? 0) + by;
        open.set(host, now);
        most.set(host, Math.max(now, most.get(host) ?? 0));
      };
      watches.add((host, socket) => {
        change(host, 1);
        socket.once('close', () => change(host, -1));
      });
      return { mostAtOnce: (host) => most.get(host) ?? 0 };
    },
    traffic: (host) => traffic.get(host) ?? { connects: 0, tlsHandshakes: 0 },
    close: async () => {
      const closed = new Promise<void>((resolve) => front.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      behind.close();
      await closed;
    },
  };
}

function hostOf(authority: string | undefined): string {
  return (authority ?? '').replace(/:\d+$/, '').toLowerCase();
}

function isAdmitted({ credentials }: ProxyOptions, request: IncomingMessage): boolean {
  if (credentials === undefined) return true;
  const expected = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  return request.headers['proxy-authorization'] === `Basic ${expected}`;
}

async function handle(
  options: ProxyOptions,
  request: IncomingMessage,
  response: ServerResponse,
  host: string,
): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    // The client went away in the middle of its request: it was never received.
    return;
  }
  if (!options.knows(host)) {
    response.writeHead(421).end();
    return;
  }
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  const outcome = await options.dispatch({
    method: request.method ?? 'GET',
    host,
    path,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.concat(chunks).toString(),
  });
  switch (outcome.kind) {
    case 'close':
      response.destroy();
      break;
    case 'hang':
      break;
    case 'answer': {
      const { status, body } = outcome.answer;
      // The answer has the world's date, or none: Node would write the real one into it.
      response.sendDate = false;
      for (const [name, value] of Object.entries(outcome.answer.headers))
        response.setHeader(name, typeof value === 'string' ? value : [...value]);
      if (status !== 204 && status !== 304) response.setHeader('content-length', Buffer.byteLength(body));
      response.writeHead(status).end(body);
      break;
    }
  }
}
