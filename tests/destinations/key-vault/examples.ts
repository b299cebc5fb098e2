import { deliveryTags } from '../../../src/destinations/key-vault/tags.ts';
import { type Instant, minute } from '../../../src/renewal/instant.ts';
import type { SecretVersion } from '../../../src/services/secret-store.ts';
import { owner } from '../../renewal/examples.ts';

/** A version that a person stored: no tags of the task's. */
export function untagged(id: string, created: Instant, overrides: Partial<SecretVersion> = {}): SecretVersion {
  return { id, created, enabled: true, expiresOn: undefined, contentType: undefined, tags: {}, ...overrides };
}

/** A version that the task delivered. */
export function tagged(
  id: string,
  authorizationId: string,
  created: Instant,
  overrides: Partial<SecretVersion> = {},
): SecretVersion {
  const tags = deliveryTags({ authorizationId, ...owner, displayName: 'Build feed', deliveredAt: created });
  return { ...untagged(id, created), tags, ...overrides };
}

/** The task's tags, copied by hand onto a value of another time. */
export function copiedTags(id: string, authorizationId: string, created: Instant): SecretVersion {
  return { ...tagged(id, authorizationId, created - 31 * minute), created };
}
