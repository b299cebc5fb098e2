import { type Instant, minute, second, toIsoSeconds } from '../../renewal/instant.ts';
import type { Log, LogEntry, Occupant, Owner, UnrecordedValue } from '../../renewal/log.ts';
import { hasPatShape } from '../../renewal/pat-shape.ts';
import type { SecretStore, SecretVersion } from '../../services/secret-store.ts';
import { ServiceError } from '../../services/service-error.ts';
import type { Delivered, Looking, Parcel, Place, Sight } from '../port.ts';
import { timesPutBack } from './put-back.ts';
import { claimOf, deliveryTags, personalTags, personalTagsAtMost } from './tags.ts';
import { isNewestTied, logOf, orderVersions, type Versions } from './versions.ts';

/** A secret of a vault: its versions and their tags are a log of deliveries, and its value can be read back. */
export function secretPlace(store: SecretStore, secret: string): Place {
  const label = `${store.name}/${secret}`;
  return {
    key: keyOf(store, secret),
    store: `vault:${store.name}`,
    label,
    phrase: `secret ${label}`,
    isReadable: true,
    look: async (looking) => {
      const versions = await readVersions(store, secret);
      const newest = versions.at(-1);
      const occupant = await occupantOf(store, secret, versions, looking);
      return sightOf({ store, secret, owner: looking.owner }, versions, occupant, async () =>
        isSameRecord(await store.newest(secret), newest),
      );
    },
  };
}

function keyOf(store: SecretStore, secret: string): string {
  return `secret:${store.name}/${secret}`.toLowerCase();
}

interface Secret {
  readonly store: SecretStore;
  readonly secret: string;
  readonly owner: Owner;
}

function sightOf(at: Secret, versions: Versions, occupant: Occupant, isUnchanged: () => Promise<boolean>): Sight {
  const { store, secret } = at;
  const newest = versions.at(-1);
  const log = logOf(versions);
  return {
    key: keyOf(store, secret),
    log,
    occupant,
    recordedEnd: newest?.expiresOn,
    obstacle: obstacleOf(at, newest),
    edit: undefined,
    now: store.now,
    tellsTime: store.tellsTime,
    preview: ({ pat, familyName }) => preview(at, log, pat.authorizationId, familyName),
    deliver: (parcel) => deliver(at, versions, parcel),
    isUnchanged,
    ...(newest === undefined ? {} : { checkWritable: () => store.checkWritable(secret, newest) }),
    follow: async (end) => {
      const wanted = wholeSeconds(end);
      if (newest === undefined || (newest.expiresOn !== undefined && newest.expiresOn >= wanted)) return false;
      await store.setExpiry(secret, newest.id, wanted);
      return true;
    },
    discard: async (keys) => {
      for (const key of keys) if (key !== newest?.id) await store.disable(secret, key);
    },
    read: async () => {
      const read = await store.newest(secret);
      if (read.kind === 'read' && read.version.id === newest?.id) return read.value;
      throw new ServiceError(`Secret ${store.name}/${secret} was changed meanwhile.`, {
        outcome: 'refused',
        code: 'Changed',
      });
    },
  };
}

function obstacleOf({ store, secret }: Secret, newest: SecretVersion | undefined): string | undefined {
  if (Object.keys(personalTags(newest)).length <= personalTagsAtMost) return undefined;
  return (
    `secret ${store.name}/${secret} has more than ${personalTagsAtMost} tags of its own; Key Vault takes 15 and the task needs 5. ` +
    'Remove some tags from its newest version.'
  );
}

async function readVersions(store: SecretStore, secret: string): Promise<Versions> {
  const versions = await store.versions(secret);
  if (versions.length < 2 || !isNewestTied(versions)) return orderVersions(versions);
  // `created` has whole seconds: where the latest tie, only a read of the secret tells which one consumers get.
  const read = await store.newest(secret);
  if (read.kind === 'read') {
    const known = versions.some((version) => version.id === read.version.id);
    return orderVersions(known ? versions : [...versions, read.version], read.version.id);
  }
  const latest = Math.max(...versions.map((version) => version.created));
  const disabled = versions.filter((version) => version.created === latest && !version.enabled);
  return orderVersions(versions, disabled.at(-1)?.id);
}

