import type { Account } from '../entra-records.ts';
import type { JsonDocument } from '../json-document.ts';
import type { LibraryRefusal } from '../kept-document.ts';
import type { Organization } from '../organization.ts';
import { FULL_ACCESS } from '../pat-policies.ts';
import type { Project } from '../projects.ts';
import { serviceTimestamp } from '../service-time.ts';
import type { GroupVariable, VariableGroup } from '../variable-groups.ts';
import type { World } from '../world.ts';
import { callerOf } from './devops-caller.ts';
import { badBody, badRequest, releasedVersionRefusal } from './devops-refusals.ts';
import { empty, type HttpAnswer, type HttpRequest, json, readJson } from './exchange.ts';
import { identityRef, listOf, projectReferenceOf, refusal, segmentsOf, unknownProject } from './library.ts';

const PATH = /^\/[^/]+(\/[^/]+)?\/_apis\/distributedtask\/variablegroups(\/\d+)?\/?$/i;

/** `groups.list`, `groups.get` and `groups.update` of `distributedtask/variablegroups`; undefined: another API. */
export function groupOperation(request: HttpRequest): string | undefined {
  const found = PATH.exec(request.path);
  if (found === null) return undefined;
  const [, project, id] = found;
  if (request.method === 'PUT' && id !== undefined) return 'groups.update';
  if (request.method !== 'GET' || project === undefined) return 'groups.other';
  return id === undefined ? 'groups.list' : 'groups.get';
}

export function answerGroups(
  world: World,
  request: HttpRequest,
  organization: Organization,
  operation: string,
): HttpAnswer {
  const caller = callerOf(world, request, organization, mayUseGroups);
  if (caller.kind === 'refused') return caller.answer;
  const badVersion = releasedVersionRefusal(request, 2);
  if (badVersion !== undefined) return badVersion;
  const segments = segmentsOf(request);
  const projectName = segments[1] === '_apis' ? undefined : segments[1];
  const project = projectName === undefined ? undefined : world.projects.find(organization.name, projectName);
  if (projectName !== undefined && project === undefined) return unknownProject(projectName);
  if (operation === 'groups.update') return update(world, request, organization, caller.account, project);
  if (project === undefined || operation === 'groups.other') return empty(405);
  return operation === 'groups.list'
    ? list(world, request, organization, caller.account, project)
    : get(world, request, organization, caller.account, project);
}

function mayUseGroups(scope: string): boolean {
  return scope === FULL_ACCESS || /\bvso\.variablegroups/.test(scope);
}

function list(
  world: World,
  request: HttpRequest,
  organization: Organization,
  account: Account,
  project: Project,
): HttpAnswer {
  const { query } = request;
  const name = query.get('groupName');
  const action = query.get('actionFilter') ?? 'none';
  if (!/^(none|manage|use)$/i.test(action)) return badRequest(`actionFilter: '${action}' is not valid.`);
  const ids = query.get('groupIds')?.split(',').map(Number);
  const found = world.groups
    .list(project, account.id, { action: action.toLowerCase(), ...(name === null ? {} : { name }) })
    .filter((group) => ids === undefined || ids.includes(group.id));
  const withReferences = world.settings.groupReferencesInList === 'shown';
  return listOf(found.map((group) => shown(world, organization, group, project, withReferences)));
}

function get(
  world: World,
  request: HttpRequest,
  organization: Organization,
  account: Account,
  project: Project,
): HttpAnswer {
  const id = Number(segmentsOf(request).at(-1));
  const answer = world.groups.get(project, account.id, id);
  switch (answer.kind) {
    case 'none':
      return json(200, null);
    case 'group': {
      const withReferences = world.settings.groupReferencesById === 'shown';
      return json(200, shown(world, organization, answer.group, project, withReferences));
    }
    default:
      return refused(world, organization, account, id, answer);
  }
}

function update(
  world: World,
  request: HttpRequest,
  organization: Organization,
  account: Account,
  project: Project | undefined,
): HttpAnswer {
  const id = Number(segmentsOf(request).at(-1));
  const body = readJson(request);
  if (body === undefined) return badBody(world);
  const answer = world.groups.put(organization.name, account.id, id, body);
  if (answer.kind === 'group') return json(200, shown(world, organization, answer.group, project, true));
  return answer.kind === 'none' ? json(200, null) : refused(world, organization, account, id, answer);
}

function refused(
  world: World,
  organization: Organization,
  account: Account,
  id: number,
  answer: LibraryRefusal,
): HttpAnswer {
  const { groupRightMissing: rightStatus } = world.settings;
  return refusal(world, organization, answer, {
    account,
    what: `The variable group ${id}`,
    typeKey: 'VariableGroup',
    rightStatus,
  });
}

/** A group in an answer: with the name it has in the project, and without any secret. */
function shown(
  world: World,
  organization: Organization,
  group: VariableGroup,
  project: Project | undefined,
  withReferences: boolean,
): JsonDocument {
  const own = group.references.find(({ projectId }) => projectId === project?.id);
  const modifiedBy =
    world.settings.groupModifiedBy === 'caller'
      ? identityRef(world, organization, group.modifiedBy)
      : { id: '00000000-0000-0000-0000-000000000000' };
  return {
    ...group.more,
    variables: Object.fromEntries(Object.entries(group.variables).map(([name, value]) => [name, variable(value)])),
    id: group.id,
    type: group.type,
    name: own?.name ?? group.name,
    description: own?.description ?? group.description,
    ...(group.providerData === undefined ? {} : { providerData: group.providerData }),
    createdBy: identityRef(world, organization, group.createdBy),
    createdOn: serviceTimestamp(group.createdOn),
    modifiedBy,
    modifiedOn: serviceTimestamp(group.modifiedOn),
    isShared: group.references.length > 1,
    variableGroupProjectReferences: withReferences
      ? group.references.map((each) => ({
          projectReference: projectReferenceOf(world.projects.byId(each.projectId)),
          name: each.name,
          description: each.description,
        }))
      : null,
  };
}

function variable({ value, isSecret, more }: GroupVariable): JsonDocument {
  return isSecret ? { ...more, value: null, isSecret } : { ...more, value };
}
