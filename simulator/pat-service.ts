import type { Organization, PatPolicies } from './organization.ts';
import { creationRefusal, DAY, FULL_ACCESS, latestEnd, policyRefusal } from './pat-policies.ts';
import { makePatValue } from './pat-value.ts';
import { withImplied } from './scopes.ts';
import { oneYearAfter, serviceNow, storedInstant } from './service-time.ts';
import type { SessionTokenError } from './session-token-error.ts';
import type { Surroundings } from './surroundings.ts';

/** A personal access token as the service keeps it. Never changed in place: each change makes a new record. */
export interface Pat {
  readonly authorizationId: string;
  /** The owner: an Entra account's object id. */
  readonly accountId: string;
  /** The organization in which it was made, as named there. */
  readonly organization: string;
  readonly displayName: string;
  readonly scope: string;
  /** Valid in all organizations of its owner ("global"). */
  readonly allOrgs: boolean;
  /** Ids of the further organizations where it is valid: `targetAccounts` with more than one, as Microsoft's own tools make them. */
  readonly otherAccounts: readonly string[];
  /** Milliseconds since 1970, as are all dates here. */
  readonly validFrom: number;
  readonly validTo: number;
  readonly revokedAt: number | undefined;
  readonly value: string;
}

export type PatStatus = 'active' | 'expired' | 'revoked';
export type PatFilter = PatStatus | 'all';
export type PatSortKey = 'displayName' | 'displayDate' | 'status';

export interface PatListQuery {
  readonly filter?: PatFilter;
  readonly sortBy?: PatSortKey;
  readonly ascending?: boolean;
  /** Entries per page, at most 100. */
  readonly top?: number;
  readonly continuationToken?: string;
}

export type PatListAnswer =
  | { readonly kind: 'page'; readonly pats: readonly Pat[]; readonly continuationToken: string }
  | { readonly kind: 'badContinuation' };

export interface PatCreateRequest {
  readonly displayName: string;
  readonly scope: string;
  readonly validTo?: number;
  readonly allOrgs?: boolean;
}

export interface PatUpdateRequest {
  readonly authorizationId: string;
  readonly displayName?: string;
  readonly scope?: string;
  readonly validTo?: number;
  readonly allOrgs?: boolean;
}

export type PatAnswer =
  | { readonly kind: 'pat'; readonly pat: Pat }
  | { readonly kind: 'refused'; readonly error: SessionTokenError }
  | { readonly kind: 'notFound' };

export type RevokeAnswer =
  | { readonly kind: 'revoked' }
  | { readonly kind: 'refused'; readonly error: SessionTokenError }
  | { readonly kind: 'notFound' };

/** What a PAT is worth when it is used to call an organization. */
export type PatUse =
  | { readonly kind: 'accepted'; readonly pat: Pat }
  | { readonly kind: 'expired'; readonly pat: Pat }
  | { readonly kind: 'refused' };

const LARGEST_PAGE = 100;

/** The personal access tokens of all organizations, and the published rules of their lifecycle. */
export class PatService {
  readonly #world: Surroundings;
  readonly #organizations = new Map<string, Organization>();
  readonly #pats = new Map<string, Pat>();
  readonly #idByValue = new Map<string, string>();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  // --- organizations ---

  organization(name: string): Organization | undefined {
    return this.#organizations.get(name.toLowerCase());
  }

  /** Adds an organization, or changes it (its policies, say). */
  putOrganization(organization: Organization): void {
    this.#organizations.set(organization.name.toLowerCase(), organization);
  }

  /** Changes some of an organization's policies from now on. */
  setPolicies(organization: string, policies: Partial<PatPolicies>): void {
    const place = this.#organizationNamed(organization);
    this.putOrganization({ ...place, policies: { ...place.policies, ...policies } });
  }

