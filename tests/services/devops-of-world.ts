import { Dispatcher } from '../../simulator/dispatcher.ts';
import { AZURE_POWERSHELL, Faults, type RecordedRequest, type World } from '../../simulator/index.ts';
import type { AzureDevOps } from '../../src/services/azure-devops.ts';
import type { Send } from '../../src/services/http.ts';
import { ServiceClock } from '../../src/services/service-clock.ts';
import { ServiceError } from '../../src/services/service-error.ts';

/** Azure DevOps as the engine sees it, answered by a world without sockets or waiting: pauses move the world's clock. */
export interface DevOpsOfWorld {
  readonly devOps: AzureDevOps;
  readonly faults: Faults;
  readonly requests: () => readonly RecordedRequest[];
  /** Those that change something, as `operation`s. */
  readonly writes: () => readonly string[];
}

export function devOpsOfWorld(world: World, upn = 'svc-pats@contoso.example'): DevOpsOfWorld {
  const faults = new Faults();
  const dispatcher = new Dispatcher(world, faults);
  const pauses = {
    sleep: async (milliseconds: number) => world.advance({ seconds: milliseconds / 1000 }),
    random: () => 0,
    isStopping: () => false,
  };
  return {
    devOps: {
      send: sendTo(dispatcher),
      pauses,
      clock: new ServiceClock(() => world.now),
      accessToken: async () => accessTokenOf(world, upn),
    },
    faults,
    requests: () => dispatcher.records,
    writes: () => dispatcher.records.filter(({ method }) => method !== 'GET').map(({ operation }) => operation),
  };
}

function sendTo(dispatcher: Dispatcher): Send {
  return async ({ method, url, headers, body = '' }) => {
    const { host, pathname, searchParams } = new URL(url);
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const request = { method, host, path: pathname, query: searchParams, headers: lower, body };
    const outcome = await dispatcher.dispatch(request);
    if (outcome.kind !== 'answer') {
      const details = { outcome: 'unknown', code: 'ECONNRESET', transient: true } as const;
      throw new ServiceError('The connection broke before the answer came (ECONNRESET).', details);
    }
    const answered = Object.entries(outcome.answer.headers).map(([name, value]) => [name, String(value)]);
    return { status: outcome.answer.status, headers: Object.fromEntries(answered), body: outcome.answer.body };
  };
}

const AZURE_DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798/.default';

/** A token of an account, as a sign-in with its password gives it. */
export function accessTokenOf(world: World, upn: string, scope = AZURE_DEVOPS): string {
  const account = world.entra.accountByUpn(upn);
  const answer = world.entra.signInWithPassword({
    cloud: 'public',
    credential: { kind: 'none' },
    tenant: account?.tenantId ?? '',
    clientId: AZURE_POWERSHELL,
    username: upn,
    password: account?.password ?? '',
    scope,
  });
  if (answer.kind !== 'issued') throw new Error(`no token for ${upn}`);
  return answer.access.token;
}
