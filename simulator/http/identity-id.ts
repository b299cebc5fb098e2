import type { Account } from '../entra-records.ts';
import type { Organization } from '../organization.ts';
import type { World } from '../world.ts';

/** The identity's id in Azure DevOps, which is not the object id in Entra. */
export function identityId(world: World, organization: Organization, account: Account): string {
  const own = account.id.split('-');
  const other = world.settings.identityIds === 'perOrganization' ? organization.id.split('-') : [];
  return [
    own[4]?.slice(0, 8),
    other[1] ?? own[2],
    `6${own[3]?.slice(1)}`,
    other[3] ?? own[1],
    `${own[0]}${own[2]}`,
  ].join('-');
}
