import type { PatPolicies } from './organization.ts';
import type { SessionTokenError } from './session-token-error.ts';

export const FULL_ACCESS = 'app_token';
export const DAY = 86_400_000;

/** What a policy says about a PAT that is to be: nothing, or why not. The lifespan is not here: it cuts, it does not refuse. */
export function policyRefusal(
  policies: PatPolicies,
  accountId: string,
  pat: { readonly scope: string; readonly allOrgs: boolean },
): SessionTokenError | undefined {
  if (policies.allowlist.has(accountId)) return undefined;
  if (policies.restrictGlobal && pat.allOrgs) return 'globalPatPolicyViolation';
  if (policies.restrictFullScope && pat.scope === FULL_ACCESS) return 'fullScopePatPolicyViolation';
  return undefined;
}

/** The organization's "Restrict PAT creation". */
export function creationRefusal(
  policies: PatPolicies,
  accountId: string,
  scope: string,
): SessionTokenError | undefined {
  if (policies.restrictCreation === 'off' || policies.allowlist.has(accountId)) return undefined;
  const isPackaging = scope.split(' ').every((part) => part.startsWith('vso.packaging'));
  return policies.restrictCreation === 'exceptPackaging' && isPackaging
    ? undefined
    : 'disablePatCreationPolicyViolation';
}

/** The latest end that the lifespan policy leaves to a PAT that was made at `madeAt`. */
export function latestEnd(policies: PatPolicies, accountId: string, madeAt: number): number {
  const days = policies.maximumLifespanDays;
  return days === undefined || policies.allowlist.has(accountId) ? Number.POSITIVE_INFINITY : madeAt + days * DAY;
}