async function occupantOf(store: SecretStore, secret: string, versions: Versions, looking: Looking): Promise<Occupant> {
  const newest = versions.at(-1);
  const entry = logOf(versions).at(-1);
  if (newest === undefined || entry === undefined) return { kind: 'nothing' };
  const proven = entry.isProven ? entry.claim : undefined;
  if (!newest.enabled) return { kind: 'disabled', claim: proven };
  if (newest.managed === true) return { kind: 'unrecorded', value: 'managed' };
  if (proven !== undefined) return { kind: 'delivered', claim: proven };
  return looking.isAdopting ? unrecorded(store, secret, versions, looking) : { kind: 'unrecorded', value: 'unknown' };
}

async function unrecorded(store: SecretStore, secret: string, versions: Versions, looking: Looking): Promise<Occupant> {
  const told = (value: UnrecordedValue) => ({ kind: 'unrecorded', value }) as const;
  try {
    const read = await store.version(secret, versions.at(-1)?.id ?? '');
    if (read.kind !== 'read' || !hasPatShape(read.value)) return told('other');
    if (await looking.isAnothers(read.value.trim())) return told('another identity’s');
    const putBack = await timesPutBack(store, secret, versions, read.value);
    return putBack === 0 ? told('pat') : { ...told('pat'), putBack };
  } catch (error) {
    if (error instanceof ServiceError && error.status === 403) return told('unreadable');
    throw error;
  }
}

function preview(at: Secret, log: Log, authorizationId: string, displayName: string): Log {
  const now = at.store.now();
  const claim = { authorizationId: authorizationId.toLowerCase(), displayName, ...at.owner, at: now };
  return [...log, { key: 'planned', at: now, isServed: true, claim, isProven: true }];
}

/** Stores the value with its expiry, content type and all tags in one call: nothing can die in between. */
async function deliver(at: Secret, versions: Versions, parcel: Parcel): Promise<Delivered> {
  try {
    const { set, stamps } = await setVersion(at, versions, parcel);
    const stored = [...versions, set];
    const after = sightOf(at, stored, { kind: 'delivered', claim: claimIn(set, parcel) }, () =>
      isHistoryUnchanged(at, stored, stamps),
    );
    return { kind: 'delivered', at: set.created, after };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { kind: error.outcome === 'unknown' ? 'unknown' : 'refused', error };
  }
}

function claimIn(version: SecretVersion, { pat }: Parcel) {
  const claim = claimOf(version);
  if (claim === undefined) throw new Error(`the version that names PAT ${pat.authorizationId} has no tags`);
  return claim;
}

async function setVersion(at: Secret, versions: Versions, parcel: Parcel): Promise<Stored> {
  const { store, secret, owner } = at;
  const { pat, familyName: displayName, checkTime } = parcel;
  const { authorizationId } = pat;
  const previous = versions.at(-1);
  const stamps: Instant[] = [];
  const contentOf = () => {
    checkTime();
    // Each attempt has a stamp of its own: of two versions with the same one the younger counts as a copy by hand.
    const deliveredAt = Math.max(wholeSeconds(store.now()), (stamps.at(-1) ?? 0) + second);
    stamps.push(deliveredAt);
    return {
      value: parcel.token,
      contentType: previous?.contentType ?? 'text/plain',
      expiresOn: wholeSeconds(pat.validTo),
      tags: { ...personalTags(previous), ...deliveryTags({ authorizationId, ...owner, displayName, deliveredAt }) },
    };
  };
  let set: SecretVersion;
  try {
    set = await store.set(secret, contentOf);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.outcome !== 'unknown') throw error;
    // A lost answer is not a "no": look whether the value has arrived.
    const arrived = await arrivedVersion(at, authorizationId, stamps).catch(() => undefined);
    if (arrived === undefined) throw error;
    set = arrived;
  }
  checkClocks(at, set);
  checkArrival(checkTime, set.created);
  if (previous === undefined || set.created > previous.created) return { set, stamps };
  // Two values within one second: which of them consumers are given is the vault's to say.
  const newest = await arrivedVersion(at, authorizationId, stamps).catch(() => undefined);
  if (newest !== undefined) return { set: newest, stamps };
  throw new ServiceError(
    `Another value was stored in secret ${store.name}/${secret} within the same second, and which of the two its consumers are given is not certain.`,
    { outcome: 'unknown', code: 'StoredAtOnce' },
  );
}

