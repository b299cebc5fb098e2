import { activeMembers, type Family, familiesOf, type Member, memberOf } from '../renewal/family.ts';
import type { Pat } from '../renewal/pat.ts';
import type { RecordedPat } from '../renewal/standing.ts';
import type { Organization } from '../world.ts';

/** The PATs of one organization, as a run found them. */
export interface Listing {
  readonly organization: Organization;
  readonly families: readonly Family[];
  /** By id in lower case. */
  readonly byId: ReadonlyMap<string, Member>;
  /** Plain names of which some PAT is active. */
  readonly activeNames: ReadonlySet<string>;
  /**
   * Looks at one PAT again. A list shows presence, never absence: what is missing from it is fetched by id before it
   * counts as gone. @throws ServiceError
   */
  readonly find: (authorizationId: string) => Promise<RecordedPat>;
}

/**
 * Reads all pages of the active and of the expired PATs.
 * @param expected ids of PATs that were made a moment ago: a list may not show them yet
 * @throws ServiceError
 */
export async function readListing(organization: Organization, expected: readonly string[]): Promise<Listing> {
  const { pats } = organization;
  const [listed, expired] = await Promise.all([pats.list('active'), pats.list('expired')]);
  const active = [...listed, ...(await missingFrom([...listed, ...expired], organization, expected))];
  const families = familiesOf(organization.name, { active, expired }, pats.now());
  const byId = new Map(
    families.flatMap((family) => family.members).map((member) => [member.pat.authorizationId.toLowerCase(), member]),
  );
  const activeNames = new Set(
    families.filter((family) => activeMembers(family).length > 0).map((family) => family.name),
  );

  let revoked: Promise<ReadonlySet<string>> | undefined;
  const revokedIds = () => {
    revoked ??= pats.list('revoked').then((list) => new Set(list.map((pat) => pat.authorizationId.toLowerCase())));
    return revoked;
  };
  const find = async (authorizationId: string): Promise<RecordedPat> => {
    const id = authorizationId.toLowerCase();
    const listed = byId.get(id);
    if (listed !== undefined) return { kind: listed.state, member: listed };
    const pat = await pats.get(authorizationId);
    if (pat === undefined) return { kind: 'gone' };
    const member = memberOf(pat, pats.now());
    if (member.state === 'expired') return { kind: 'expired', member };
    // An answer has no status: a revoked PAT may look like an active one (docs/assumptions.md).
    return (await revokedIds()).has(id) ? { kind: 'gone' } : { kind: 'active', member };
  };
  return { organization, families, byId, activeNames, find };
}

/** I1: a value that was handed over is not forgotten, or made again, because a list is a moment behind. */
async function missingFrom(
  listed: readonly Pat[],
  { pats }: Organization,
  expected: readonly string[],
): Promise<readonly Pat[]> {
  const ids = new Set(listed.map(({ authorizationId }) => authorizationId.toLowerCase()));
  const missing = expected.filter((id) => !ids.has(id.toLowerCase()));
  if (missing.length === 0) return [];
  const found = await Promise.all(missing.map((id) => pats.get(id)));
  const there = found.flatMap((pat) => (pat !== undefined && pat.validTo > pats.now() ? [pat] : []));
  if (there.length === 0) return [];
  // An answer has no status: a revoked PAT may look like an active one (docs/assumptions.md).
  const revoked = new Set((await pats.list('revoked')).map(({ authorizationId }) => authorizationId.toLowerCase()));
  return there.filter(({ authorizationId }) => !revoked.has(authorizationId.toLowerCase()));
}

/** Whether a PAT still is active, asked anew. @throws ServiceError */
export async function isStillActive(organization: Organization, authorizationId: string): Promise<Member | undefined> {
  const pat = await organization.pats.get(authorizationId);
  if (pat === undefined) return undefined;
  const member = memberOf(pat, organization.pats.now());
  return member.state === 'active' ? member : undefined;
}
