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

/** A service connection by its name in a project. Source: the published OpenAPI, serviceEndpoint 7.2, endpoints. */
export interface NamedEndpoint extends InProject {
  readonly name: string;
}

/** The version whose answers hold `modifiedBy` and `modificationDate`. */
const apiVersion = '7.2-preview.4';
const path = 'serviceendpoint/endpoints';

/** The id of the connection, or undefined if the account sees none of this name. @throws ServiceError */
export async function findEndpoint(devOps: AzureDevOps, named: NamedEndpoint): Promise<string | undefined> {
  const kind = kindOf(named);
  // Names are separated by commas there: one that holds a comma can only be found among all.
  const filter: Readonly<Record<string, string>> = named.name.includes(',') ? {} : { endpointNames: named.name };
  const url = libraryUrl(named, path, { ...filter, 'api-version': apiVersion });
  const found = namedSo(
    listedObjects(await callLibrary(devOps, named, kind, { method: 'GET', url, repeat: 'always' }), kind),
    named.name,
  );
  if (found.kind === 'several') throw severalSo(kind);
  if (found.kind === 'none') return undefined;
  const { id } = found.object;
  if (typeof id !== 'string') throw unreadable(kind);
  return id;
}

/** The whole connection; undefined if there is none of this id. @throws ServiceError */
export async function readEndpoint(
  devOps: AzureDevOps,
  named: NamedEndpoint,
  id: string,
): Promise<JsonObject | undefined> {
  const kind = kindOf(named);
  const url = libraryUrl(named, `${path}/${encodeURIComponent(id)}`, { 'api-version': apiVersion });
  const endpoint = await callLibrary(devOps, named, kind, { method: 'GET', url, repeat: 'always' });
  if (endpoint === null || endpoint === undefined) return undefined;
  if (!isRecord(endpoint)) throw unreadable(kind);
  return endpoint;
}

/**
 * Replaces the whole connection by `document`, once.
 * @returns the connection as it is now. @throws ServiceError
 */
export async function writeEndpoint(
  devOps: AzureDevOps,
  named: NamedEndpoint,
  id: string,
  document: JsonObject,
): Promise<JsonObject> {
  const kind = kindOf(named);
  const { organization } = named;
  const url = libraryUrl({ organization }, `${path}/${encodeURIComponent(id)}`, { 'api-version': apiVersion });
  try {
    const body = document;
    const written = await callLibrary(devOps, named, kind, { method: 'PUT', url, body, repeat: 'once' });
    if (!isRecord(written)) throw unreadable(kind);
    return written;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 500) throw error;
    // A missing right is told like this as well (MicrosoftDocs/vsts-rest-api-specs#616).
    const message = `${error.message} If it happens each time, a right may be missing. ${administratorOfEndpoint}`;
    throw new ServiceError(message, { ...error });
  }
}

function kindOf({ project, name }: NamedEndpoint): LibraryKind {
  return { phrase: endpointPhrase(project, name), right: administratorOfEndpoint };
}

export function endpointPhrase(project: string, name: string): string {
  return `service connection "${name}" in project "${project}"`;
}

export const administratorOfEndpoint =
  'Give the service account the role Administrator of that connection at organization level: an administrator of it does so ' +
  'under Project settings, Service connections, the connection, Security, "Organization-level".';

export function noSuchEndpoint({ project, name, organization }: NamedEndpoint): ServiceError {
  return new ServiceError(
    `There is no ${endpointPhrase(project, name)} of organization "${organization}" that the service account may see. Check the ` +
      `name, or make the connection by hand. ${administratorOfEndpoint}`,
    { outcome: 'refused', code: 'ServiceConnectionNotFound' },
  );
}