/** What was stored, and the stamps of all attempts: an earlier one may have arrived as well. */
interface Stored {
  readonly set: SecretVersion;
  readonly stamps: readonly Instant[];
}

/** A record whose time is not its version's own would not be recognised by the next run, and each night would make one more. */
function checkClocks({ store, secret }: Secret, version: SecretVersion): void {
  const { created } = version;
  const deliveredAt = claimOf(version)?.at ?? created;
  if (Math.abs(created - deliveredAt) <= 15 * minute) return;
  throw new ServiceError(
    `The vault's clocks contradict each other: by the Date of its answers secret ${store.name}/${secret} was stored at ` +
      `${toIsoSeconds(deliveredAt)}, by the version's own created at ${toIsoSeconds(created)}. Look what stands between the agent and ` +
      'the vault (a proxy that answers from memory, a gateway with a wrong clock).',
    { outcome: 'unknown', code: 'ClocksDiffer' },
  );
}

/** The value has arrived: that it came too late makes what it is worth unknown, and nothing is taken back. */
function checkArrival(checkTime: Parcel['checkTime'], told: Instant): void {
  try {
    checkTime(told);
  } catch (error) {
    throw error instanceof ServiceError ? error.withOutcome('unknown') : error;
  }
}

/** The newest version, if it certainly is the task's delivery of this PAT and consumers are given it. */
async function arrivedVersion(
  { store, secret }: Secret,
  authorizationId: string,
  stamps: readonly Instant[],
): Promise<SecretVersion | undefined> {
  const versions = await readVersions(store, secret);
  const entry = logOf(versions).at(-1);
  const isIt =
    entry?.isProven === true &&
    entry.isServed &&
    entry.claim?.authorizationId === authorizationId.toLowerCase() &&
    // Somebody may have copied the tags onto a value of their own.
    stamps.includes(entry.claim.at);
  return isIt ? versions.at(-1) : undefined;
}

/** Key Vault keeps whole seconds; rounding down never promises more than there is. */
export function wholeSeconds(instant: Instant): Instant {
  return Math.floor(instant / 1000) * 1000;
}

/**
 * Right after a delivery of this run: what somebody stored between the first look and that delivery lies below the
 * newest version now, so all versions are looked at. @throws ServiceError
 */
async function isHistoryUnchanged(
  { store, secret }: Secret,
  decidedOn: Versions,
  stamps: readonly Instant[],
): Promise<boolean> {
  const current = decidedOn.at(-1);
  const known = new Set(decidedOn.map((version) => version.id));
  const versions = orderVersions(await store.versions(secret), current?.id);
  const isOnTop = versions.some((version) => isSameVersion(version, current));
  const named = current && claimOf(current)?.authorizationId;
  // A repeated attempt may have left another version of the PAT that was delivered; a copy of its tags is none.
  const isOfThisRun = ({ claim, isProven }: LogEntry) =>
    isProven && claim !== undefined && claim.authorizationId === named && stamps.includes(claim.at);
  const there = new Set(versions.map(({ id }) => id));
  // A vault that was restored from a backup meanwhile had given out what this run takes for long superseded.
  const isWhole = decidedOn.every(({ id }) => there.has(id));
  return isOnTop && isWhole && logOf(versions).every((entry) => known.has(entry.key) || isOfThisRun(entry));
}

function isSameRecord(read: Awaited<ReturnType<SecretStore['newest']>>, decidedOn: SecretVersion | undefined): boolean {
  return read.kind === 'read' && isSameVersion(read.version, decidedOn);
}

function isSameVersion(version: SecretVersion, decidedOn: SecretVersion | undefined): boolean {
  if (decidedOn === undefined || version.id !== decidedOn.id || !version.enabled) return false;
  const [now, then] = [claimOf(version), claimOf(decidedOn)];
  return now !== undefined && now.authorizationId === then?.authorizationId && now.at === then.at;
}
