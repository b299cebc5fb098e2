import { type AzureDevOps, isRecord } from './azure-devops.ts';
import {
  callLibrary,
  type InProject,
  type JsonObject,
  type LibraryKind,
  libraryUrl,
  listedObjects,
  namedSo,
  severalSo,
  unreadable,
} from './library.ts';
import { ServiceError } from './service-error.ts';

/** A variable group by its name in a project. Source: the published OpenAPI, taskAgent 7.2, variablegroups. */
export interface NamedGroup extends InProject {
  readonly group: string;
}

const apiVersion = '7.1';
const path = 'distributedtask/variablegroups';

/** `none`: that the account may see; `manage`: of which it is an administrator. */
export type GroupAction = 'none' | 'manage';

/** The id of the group, or undefined if the account may not do that with any group of this name. @throws ServiceError */
export async function findGroup(
  devOps: AzureDevOps,
  named: NamedGroup,
  actionFilter: GroupAction,
): Promise<number | undefined> {
  const kind = kindOf(named);
  const query = { groupName: named.group, actionFilter, 'api-version': apiVersion };
  const url = libraryUrl(named, path, query);
  const found = namedSo(
    listedObjects(await callLibrary(devOps, named, kind, { method: 'GET', url, repeat: 'always' }), kind),
    named.group,
  );
  if (found.kind === 'several') throw severalSo(kind);
  if (found.kind === 'none') return undefined;
  const { id } = found.object;
  if (typeof id !== 'number') throw unreadable(kind);
  return id;
}

/** The whole group; undefined if there is none of this id. A list is not enough: it may lack the references. @throws ServiceError */
export async function readGroup(devOps: AzureDevOps, named: NamedGroup, id: number): Promise<JsonObject | undefined> {
  const kind = kindOf(named);
  const url = libraryUrl(named, `${path}/${id}`, { 'api-version': apiVersion });
  const group = await callLibrary(devOps, named, kind, { method: 'GET', url, repeat: 'always' });
  if (group === null || group === undefined) return undefined;
  if (!isRecord(group)) throw unreadable(kind);
  return group;
}

/** What the service says of a group, and takes from nobody. */
const own: ReadonlySet<string> = new Set(['id', 'createdBy', 'createdOn', 'modifiedBy', 'modifiedOn', 'isShared']);

/**
 * Replaces the whole group by `document`, once. Secrets that are `null` in it stay as they are stored.
 * @returns the group as it is now. @throws ServiceError
 */
export async function writeGroup(
  devOps: AzureDevOps,
  named: NamedGroup,
  id: number,
  document: JsonObject,
): Promise<JsonObject> {
  const kind = kindOf(named);
  const body = Object.fromEntries(Object.entries(document).filter(([field]) => !own.has(field)));
  // With a project in the path it would be an older call that knows no references.
  const url = libraryUrl({ organization: named.organization }, `${path}/${id}`, { 'api-version': apiVersion });
  const written = await callLibrary(devOps, named, kind, { method: 'PUT', url, body, repeat: 'once' });
  if (!isRecord(written)) throw unreadable(kind);
  return written;
}

function kindOf({ project, group }: NamedGroup): LibraryKind {
  return { phrase: groupPhrase(project, group), right: administratorOfGroup };
}

export function groupPhrase(project: string, group: string): string {
  return `variable group "${group}" in project "${project}"`;
}

const administratorOfGroup =
  'Give it the role Administrator of that group: an administrator of the library does so under Pipelines, Library, the ' +
  'group, Security.';

export function noSuchGroup({ project, group, organization }: NamedGroup): ServiceError {
  return new ServiceError(
    `There is no ${groupPhrase(project, group)} of organization "${organization}" that the service account may see. Check the name; ` +
      `make the group by hand if there is none, best one of its own, without other people’s secrets. ${administratorOfGroup}`,
    { outcome: 'refused', code: 'VariableGroupNotFound' },
  );
}

export function notAdministratorOf({ project, group }: NamedGroup): string {
  return `the service account is no administrator of ${groupPhrase(project, group)}, so it cannot write there. ${administratorOfGroup}`;
}
