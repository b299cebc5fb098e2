import type { Pat } from '../../simulator/index.ts';
import {
  activeOf,
  connectionOf,
  group,
  isMarked,
  isShared,
  newestVersion,
  organization,
  plainName,
  project,
  type Scene,
  sameScopes,
  secretOf,
  selectedNames,
  variableOf,
  vaultHost,
} from './scene.ts';
import type { PersonsDeed } from './story.ts';

const hour = 3_600_000;
const legacyAlphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * A person does something to a family. What cannot be done just now is not done; nor what nobody could make good: handed
 * over, nothing but the names tells which PAT consumers were given.
 */
export function doDeed(scene: Scene, { deed, toSecond = false }: PersonsDeed): void {
  const { world, accountId: person, places } = scene;
  const { pats, vaults } = world;
  const name = selectedNames[toSecond ? 1 : 0];
  const secret = secretOf(name);
  const byNames = places.length === 0;
  const inVault = places.includes('vault');
  const newest = inVault ? newestVersion(scene, name) : undefined;
  const active = activeOf(scene, name);
  const scope = active[0]?.scope;
  const make = () => {
    if (scope === undefined) return undefined;
    const made = pats.create(organization, person, { displayName: name, scope, validTo: world.now + 30 * 86_400_000 });
    return made.kind === 'pat' ? made.pat : undefined;
  };
  const store = (value: string, tags: Readonly<Record<string, string>> = {}) =>
    vaults.setSecret(vaultHost, person, secret, { value, tags });
  const revoke = (pat: Pat | undefined) => {
    if (pat !== undefined) pats.revoke(organization, person, pat.authorizationId);
  };
  const served = scene.readers.find(({ family }) => family === name)?.read();
  const inUse = served === undefined ? undefined : pats.byValue(served);
  // What names can tell to be in use: a PAT of several organizations keeps its name whatever happens.
  const plain = active.filter((each) => !isMarked(each) && !isShared(each));
  const isTold =
    plain.length === 1 && plain[0]?.value === served && active.every((each) => each === plain[0] || isDated(each));
  // What a run has just made is nobody's to change: it does not know of it yet.
  const [oldest] = active.filter((each) => world.now - each.validFrom > 12 * hour);
  // Nor does anybody know its value.
  const older = active.filter(
    (each) => inUse !== undefined && each.validFrom < inUse.validFrom && world.now - each.validFrom > 12 * hour,
  );
  switch (deed) {
    case 'makes a PAT of the same name':
      // Handed over, and no other one left, it is the family's PAT from now on: its maker hands it out.
      if (!byNames || plain.length > 0) make();
      return;
    case 'revokes the PAT in use':
      if (!byNames || isTold) revoke(inUse);
      return;
    case 'revokes some PAT of the family':
      if (!byNames || isTold) revoke(active[0]);
      return;
    case 'revokes the newest PAT':
      if (!byNames) revoke(active.at(-1));
      return;
    case 'makes the oldest PAT valid in all organizations': {
      // What was made for one organization must not become what all others are given.
      if (oldest !== undefined && oldest !== inUse) change(scene, oldest, { allOrgs: true });
      return;
    }
    case 'renames the oldest PAT': {
      if (oldest !== undefined && oldest !== inUse) change(scene, oldest, { displayName: 'Somebody’s old one' });
      return;
    }
    case 'gives the PAT in use other scopes':
      if (inUse !== undefined && (!byNames || isTold)) change(scene, inUse, { scope: foreignScopes });
      return;
    case 'gives the PAT in use another name':
      if (inUse !== undefined && (!byNames || isTold)) change(scene, inUse, { displayName: 'Somebody’s' });
      return;
    default:
      break;
  }
  if (inDocument(scene, name, deed, older)) return;
  if (!inVault) return;
  switch (deed) {
    case 'sets a value of another PAT by hand':
      store(
        `${world.random.text(76, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}AZDO${world.random.text(4, 'abcdef')}`,
      );
      return;
    case 'makes a PAT of the same name and stores it by hand': {
      const made = make();
      if (made !== undefined) store(made.value);
      return;
    }
    case 'puts an older value back': {
      // Nobody knows the value of a PAT that a run has just made.
      const [value] = older;
      if (value !== undefined) store(value.value);
      return;
    }
    case 'stores something else by hand':
      store('Server=db;User=app;Password=none');
      return;
    case 'disables the newest version':
      if (newest !== undefined) vaults.updateVersion(vaultHost, person, secret, newest.version, { enabled: false });
      return;
    case 'deletes the secret':
      vaults.deleteSecret(vaultHost, person, secret);
      return;
    case 'recovers the secret':
      vaults.recoverDeletedSecret(vaultHost, person, secret);
      return;
    case 'takes the tags off':
      if (newest !== undefined) vaults.updateVersion(vaultHost, person, secret, newest.version, { tags: {} });
      return;
    case 'adds tags':
      if (newest !== undefined) {
        vaults.updateVersion(vaultHost, person, secret, newest.version, {
          tags: { ...newest.tags, owner: 'web team' },
        });
      }
      return;
    case 'copies the tags onto another value':
      if (newest !== undefined && world.now / 1000 - newest.created > 3600)
        store(world.random.text(52, legacyAlphabet), newest.tags);
      return;
    case 'copies the tags onto an older value at once': {
      const [value] = older;
      // Of two values stored within one second nobody can tell the order: people are slower.
      world.advance({ seconds: 2 });
      if (newest !== undefined && value !== undefined) store(value.value, newest.tags);
      return;
    }
    case 'restores the vault from a backup': {
      const { versions } = vaults.secret(vaultHost, secret) ?? { versions: [] };
      const restored = vaults.newestOf({ name: secret, versions: versions.slice(0, -1) });
      const held = restored === undefined ? undefined : pats.byValue(restored.value);
      // A backup from so long ago that its value is dead is nobody's help.
      if (held === undefined || pats.status(held) !== 'active') return;
      // Two runs at once may deliver in another order than they create in: what such a backup forgets is told by nothing.
      const forgotten = pats.byValue(versions.at(-1)?.value ?? '');
      if (forgotten !== undefined && forgotten.validFrom < held.validFrom) return;
      vaults.plant(vaultHost, { name: secret, versions: versions.slice(0, -1) });
      // Whoever watches the world must see it.
      const back = newestVersion(scene, name);
      if (back !== undefined) vaults.updateVersion(vaultHost, person, secret, back.version, {});
      return;
    }
    case 'closes the vault':
      vaults.setShutOut(vaultHost, true);
      return;
    case 'opens the vault':
      vaults.setShutOut(vaultHost, false);
      return;
    default:
      return;
  }
}

