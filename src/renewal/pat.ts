import type { Instant } from './instant.ts';

/** A personal access token as the lifecycle API lists it. Never its value. */
export interface Pat {
  readonly authorizationId: string;
  readonly displayName: string;
  /** Scopes separated by single spaces, in the service's order. */
  readonly scope: string;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  /** Valid in all organizations that the account can reach (`targetAccounts` is null). */
  readonly isGlobal: boolean;
}

/**
 * Global PATs stop working on this day.
 * Source: devblogs.microsoft.com/devops/retirement-of-global-personal-access-tokens-in-azure-devops
 */
export const globalPatsEnd: Instant = Date.UTC(2026, 11, 1);

/** When the PAT stops working: `validTo`, for a global PAT no later than the retirement of these. */
export function endOf(pat: Pat): Instant {
  return pat.isGlobal ? Math.min(pat.validTo, globalPatsEnd) : pat.validTo;
}

/** The scopes as a set in one canonical string: the service does not promise an order. */
export function scopeSet(scope: string): string {
  return [...new Set(scope.split(/\s+/).filter((part) => part !== ''))].sort().join(' ');
}

/** A younger PAT may belong to a run that is still going (the longest job is far shorter). */
export const settledAfterHours = 12;
