import { minute } from '../../renewal/instant.ts';
import type { Claim, Log } from '../../renewal/log.ts';
import type { SecretVersion } from '../../services/secret-store.ts';
import { claimOf } from './tags.ts';

/** The versions of a secret, oldest first. */
export type Versions = readonly SecretVersion[];

/** Whether times alone do not tell which version is the newest: they are whole seconds, and two may share one. */
export function isNewestTied(versions: Versions): boolean {
  const latest = Math.max(...versions.map((version) => version.created));
  return versions.filter((version) => version.created === latest).length > 1;
}

/** Sorts by `created`; where the latest tie, `newestId` (what a read of the secret returns) is the newest. */
export function orderVersions(versions: Versions, newestId?: string): Versions {
  const rank = (version: SecretVersion) => (version.id === newestId ? 1 : 0);
  return [...versions].sort((a, b) => a.created - b.created || rank(a) - rank(b));
}

/**
 * What the versions tell of deliveries. Tags that were copied by hand prove nothing: their time is not the version's own
 * (30 minutes are allowed between two clocks), or an older version has the very same ones.
 */
export function logOf(versions: Versions): Log {
  const seen = new Set<string>();
  return versions.map((version) => {
    const claim = claimOf(version);
    const stamp = JSON.stringify([claim?.authorizationId, claim?.at]);
    const isProven = claim !== undefined && isComplete(claim) && isTimely(claim, version) && !seen.has(stamp);
    seen.add(stamp);
    return { key: version.id, at: version.created, isServed: version.enabled, claim, isProven };
  });
}

function isComplete({ account, organization }: Claim): boolean {
  return account !== '' && organization !== '';
}

function isTimely({ at }: Claim, { created }: SecretVersion): boolean {
  return !Number.isNaN(at) && Math.abs(at - created) <= 30 * minute;
}
