import type { World } from '../world.ts';
import { empty, type HttpAnswer, type HttpRequest, html, json } from './exchange.ts';
import { SIGN_IN_HOST, signInPage } from './sign-in-page.ts';

/** How Azure DevOps refuses whoever it does not know: the shapes that issues and documentation show. */

/** A bearer that is bad or expired, or none at all. The sign-in page looks like success to a client that is not careful. */
export function notSignedIn(world: World, request: HttpRequest, organization: string): HttpAnswer {
  const suppressed = request.headers['x-tfs-fedauthredirect']?.toLowerCase() === 'suppress';
  if (suppressed && world.settings.honoursSuppress) return unauthorized(world, organization);
  switch (world.settings.badBearer) {
    case 'signInPage':
      return html(203, signInPage, challenge(world, organization));
    case 'redirect': {
      const location = `https://${SIGN_IN_HOST}/_signin?realm=${request.host}&reply_to=https%3A%2F%2F${request.host}`;
      const page = `<html><head><title>Object moved</title></head><body>\r\n<h2>Object moved to <a href="${location}">here</a>.</h2>\r\n</body></html>`;
      return html(302, page, { ...challenge(world, organization), location });
    }
    case 'unauthorized':
      return unauthorized(world, organization);
  }
}

/** 401 with TF400813 in JSON (microsoft/azure-devops-auth-samples#52). */
export function unauthorized(world: World, organization: string, user = ''): HttpAnswer {
  const message = `TF400813: The user '${user}' is not authorized to access this resource.`;
  const headers = { ...challenge(world, organization), 'x-tfs-serviceerror': encodeURIComponent(message) };
  return json(401, exception(message, 'UnauthorizedRequestException'), headers);
}

/** 401 without a body: a PAT that is unknown, revoked or too narrow (all alike, as cjohnstoniv/wardyn measured). */
export function bareUnauthorized(world: World, organization: string): HttpAnswer {
  return empty(401, challenge(world, organization));
}

/** 401 that names the expired PAT (microsoft/azure-pipelines-agent#1559, microsoft/azure-pipelines-tasks#18732). */
export function expiredPat(world: World, organization: string): HttpAnswer {
  if (world.settings.expiredPatAnswer === 'bare') return bareUnauthorized(world, organization);
  const message = 'Access Denied: The Personal Access Token used has expired.';
  const headers = { ...challenge(world, organization), 'x-tfs-serviceerror': encodeURIComponent(message) };
  return json(401, exception(message, 'AccessCheckException'), headers);
}

/** A service principal in front of the PAT API. */
export function servicePrincipalRefused(world: World): HttpAnswer {
  const message = 'Service principals are not allowed to perform this action.';
  return json(world.settings.servicePrincipalStatus, exception(message, 'InvalidAccessException'));
}

export function unknownOrganization(world: World, organization: string): HttpAnswer {
  if (world.settings.unknownOrganization === 'html')
    return html(
      404,
      '<!DOCTYPE html>\r\n<html><head><title>Azure DevOps Services | 404 Not Found</title></head></html>',
    );
  const message = `TF200016: The following organization does not exist: ${organization}. Verify that the name is correct.`;
  return json(404, exception(message, 'HostDoesNotExistException'));
}

/** `api-version=7.1` for what is still in preview, or none at all; undefined if the version is as it should be. */
export function versionRefusal(request: HttpRequest, isRequired: boolean): HttpAnswer | undefined {
  return askedVersion(request, isRequired, /^(?:[1-6]\.\d|7\.[0-2])-preview(\.1)?$/);
}

/** The same for what has left preview: `7.1`, or `7.2-preview` with a revision up to `latest`. */
export function releasedVersionRefusal(request: HttpRequest, latest: number): HttpAnswer | undefined {
  return askedVersion(
    request,
    true,
    new RegExp(`^([4-6]\\.\\d|7\\.[01])(-preview(\\.[1-${latest}])?)?$|^7\\.2-preview(\\.[1-${latest}])?$`),
  );
}

function askedVersion(request: HttpRequest, isRequired: boolean, known: RegExp): HttpAnswer | undefined {
  const version = request.query.get('api-version') ?? /api-version=([^;,\s]+)/.exec(request.headers.accept ?? '')?.[1];
  if (version === undefined) {
    if (!isRequired) return undefined;
    const message = `No api-version was supplied for the "${request.method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`;
    return json(400, exception(message, 'VssVersionNotSpecifiedException'));
  }
  if (known.test(version)) return undefined;
  if (/^(?:[1-6]\.\d|7\.[0-2])$/.test(version)) {
    const message = `The requested version "${version}" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "${version}-preview"`;
    return json(400, exception(message, 'VssInvalidPreviewVersionException'));
  }
  const message = `The requested REST API version of ${version} is out of range for this server.`;
  return json(400, exception(message, 'VssVersionOutOfRangeException'));
}

/** A body that is no JSON object: a 400 that reads like a server fault (MicrosoftDocs/vsts-rest-api-specs#636). */
export function badBody(world: World): HttpAnswer {
  const message = `TF400898: An Internal Error Occurred. Activity Id: ${world.random.guid()}.`;
  return json(400, exception(message, 'JsonReaderException'));
}

export function badRequest(message: string): HttpAnswer {
  return json(400, exception(message, 'InvalidArgumentValueException'));
}

export function exception(message: string, typeKey: string): Readonly<Record<string, unknown>> {
  const typeName = `Microsoft.TeamFoundation.Framework.Server.${typeKey}, Microsoft.TeamFoundation.Framework.Server`;
  return { $id: '1', innerException: null, message, typeName, typeKey, errorCode: 0, eventId: 3000 };
}

/** The organization's tenant, and ways to sign in to it. */
function challenge(world: World, organization: string): HttpAnswer['headers'] {
  const tenant = world.pats.organization(organization)?.tenantId ?? '00000000-0000-0000-0000-000000000000';
  return {
    'x-vss-resourcetenant': tenant,
    'www-authenticate': [
      `Bearer authorization_uri=https://login.microsoftonline.com/${tenant}`,
      'Basic realm="https://vssps.dev.azure.com/"',
      'TFS-Federated',
    ],
  };
}
