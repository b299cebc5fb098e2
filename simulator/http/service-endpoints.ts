import type { Account } from '../entra-records.ts';
import type { JsonDocument } from '../json-document.ts';
import type { LibraryRefusal } from '../kept-document.ts';
import type { Organization } from '../organization.ts';
import { FULL_ACCESS } from '../pat-policies.ts';
import type { Project } from '../projects.ts';
import type { EndpointAnswer, ServiceEndpoint } from '../service-endpoints.ts';
import { serviceTimestamp } from '../service-time.ts';
import type { World } from '../world.ts';
import { callerOf } from './devops-caller.ts';
import { badBody, releasedVersionRefusal } from './devops-refusals.ts';
import { empty, type HttpAnswer, type HttpRequest, json, readJson } from './exchange.ts';
import { identityRef, listOf, projectReferenceOf, refusal, segmentsOf, unknownProject } from './library.ts';

const PATH = /^\/[^/]+(\/[^/]+)?\/_apis\/serviceendpoint\/endpoints(\/[^/]+)?\/?$/i;

/** `endpoints.list`, `endpoints.get` and `endpoints.update` of `serviceendpoint/endpoints`; undefined: another API. */
export function endpointOperation(request: HttpRequest): string | undefined {
  const found = PATH.exec(request.path);
  if (found === null) return undefined;
  const [, project, id] = found;
  if (request.method === 'PUT' && id !== undefined) return 'endpoints.update';
  if (request.method !== 'GET' || project === undefined) return 'endpoints.other';
  return id === undefined ? 'endpoints.list' : 'endpoints.get';
}

export function answerEndpoints(
  world: World,
  request: HttpRequest,
  organization: Organization,
  operation: string,
): HttpAnswer {
  const caller = callerOf(world, request, organization, mayUseEndpoints);
  if (caller.kind === 'refused') return caller.answer;
  const badVersion = releasedVersionRefusal(request, 4);
  if (badVersion !== undefined) return badVersion;
  const segments = segmentsOf(request);
  const projectName = segments[1] === '_apis' ? undefined : segments[1];
  const project = projectName === undefined ? undefined : world.projects.find(organization.name, projectName);
  if (projectName !== undefined && project === undefined) return unknownProject(projectName);
  if (operation === 'endpoints.update') return update(world, request, organization, caller.account, project);
  if (project === undefined || operation === 'endpoints.other') return empty(405);
  const { account } = caller;
  if (operation === 'endpoints.get') {
    const id = segments.at(-1) ?? '';
    return answered(world, organization, account, id, project, world.endpoints.get(project, account.id, id));
  }
  const names = request.query.get('endpointNames')?.split(',');
  const type = request.query.get('type');
  const found = world.endpoints
    .list(project, account.id, names)
    .flatMap((each) => (each.kind === 'endpoint' ? [each] : []))
    .filter(({ endpoint }) => type === null || endpoint.type === type);
  return listOf(found.map(({ endpoint, sees }) => shown(world, organization, endpoint, project, sees)));
}

function mayUseEndpoints(scope: string): boolean {
  return scope === FULL_ACCESS || /\bvso\.serviceendpoint/.test(scope);
}

function update(
  world: World,
  request: HttpRequest,
  organization: Organization,
  account: Account,
  project: Project | undefined,
): HttpAnswer {
  if (project !== undefined && world.settings.endpointPutByProject === 'refused') return empty(405);
  const id = segmentsOf(request).at(-1) ?? '';
  const body = readJson(request);
  if (body === undefined) return badBody(world);
  const answer = world.endpoints.put(organization.name, account.id, id, body);
  return answered(world, organization, account, id, project, answer);
}

function answered(
  world: World,
  organization: Organization,
  account: Account,
  id: string,
  project: Project | undefined,
  answer: EndpointAnswer,
): HttpAnswer {
  switch (answer.kind) {
    case 'none':
      return json(200, null);
    case 'endpoint':
      return json(200, shown(world, organization, answer.endpoint, project, answer.sees));
    default:
      return refused(world, organization, account, id, answer);
  }
}

function refused(
  world: World,
  organization: Organization,
  account: Account,
  id: string,
  answer: LibraryRefusal,
): HttpAnswer {
  const { endpointRightMissing: rightStatus } = world.settings;
  return refusal(world, organization, answer, {
    account,
    what: `The service connection ${id}`,
    typeKey: 'ServiceEndpoint',
    rightStatus,
  });
}

/** A connection in an answer: name and description of the project asked through, and no secret. */
function shown(
  world: World,
  organization: Organization,
  endpoint: ServiceEndpoint,
  project: Project | undefined,
  sees: 'all' | 'little',
): JsonDocument {
  const own = endpoint.references.find(({ projectId }) => projectId === project?.id) ?? endpoint.references[0];
  const names = { id: endpoint.id, name: own?.name, description: own?.description, isShared: false, isReady: true };
  if (sees === 'little') return names;
  const { settings } = world;
  const parameters = Object.entries(endpoint.parameters).map(([name, value]) => [
    name,
    endpoint.secrets.includes(name) ? null : value,
  ]);
  return {
    ...endpoint.more,
    data: endpoint.data,
    ...names,
    type: endpoint.type,
    url: endpoint.url,
    createdBy: identityRef(world, organization, endpoint.createdBy),
    authorization: { parameters: Object.fromEntries(parameters), scheme: endpoint.scheme },
    isShared: endpoint.references.length > 1,
    isOutdated: false,
    isDisabled: endpoint.isDisabled,
    isReady: world.now >= endpoint.readyFrom,
    owner: endpoint.owner,
    creationDate: serviceTimestamp(endpoint.creationDate),
    ...(settings.endpointModified === 'shown'
      ? {
          modificationDate: serviceTimestamp(endpoint.modificationDate),
          modifiedBy: identityRef(world, organization, endpoint.modifiedBy),
        }
      : {}),
    serviceEndpointProjectReferences: endpoint.references.map((each) => ({
      projectReference: projectReferenceOf(world.projects.byId(each.projectId)),
      name: each.name,
      description: each.description,
    })),
  };
}
