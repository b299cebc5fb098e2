import type { Instant } from '../renewal/instant.ts';
import { type Pat, validity } from '../renewal/pat.ts';
import { type AzureDevOps, callAzureDevOps, isRecord, noSuchPat, pageNotFound } from './azure-devops.ts';
import { ServiceError } from './service-error.ts';

/** The PATs of the signed-in account in one organization. Source: the published OpenAPI, tokens 7.2. */
export interface PatApi {
  /** All pages. @throws ServiceError */
  readonly list: (status: 'active' | 'expired' | 'revoked') => Promise<readonly Pat[]>;
  /** @returns undefined if the service knows no such PAT (any more). @throws ServiceError */
  readonly get: (authorizationId: string) => Promise<Pat | undefined>;
  /** Sent once; repeated only after an attempt that certainly had no effect (I9). @throws ServiceError */
  readonly create: (request: CreateRequest) => Promise<CreatedPat>;
  /** All values are absolute, so that repeating is harmless. @throws ServiceError */
  readonly update: (request: UpdateRequest) => Promise<Pat>;
  /** Harmless to repeat: a PAT that is not there any more counts as revoked. @throws ServiceError */
  readonly revoke: (authorizationId: string) => Promise<void>;
  /** Azure DevOps' time. */
  readonly now: () => Instant;
  /** False while no answer of its own has told it: `now` is another clock's then, and nothing may be revoked by it. */
  readonly tellsTime: () => boolean;
}

export interface CreateRequest {
  readonly displayName: string;
  readonly scope: string;
  readonly validTo: Instant;
  readonly allOrgs: boolean;
}

export interface UpdateRequest extends Omit<CreateRequest, 'validTo' | 'allOrgs'> {
  readonly authorizationId: string;
  /** Undefined: it stays valid where it is. */
  readonly allOrgs: boolean | undefined;
  /** Undefined: the end stays as it is. */
  readonly validTo: Instant | undefined;
}

export interface CreatedPat {
  readonly pat: Pat;
  /** The value: it is in this answer only, and nowhere else ever again. */
  readonly token: string;
}

/** 7.2 is the version whose answers hold `patTokenErrorMessage`; there is no version out of preview. */
const apiVersion = '7.2-preview.1';
const pageSize = 100;

export function createPatApi(devOps: AzureDevOps, organization: string): PatApi {
  const base = `https://vssps.dev.azure.com/${encodeURIComponent(organization)}/_apis/tokens/pats`;
  const url = (query: Readonly<Record<string, string>>) =>
    `${base}?${new URLSearchParams({ ...query, 'api-version': apiVersion })}`;

  return {
    now: () => devOps.clock.now(),
    tellsTime: () => devOps.clock.isTold,

    list: async (status) => {
      const pats: Pat[] = [];
      let continuationToken = '';
      const seen = new Set<string>();
      do {
        // The service wants the same filter with every page.
        const query = {
          displayFilterOption: status,
          $top: String(pageSize),
          ...(continuationToken && { continuationToken }),
        };
        const page = await callAzureDevOps(devOps, { organization, method: 'GET', url: url(query), repeat: 'always' });
        if (!isRecord(page) || !Array.isArray(page.patTokens)) throw unreadable(organization);
        for (const item of page.patTokens as unknown[]) pats.push(readPat(item, organization));
        const next = page.continuationToken;
        continuationToken = typeof next === 'string' ? next : '';
        if (seen.has(continuationToken)) throw unreadable(organization);
        seen.add(continuationToken);
      } while (continuationToken !== '');
      return pats;
    },

    get: async (authorizationId) => {
      try {
        const found = await callAzureDevOps(devOps, {
          organization,
          method: 'GET',
          url: url({ authorizationId }),
          repeat: 'always',
        });
        return readPat(isRecord(found) ? found.patToken : undefined, organization);
      } catch (error) {
        if (saysNoSuchPat(error)) return undefined;
        throw error;
      }
    },

    create: async (request) => {
      const made = await callAzureDevOps(devOps, {
        organization,
        method: 'POST',
        url: url({}),
        body: bodyOf(request),
        repeat: 'if not done',
        begins: true,
      });
      const patToken = isRecord(made) ? made.patToken : undefined;
      const token = isRecord(patToken) ? patToken.token : undefined;
      if (typeof token !== 'string' || token === '') throw unreadable(organization);
      return { pat: readPat(patToken, organization), token };
    },

    update: async (request) => {
      const body = { authorizationId: request.authorizationId, ...bodyOf(request) };
      const updated = await callAzureDevOps(devOps, {
        organization,
        method: 'PUT',
        url: url({}),
        body,
        repeat: 'always',
        finishes: true,
      });
      return readPat(isRecord(updated) ? updated.patToken : undefined, organization);
    },

    revoke: async (authorizationId) => {
      try {
        await callAzureDevOps(devOps, {
          organization,
          method: 'DELETE',
          url: url({ authorizationId }),
          repeat: 'always',
          finishes: true,
        });
      } catch (error) {
        if (!saysNoSuchPat(error)) throw error;
      }
    },
  };
}

function bodyOf({ displayName, scope, validTo, allOrgs }: Omit<UpdateRequest, 'authorizationId'>) {
  const end = validTo === undefined ? {} : { validTo: new Date(validTo).toISOString() };
  return { displayName, scope, ...end, ...(allOrgs === undefined ? {} : { allOrgs }) };
}

/** With an id in the query a 404 is about the PAT: the organization answered a moment ago. */
function saysNoSuchPat(error: unknown): boolean {
  if (!(error instanceof ServiceError) || error.code === pageNotFound) return false;
  return error.status === 404 || noSuchPat.has(error.code ?? '');
}

function readPat(item: unknown, organization: string): Pat {
  if (!isRecord(item)) throw unreadable(organization);
  const { authorizationId, scope } = item;
  // One PAT without a name must not hide all the others.
  const displayName = item.displayName ?? '';
  const validFrom = instantOf(item.validFrom);
  const validTo = instantOf(item.validTo);
  if (typeof authorizationId !== 'string' || typeof displayName !== 'string') throw unreadable(organization);
  if (Number.isNaN(validFrom) || Number.isNaN(validTo)) throw unreadable(organization);
  return {
    authorizationId,
    displayName,
    scope: typeof scope === 'string' ? scope : '',
    validFrom,
    validTo,
    ...validity(readAccounts(item.targetAccounts)),
  };
}

/** Ids ignore case. What is no list of ids is taken as missing. */
function readAccounts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const ids = (value as unknown[]).filter((id): id is string => typeof id === 'string' && id !== '');
  return ids.length === value.length ? ids.map((id) => id.toLowerCase()) : undefined;
}

/** A time without a zone is UTC: by itself Date.parse would take it for the agent's. NaN if it is none. */
function instantOf(value: unknown): Instant {
  const text = String(value);
  return Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text);
}

function unreadable(organization: string): ServiceError {
  return new ServiceError(
    `Azure DevOps gave an answer for organization "${organization}" that is not of the published form.`,
    { outcome: 'unknown', code: 'UnreadableAnswer' },
  );
}
