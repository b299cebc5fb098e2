import { type Instant, toIsoSeconds } from '../../renewal/instant.ts';
import type { Claim } from '../../renewal/log.ts';
import type { SecretVersion } from '../../services/secret-store.ts';

/** Key Vault takes 15 tags a secret; the task needs 5 of them. */
export const personalTagsAtMost = 10;
/** Key Vault's older documents allow 256 characters in a tag's value, the newer 512: the smaller one holds. */
const tagLength = 256;
const prefix = 'renewPats-';

/** What is written beside a value, in the same call. */
export interface Delivery extends Omit<Claim, 'at'> {
  readonly deliveredAt: Instant;
}

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

/** What the tags of a version claim, whoever wrote them; undefined if they name no PAT. */
export function claimOf({ tags }: SecretVersion): Claim | undefined {
  const authorizationId = tags['renewPats-authorizationId']?.toLowerCase();
  if (authorizationId === undefined) return undefined;
  return {
    authorizationId,
    account: tags['renewPats-account'] ?? '',
    organization: tags['renewPats-organization'] ?? '',
    displayName: tags['renewPats-displayName'] ?? '',
    at: Date.parse(tags['renewPats-deliveredAt'] ?? ''),
  };
}