  /** The same organization under another name, ids and PATs kept; the old name is nobody's from now on. */
  rename(from: string, to: string): void {
    const place = this.#organizationNamed(from);
    this.#organizations.delete(from.toLowerCase());
    this.putOrganization({ ...place, name: to });
    for (const pat of this.#pats.values())
      if (pat.organization.toLowerCase() === from.toLowerCase()) this.#keep({ ...pat, organization: to });
  }

  // --- the five operations ---

  list(organization: string, accountId: string, query: PatListQuery = {}): PatListAnswer {
    const { settings } = this.#world;
    const now = this.#now;
    const filter = query.filter ?? settings.defaultFilter;
    const sortBy = query.sortBy ?? 'displayDate';
    const ascending = query.ascending ?? true;
    const listed: Pat[] = [];
    for (const pat of this.#pats.values()) {
      if (pat.accountId !== accountId || !this.#isListed(pat, organization)) continue;
      if (filter !== 'all' && statusOf(pat, now) !== filter) continue;
      if (settings.listLagSeconds > 0 && pat.validFrom + settings.listLagSeconds * 1000 > now) continue;
      listed.push(pat);
    }
    listed.sort((left, right) => compare(left, right, sortBy, now) * (ascending ? 1 : -1));

    // "Subsequent calls to the API require the same filtering options to be supplied" (OpenAPI, Pats_List).
    const options = `${filter}.${sortBy}.${ascending}`;
    const start = query.continuationToken ? this.#startOf(query.continuationToken, options, listed) : 0;
    if (start === undefined) return { kind: 'badContinuation' };
    const size = Math.min(query.top ?? settings.defaultPageSize, LARGEST_PAGE);
    const end = Math.min(start + size, listed.length);
    const last = listed[end - 1];
    const more = end < listed.length && last !== undefined;
    const position = settings.continuation === 'offset' ? String(end) : `${end}.${last?.authorizationId}`;
    const token = more ? Buffer.from(`${options}.${position}`).toString('base64url') : '';
    return { kind: 'page', pats: listed.slice(start, end), continuationToken: token };
  }

  get(organization: string, accountId: string, authorizationId: string): PatAnswer {
    const pat = this.#find(organization, accountId, authorizationId);
    if (pat === undefined) return { kind: 'refused', error: 'authorizationNotFound' };
    if (pat.revokedAt === undefined || this.#world.settings.revokedPatById === 'stillShown')
      return { kind: 'pat', pat };
    return this.#world.settings.revokedPatById === 'notFound'
      ? { kind: 'notFound' }
      : { kind: 'refused', error: 'authorizationNotFound' };
  }

  create(organization: string, accountId: string, request: PatCreateRequest): PatAnswer {
    const place = this.#organizationNamed(organization);
    const { settings, random } = this.#world;
    const now = this.#now;
    const allOrgs = request.allOrgs ?? false;
    const refusal =
      this.#fieldRefusal(request.displayName, request.scope) ??
      this.#duplicateRefusal(organization, accountId, request.displayName, undefined) ??
      creationRefusal(place.policies, accountId, request.scope) ??
      (allOrgs && settings.globalCreation === 'blocked' ? 'globalPATCreationBlocked' : undefined) ??
      policyRefusal(place.policies, accountId, { scope: request.scope, allOrgs });
    if (refusal !== undefined) return { kind: 'refused', error: refusal };

    const asked = request.validTo ?? now + settings.defaultLifetimeDays * DAY;
    const within = this.#withinOneYear(asked, now);
    if (within === undefined) return { kind: 'refused', error: 'invalidValidTo' };
    // The policy cuts and says nothing: create answers now + maximum (OpenAPI, PatTokenCreateRequest.validTo).
    const end = Math.min(within, latestEnd(place.policies, accountId, now));
    const after: Pat = {
      authorizationId: random.guid(),
      accountId,
      organization: place.name,
      displayName: request.displayName,
      scope: settings.newScopes === 'withImplied' ? withImplied(request.scope) : request.scope,
      allOrgs,
      otherAccounts: [],
      validFrom: storedInstant(now, settings.timePrecision),
      validTo: storedInstant(end, settings.timePrecision),
      revokedAt: undefined,
      value: makePatValue(random, settings.valueShape),
    };
    this.#keep(after);
    this.#world.changed({ kind: 'pat.created', after });
    return { kind: 'pat', pat: after };
  }

  update(organization: string, accountId: string, request: PatUpdateRequest): PatAnswer {
    const place = this.#organizationNamed(organization);
    const { settings } = this.#world;
    const now = this.#now;
    const before = this.#find(organization, accountId, request.authorizationId);
    // "To update a token, it must be valid (has not been revoked)" (OpenAPI, Pats_Update).
    if (before === undefined || before.revokedAt !== undefined)
      return { kind: 'refused', error: 'authorizationNotFound' };
    if (before.validTo <= now && settings.expiredExtendable === 'no')
      return { kind: 'refused', error: 'expiredPatCannotBeExtended' };

    const scope = request.scope ?? before.scope;
    const displayName = request.displayName ?? before.displayName;
    const allOrgs = request.allOrgs ?? (settings.allOrgsOmitted === 'kept' && before.allOrgs);
    const refusal =
      this.#fieldRefusal(displayName, scope) ??
      (displayName === before.displayName
        ? undefined
        : this.#duplicateRefusal(organization, accountId, displayName, before.authorizationId)) ??
      this.#updateRefusal(place, before, { scope, allOrgs });
    if (refusal !== undefined) return { kind: 'refused', error: refusal };

    const limit = latestEnd(place.policies, accountId, before.validFrom);
    const end = request.validTo === undefined ? before.validTo : this.#updatedEnd(request.validTo, before, limit);
    if (end === undefined) return { kind: 'refused', error: 'invalidValidTo' };
    const isTooOld = request.validTo !== undefined && end <= now;
    const isTooLong = request.validTo === undefined && end > limit && settings.nonCompliantUpdate === 'refused';
    if (isTooOld || isTooLong) return { kind: 'refused', error: 'patLifespanPolicyViolation' };

    const otherAccounts = this.#otherAccountsAfter(before, request.allOrgs);
    if (otherAccounts === 'refused') return { kind: 'refused', error: 'invalidTargetAccounts' };

    const isExtended = request.validTo !== undefined && settings.validFromOnExtension === 'moved';
    const validFrom = isExtended ? storedInstant(now, settings.timePrecision) : before.validFrom;
    const after: Pat = { ...before, displayName, scope, allOrgs, otherAccounts, validFrom, validTo: end };
    this.#keep(after);
    this.#world.changed({ kind: 'pat.updated', before, after });
    return { kind: 'pat', pat: after };
  }

  revoke(organization: string, accountId: string, authorizationId: string): RevokeAnswer {
    const before = this.#find(organization, accountId, authorizationId);
    if (before === undefined || before.revokedAt !== undefined) {
      const answer = this.#world.settings.revokeOfUnknown;
      if (answer === 'accepted') return { kind: 'revoked' };
      return answer === 'notFound' ? { kind: 'notFound' } : { kind: 'refused', error: 'authorizationNotFound' };
    }
    const after: Pat = { ...before, revokedAt: this.#now };
    this.#keep(after);
    this.#world.changed({ kind: 'pat.revoked', before, after });
    return { kind: 'revoked' };
  }

  // --- use ---

  /** What happens when `value` is presented to `organization`. */
  use(organization: string, value: string): PatUse {
    const id = this.#idByValue.get(value);
    const pat = id === undefined ? undefined : this.#pats.get(id);
    const { settings } = this.#world;
    const now = this.#now;
    if (pat === undefined) return { kind: 'refused' };
    if (pat.validFrom + settings.newPatWorksAfterSeconds * 1000 > now && settings.newPatWorksAfterSeconds > 0)
      return { kind: 'refused' };
    if (pat.revokedAt !== undefined && now >= pat.revokedAt + settings.revokedPatWorksForSeconds * 1000)
      return { kind: 'refused' };
    if (!pat.allOrgs && !this.#isNamedFor(pat, organization)) return { kind: 'refused' };
    if (pat.allOrgs && (now >= Date.parse(settings.globalRetirement) || this.#forbidsGlobalUse(organization, pat)))
      return { kind: 'refused' };
    return pat.validTo <= now ? { kind: 'expired', pat } : { kind: 'accepted', pat };
  }

  // --- for tests: look, and meddle ---

  /** Every PAT there is or was, in the order of creation. */
  all(): Iterable<Pat> {
    return this.#pats.values();
  }

  /** Those that were made in `organization` under this name, in the order of creation. */
  named(organization: string, displayName: string): readonly Pat[] {
    const found: Pat[] = [];
    for (const pat of this.#pats.values())
      if (pat.displayName === displayName && pat.organization.toLowerCase() === organization.toLowerCase())
        found.push(pat);
    return found;
  }

  byId(authorizationId: string): Pat | undefined {
    return this.#pats.get(authorizationId);
  }

  byValue(value: string): Pat | undefined {
    const id = this.#idByValue.get(value);
    return id === undefined ? undefined : this.#pats.get(id);
  }

  status(pat: Pat): PatStatus {
    return statusOf(pat, this.#now);
  }

  /** Puts a PAT there as if it had always been: no rule is applied, nobody is told. */
  plant(pat: Pat): void {
    this.#keep(pat);
  }

  /** The same state, for another world to go on from. */
  fork(world: Surroundings): PatService {
    const copy = new PatService(world);
    for (const [name, organization] of this.#organizations) copy.#organizations.set(name, organization);
    for (const pat of this.#pats.values()) copy.#keep(pat);
    return copy;
  }

  #keep(pat: Pat): void {
    this.#pats.set(pat.authorizationId, pat);
    this.#idByValue.set(pat.value, pat.authorizationId);
  }

  #organizationNamed(name: string): Organization {
    const organization = this.organization(name);
    if (organization === undefined) throw new Error(`The world has no organization named "${name}".`);
    return organization;
  }

  #find(organization: string, accountId: string, authorizationId: string): Pat | undefined {
    const pat = this.#pats.get(authorizationId.toLowerCase());
    return pat !== undefined && pat.accountId === accountId && this.#isListed(pat, organization) ? pat : undefined;
  }

  #isListed(pat: Pat, organization: string): boolean {
    if (pat.organization.toLowerCase() === organization.toLowerCase()) return true;
    return this.#world.settings.globalsListedEverywhere && (pat.allOrgs || this.#isNamedFor(pat, organization));
  }

  #isNamedFor(pat: Pat, organization: string): boolean {
    const id = this.organization(organization)?.id.toLowerCase();
    if (pat.organization.toLowerCase() === organization.toLowerCase()) return true;
    return pat.otherAccounts.some((account) => account.toLowerCase() === id);
  }

  /** Where else a PAT of several named organizations is valid after an update, which knows allOrgs alone. */
  #otherAccountsAfter(before: Pat, allOrgs: boolean | undefined): readonly string[] | 'refused' {
    if (before.otherAccounts.length === 0) return [];
    switch (this.#world.settings.severalAccountsUpdate) {
      case 'keptUnlessAsked':
        return allOrgs === undefined ? before.otherAccounts : [];
      case 'narrowed':
        return [];
      case 'refused':
        return 'refused';
    }
  }

  /** Azure DevOps' own clock. */
  get #now(): number {
    return serviceNow(this.#world, 'azureDevOps');
  }

  #startOf(token: string, options: string, listed: readonly Pat[]): number | undefined {
    const text = Buffer.from(token, 'base64url').toString();
    if (!text.startsWith(`${options}.`)) return undefined;
    const [offset = '', id] = text.slice(options.length + 1).split('.');
    if (id === undefined) return Number(offset);
    const index = listed.findIndex((pat) => pat.authorizationId === id);
    return index === -1 ? Number(offset) - 1 : index + 1;
  }

  #fieldRefusal(displayName: string, scope: string): SessionTokenError | undefined {
    const { displayNameLimit, displayNameForbids } = this.#world.settings;
    if (displayName.trim() === '') return 'displayNameRequired';
    if (displayName.length > displayNameLimit) return 'invalidDisplayName';
    if ([...displayNameForbids].some((character) => displayName.includes(character))) return 'invalidDisplayName';
    return isScope(scope) ? undefined : 'invalidScope';
  }

  #duplicateRefusal(
    organization: string,
    accountId: string,
    displayName: string,
    except: string | undefined,
  ): SessionTokenError | undefined {
    if (this.#world.settings.duplicateNames === 'allowed') return undefined;
    for (const pat of this.#pats.values()) {
      if (pat.authorizationId === except || pat.accountId !== accountId || pat.displayName !== displayName) continue;
      if (this.#isListed(pat, organization) && this.status(pat) === 'active') return 'invalidDisplayName';
    }
    return undefined;
  }

  #updateRefusal(
    place: Organization,
    before: Pat,
    wanted: { readonly scope: string; readonly allOrgs: boolean },
  ): SessionTokenError | undefined {
    const { settings } = this.#world;
    if (settings.creationRestrictionCoversUpdate) {
      const refusal = creationRefusal(place.policies, before.accountId, wanted.scope);
      if (refusal !== undefined) return refusal;
    }
    // Making a PAT global is as good as creating a global one.
    const blocked = before.allOrgs ? settings.globalUpdate : settings.globalCreation;
    if (wanted.allOrgs && blocked === 'blocked') return 'globalPATCreationBlocked';
    const refusal = policyRefusal(place.policies, before.accountId, wanted);
    const wasSo = policyRefusal(place.policies, before.accountId, before) === refusal;
    return wasSo && settings.nonCompliantUpdate === 'allowed' ? undefined : refusal;
  }

  /** The end that an update leads to: the asked one, cut at creation + maximum lifespan without a word (OpenAPI). */
  #updatedEnd(asked: number, before: Pat, limit: number): number | undefined {
    const { settings } = this.#world;
    const now = this.#now;
    const within = this.#withinOneYear(asked, settings.updateYearCountsFrom === 'now' ? now : before.validFrom);
    return within === undefined ? undefined : storedInstant(Math.min(within, limit), settings.timePrecision);
  }

  #withinOneYear(asked: number, from: number): number | undefined {
    // NaN is a date that nobody could read.
    if (!(asked > this.#now)) return undefined;
    const limit = oneYearAfter(from);
    if (asked <= limit) return asked;
    return this.#world.settings.beyondOneYear === 'clamped' ? limit : undefined;
  }

  /** An organization that restricts creation also refuses the use of global PATs (manage-pats-with-policies). */
  #forbidsGlobalUse(organization: string, pat: Pat): boolean {
    const policies = this.organization(organization)?.policies;
    return policies !== undefined && policies.restrictCreation !== 'off' && !policies.allowlist.has(pat.accountId);
  }
}

function statusOf(pat: Pat, now: number): PatStatus {
  if (pat.revokedAt !== undefined) return 'revoked';
  return pat.validTo <= now ? 'expired' : 'active';
}

function compare(left: Pat, right: Pat, key: PatSortKey, now: number): number {
  switch (key) {
    case 'displayName':
      return left.displayName < right.displayName ? -1 : left.displayName > right.displayName ? 1 : 0;
    case 'displayDate':
      return left.validTo - right.validTo;
    case 'status': {
      const leftStatus = statusOf(left, now);
      const rightStatus = statusOf(right, now);
      return leftStatus < rightStatus ? -1 : leftStatus > rightStatus ? 1 : 0;
    }
  }
}

/** `app_token`, or scopes with single spaces between them. UI-made PATs hold names that no public table has. */
function isScope(scope: string): boolean {
  return scope === FULL_ACCESS || /^vso\.[a-z_.]+( vso\.[a-z_.]+)*$/i.test(scope);
}
