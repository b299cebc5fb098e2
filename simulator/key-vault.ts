import { serviceNow } from './service-time.ts';
import type { Surroundings } from './surroundings.ts';

export type SecretPermission = 'get' | 'list' | 'set' | 'delete' | 'recover' | 'purge';
export const allSecretPermissions: readonly SecretPermission[] = ['get', 'list', 'set', 'delete', 'recover', 'purge'];

/** A version of a secret. Never changed in place: each change makes a new record. */
export interface SecretVersion {
  /** 32 hexadecimal digits; says nothing about time. */
  readonly version: string;
  readonly value: string;
  readonly enabled: boolean;
  /** Whole seconds since 1970, as are all dates here. */
  readonly created: number;
  readonly updated: number;
  readonly notBefore: number | undefined;
  readonly expires: number | undefined;
  readonly contentType: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Key Vault keeps it for a certificate of the same name. */
  readonly managed: boolean;
}

/** A secret: its versions in the order in which they were set. */
export interface Secret {
  readonly name: string;
  readonly versions: readonly SecretVersion[];
}

export interface DeletedSecret extends Secret {
  /** Milliseconds since 1970. */
  readonly deletedAt: number;
}

export interface Vault {
  /** Host name, such as `contoso.vault.azure.net`. */
  readonly host: string;
  readonly tenantId: string;
  /** How permissions are given decides only how a refusal reads. */
  readonly authorization: 'rbac' | 'accessPolicy';
  /** What each identity (object id) may do with secrets. */
  readonly access: ReadonlyMap<string, ReadonlySet<SecretPermission>>;
  /** Does a firewall shut this network out? */
  readonly shutOut: boolean;
}

export interface SecretFields {
  readonly value: string;
  readonly enabled?: boolean;
  readonly notBefore?: number;
  readonly expires?: number;
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What an update may change. Absent is kept. */
export type SecretVersionFields = Omit<SecretFields, 'value'>;

export type VaultRefusal =
  | { readonly kind: 'notFound'; readonly what: string }
  | { readonly kind: 'forbidden'; readonly reason: 'ForbiddenByRbac' | 'ForbiddenByFirewall' }
  | { readonly kind: 'accessDenied'; readonly permission: SecretPermission }
  | { readonly kind: 'disabled' | 'notYetValid' | 'managed' }
  | { readonly kind: 'conflict'; readonly reason: 'ObjectIsDeletedButRecoverable' | 'ObjectIsBeingDeleted' }
  | { readonly kind: 'badParameter'; readonly message: string };

export type SecretAnswer = { readonly kind: 'version'; readonly secret: string; readonly version: SecretVersion };
export type SecretPage = {
  readonly kind: 'page';
  readonly entries: readonly { readonly secret: string; readonly version: SecretVersion }[];
  /** Empty at the end. */
  readonly skipToken: string;
};
export type DeletedAnswer = {
  readonly kind: 'deleted';
  readonly secret: DeletedSecret;
  readonly newest: SecretVersion;
};
export type DeletedPage = { readonly kind: 'deletedPage'; readonly entries: readonly DeletedAnswer[] };

interface Room {
  readonly vault: Vault;
  readonly secrets: Map<string, Secret>;
  readonly deleted: Map<string, DeletedSecret>;
}

const LARGEST_PAGE = 25;
const LARGEST_VALUE = 25_600;
const MOST_TAGS = 15;
const LONGEST_CONTENT_TYPE = 255;

/** The vaults and their secrets, with the published rules of their data plane (about-secrets, Key Vault REST reference). */
export class KeyVault {
  readonly #world: Surroundings;
  readonly #rooms = new Map<string, Room>();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  vault(host: string): Vault | undefined {
    return this.#rooms.get(host.toLowerCase())?.vault;
  }

  /** Adds a vault, or changes it (its access, say); its secrets stay. */
  putVault(vault: Vault): void {
    const key = vault.host.toLowerCase();
    const room = this.#rooms.get(key);
    this.#rooms.set(key, { vault, secrets: room?.secrets ?? new Map(), deleted: room?.deleted ?? new Map() });
  }

  /** From now on the identity (object id) may do this with secrets, and nothing else. */
  setAccess(host: string, identity: string, permissions: readonly SecretPermission[]): void {
    const { vault } = this.#room(host);
    this.putVault({ ...vault, access: new Map(vault.access).set(identity, new Set(permissions)) });
  }

