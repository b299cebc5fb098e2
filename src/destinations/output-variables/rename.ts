import type { Pat } from '../../renewal/pat.ts';
import type { PatApi } from '../../services/pat-api.ts';
import { ServiceError } from '../../services/service-error.ts';

/**
 * With output variables alone, the record is in the PATs' names. The end is not sent: another run may have moved it
 * since it was read, and a policy would cut it anew. No source says that an update without it is accepted (the
 * published description has it optional), so it is sent if the service asks for it.
 * @throws ServiceError
 */
export async function rename(pats: PatApi, pat: Pat, displayName: string): Promise<Pat> {
  const { authorizationId, scope, validTo, isGlobal: allOrgs } = pat;
  const request = { authorizationId, displayName, scope, allOrgs };
  try {
    return await pats.update({ ...request, validTo: undefined });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'invalidValidTo') throw error;
    return pats.update({ ...request, validTo });
  }
}
