import {
  activeOf,
  isMarked,
  newestVersion,
  organization,
  type Scene,
  secretOf,
  selectedNames,
  vaultHost,
} from './scene.ts';
import type { Deed } from './story.ts';

const [name] = selectedNames;
const secret = secretOf(name);

/** A person does something to the first family. What cannot be done just now is not done. */
export function doDeed(scene: Scene, deed: Deed): void {
  const { world, accountId } = scene;
  const { pats, vaults } = world;
  const person = accountId;
  const newest = scene.destination === 'vault' ? newestVersion(scene, name) : undefined;
  const make = () => {
    const scope = 'vso.packaging vso.code';
    return pats.create(organization, person, { displayName: name, scope, validTo: world.now + 30 * 86_400_000 });
  };
  const store = (value: string, tags: Readonly<Record<string, string>> = {}) =>
    vaults.setSecret(vaultHost, person, secret, { value, tags });
  // What names can tell to be in use: a global PAT keeps its name whatever happens.
  const plain = activeOf(scene, name).filter((each) => !isMarked(each) && !each.allOrgs);
  switch (deed) {
    case 'makes a PAT of the same name':
      // With output variables and no other one left, it is the family's PAT from now on: its maker hands it out.
      if (scene.destination === 'vault' || plain.length > 0) make();
      return;
    case 'revokes the PAT in use': {
      const value = newest?.value ?? scene.stored.get(name);
      const pat = value === undefined ? undefined : pats.byValue(value);
      // With output variables, nothing but the one plain name tells which PAT consumers were given.
      if (scene.destination === 'variables' && (plain.length > 1 || plain[0] !== pat)) return;
      if (pat !== undefined) pats.revoke(organization, person, pat.authorizationId);
      return;
    }
    case 'revokes some PAT of the family': {
      const [oldest] = activeOf(scene, name);
      const served = scene.stored.get(name);
      const isTold = plain.length === 1 && (served === undefined || plain[0]?.value === served);
      if (scene.destination === 'variables' && !isTold) return;
      if (oldest !== undefined) pats.revoke(organization, person, oldest.authorizationId);
      return;
    }
    case 'revokes the newest PAT': {
      const latest = activeOf(scene, name).at(-1);
      // Without a vault, names do not tell whether it was handed over.
      if (scene.destination === 'vault' && latest !== undefined)
        pats.revoke(organization, person, latest.authorizationId);
      return;
    }
    default:
      break;
  }
  if (scene.destination !== 'vault') return;
  switch (deed) {
    case 'sets a value of another PAT by hand':
      store(
        `${world.random.text(76, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}AZDO${world.random.text(4, 'abcdef')}`,
      );
      return;
    case 'makes a PAT of the same name and stores it by hand': {
      const made = make();
      if (made.kind === 'pat') store(made.pat.value);
      return;
    }
    case 'puts an older value back': {
      const current = newest === undefined ? undefined : pats.byValue(newest.value);
      // Nobody knows the value of a PAT that a run has just made.
      const older = activeOf(scene, name).find((each) => current !== undefined && each.validFrom < current.validFrom);
      if (older !== undefined) store(older.value);
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
      if (newest !== undefined && world.now / 1000 - newest.created > 3600) {
        store(world.random.text(52, 'abcdefghijklmnopqrstuvwxyz234567'), newest.tags);
      }
      return;
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

/** Takes back what would keep any run from doing its work, so that the end can be reached. */
export function putRight(scene: Scene): void {
  if (scene.destination !== 'vault') return;
  scene.world.vaults.setShutOut(vaultHost, false);
  doDeed(scene, 'recovers the secret');
  if (newestVersion(scene, name)?.value.startsWith('Server=')) doDeed(scene, 'sets a value of another PAT by hand');
}
