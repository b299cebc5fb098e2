import { type Instant, minute, toIsoSeconds } from './instant.ts';

/** One version of a secret, without its value. */
export interface SecretVersion {
  readonly id: string;
  /** Whole seconds, as Key Vault keeps them. */
  readonly created: Instant;
  readonly enabled: boolean;
  readonly expiresOn: Instant | undefined;
  readonly contentType: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Key Vault keeps it for a certificate of the same name: its value is nobody's to replace. Absent: no. */
  readonly managed?: boolean;
  /** Consumers may not use the value before this instant (`nbf`), and some vaults do not give it. Absent: at once. */
  readonly notBefore?: Instant;
}

/** What the task writes beside a value, in the same call: whose it is and which PAT it belongs to. */
export interface Delivery {
  readonly authorizationId: string;
  /** Id of the service account, as `connectionData` gives it. */
  readonly account: string;
  readonly organization: string;
  readonly displayName: string;
  readonly deliveredAt: Instant;
}

/** Key Vault takes 15 tags a secret; the task needs 5 of them. */
export const personalTagsAtMost = 10;
/** Key Vault's older documents allow 256 characters in a tag's value, the newer 512: the smaller one holds. */
const tagLength = 256;
const prefix = 'renewPats-';

export function deliveryTags(delivery: Delivery): Record<string, string> {
  const tags = {
    'renewPats-authorizationId': delivery.authorizationId,
    'renewPats-account': delivery.account,
    'renewPats-organization': delivery.organization,
    'renewPats-displayName': delivery.displayName,
    'renewPats-deliveredAt': toIsoSeconds(delivery.deliveredAt),
  };
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, cut(value)]));
}

/** Never splits a character that takes two code units: half of one is refused by the service. */
function cut(value: string): string {
  if (value.length <= tagLength) return value;
  const end = /[\uD800-\uDBFF]/.test(value.charAt(tagLength - 1)) ? tagLength - 1 : tagLength;
  return value.slice(0, end);
}

/** The tags that are a person's, to be carried over to the next version. */
export function personalTags(version: SecretVersion | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(version?.tags ?? {}).filter(([name]) => !name.startsWith(prefix)));
}

/** The PAT that a version says it holds, whoever wrote the tags. */
export function namedPat(version: SecretVersion): string | undefined {
  return version.tags['renewPats-authorizationId']?.toLowerCase();
}

/**
 * What the task delivered with this version, if it did: all tags there, and `deliveredAt` within 30 minutes of the
 * version's own time. Tags that were copied by hand onto another value fail the second.
 */
export function readDelivery(version: SecretVersion): Delivery | undefined {
  const authorizationId = namedPat(version);
  const account = version.tags['renewPats-account'];
  const organization = version.tags['renewPats-organization'];
  const deliveredAt = Date.parse(version.tags['renewPats-deliveredAt'] ?? '');
  if (authorizationId === undefined || account === undefined || organization === undefined) return undefined;
  if (Number.isNaN(deliveredAt) || Math.abs(deliveredAt - version.created) > 30 * minute) return undefined;
  const displayName = version.tags['renewPats-displayName'] ?? '';
  return { authorizationId, account, organization, displayName, deliveredAt };
}

/** Who may call a record its own. */
export interface Owner {
  readonly account: string;
  readonly organization: string;
}

export function isOwn(delivery: Delivery, owner: Owner): boolean {
  return (
    delivery.account.toLowerCase() === owner.account.toLowerCase() &&
    delivery.organization.toLowerCase() === owner.organization.toLowerCase()
  );
}

/** The versions of a secret from oldest to newest. */
export type VersionHistory = readonly SecretVersion[];

/** Whether times alone do not tell which version is the newest: they are whole seconds, and two may share one. */
export function isNewestTied(versions: readonly SecretVersion[]): boolean {
  const latest = Math.max(...versions.map((version) => version.created));
  return versions.filter((version) => version.created === latest).length > 1;
}

/** Sorts by `created`; where the latest tie, `newestId` (what a read of the secret returns) is the newest. */
export function orderVersions(versions: readonly SecretVersion[], newestId?: string): VersionHistory {
  const rank = (version: SecretVersion) => (version.id === newestId ? 1 : 0);
  return [...versions].sort((a, b) => a.created - b.created || rank(a) - rank(b));
}

/** Ties count as "not newer", except for the newest version, which counts as newer than all others. */
export function isNewer(history: VersionHistory, version: SecretVersion, than: SecretVersion): boolean {
  if (version.id === than.id) return false;
  return version.created > than.created || version.id === history.at(-1)?.id;
}

/** What the newest version of a secret is to the task. */
export type Newest =
  | { readonly kind: 'none' }
  | { readonly kind: 'record'; readonly version: SecretVersion; readonly delivery: Delivery }
  | { readonly kind: 'somebody else’s'; readonly version: SecretVersion; readonly delivery: Delivery }
  | { readonly kind: 'disabled'; readonly version: SecretVersion }
  | { readonly kind: 'untagged'; readonly version: SecretVersion };

export function readNewest(history: VersionHistory, owner: Owner): Newest {
  const version = history.at(-1);
  if (version === undefined) return { kind: 'none' };
  const delivery = readDelivery(version);
  if (delivery !== undefined && !isOwn(delivery, owner)) return { kind: 'somebody else’s', version, delivery };
  if (!version.enabled) return { kind: 'disabled', version };
  return delivery === undefined ? { kind: 'untagged', version } : { kind: 'record', version, delivery };
}

/**
 * Whether a value looks like a PAT: 84 characters with `AZDO` at 76, or the older 52 in lower-case base32.
 * Source: Azure DevOps release notes, sprint 241; microsoft/security-utilities SEC101/102.
 */
export function hasPatShape(value: string): boolean {
  return /^(?:[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|[a-z2-7]{52})$/.test(value);
}
