import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from './certificate-authority.ts';
import { createWorld } from './create-world.ts';
import { Dispatcher, type IdentityProvider } from './dispatcher.ts';
import { Faults } from './faults.ts';
import { serviceAt } from './http/services.ts';
import { type ConnectionWatch, startProxy, type Traffic } from './proxy.ts';
import type { RecordedRequest } from './recorded-request.ts';
import type { World } from './world.ts';

export interface SimulatorOptions {
  /** Default: an ordinary one, as `createWorld()` makes it. */
  readonly world?: World;
  /** Basic credentials that the proxy demands. Default: none. */
  readonly proxyCredentials?: { readonly username: string; readonly password: string };
  /** Asked first for what goes to a sign-in host: an identity provider of somebody else's. Default: none. */
  readonly identityProvider?: IdentityProvider;
}

/** The services behind their real host names, reached through a proxy. */
export interface Simulator {
  readonly world: World;
  readonly faults: Faults;
  /** `http://127.0.0.1:<port>`, without credentials. */
  readonly proxyUrl: string;
  readonly caPem: string;
  /** The CA's certificate as a file; `close` removes it. */
  readonly caFile: string;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** CONNECTs and TLS handshakes per host. */
  traffic(host: string): Traffic;
  /** Looks from now on how many connections are open at once. */
  watchConnections(): ConnectionWatch;
  /** Closes every connection and removes the CA file. */
  close(): Promise<void>;
}

/** All simulators of a process share it: keys and certificates take longer to make than a run takes to connect. */
let authorityOfThisProcess: Promise<CertificateAuthority> | undefined;

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const world = options.world ?? createWorld();
  const faults = new Faults();
  const dispatcher = new Dispatcher(world, faults, options.identityProvider);
  authorityOfThisProcess ??= CertificateAuthority.create();
  const authority = await authorityOfThisProcess;
  const folder = await mkdtemp(join(tmpdir(), 'renew-pats-simulator-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, authority.pem);
  const proxy = await startProxy({
    authority,
    knows: (host) => serviceAt(world, host) !== undefined,
    dispatch: (request) => dispatcher.dispatch(request),
    unknownHost: () => world.settings.unknownHost,
    credentials: options.proxyCredentials,
  });
  return {
    world,
    faults,
    proxyUrl: `http://127.0.0.1:${proxy.port}`,
    caPem: authority.pem,
    caFile,
    get requests() {
      return dispatcher.records;
    },
    traffic: (host) => proxy.traffic(host),
    watchConnections: () => proxy.watch(),
    close: async () => {
      await proxy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
