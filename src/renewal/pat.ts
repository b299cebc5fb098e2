import type { Instant } from './instant.ts';

/** A personal access token as the lifecycle API lists it. Never its value. */
export interface Pat {
  readonly authorizationId: string;
  readonly displayName: string;
  /** Scopes separated by single spaces, in the service's order. */
  readonly scope: string;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  /** The ids of the organizations where it is valid; undefined: in all that the account can reach. */
  readonly targetAccounts: readonly string[] | undefined;
  /** Valid in all organizations that the account can reach: the service names none. */
  readonly isGlobal: boolean;
  /** Valid in more than one organization: in all, or in several that are named. Never revoked, renamed or narrowed. */
  readonly isShared: boolean;
}

/** What `targetAccounts` says of a PAT. Where the field is missing, or names nothing, it may be valid anywhere: the safe side. */
export function validity(targetAccounts: readonly string[] | null | undefined) {
  const named = [...new Set(targetAccounts ?? [])];
  const isGlobal = named.length === 0;
  return { targetAccounts: isGlobal ? undefined : named, isGlobal, isShared: named.length !== 1 };
}

/**
 * What an update has to ask for so that the PAT stays valid where it is. The published update knows `allOrgs` alone, and
 * `false` would leave one organization of several: so for these it is not sent (source: pat API 7.2, PatTokenUpdateRequest).
 */
export function allOrgsAsItIs({ isGlobal, isShared }: Pat): boolean | undefined {
  return isShared && !isGlobal ? undefined : isGlobal;
}

/**
 * Global PATs stop working on this day.
 * Source: devblogs.microsoft.com/devops/retirement-of-global-personal-access-tokens-in-azure-devops
 */
export const globalPatsEnd: Instant = Date.UTC(2026, 11, 1);

/** When the PAT stops working: `validTo`, for a global PAT no later than the retirement of these. */
export function endOf(pat: Pick<Pat, 'validTo' | 'isGlobal'>): Instant {
  return pat.isGlobal ? Math.min(pat.validTo, globalPatsEnd) : pat.validTo;
}

/** The scopes as a set in one canonical string: the service does not promise an order. */
export function scopeSet(scope: string): string {
  return [...new Set(scope.split(/\s+/).filter((part) => part !== ''))].sort().join(' ');
}

/** A younger PAT may belong to a run that is still going (the longest job is far shorter). */
export const settledAfterHours = 12;
