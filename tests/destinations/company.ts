import { json } from '../../simulator/http/exchange.ts';
import { identityId } from '../../simulator/http/identity-id.ts';
import {
  createWorld,
  type Fault,
  internalError,
  type ProjectSpec,
  type Settings,
  type World,
  type WorldSpec,
} from '../../simulator/index.ts';
import type { Place } from '../../src/destinations/port.ts';
import type { AzureDevOps } from '../../src/services/azure-devops.ts';
import { type DevOpsOfWorld, devOpsOfWorld } from '../services/devops-of-world.ts';
import type { MadePat, WriteFault } from './conformance.ts';

export const SERVICE = 'svc-pats@contoso.example';
export const ANN = 'ann@contoso.example';

/** A world with a project that has what `project` says, and runs of the service account in it. */
export function companyWith(
  project: ProjectSpec,
  settings: Partial<Settings> = {},
  vaults: NonNullable<WorldSpec['vaults']> = {},
) {
  const world = createWorld({
    vaults,
    settings,
    accounts: [{ upn: SERVICE }, { upn: ANN }],
    organizations: { contoso: { projects: { Tools: project, Web: {} } } },
  });
  const runs: DevOpsOfWorld[] = [];
  const pending: ((run: DevOpsOfWorld) => void)[] = [];
  const organization = world.pats.organization('contoso');
  const account = world.entra.accountByUpn(SERVICE);
  if (organization === undefined || account === undefined) throw new Error('the world is incomplete');

  /** A further run: it shares nothing with the others but the world. */
  const run = (): DevOpsOfWorld => {
    const made = devOpsOfWorld(world);
    runs.push(made);
    for (const fault of pending) fault(made);
    return made;
  };

  return {
    world,
    owner: { account: identityId(world, organization, account), organization: 'contoso' },
    ann: world.entra.accountByUpn(ANN)?.id ?? '',
    service: account.id,
    run,
    open: (place: (devOps: AzureDevOps) => Place): Place => place(run().devOps),
    fault: (operation: string, fault: WriteFault, isOnce: boolean): void => {
      const set = ({ faults }: DevOpsOfWorld) =>
        isOnce ? faults.once(operation, faultOf(fault)) : faults.always(operation, faultOf(fault));
      for (const run of runs) set(run);
      pending.push(set);
    },
    writes: (): readonly string[] => runs.flatMap((run) => run.writes()),
    requests: () => runs.flatMap((run) => run.requests()),
    make: (): MadePat => makePat(world, account.id),
  };
}

export type Company = ReturnType<typeof companyWith>;

function makePat(world: World, accountId: string): MadePat {
  // One made after another is younger.
  world.advance({ seconds: 2 });
  const wanted = { displayName: 'Build feed', scope: 'vso.packaging', validTo: world.now + 60 * 86_400_000 };
  const answer = world.pats.create('contoso', accountId, wanted);
  if (answer.kind !== 'pat') throw new Error('the world makes no PAT');
  const { value, authorizationId, displayName, scope, validFrom, validTo } = answer.pat;
  const targetAccounts = [world.pats.organization('contoso')?.id ?? ''];
  const pat = {
    authorizationId,
    displayName,
    scope,
    validFrom,
    validTo,
    targetAccounts,
    isGlobal: false,
    isShared: false,
  };
  return { pat, token: value };
}

/** In the words of Azure DevOps and of Key Vault alike. */
const noRight = {
  ...{ message: 'Access denied.', typeKey: 'AccessDeniedException' },
  error: { code: 'Forbidden', message: 'Caller is not authorized.', innererror: { code: 'ForbiddenByRbac' } },
};
const ownHeaders = { 'x-ms-keyvault-service-version': '2.0', 'x-ms-request-id': 'simulated' };

function faultOf(fault: WriteFault): Fault {
  switch (fault) {
    case 'refused':
      return { kind: 'answer', answer: json(403, noRight, ownHeaders) };
    case 'request lost':
      return { kind: 'drop' };
    case 'answer lost':
      return { kind: 'applyThenDrop' };
    case 'error, not done':
      return { kind: 'answer', answer: internalError() };
    case 'error, done':
      return { kind: 'applyThenAnswer', answer: internalError() };
  }
}
