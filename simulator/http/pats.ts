import type { Pat, PatAnswer, PatFilter, PatListQuery, PatSortKey } from '../pat-service.ts';
import { serviceTimestamp } from '../service-time.ts';
import type { SessionTokenError } from '../session-token-error.ts';
import type { World } from '../world.ts';
import {
  badBody,
  badRequest,
  notSignedIn,
  servicePrincipalRefused,
  unauthorized,
  unknownOrganization,
  versionRefusal,
} from './devops-refusals.ts';
import { credentialsOf, empty, type HttpAnswer, type HttpRequest, json, readJson, type Service } from './exchange.ts';

export const PAT_HOST = 'vssps.dev.azure.com';

/** `vssps.dev.azure.com/{organization}/_apis/tokens/pats`, as its OpenAPI description has it. */
export const patService: Service = {
  operation(request) {
    if (!/^\/[^/]+\/_apis\/tokens\/pats\/?$/i.test(request.path)) return 'unknown';
    switch (request.method) {
      case 'GET':
        // List and get share path and method; an empty authorizationId is none.
        return request.query.get('authorizationId') ? 'pats.get' : 'pats.list';
      case 'POST':
        return 'pats.create';
      case 'PUT':
        return 'pats.update';
      case 'DELETE':
        return 'pats.revoke';
      default:
        return 'unknown';
    }
  },

  answer(world, request) {
    const organization = decodeURIComponent(request.path.split('/')[1] ?? '');
    const operation = this.operation(request);
    if (operation === 'unknown') return json(404, { message: 'The resource cannot be found.' });
    const caller = callerOf(world, request, organization, operation);
    if (caller.kind === 'refused') return caller.answer;
    const answer = versionRefusal(request, true) ?? carryOut(world, request, organization, caller.accountId, operation);
    return world.settings.byteOrderMark && answer.body !== '' ? { ...answer, body: `\ufeff${answer.body}` } : answer;
  },
};

type Caller =
  | { readonly kind: 'user'; readonly accountId: string }
  | { readonly kind: 'refused'; readonly answer: HttpAnswer };

/** Only a user's own token will do: no PAT, no service principal, no job token. */
function callerOf(world: World, request: HttpRequest, organization: string, operation: string): Caller {
  const refused = (answer: HttpAnswer): Caller => ({ kind: 'refused', answer });
  const place = world.pats.organization(organization);
  if (place === undefined) return refused(unknownOrganization(world, organization));
  const credentials = credentialsOf(request);
  if (credentials.kind === 'basic' || credentials.kind === 'malformed')
    return refused(unauthorized(world, organization));
  const token = credentials.kind === 'bearer' ? world.entra.accessToken(credentials.token) : undefined;
  if (token === undefined || token.resource !== 'azureDevOps' || token.tenantId !== place.tenantId)
    return refused(notSignedIn(world, request, organization));
  if (!place.members.has(token.subjectId)) {
    return refused(
      token.kind === 'user'
        ? unauthorized(world, organization, token.subjectId)
        : notSignedIn(world, request, organization),
    );
  }
  if (token.kind === 'application') return refused(servicePrincipalRefused(world));
  const isReading = operation === 'pats.get' || operation === 'pats.list';
  if (!mayCall(world, token.scopes, isReading)) return refused(unauthorized(world, organization, token.subjectId));
  return { kind: 'user', accountId: token.subjectId };
}

function mayCall(world: World, scopes: readonly string[], isReading: boolean): boolean {
  if (world.settings.patApiScopes === 'any' && scopes.includes('user_impersonation')) return true;
  return scopes.includes('vso.pats_manage') || (isReading && scopes.includes('vso.pats'));
}

function carryOut(
  world: World,
  request: HttpRequest,
  organization: string,
  accountId: string,
  operation: string,
): HttpAnswer {
  switch (operation) {
    case 'pats.list':
      return list(world, request, organization, accountId);
    case 'pats.get':
      return answered(
        world,
        request,
        world.pats.get(organization, accountId, request.query.get('authorizationId') ?? ''),
        false,
      );
    case 'pats.revoke':
      return revoke(world, request, organization, accountId);
    default:
      return write(world, request, organization, accountId, operation);
  }
}

const filters: readonly string[] = ['active', 'revoked', 'expired', 'all'];
const sortKeys: readonly string[] = ['displayName', 'displayDate', 'status'];

