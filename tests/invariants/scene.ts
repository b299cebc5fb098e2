import type { Pat, SecretVersion } from '../../simulator/index.ts';
import { createWorld, type World } from '../../simulator/index.ts';
import type { Start, Story } from './story.ts';

export const organization = 'contoso';
export const vaultHost = 'contoso-kv.vault.azure.net';
export const selectedNames = ['Build feed', 'Deploy'] as const;
export const leftOutName = 'Personal';
export const startInstant = Date.parse('2026-10-01T04:00:00Z');

export const secretOf = (name: string): string => name.replace(/[^0-9A-Za-z-]/g, '-');

/** The service account's world at the beginning of a story. */
export interface Scene {
  readonly world: World;
  readonly accountId: string;
  readonly destination: Story['destination'];
  /** With output variables: what the step that stores the value has put where consumers read it. */
  readonly stored: Map<string, string>;
  /** The story goes on with a week of daily renewals. */
  readonly isLong: boolean;
}

export function setScene(story: Story, seed: number): Scene {
  const { start, destination } = story;
  const world = createWorld({
    now: startInstant,
    seed,
    settings: settingsOf(start),
    organizations: {
      [organization]: { pats: patsOf(start), policies: start.shortLives ? { maximumLifespanDays: 20 } : {} },
    },
    vaults: { 'contoso-kv': { secrets: start.secretExists ? { [secretOf(selectedNames[0])]: existingSecret } : {} } },
  });
  const account = world.entra.accountByUpn('svc-pats@contoso.example');
  if (account === undefined) throw new Error('the world has no service account');
  return {
    world,
    accountId: account.id,
    destination,
    stored: new Map(),
    isLong: start.secretExists && start.sameNamed === 2 && start.hasGlobal,
  };
}

const existingSecret = {
  value: { pat: selectedNames[0] },
  contentType: 'text/x-token',
  tags: { team: 'feeds' },
} as const;

function settingsOf(start: Start) {
  return {
    newestOfTie: start.earlierSetWinsTie ? 'earlierSet' : 'laterSet',
    scopeOrder: start.scopesReordered ? 'reversed' : 'asSent',
    connectionDataScopes: start.narrowScopes ? [] : 'all',
    globalCreation: 'blocked',
  } as const;
}

function patsOf(start: Start) {
  const [first, second] = selectedNames;
  return [
    { displayName: first, scope: 'vso.packaging vso.code' },
    ...(start.sameNamed === 2
      ? [{ displayName: first, scope: 'vso.code vso.packaging', validFrom: startInstant - 86_400_000 }]
      : []),
    ...(start.hasGlobal ? [{ displayName: first, scope: 'vso.packaging vso.code', allOrgs: true }] : []),
    { displayName: second, scope: 'vso.release' },
    { displayName: leftOutName, scope: 'vso.work' },
    ...(start.crowded ? crowd : []),
  ];
}

const crowd = Array.from({ length: 110 }, (_, index) => ({
  displayName: `${leftOutName} ${index}`,
  scope: 'vso.work',
  // The service lists by end: what is made later comes on the second page.
  validTo: startInstant + 45 * 86_400_000,
}));

/** What consumers of a family read now: undefined if there is nothing to read. */
export function servedValue(scene: Scene, name: string): string | undefined {
  if (scene.destination === 'variables') return scene.stored.get(name);
  return newestVersion(scene, name)?.value;
}

export function newestVersion(scene: Scene, name: string): SecretVersion | undefined {
  return scene.world.vaults.newest(vaultHost, secretOf(name));
}

const marker = / \(Renew PATs: (?:new|revoke after [^)]*)\)$/;

/** The family's name: the oracle reads markers by itself, not with the product's code. */
export const plainName = (pat: Pat): string => pat.displayName.replace(marker, '');
export const isMarked = (pat: Pat): boolean => marker.test(pat.displayName);

export function activeOf(scene: Scene, name: string): readonly Pat[] {
  const active: Pat[] = [];
  for (const pat of scene.world.pats.all()) {
    if (pat.organization === organization && plainName(pat) === name && scene.world.pats.status(pat) === 'active')
      active.push(pat);
  }
  return active;
}