function isDated(pat: Pat): boolean {
  return pat.displayName.includes(': revoke after ');
}

const foreignScopes = 'vso.test';

/** A person's change of a PAT, as the portal makes it; somebody notices soon, and takes it back. */
function change({ world, undo }: Scene, pat: Pat, to: Partial<Pick<Pat, 'displayName' | 'scope' | 'allOrgs'>>): void {
  const apply = (authorizationId: string, fields: Partial<Pat>) => {
    const before = world.pats.byId(authorizationId);
    if (before === undefined) return;
    const after = { ...before, ...fields };
    world.pats.plant(after);
    world.changed({ kind: 'pat.updated', before, after });
  };
  const { authorizationId, displayName, scope } = pat;
  apply(authorizationId, to);
  if (to.displayName !== undefined) undo.push(() => apply(authorizationId, { displayName }));
  if (to.scope === undefined) return;
  // What runs have made like it meanwhile is mended too.
  undo.push(() => {
    for (const each of [...world.pats.all()])
      if (plainName(each) === plainName(pat) && each.scope === foreignScopes) apply(each.authorizationId, { scope });
  });
}

/** What somebody changed of PATs is taken back. */
export function takeBack({ undo }: Scene): void {
  for (const act of undo.splice(0).reverse()) act();
}

/** What people do in the library, and in the settings of a project. @returns whether it was such a deed */
function inDocument(scene: Scene, name: string, deed: PersonsDeed['deed'], older: readonly Pat[]): boolean {
  const { world, places, pages, colleagueId: person } = scene;
  const [oldest] = older;
  switch (deed) {
    case 'opens the page of the document':
      if (places.includes('group')) pages.group = world.groups.openPage(groupOf(scene));
      if (places.includes('connection'))
        pages.connection = world.endpoints.openPage(connectionNamed(scene, name), project);
      return true;
    case 'saves the page that was opened':
      if (places.includes('group')) pages.group?.save(person);
      if (places.includes('connection')) pages.connection?.save(person);
      return true;
    case 'pastes an older value into the document':
      // Where a document does not say who changed it, nobody can know.
      if (oldest === undefined || scene.start.emptyModifiedBy) return true;
      if (places.includes('group')) {
        const typed = { [variableOf(name)]: { value: oldest.value, isSecret: true } };
        world.groups.openPage(groupOf(scene)).save(person, typed);
      } else if (places.includes('connection'))
        world.endpoints.openPage(connectionNamed(scene, name), project).save(person, { secret: oldest.value });
      return true;
    case 'wipes the record beside the value':
      if (places.includes('group'))
        world.groups.openPage(groupOf(scene)).save(person, { [`${variableOf(name)}_RenewPats`]: undefined });
      if (places.includes('connection'))
        world.endpoints.openPage(connectionNamed(scene, name), project).save(person, { description: 'Our feed' });
      return true;
    case 'edits something else in the document':
      if (places.includes('group'))
        world.groups.openPage(groupOf(scene)).save(person, { owner: { value: `team ${world.now % 7}` } });
      if (places.includes('connection'))
        world.endpoints.openPage(connectionNamed(scene, name), project).save(person, {});
      return true;
    default:
      return false;
  }
}

function groupOf({ world }: Scene) {
  return world.groups.named(organization, project, group);
}

function connectionNamed({ world }: Scene, name: string) {
  return world.endpoints.named(organization, project, connectionOf(name));
}

/** Takes back what would keep any run from doing its work, so that the end can be reached. */
export function putRight(scene: Scene): void {
  const { world } = scene;
  world.configure({ sendsDate: true });
  takeBack(scene);
  if (!scene.places.includes('vault')) return;
  world.vaults.setShutOut(vaultHost, false);
  for (const name of selectedNames) {
    const toSecond = name === selectedNames[1];
    doDeed(scene, { deed: 'recovers the secret', toSecond });
    if (newestVersion(scene, name)?.value.startsWith('Server='))
      doDeed(scene, { deed: 'sets a value of another PAT by hand', toSecond });
  }
}

/** More than enough PATs that nobody was ever given: a run has asked for a person, and there is one. */
export function revokeLeftovers(scene: Scene, name: string): void {
  const read = new Set(scene.readers.filter(({ family }) => family === name).map((reader) => reader.read()));
  for (const pat of activeOf(scene, name)) {
    const isOld = scene.world.now - pat.validFrom > 12 * hour;
    const isSpare = !read.has(pat.value) && !isShared(pat) && isOld;
    const hasPeer = activeOf(scene, name).some((each) => each !== pat && sameScopes(each.scope, pat.scope));
    if (isSpare && hasPeer) scene.world.pats.revoke(organization, scene.accountId, pat.authorizationId);
  }
}
