import { deliveryTags } from '../../src/destinations/key-vault/tags.ts';
import { type Family, familiesOf, type Member } from '../../src/renewal/family.ts';
import { hour, type Instant, minute } from '../../src/renewal/instant.ts';
import type { Owner } from '../../src/renewal/log.ts';
import { type Pat, validity } from '../../src/renewal/pat.ts';
import type { RenewalPolicy } from '../../src/renewal/policy.ts';
import type { SecretVersion } from '../../src/services/secret-store.ts';

/** The day on which all examples play. */
export const now: Instant = Date.UTC(2026, 9, 5, 4);

export const at = (iso: string): Instant => Date.parse(iso);
export const hoursAgo = (hours: number): Instant => now - hours * hour;
export const inHours = (hours: number): Instant => now + hours * hour;

export const policy: RenewalPolicy = {
  lifetimeDays: 60,
  renewBeforeDays: 14,
  revokeAfterHours: 48,
  includeExpired: false,
  allOrgs: 'keep',
};

/** A PAT of the family "Build feed": a month old, ends in a month. */
export function pat(authorizationId: string, overrides: Partial<Pat> = {}): Pat {
  return {
    authorizationId,
    displayName: 'Build feed',
    scope: 'vso.packaging',
    validFrom: hoursAgo(30 * 24),
    validTo: inHours(30 * 24),
    ...validity(overrides.isGlobal ? undefined : (overrides.targetAccounts ?? ['contoso-id'])),
    ...overrides,
  };
}

/** What the service lists as active; all of one name and scope set. */
export function familyOf(...active: readonly Pat[]): Family {
  return familyWith(active, []);
}

export function familyWith(active: readonly Pat[], expired: readonly Pat[]): Family {
  const [family] = familiesOf('contoso', { active, expired }, now);
  if (family === undefined) throw new Error('a family needs a PAT');
  return family;
}

export function memberNamed(family: Family, authorizationId: string): Member {
  const member = family.members.find((candidate) => candidate.pat.authorizationId === authorizationId);
  if (member === undefined) throw new Error(`no ${authorizationId} in the family`);
  return member;
}

export const owner: Owner = { account: 'svc-account', organization: 'contoso' };

/** A version that a person stored: no tags of the task's. */
export function untagged(id: string, created: Instant, overrides: Partial<SecretVersion> = {}): SecretVersion {
  return { id, created, enabled: true, expiresOn: undefined, contentType: undefined, tags: {}, ...overrides };
}

/** A version that the task delivered. */
export function delivered(
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
  return { ...delivered(id, authorizationId, created - 31 * minute), created };
}
