import type { Instant } from '../renewal/instant.ts';
import { withSupersededMarker } from '../renewal/marker.ts';
import type { Pat } from '../renewal/pat.ts';
import type { PatApi } from '../services/pat-api.ts';

/**
 * With output variables alone, the record is in the PATs' names. Renaming sends everything else as it is, so that the
 * service keeps it.
 * @throws ServiceError
 */
export function rename(pats: PatApi, pat: Pat, displayName: string): Promise<Pat> {
  const { authorizationId, scope, validTo, isGlobal } = pat;
  return pats.update({ authorizationId, displayName, scope, validTo, allOrgs: isGlobal });
}

/** Takes the *new* marker away: the value has been handed over. */
export function markDelivered(pats: PatApi, pat: Pat, plain: string): Promise<Pat> {
  return rename(pats, pat, plain);
}

export function markSuperseded(pats: PatApi, pat: Pat, plain: string, revokeAfter: Instant): Promise<Pat> {
  return rename(pats, pat, withSupersededMarker(plain, revokeAfter));
}