function list(world: World, request: HttpRequest, organization: string, accountId: string): HttpAnswer {
  const { query } = request;
  const filter = query.get('displayFilterOption');
  const sortBy = query.get('sortByOption');
  const ascending = query.get('isSortAscending');
  const top = query.get('$top');
  if (filter !== null && !filters.includes(filter)) return badRequest(`displayFilterOption: '${filter}' is not valid.`);
  if (sortBy !== null && !sortKeys.includes(sortBy)) return badRequest(`sortByOption: '${sortBy}' is not valid.`);
  if (ascending !== null && !/^(true|false)$/i.test(ascending)) return badRequest('isSortAscending is not valid.');
  if (top !== null && !/^[1-9]\d*$/.test(top)) return badRequest('$top is not valid.');
  if (top !== null && Number(top) > 100 && world.settings.topAboveLimit === 'refused')
    return badRequest('$top must not be greater than 100.');
  const asked: PatListQuery = {
    ...(filter === null ? {} : { filter: filter as PatFilter }),
    ...(sortBy === null ? {} : { sortBy: sortBy as PatSortKey }),
    ...(ascending === null ? {} : { ascending: ascending.toLowerCase() === 'true' }),
    ...(top === null ? {} : { top: Number(top) }),
    ...(query.get('continuationToken') ? { continuationToken: query.get('continuationToken') ?? '' } : {}),
  };
  const page = world.pats.list(organization, accountId, asked);
  if (page.kind === 'badContinuation') return badRequest('The continuation token does not fit the filtering options.');
  return json(200, {
    continuationToken: page.continuationToken,
    patTokens: page.pats.map((pat) => shown(world, pat, false)),
  });
}

function write(
  world: World,
  request: HttpRequest,
  organization: string,
  accountId: string,
  operation: string,
): HttpAnswer {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return json(415, {
      message: `The request indicated a Content-Type of "${request.headers['content-type'] ?? ''}" for method type "${request.method}" which is not supported. Valid content types for this method are: application/json.`,
      typeKey: 'VssRequestContentTypeNotSupportedException',
    });
  const body = readJson(request);
  if (body === undefined || !hasTextOrNothing(body)) return badBody(world);
  const text = (name: string): string | undefined => (typeof body[name] === 'string' ? body[name] : undefined);
  const validTo = text('validTo');
  const fields = {
    ...(validTo === undefined ? {} : { validTo: Date.parse(validTo) }),
    ...(typeof body.allOrgs === 'boolean' ? { allOrgs: body.allOrgs } : {}),
  };
  if (operation === 'pats.create') {
    const wanted = { displayName: text('displayName') ?? '', scope: text('scope') ?? '', ...fields };
    return answered(world, request, world.pats.create(organization, accountId, wanted), true);
  }
  const displayName = text('displayName');
  const scope = text('scope');
  const wanted = {
    authorizationId: text('authorizationId') ?? '',
    ...(displayName === undefined ? {} : { displayName }),
    ...(scope === undefined ? {} : { scope }),
    ...fields,
  };
  return answered(world, request, world.pats.update(organization, accountId, wanted), false);
}

/** Each known field is of its type, or null, or absent. */
function hasTextOrNothing(body: Readonly<Record<string, unknown>>): boolean {
  const isText = (name: string): boolean =>
    body[name] === undefined || body[name] === null || typeof body[name] === 'string';
  const allOrgs = body.allOrgs;
  return (
    ['displayName', 'scope', 'validTo', 'authorizationId'].every(isText) &&
    (allOrgs === undefined || allOrgs === null || typeof allOrgs === 'boolean')
  );
}

function revoke(world: World, request: HttpRequest, organization: string, accountId: string): HttpAnswer {
  const answer = world.pats.revoke(organization, accountId, request.query.get('authorizationId') ?? '');
  switch (answer.kind) {
    case 'revoked':
      return empty(world.settings.revokeStatus);
    case 'notFound':
      return json(404, { message: 'The authorization was not found.', typeKey: 'SessionTokenNotFoundException' });
    case 'refused':
      return refusedWith(world, request, answer.error);
  }
}

function answered(world: World, request: HttpRequest, answer: PatAnswer, withValue: boolean): HttpAnswer {
  switch (answer.kind) {
    case 'pat':
      return json(200, { patToken: shown(world, answer.pat, withValue), patTokenError: 'none' });
    case 'notFound':
      return json(404, { message: 'The authorization was not found.', typeKey: 'SessionTokenNotFoundException' });
    case 'refused':
      return refusedWith(world, request, answer.error);
  }
}

/** A refusal: by the description it comes with 200, and only patTokenError tells. */
function refusedWith(world: World, request: HttpRequest, error: SessionTokenError): HttpAnswer {
  const version = request.query.get('api-version') ?? '';
  return json(world.settings.refusalStatus, {
    patToken: null,
    patTokenError: error,
    // New in 7.2; 7.1 has the error's name alone.
    ...(version.startsWith('7.1') ? {} : { patTokenErrorMessage: `The request was refused: ${error}.` }),
  });
}

/** A PAT in an answer. Its value is in the answer to its creation, and nowhere else. */
function shown(world: World, pat: Pat, withValue: boolean): Readonly<Record<string, unknown>> {
  return {
    displayName: pat.displayName,
    validTo: serviceTimestamp(pat.validTo),
    scope: orderedScope(world, pat.scope),
    targetAccounts: pat.allOrgs ? null : [world.pats.organization(pat.organization)?.id ?? '', ...pat.otherAccounts],
    validFrom: serviceTimestamp(pat.validFrom),
    authorizationId: pat.authorizationId,
    token: withValue ? pat.value : null,
  };
}

function orderedScope(world: World, scope: string): string {
  switch (world.settings.scopeOrder) {
    case 'asSent':
      return scope;
    case 'sorted':
      return scope.split(' ').sort().join(' ');
    case 'reversed':
      return scope.split(' ').reverse().join(' ');
  }
}
