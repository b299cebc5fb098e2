import type { Directory } from '../../modes/directory.ts';
import type { Instant } from '../../renewal/instant.ts';
import type { Pat } from '../../renewal/pat.ts';
import type { Observation, RecordedPat } from '../../renewal/plan.ts';
import {
  deliveryTags,
  hasPatShape,
  isNewestTied,
  type Newest,
  namedPat,
  type Owner,
  orderVersions,
  personalTags,
  readDelivery,
  readNewest,
  type SecretVersion,
  type VersionHistory,
} from '../../renewal/record.ts';
import type { SecretStore } from '../../services/secret-store.ts';
import { ServiceError } from '../../services/service-error.ts';

export type VaultObservation = Observation & { kind: 'vault' };

/**
 * Reads the record of a family: the secret's versions, and whom the newest one names.
 * @param adopting also look at a value that the task did not write: whether it may be replaced
 * @throws ServiceError
 */
export async function observeSecret(
  store: SecretStore,
  secret: string,
  directory: Directory,
  owner: Owner,
  adopting: boolean,
): Promise<VaultObservation> {
  const history = await readHistory(store, secret);
  const newest = readNewest(history, owner);
  const current = await recordedPat(newest, directory);
  const untaggedValue =
    adopting && newest.kind === 'untagged' ? await shapeOfValue(store, secret, newest.version.id) : undefined;
  return { kind: 'vault', history, newest, current, untaggedValue };
}

async function readHistory(store: SecretStore, secret: string): Promise<VersionHistory> {
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

async function recordedPat(newest: Newest, directory: Directory): Promise<RecordedPat> {
  if (newest.kind !== 'record') return { kind: 'none' };
  const { authorizationId } = newest.delivery;
  const found = await directory.find(authorizationId);
  return found.kind === 'gone' ? { kind: 'gone', authorizationId } : found;
}

async function shapeOfValue(store: SecretStore, secret: string, id: string): Promise<'pat' | 'other' | 'unreadable'> {
  try {
    const read = await store.version(secret, id);
    return read.kind === 'read' && hasPatShape(read.value) ? 'pat' : 'other';
  } catch (error) {
    if (error instanceof ServiceError && error.status === 403) return 'unreadable';
    throw error;
  }
}

export interface VaultDelivery {
  readonly secret: string;
  readonly pat: Pat;
  readonly token: string;
  readonly familyName: string;
  readonly owner: Owner;
  /** The newest version so far: its tags and content type are a person's, and stay. */
  readonly previous: SecretVersion | undefined;
  /** Throws when too much time has passed since the PAT was made. */
  readonly beforeEach: () => void;
}

/**
 * Stores the value with its expiry, content type and all tags in one call: nothing can die in between.
 * @throws ServiceError; `unknown` if any attempt's fate is not known, even after looking
 */
export async function deliverToVault(store: SecretStore, delivery: VaultDelivery): Promise<SecretVersion> {
  const { secret, pat, owner, previous } = delivery;
  const tags = {
    ...personalTags(previous),
    ...deliveryTags({
      authorizationId: pat.authorizationId,
      account: owner.account,
      organization: owner.organization,
      displayName: delivery.familyName,
      deliveredAt: store.now(),
    }),
  };
  const content = {
    value: delivery.token,
    contentType: previous?.contentType ?? 'text/plain',
    expiresOn: wholeSeconds(pat.validTo),
    tags,
  };
  try {
    const set = await store.set(secret, content, delivery.beforeEach);
    if (previous === undefined || set.created > previous.created) return set;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.outcome !== 'unknown') throw error;
    // A lost answer is not a "no": look whether the value has arrived.
    const arrived = await arrivedVersion(store, secret, pat.authorizationId).catch(() => undefined);
    if (arrived === undefined) throw error;
    return arrived;
  }
  // Two values within one second: which of them consumers are given is the vault's to say.
  const newest = await arrivedVersion(store, secret, pat.authorizationId).catch(() => undefined);
  if (newest !== undefined) return newest;
  throw new ServiceError(
    `Another value was stored in secret "${secret}" in vault "${store.name}" within the same second, and which of the two its consumers are given is not certain.`,
    { outcome: 'unknown', code: 'StoredAtOnce' },
  );
}

async function arrivedVersion(
  store: SecretStore,
  secret: string,
  authorizationId: string,
): Promise<SecretVersion | undefined> {
  const newest = (await readHistory(store, secret)).at(-1);
  return newest !== undefined && namedPat(newest) === authorizationId.toLowerCase() ? newest : undefined;
}

/** Key Vault keeps whole seconds; rounding down never promises more than there is. */
export function wholeSeconds(instant: Instant): Instant {
  return Math.floor(instant / 1000) * 1000;
}

/** Whether the secret's newest version still is the one that the run decided on. @throws ServiceError */
export async function isRecordUnchanged(store: SecretStore, secret: string, history: VersionHistory): Promise<boolean> {
  const read = await store.newest(secret);
  return read.kind === 'read' && isSameRecord(read.version, history.at(-1));
}

/**
 * The same, right after a delivery of this run: what somebody stored between the first look and that delivery lies
 * below the newest version now, so all versions are looked at. @throws ServiceError
 */
export async function isHistoryUnchanged(
  store: SecretStore,
  secret: string,
  history: VersionHistory,
): Promise<boolean> {
  const known = new Set(history.map((version) => version.id));
  const versions = await store.versions(secret);
  const newest = versions.find((version) => version.id === history.at(-1)?.id);
  const isOnTop = newest !== undefined && isSameRecord(newest, history.at(-1));
  // A repeated attempt may have left two versions of the PAT that was delivered.
  const current = history.at(-1);
  const isTheSame = (version: SecretVersion) =>
    readDelivery(version) !== undefined && namedPat(version) === (current && namedPat(current));
  return isOnTop && versions.every((version) => known.has(version.id) || isTheSame(version));
}

function isSameRecord(version: SecretVersion, decidedOn: SecretVersion | undefined): boolean {
  if (decidedOn === undefined || version.id !== decidedOn.id || !version.enabled) return false;
  return readDelivery(version) !== undefined && namedPat(version) === namedPat(decidedOn);
}
