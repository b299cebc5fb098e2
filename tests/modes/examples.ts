import type { Place, Sight } from '../../src/destinations/port.ts';
import type { Listing } from '../../src/modes/listing.ts';
import type { RunContext } from '../../src/modes/run-context.ts';
import type { SelectedFamily } from '../../src/modes/selection.ts';
import { StorageGate } from '../../src/modes/storage-gate.ts';
import type { Family } from '../../src/renewal/family.ts';
import type { Log, Occupant } from '../../src/renewal/log.ts';
import { Tellings } from '../../src/report/tellings.ts';
import type { AzureDevOps } from '../../src/services/azure-devops.ts';
import type { SecretStore } from '../../src/services/secret-store.ts';
import { ServiceClock } from '../../src/services/service-clock.ts';
import { claim, delivered, now, owner } from '../renewal/examples.ts';
import { settingsOf } from '../settings/pipeline.ts';

export const notAsked = (): never => {
  throw new Error('nobody is asked');
};

export function storeThatIsNotAsked(name: string): SecretStore {
  return {
    name,
    versions: notAsked,
    newest: notAsked,
    version: notAsked,
    set: notAsked,
    setExpiry: notAsked,
    checkWritable: notAsked,
    disable: notAsked,
    now: () => now,
    tellsTime: () => true,
  };
}

export const devOpsThatIsNotAsked: AzureDevOps = {
  send: notAsked,
  pauses: { sleep: notAsked, random: notAsked, isStopping: () => false },
  clock: new ServiceClock(() => now),
  accessToken: notAsked,
};

/** A run of these inputs that writes nothing; what it tells is collected. */
export function runOf(inputs: Parameters<typeof settingsOf>[0]) {
  const warnings = new Tellings();
  const notices = new Tellings();
  const context: RunContext = {
    settings: settingsOf({ keyVault: 'kv1', dryRun: 'true', ...inputs }),
    world: {
      organization: notAsked,
      placeOf: notAsked,
      variables: { set: notAsked, handOver: notAsked, isReadOnly: () => false },
      registerSecret: () => {},
      isStopping: () => false,
      elapsed: () => 0,
      wall: () => 0,
      progress: () => {},
    },
    warn: (telling) => warnings.add(telling),
    notice: (telling) => notices.add(telling),
    storage: new StorageGate(1),
    unseen: [],
    leftOutAt: new Map(),
    handedOver: { before: new Set(), add: notAsked },
  };
  return { context, warnings: () => warnings.sentences(), notices: () => notices.sentences() };
}

/** A family of an organization that lists nothing else. */
export function selectedAt(family: Family, ...places: readonly Place[]): SelectedFamily {
  const byId = new Map(family.members.map((member) => [member.pat.authorizationId, member]));
  const listing: Listing = {
    organization: {
      name: 'contoso',
      pats: {
        list: notAsked,
        get: notAsked,
        create: notAsked,
        update: notAsked,
        revoke: notAsked,
        now: () => now,
        tellsTime: () => true,
      },
      accountId: async () => owner.account,
      prove: notAsked,
    },
    families: [family],
    byId,
    activeNames: new Set([family.name]),
    find: async (id) => {
      const member = byId.get(id);
      return member === undefined ? { kind: 'gone' } : { kind: member.state, member };
    },
  };
  return { listing, family, destination: { kind: 'places', places, variable: undefined } };
}

/** A secret of which a look shows this. */
export function secretShowing(occupant: Occupant, log: Log, name = 'build'): Place {
  const label = `kv1/${name}`;
  const key = `secret:${label}`;
  const sight: Sight = {
    key,
    log,
    occupant,
    recordedEnd: undefined,
    obstacle: undefined,
    edit: undefined,
    now: () => now,
    tellsTime: () => true,
    preview: ({ pat }) => [
      ...log,
      delivered('planned', pat.authorizationId, now, { claim: claim(pat.authorizationId, now) }),
    ],
    deliver: notAsked,
    isUnchanged: notAsked,
  };
  return {
    key,
    store: 'vault:kv1',
    label,
    phrase: `secret ${label}`,
    isReadable: true,
    look: async () => sight,
  };
}