  /** Does the vault's firewall shut this network out from now on? */
  setShutOut(host: string, shutOut: boolean): void {
    this.putVault({ ...this.#room(host).vault, shutOut });
  }

  // --- operations ---

  /** A new version, at once the newest. It inherits nothing from the one before. */
  setSecret(host: string, caller: string, name: string, fields: SecretFields): SecretAnswer | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'set') ?? this.#fieldRefusal(name, fields);
    if (refusal !== undefined) return refusal;
    const key = name.toLowerCase();
    const deleted = room.deleted.get(key);
    if (deleted !== undefined) return this.#conflict(deleted);
    const secret = room.secrets.get(key);
    if (secret !== undefined && this.newestOf(secret)?.managed === true) return { kind: 'managed' };
    const seconds = Math.floor(this.#now / 1000);
    const after: SecretVersion = {
      version: this.#world.random.hex(32),
      value: fields.value,
      enabled: fields.enabled ?? true,
      created: seconds,
      updated: seconds,
      notBefore: fields.notBefore,
      expires: fields.expires,
      contentType: fields.contentType,
      tags: fields.tags ?? {},
      managed: false,
    };
    room.secrets.set(key, { name: secret?.name ?? name, versions: [...(secret?.versions ?? []), after] });
    this.#world.changed({ kind: 'secret.set', vault: room.vault.host, secret: secret?.name ?? name, after });
    return { kind: 'version', secret: secret?.name ?? name, version: after };
  }

  /** The newest version. An expired secret is given out as ever, a disabled one is not, one before its date may be. */
  getSecret(host: string, caller: string, name: string): SecretAnswer | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'get');
    if (refusal !== undefined) return refusal;
    const secret = room.secrets.get(name.toLowerCase());
    return secret === undefined ? notFound(name) : this.#shown(secret, this.newestOf(secret));
  }

  getVersion(host: string, caller: string, name: string, version: string): SecretAnswer | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'get');
    if (refusal !== undefined) return refusal;
    const secret = room.secrets.get(name.toLowerCase());
    return secret === undefined ? notFound(`${name}/${version}`) : this.#shown(secret, versionOf(secret, version));
  }

  /** Versions in no particular order, as in reality; disabled ones too. */
  listVersions(
    host: string,
    caller: string,
    name: string,
    page: { readonly size?: number; readonly skipToken?: string } = {},
  ): SecretPage | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'list');
    if (refusal !== undefined) return refusal;
    const secret = room.secrets.get(name.toLowerCase());
    if (secret === undefined) {
      if (this.#world.settings.versionsOfUnknown === 'notFound') return notFound(name);
      return { kind: 'page', entries: [], skipToken: '' };
    }
    const ordered = [...secret.versions].sort((left, right) => (left.version < right.version ? -1 : 1));
    return this.#page(
      ordered.map((version) => ({ secret: secret.name, version })),
      (entry) => entry.version.version,
      page,
    );
  }

  listSecrets(
    host: string,
    caller: string,
    page: { readonly size?: number; readonly skipToken?: string } = {},
  ): SecretPage | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'list');
    if (refusal !== undefined) return refusal;
    const entries: { readonly secret: string; readonly version: SecretVersion }[] = [];
    for (const secret of room.secrets.values()) {
      const version = this.newestOf(secret);
      if (version !== undefined) entries.push({ secret: secret.name, version });
    }
    entries.sort((left, right) => (left.secret < right.secret ? -1 : 1));
    return this.#page(entries, (entry) => entry.secret, page);
  }

  /** Changes what is given, keeps what is absent; needs the permission to set. */
  updateVersion(
    host: string,
    caller: string,
    name: string,
    version: string,
    fields: SecretVersionFields,
  ): SecretAnswer | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'set') ?? this.#fieldRefusal(name, fields);
    if (refusal !== undefined) return refusal;
    const secret = room.secrets.get(name.toLowerCase());
    const before = secret === undefined ? undefined : versionOf(secret, version);
    if (secret === undefined || before === undefined) return notFound(`${name}/${version}`);
    const after: SecretVersion = {
      ...before,
      enabled: fields.enabled ?? before.enabled,
      notBefore: fields.notBefore ?? before.notBefore,
      expires: fields.expires ?? before.expires,
      contentType: fields.contentType ?? before.contentType,
      tags: fields.tags ?? before.tags,
      updated: Math.floor(this.#now / 1000),
    };
    const versions = secret.versions.map((each) => (each === before ? after : each));
    room.secrets.set(secret.name.toLowerCase(), { ...secret, versions });
    this.#world.changed({
      kind: 'secret.versionUpdated',
      vault: room.vault.host,
      secret: secret.name,
      before,
      after,
    });
    return { kind: 'version', secret: secret.name, version: after };
  }

  /** All versions at once; there is no deletion of one version. The name stays taken until it is recovered or purged. */
  deleteSecret(host: string, caller: string, name: string): DeletedAnswer | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'delete');
    if (refusal !== undefined) return refusal;
    const key = name.toLowerCase();
    const secret = room.secrets.get(key);
    if (secret === undefined) return notFound(name);
    room.secrets.delete(key);
    room.deleted.set(key, { ...secret, deletedAt: this.#now });
    this.#world.changed({ kind: 'secret.deleted', vault: room.vault.host, secret: secret.name });
    return this.#deleted(room, name);
  }

  getDeletedSecret(host: string, caller: string, name: string): DeletedAnswer | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'get');
    if (refusal !== undefined) return refusal;
    const deleted = room.deleted.get(name.toLowerCase());
    // While the deletion is under way the service still answers "not found".
    if (deleted !== undefined && this.#isBeingDeleted(deleted)) return notFound(name);
    // With the newest version disabled it is as little shown as a secret that is there.
    if (deleted !== undefined && this.newestOf(deleted)?.enabled === false) return { kind: 'disabled' };
    return this.#deleted(room, name);
  }

  listDeletedSecrets(host: string, caller: string): DeletedPage | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'list');
    if (refusal !== undefined) return refusal;
    const entries: DeletedAnswer[] = [];
    for (const secret of room.deleted.values()) {
      const answer = this.#deleted(room, secret.name);
      if (answer.kind === 'deleted') entries.push(answer);
    }
    return { kind: 'deletedPage', entries };
  }

  recoverDeletedSecret(host: string, caller: string, name: string): SecretAnswer | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'recover');
    if (refusal !== undefined) return refusal;
    const key = name.toLowerCase();
    const deleted = room.deleted.get(key);
    if (deleted === undefined) return notFound(name);
    if (this.#isBeingDeleted(deleted)) return this.#conflict(deleted);
    const newest = this.newestOf(deleted);
    if (newest === undefined) return notFound(name);
    room.deleted.delete(key);
    room.secrets.set(key, { name: deleted.name, versions: deleted.versions });
    this.#world.changed({ kind: 'secret.recovered', vault: room.vault.host, secret: deleted.name });
    return { kind: 'version', secret: deleted.name, version: newest };
  }

  purgeDeletedSecret(host: string, caller: string, name: string): { readonly kind: 'purged' } | VaultRefusal {
    const room = this.#room(host);
    const refusal = this.#refusal(room, caller, 'purge');
    if (refusal !== undefined) return refusal;
    const deleted = room.deleted.get(name.toLowerCase());
    if (deleted === undefined) return notFound(name);
    room.deleted.delete(name.toLowerCase());
    this.#world.changed({ kind: 'secret.purged', vault: room.vault.host, secret: deleted.name });
    return { kind: 'purged' };
  }

  // --- for tests: look, and meddle ---

  /** The secret with all its versions in the order in which they were set; no permission is asked. */
  secret(host: string, name: string): Secret | undefined {
    return this.#room(host).secrets.get(name.toLowerCase());
  }

  secrets(host: string): Iterable<Secret> {
    return this.#room(host).secrets.values();
  }

  /** The version that a consumer without a version reads, whether enabled or not. */
  newest(host: string, name: string): SecretVersion | undefined {
    const secret = this.secret(host, name);
    return secret === undefined ? undefined : this.newestOf(secret);
  }

  newestOf(secret: Secret): SecretVersion | undefined {
    const laterWins = this.#world.settings.newestOfTie === 'laterSet';
    let newest: SecretVersion | undefined;
    for (const version of secret.versions) {
      if (newest === undefined || version.created > newest.created) newest = version;
      else if (version.created === newest.created && laterWins) newest = version;
    }
    return newest;
  }

  /** Puts a secret there as if it had always been: no rule is applied, nobody is told. */
  plant(host: string, secret: Secret): void {
    this.#room(host).secrets.set(secret.name.toLowerCase(), secret);
  }

  /** The same state, for another world to go on from. */
  fork(world: Surroundings): KeyVault {
    const copy = new KeyVault(world);
    for (const [host, room] of this.#rooms) {
      copy.#rooms.set(host, {
        vault: room.vault,
        secrets: new Map(room.secrets),
        deleted: new Map(room.deleted),
      });
    }
    return copy;
  }

  /** Key Vault's own clock. */
  get #now(): number {
    return serviceNow(this.#world, 'keyVault');
  }

  #room(host: string): Room {
    const room = this.#rooms.get(host.toLowerCase());
    if (room === undefined) throw new Error(`The world has no vault at "${host}".`);
    return room;
  }

  #refusal(room: Room, caller: string, permission: SecretPermission): VaultRefusal | undefined {
    if (room.vault.shutOut) return { kind: 'forbidden', reason: 'ForbiddenByFirewall' };
    if (room.vault.access.get(caller)?.has(permission) === true) return undefined;
    return room.vault.authorization === 'rbac'
      ? { kind: 'forbidden', reason: 'ForbiddenByRbac' }
      : { kind: 'accessDenied', permission };
  }

  #fieldRefusal(name: string, fields: Partial<SecretFields>): VaultRefusal | undefined {
    const { tagLengthLimit } = this.#world.settings;
    if (!/^[0-9a-z-]{1,127}$/i.test(name)) return badParameter(`The request URI contains an invalid name: ${name}`);
    if (fields.value !== undefined && Buffer.byteLength(fields.value) > LARGEST_VALUE)
      return badParameter(`Property value has invalid value: it is larger than ${LARGEST_VALUE} bytes`);
    if ((fields.contentType ?? '').length > LONGEST_CONTENT_TYPE)
      return badParameter('Property contentType has invalid value');
    const tags = Object.entries(fields.tags ?? {});
    if (tags.length > MOST_TAGS) return badParameter(`Property tags has invalid value: more than ${MOST_TAGS} tags`);
    const tooLong = tags.find(([key, value]) => key.length > tagLengthLimit || value.length > tagLengthLimit);
    return tooLong === undefined ? undefined : badParameter('Property tags has invalid value: too long');
  }

  #page<Entry extends { readonly secret: string; readonly version: SecretVersion }>(
    entries: readonly Entry[],
    keyOf: (entry: Entry) => string,
    page: { readonly size?: number; readonly skipToken?: string },
  ): SecretPage | VaultRefusal {
    const asked = page.size ?? LARGEST_PAGE;
    if (!Number.isInteger(asked) || asked < 1 || asked > LARGEST_PAGE)
      return badParameter(`Invalid maxresults value. Should be within [1-${LARGEST_PAGE}].`);
    const size = Math.min(asked, this.#world.settings.vaultPageSize);
    const after = page.skipToken === undefined ? '' : Buffer.from(page.skipToken, 'base64url').toString();
    const start = entries.findIndex((entry) => keyOf(entry) > after);
    const shown = start === -1 ? [] : entries.slice(start, start + size);
    const last = shown.at(-1);
    const more = last !== undefined && start + size < entries.length;
    return { kind: 'page', entries: shown, skipToken: more ? Buffer.from(keyOf(last)).toString('base64url') : '' };
  }

  #deleted(room: Room, name: string): DeletedAnswer | VaultRefusal {
    const secret = room.deleted.get(name.toLowerCase());
    const newest = secret === undefined ? undefined : this.newestOf(secret);
    return secret === undefined || newest === undefined ? notFound(name) : { kind: 'deleted', secret, newest };
  }

  #shown(secret: Secret, version: SecretVersion | undefined): SecretAnswer | VaultRefusal {
    if (version === undefined) return notFound(secret.name);
    if (!version.enabled) return { kind: 'disabled' };
    const isEarly = version.notBefore !== undefined && version.notBefore * 1000 > this.#now;
    if (isEarly && this.#world.settings.secretBeforeItsDate === 'refused') return { kind: 'notYetValid' };
    return { kind: 'version', secret: secret.name, version };
  }

  #isBeingDeleted(secret: DeletedSecret): boolean {
    return this.#now < secret.deletedAt + this.#world.settings.deletionSeconds * 1000;
  }

  #conflict(secret: DeletedSecret): VaultRefusal {
    const reason = this.#isBeingDeleted(secret) ? 'ObjectIsBeingDeleted' : 'ObjectIsDeletedButRecoverable';
    return { kind: 'conflict', reason };
  }
}

function notFound(what: string): VaultRefusal {
  return { kind: 'notFound', what };
}

function badParameter(message: string): VaultRefusal {
  return { kind: 'badParameter', message };
}

function versionOf(secret: Secret, version: string): SecretVersion | undefined {
  return secret.versions.find((each) => each.version === version.toLowerCase());
}
