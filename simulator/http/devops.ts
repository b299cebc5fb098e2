import type { Account } from '../entra-records.ts';
import type { Organization } from '../organization.ts';
import { FULL_ACCESS } from '../pat-policies.ts';
import type { World } from '../world.ts';
import { callerOf } from './devops-caller.ts';
import { notSignedIn, unknownOrganization, versionRefusal } from './devops-refusals.ts';
import { credentialsOf, type HttpAnswer, type HttpRequest, json, type Service } from './exchange.ts';
import { identityId } from './identity-id.ts';
import { isResourceLocations, resourceLocations } from './resource-locations.ts';
import { answerEndpoints, endpointOperation } from './service-endpoints.ts';
import { answerGroups, groupOperation } from './variable-groups.ts';

export const DEVOPS_HOST = 'dev.azure.com';

/**
 * `dev.azure.com`: who am I (connectionData), a pipeline job's token for a service connection, variable groups and
 * service connections.
 */
export const devopsService: Service = {
  operation(request) {
    if (isResourceLocations(request)) return 'devops.resourceLocations';
    if (/^\/[^/]+\/_apis\/connectionData\/?$/i.test(request.path) && request.method === 'GET')
      return 'devops.connectionData';
    if (
      /^\/[^/]+\/[^/]+\/_apis\/distributedtask\/hubs\/[^/]+\/plans\/[^/]+\/jobs\/[^/]+\/oidctoken\/?$/i.test(
        request.path,
      )
    )
      return request.method === 'POST' ? 'devops.oidcToken' : 'unknown';
    return groupOperation(request) ?? endpointOperation(request) ?? 'unknown';
  },

  answer(world, request) {
    const name = decodeURIComponent(request.path.split('/')[1] ?? '');
    const organization = world.pats.organization(name);
    if (organization === undefined) return unknownOrganization(world, name);
    const operation = this.operation(request);
    if (operation.startsWith('groups.')) return answerGroups(world, request, organization, operation);
    if (operation.startsWith('endpoints.')) return answerEndpoints(world, request, organization, operation);
    switch (operation) {
      case 'devops.resourceLocations':
        return resourceLocations();
      case 'devops.connectionData':
        return connectionData(world, request, organization);
      case 'devops.oidcToken':
        return oidcToken(world, request, organization);
      default:
        return json(404, { message: 'The resource cannot be found.' });
    }
  },
};

function connectionData(world: World, request: HttpRequest, organization: Organization): HttpAnswer {
  const badVersion = versionRefusal(request, false);
  if (badVersion !== undefined) return badVersion;
  const caller = callerOf(world, request, organization, (scope) => scopeAllows(world, scope));
  if (caller.kind === 'account') return json(200, about(world, organization, caller.account));
  // With public projects anybody may ask, also with a credential that is worth nothing: 200 proves nothing here.
  return organization.hasPublicProjects ? json(200, aboutNobody(organization)) : caller.answer;
}

function scopeAllows(world: World, scope: string): boolean {
  const allowed = world.settings.connectionDataScopes;
  return allowed === 'all' || scope === FULL_ACCESS || scope.split(' ').some((part) => allowed.includes(part));
}

function about(world: World, organization: Organization, account: Account): Readonly<Record<string, unknown>> {
  const id = identityId(world, organization, account);
  const user = {
    id,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${account.tenantId}\\${account.upn}`,
    subjectDescriptor: `aad.${Buffer.from(id).toString('base64url')}`,
    providerDisplayName: account.displayName,
    isActive: true,
    properties: { Account: { $type: 'System.String', $value: account.upn } },
    resourceVersion: 2,
    metaTypeId: 0,
  };
  return answerFor(organization, user);
}

function aboutNobody(organization: Organization): Readonly<Record<string, unknown>> {
  const id = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa';
  const user = {
    id,
    descriptor: `System:PublicAccess;${id}`,
    subjectDescriptor: `sys.${Buffer.from(id).toString('base64url')}`,
    providerDisplayName: 'Anonymous',
    isActive: true,
    properties: {},
    resourceVersion: 2,
    metaTypeId: 0,
  };
  return answerFor(organization, user);
}

function answerFor(organization: Organization, user: unknown): Readonly<Record<string, unknown>> {
  return {
    authenticatedUser: user,
    authorizedUser: user,
    instanceId: organization.id,
    deploymentId: organization.tenantId,
    deploymentType: 'hosted',
    locationServiceData: { serviceOwner: '00025394-6065-48ca-87d9-7f5672854ef7', clientCacheFresh: false },
  };
}

function oidcToken(world: World, request: HttpRequest, organization: Organization): HttpAnswer {
  const credentials = credentialsOf(request);
  if (credentials.kind !== 'bearer' || !world.pipelines.isJobToken(credentials.token, organization.name))
    return notSignedIn(world, request, organization.name);
  const id = request.query.get('serviceConnectionId') ?? '';
  const connection = world.pipelines.connection(id);
  if (connection === undefined || connection.organization !== organization.name)
    return json(404, {
      message: `The service connection ${id} was not found.`,
      typeKey: 'ServiceEndpointNotFoundException',
    });
  return json(200, { oidcToken: world.pipelines.newOidcToken(connection) });
}
