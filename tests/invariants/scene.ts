import type { EndpointPage, GroupPage, Pat, SecretVersion } from '../../simulator/index.ts';
import { createWorld, type World } from '../../simulator/index.ts';
import type { PlaceKind, Start, Story } from './story.ts';
import type { Reader } from './truth.ts';

export const organization = 'contoso';
export const secondOrganization = 'fabrikam';
export const vaultHost = 'contoso-kv.vault.azure.net';
export const selectedNames = ['Build feed', 'Deploy'] as const;
export const twinName = 'Build.feed';
export const leftOutName = 'Personal';
export const startInstant = Date.parse('2026-10-01T04:00:00Z');
export const project = 'Tools';
export const group = 'feeds';

const hour = 3_600_000;
const day = 24 * hour;

export const secretOf = (name: string): string => name.replace(/[^0-9A-Za-z-]/g, '-');
export const variableOf = (name: string): string => `PAT_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
export const connectionOf = (name: string): string => `${name} connection`;

/** What runs see of a world, and what goes on inside its services. */
export interface Stage {
  readonly world: World;
  readonly accountId: string;
  readonly places: readonly PlaceKind[];
  readonly start: Start;
  /** Writes that were answered with an error, and are still under way inside the service. */
  readonly late: (() => void)[];
}

/** The service account's world at the beginning of a story. */
export interface Scene extends Stage {
  /** Somebody else, who may edit groups and connections. */
  readonly colleagueId: string;
  /** Handed over: what the step that stores the value has put where consumers read it. */
  readonly stored: Map<string, string>;
  readonly readers: readonly Reader[];
  /** Pages that somebody has open. */
  readonly pages: { group?: GroupPage; connection?: EndpointPage };
  /** What people have changed of PATs, to be taken back in the end. */
  readonly undo: (() => void)[];
  /** The story goes on with a week of daily renewals. */
  readonly isLong: boolean;
}

const account = 'svc-pats@contoso.example';
const colleague = 'colleague@contoso.example';

export function setScene(story: Story, seed: number): Scene {
  const { start, places } = story;
  const [first] = selectedNames;
  const world = createWorld({
    now: startInstant,
    seed,
    settings: settingsOf(start),
    accounts: [{ upn: account }, { upn: colleague }],
    organizations: {
      [organization]: {
        pats: patsOf(start),
        policies: start.shortLives ? { maximumLifespanDays: 20 } : {},
        projects: { [project]: libraryOf(start) },
      },
      [secondOrganization]: {},
    },
    vaults: { 'contoso-kv': { secrets: start.holdsValue ? { [secretOf(first)]: existingSecret } : {} } },
  });
  const idOf = (upn: string) => world.entra.accountByUpn(upn)?.id ?? '';
  const stored = new Map<string, string>();
  if (places.length === 0) {
    // Its consumers have a value from the first day on: of two PATs, nobody but they knows which one's.
    for (const name of selectedNames) {
      const [pat] = [...world.pats.all()].filter((each) => each.displayName === name && !isShared(each));
      if (pat !== undefined) stored.set(name, pat.value);
    }
  }
  return {
    world,
    accountId: idOf(account),
    colleagueId: idOf(colleague),
    places,
    start,
    stored,
    readers: selectedNames.flatMap((name) => readersOf(world, places, stored, name)),
    pages: {},
    late: [],
    undo: [],
    isLong: start.holdsValue && start.sameNamed === 2 && start.shared !== 'none',
  };
}

/** Who reads the values of a family: of each place, or of what a step stores. */
function readersOf(
  world: World,
  places: readonly PlaceKind[],
  stored: ReadonlyMap<string, string>,
  family: string,
): readonly Reader[] {
  if (places.length === 0) return [{ family, place: 'where a step stores it', read: () => stored.get(family) }];
  const readers: Readonly<Record<PlaceKind, Reader>> = {
    vault: {
      family,
      place: `secret ${secretOf(family)}`,
      read: () => world.vaults.newest(vaultHost, secretOf(family))?.value,
    },
    group: {
      family,
      place: `variable ${variableOf(family)}`,
      read: () => nonEmpty(world.groups.value(organization, project, group, variableOf(family))),
    },
    connection: {
      family,
      place: connectionOf(family),
      read: () => nonEmpty(world.endpoints.value(organization, project, connectionOf(family))),
    },
  };
  return places.map((place) => readers[place]);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

const existingSecret = {
  value: { pat: selectedNames[0] },
  contentType: 'text/x-token',
  tags: { team: 'feeds' },
} as const;

function settingsOf(start: Start) {
  const { clocks } = start;
  const minutes = clocks === 'vault ahead' ? 10 : clocks === 'vault behind' ? -10 : 0;
  return {
    newestOfTie: start.earlierSetWinsTie ? 'earlierSet' : 'laterSet',
    scopeOrder: start.scopesReordered ? 'reversed' : 'asSent',
    connectionDataScopes: start.narrowScopes ? [] : 'all',
    globalCreation: 'blocked',
    listLagSeconds: start.listsLag ? 45 : 0,
    groupModifiedBy: start.emptyModifiedBy ? 'emptyId' : 'caller',
    endpointModified: start.emptyModifiedBy ? 'absent' : 'shown',
    brokenGroupWrite: start.brokenWrite,
    brokenEndpointWrite: start.brokenWrite,
    clockAheadSeconds: { keyVault: minutes * 60 },
    sendsDate: clocks !== 'no Date, agent ahead',
  } as const;
}

/** By how much the agent's clock is ahead, in milliseconds. */
export function agentAhead({ clocks }: Start): number {
  return clocks === 'agent ahead' || clocks === 'no Date, agent ahead' ? 14 * hour : 0;
}

function patsOf(start: Start) {
  const [first, second] = selectedNames;
  const scope = 'vso.packaging vso.code';
  const ended = { validFrom: startInstant - 100 * day, validTo: startInstant - 10 * day };
  return [
    { displayName: first, scope },
    ...(start.sameNamed === 2
      ? [{ displayName: first, scope: 'vso.code vso.packaging', validFrom: startInstant - day }]
      : []),
    ...(start.shared === 'none'
      ? []
      : [
          {
            displayName: first,
            scope,
            ...(start.shared === 'all' ? { allOrgs: true } : { alsoIn: [secondOrganization] }),
          },
        ]),
    ...(start.old === 'expired' ? [{ displayName: first, scope, ...ended }] : []),
    ...(start.old === 'marked as new'
      ? [{ displayName: `${first} (Renew PATs: new)`, scope, validFrom: startInstant - 2 * day }]
      : []),
    ...(start.old === 'marked as superseded'
      ? [
          {
            displayName: `${first} (Renew PATs: revoke after 2026-09-30T00:00:00Z)`,
            scope,
            validFrom: startInstant - 80 * day,
          },
        ]
      : []),
    ...(start.expiredTwin ? [{ displayName: twinName, scope: 'vso.build', ...ended }] : []),
    { displayName: second, scope: 'vso.release' },
    { displayName: leftOutName, scope: 'vso.work' },
    ...(start.crowded ? crowd : []),
  ];
}

const crowd = Array.from({ length: 110 }, (_, index) => ({
  displayName: `${leftOutName} ${index}`,
  scope: 'vso.work',
  // The service lists by end: what is made later comes on the second page.
  validTo: startInstant + 45 * day,
}));

/** A library with things of other people's in it: nothing of them may change. */
function libraryOf(start: Start) {
  const held = start.holdsValue
    ? { [variableOf(selectedNames[0])]: { value: { pat: selectedNames[0] }, isSecret: true } }
    : {};
  return {
    groups: {
      [group]: {
        variables: {
          owner: { value: 'web team', isReadOnly: true },
          api_key: { value: 'somebody’s own secret', isSecret: true },
          ...held,
        },
        description: 'Feeds of the web team',
        more: { unknownField: { nested: true } },
      },
    },
    connections: Object.fromEntries(
      selectedNames.map((name) => [
        connectionOf(name),
        {
          description: 'Our feed',
          data: { team: 'web' },
          more: { unknownField: { nested: true } },
          ...(start.holdsValue && name === selectedNames[0]
            ? { parameters: { apitoken: { pat: selectedNames[0] } } }
            : { parameters: { apitoken: '' } }),
        },
      ]),
    ),
  };
}

export function newestVersion(scene: Scene, name: string): SecretVersion | undefined {
  return scene.world.vaults.newest(vaultHost, secretOf(name));
}

const marker = / \(Renew PATs: (?:new|revoke after [^)]*)\)$/;

/** The family's name: the oracle reads markers by itself, not with the product's code. */
export const plainName = (pat: Pat): string => pat.displayName.replace(marker, '');
export const isMarked = (pat: Pat): boolean => marker.test(pat.displayName);
export const isShared = (pat: Pat): boolean => pat.allOrgs || pat.otherAccounts.length > 0;

export const scopeSet = (scope: string): string => scope.split(' ').sort().join(' ');
export const sameScopes = (one: string, other: string): boolean => scopeSet(one) === scopeSet(other);

export function activeOf(scene: Scene, name: string): readonly Pat[] {
  const active: Pat[] = [];
  for (const pat of scene.world.pats.all()) {
    if (pat.organization === organization && plainName(pat) === name && scene.world.pats.status(pat) === 'active')
      active.push(pat);
  }
  return active;
}
