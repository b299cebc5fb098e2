import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerRequest, type World } from '../../simulator/index.ts';

/** The machine that an agent runs on, with its service of tokens: plain HTTP on the machine itself, by no proxy. */
export interface Machine {
  /** What the machine has in its environment so that programs find the service. */
  readonly environment: Readonly<Record<string, string>>;
  /** Paths of the requests so far. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const header = 'a-header-that-only-programs-on-this-machine-know';

/**
 * @param kind a virtual machine's metadata service, at an address that its environment names; or the service of a
 *   container app or an App Service, which wants its own header
 * @param busy so many requests are answered as the service does while it is updated
 */
export async function startMachine(
  world: World,
  kind: 'virtual machine' | 'container app',
  busy = 0,
): Promise<Machine> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://machine');
    asked.push(pathname);
    const allowed = kind === 'virtual machine' || request.headers['x-identity-header'] === header;
    const answer =
      asked.length <= busy || !allowed
        ? { status: allowed ? 410 : 401, body: '' }
        : answerRequest(world, {
            method: request.method ?? '',
            host: '169.254.169.254',
            // MSAL ends it with a slash where the address comes from the environment.
            path: kind === 'virtual machine' ? pathname.replace(/\/$/, '') : '/metadata/identity/oauth2/token',
            query: searchParams,
            headers: { ...plainHeaders(request), ...(kind === 'virtual machine' ? {} : { metadata: 'true' }) },
            body: '',
          });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(onThisClock(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment:
      kind === 'virtual machine'
        ? { AZURE_POD_IDENTITY_AUTHORITY_HOST: url }
        : { IDENTITY_ENDPOINT: `${url}/msi/token`, IDENTITY_HEADER: header },
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** The machine's clock is the process's own; the world's is another. */
function onThisClock(body: string): string {
  const inAnHour = String(Math.floor(Date.now() / 1000) + 3600);
  return body.replace(/"expires_on":"\d+"/, `"expires_on":"${inAnHour}"`);
}
