import type { Place, Sight } from '../../src/destinations/port.ts';
import type { PatApi } from '../../src/services/pat-api.ts';
import type { SecretStore } from '../../src/services/secret-store.ts';
import type { Organization, World } from '../../src/world.ts';

/** The modules of the product in which faults are planted. An export that is renamed or changes its type does not compile here. */
export interface Modules {
  'destinations/key-vault/versions.ts': typeof import('../../src/destinations/key-vault/versions.ts');
  'destinations/one-slot/last-change.ts': typeof import('../../src/destinations/one-slot/last-change.ts');
  'destinations/one-slot/record.ts': typeof import('../../src/destinations/one-slot/record.ts');
  'destinations/registry.ts': typeof import('../../src/destinations/registry.ts');
  'modes/listing.ts': typeof import('../../src/modes/listing.ts');
  'modes/observe.ts': typeof import('../../src/modes/observe.ts');
  'modes/replace.ts': typeof import('../../src/modes/replace.ts');
  'renewal/compiled-rules.ts': typeof import('../../src/renewal/compiled-rules.ts');
  'renewal/confirm.ts': typeof import('../../src/renewal/confirm.ts');
  'renewal/creation.ts': typeof import('../../src/renewal/creation.ts');
  'renewal/discard.ts': typeof import('../../src/renewal/discard.ts');
  'renewal/doubt.ts': typeof import('../../src/renewal/doubt.ts');
  'renewal/extend.ts': typeof import('../../src/renewal/extend.ts');
  'renewal/family.ts': typeof import('../../src/renewal/family.ts');
  'renewal/pat-shape.ts': typeof import('../../src/renewal/pat-shape.ts');
  'renewal/pat.ts': typeof import('../../src/renewal/pat.ts');
  'renewal/plan.ts': typeof import('../../src/renewal/plan.ts');
  'renewal/retire.ts': typeof import('../../src/renewal/retire.ts');
  'run.ts': typeof import('../../src/run.ts');
  'services/azure-devops.ts': typeof import('../../src/services/azure-devops.ts');
  'services/retry.ts': typeof import('../../src/services/retry.ts');
  'services/variable-groups.ts': typeof import('../../src/services/variable-groups.ts');
}

/** One export of one module, in whose place another one is called. */
export interface Swap {
  readonly file: keyof Modules;
  readonly name: string;
  readonly change: (real: never) => unknown;
}

export function swap<File extends keyof Modules, Name extends keyof Modules[File] & string>(
  file: File,
  name: Name,
  change: (real: Modules[File][Name]) => Modules[File][Name],
): Swap {
  return { file, name, change };
}

/** The world that a run gets, with something wrong at one of its ports. */
export function atPorts(change: (world: World) => World): Swap {
  return swap('run.ts', 'run', (run) => (settings, world) => run(settings, change(world)));
}

export function atOrganization(change: (organization: Organization) => Organization): Swap {
  return atPorts((world) => ({ ...world, organization: (name) => change(world.organization(name)) }));
}

export function atPats(change: (pats: PatApi) => Partial<PatApi>): Swap {
  return atOrganization((organization) => ({
    ...organization,
    pats: { ...organization.pats, ...change(organization.pats) },
  }));
}

export function atSights(change: (sight: Sight, look: () => Promise<Sight>) => Partial<Sight>): Swap {
  const changed = (place: Place): Place => ({
    ...place,
    look: async (looking) => {
      const sight = await place.look(looking);
      return { ...sight, ...change(sight, () => place.look(looking)) };
    },
  });
  return atPorts((world) => ({
    ...world,
    placeOf: (wanted, wantedFor) => {
      const place = world.placeOf(wanted, wantedFor);
      return typeof place === 'string' ? place : changed(place);
    },
  }));
}

export function atVault(change: (store: SecretStore) => Partial<SecretStore>): Swap {
  return swap('destinations/registry.ts', 'openPlaces', (open) => (services) => {
    const { vault } = services;
    return open(vault === undefined ? services : { ...services, vault: { ...vault, ...change(vault) } });
  });
}
