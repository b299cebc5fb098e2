import { type ApiCall, type AzureDevOps, callAzureDevOps, isRecord, type Refused } from './azure-devops.ts';
import { ServiceError } from './service-error.ts';

/** A JSON object as a service gave it. It is changed and sent back as it is, never through a type that knows fewer fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A project of an organization. Both names are untrusted text. */
export interface InProject {
  readonly organization: string;
  readonly project: string;
}

/** Of one kind of document that a project's library holds: its names in sentences, and how a right to it is given. */
export interface LibraryKind {
  /** `variable group "feeds" in project "Automation"`. */
  readonly phrase: string;
  /** What is missing where a right is. */
  readonly right: string;
}

/** Everything under dev.azure.com, for the organization. */
export function libraryUrl(
  { organization, project }: { readonly organization: string; readonly project?: string },
  path: string,
  query: Readonly<Record<string, string>>,
): string {
  const place = [organization, ...(project === undefined ? [] : [project])].map(encodeURIComponent).join('/');
  return `https://dev.azure.com/${place}/_apis/${path}?${new URLSearchParams(query)}`;
}

/** Calls one of the library's APIs; a refusal is told in its words. @throws ServiceError */
export function callLibrary(
  devOps: AzureDevOps,
  place: InProject,
  kind: LibraryKind,
  call: Pick<ApiCall, 'method' | 'url' | 'body' | 'repeat' | 'finishes'>,
): Promise<unknown> {
  const { organization } = place;
  return callAzureDevOps(devOps, { ...call, organization, explain: (refused) => explanationOf(refused, place, kind) });
}

function explanationOf({ status, code, said }: Refused, place: InProject, kind: LibraryKind): string | undefined {
  const words = said === undefined ? '' : ` Azure DevOps says: ${said}.`;
  // Code TF200016 is about a project or about an organization.
  if (code === 'TF200016' && /project/i.test(said ?? '')) {
    return (
      `There is no project "${place.project}" in organization "${place.organization}" that the service account may see (${code}). ` +
      'Check the project’s name in the input pats or variableGroup, and make the account a member of the project.'
    );
  }
  if (status === 401 || status === 403) {
    return `The service account lacks a right to ${kind.phrase} (HTTP ${status}, ${code}). ${kind.right}${words}`;
  }
  if (status === 404 && code !== 'HostDoesNotExistException' && code !== 'TF200016') {
    return (
      `There is no ${kind.phrase} (any more), or the service account lacks a right to it (HTTP 404, ${code}). ` +
      `${kind.right}${words}`
    );
  }
  if (status === 400) return `Azure DevOps did not take the change of ${kind.phrase} (HTTP 400, ${code}).${words}`;
  return undefined;
}

/** The objects of a list, as every list of Azure DevOps comes. @throws ServiceError */
export function listedObjects(answer: unknown, kind: LibraryKind): readonly JsonObject[] {
  if (!isRecord(answer) || !Array.isArray(answer.value)) throw unreadable(kind);
  return (answer.value as readonly unknown[]).filter(isRecord);
}

export function unreadable({ phrase }: LibraryKind): ServiceError {
  return new ServiceError(
    `Azure DevOps answered with something that is no ${phrase.split(' "')[0]}. Run again later.`,
    {
      outcome: 'unknown',
      code: 'UnreadableAnswer',
    },
  );
}

/**
 * The one that is called so: by its exact name, else whatever its case. A list may hold others, because a name can be
 * read as a pattern. `several`: they differ in case only.
 */
export function namedSo(
  found: readonly JsonObject[],
  name: string,
): { readonly kind: 'one'; readonly object: JsonObject } | { readonly kind: 'none' } | { readonly kind: 'several' } {
  const same = found.filter((each) => typeof each.name === 'string' && each.name.toLowerCase() === name.toLowerCase());
  const exact = same.find((each) => each.name === name);
  const only = exact ?? same[0];
  if (only === undefined) return { kind: 'none' };
  return exact !== undefined || same.length === 1 ? { kind: 'one', object: only } : { kind: 'several' };
}

export function severalSo({ phrase }: LibraryKind): ServiceError {
  return new ServiceError(
    `More than one ${phrase} is called so, in upper and lower case. Write the name exactly as it stands in Azure DevOps.`,
    { outcome: 'refused', code: 'NameNotClear' },
  );
}
