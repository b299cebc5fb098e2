import { documentsIn, isDocument, type JsonDocument, textOf } from './json-document.ts';
import { invalid, KeptDocuments, type LibraryRefusal, type ProjectReference } from './kept-document.ts';
import type { Project, Projects } from './projects.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * `administrator` of the organization's level may change the secret; `projectAdministrator` may rename, describe and
 * share (bzzzt.io 2021-07).
 */
export type EndpointRole = 'administrator' | 'projectAdministrator' | 'user' | 'reader';

/** A service connection as the pipelines know it. Never changed in place: each change makes a new record. */
export interface ServiceEndpoint {
  readonly id: string;
  readonly organization: string;
  readonly type: string;
  readonly url: string;
  readonly scheme: string;
  /** With the secrets' values: tests look here, the API never shows them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of the parameters that are confidential. */
  readonly secrets: readonly string[];
  readonly data: Readonly<Record<string, string>>;
  /** Name and description in each project. */
  readonly references: readonly ProjectReference[];
  readonly owner: string;
  readonly isDisabled: boolean;
  /** Fields that today's description does not know. */
  readonly more: JsonDocument;
  readonly createdBy: string;
  readonly creationDate: number;
  /** An account's id, as is `createdBy`. */
  readonly modifiedBy: string;
  /** Milliseconds since 1970, as are all dates here. */
  readonly modificationDate: number;
  readonly readyFrom: number;
  /** By account id; whoever has none does not see the connection. */
  readonly roles: ReadonlyMap<string, EndpointRole>;
}

export type EndpointAnswer =
  | { readonly kind: 'endpoint'; readonly endpoint: ServiceEndpoint; readonly sees: 'all' | 'little' }
  | { readonly kind: 'none' }
  | LibraryRefusal;

const DESCRIPTION_LIMIT = 1024;

/** The service connections of all organizations. A PUT replaces the whole object. */
export class ServiceEndpoints {
  readonly #world: Surroundings;
  readonly #projects: Projects;
  readonly #endpoints: KeptDocuments<ServiceEndpoint>;
  #breaksOff = false;

  constructor(world: Surroundings, projects: Projects) {
    this.#world = world;
    this.#projects = projects;
    this.#endpoints = new KeptDocuments(world, () => world.settings.endpointReadLagSeconds);
  }

  // --- the API ---

  /** Those of a project that the caller sees; with `names`, only these. */
  list(project: Project, accountId: string, names?: readonly string[]): readonly EndpointAnswer[] {
    const found: EndpointAnswer[] = [];
    for (const [id] of this.#endpoints.all()) {
      const endpoint = this.#endpoints.shown(id);
      const reference = endpoint?.references.find(({ projectId }) => projectId === project.id);
      const role = endpoint?.roles.get(accountId);
      if (endpoint === undefined || reference === undefined || role === undefined) continue;
      const isSame = (name: string): boolean =>
        this.#world.settings.endpointNamesAsked === 'exact'
          ? name === reference.name
          : name.toLowerCase() === reference.name.toLowerCase();
      if (names === undefined || names.some(isSame)) found.push({ kind: 'endpoint', endpoint, sees: sightOf(role) });
    }
    return found;
  }

  get(project: Project, accountId: string, id: string): EndpointAnswer {
    const endpoint = this.#endpoints.shown(key(project.organization, id));
    if (endpoint === undefined || !endpoint.references.some(({ projectId }) => projectId === project.id))
      return this.#world.settings.endpointUnknown === 'null' ? { kind: 'none' } : { kind: 'missing' };
    const role = endpoint.roles.get(accountId);
    const isRefused = role === 'reader' && this.#world.settings.endpointForReader === 'refused';
    return role === undefined || isRefused ? { kind: 'noRight' } : { kind: 'endpoint', endpoint, sees: sightOf(role) };
  }

  /** Replaces the whole object by what `body` says. */
  put(organization: string, accountId: string, id: string, body: JsonDocument): EndpointAnswer {
    const before = this.#endpoints.stored(key(organization, id));
    if (before === undefined) return { kind: 'missing' };
    const role = before.roles.get(accountId);
    if (role !== 'administrator' && role !== 'projectAdministrator') return { kind: 'noRight' };
    const after = this.#written(before, accountId, body);
    if ('kind' in after) return after;
    if (role === 'projectAdministrator' && authorizationOf(before) !== authorizationOf(after))
      return { kind: 'noRight' };
    if (this.#breaksOff) return this.#breakOff(before, after);
    this.#replace(before, after);
    return { kind: 'endpoint', endpoint: after, sees: 'all' };
  }

  // --- for tests: look, and meddle ---

  byId(organization: string, id: string): ServiceEndpoint | undefined {
    return this.#endpoints.stored(key(organization, id));
  }

  /** The connection of that name in the project. @throws Error if there is none */
  named(organization: string, project: string, name: string): ServiceEndpoint {
    const place = this.#projects.find(organization, project);
    for (const [, endpoint] of this.#endpoints.all())
      if (endpoint.references.some((each) => each.projectId === place?.id && each.name === name)) return endpoint;
    throw new Error(`The world has no service connection "${name}" in ${organization}/${project}.`);
  }

  /** The one secret that is stored. */
  value(organization: string, project: string, name: string): string | undefined {
    const { parameters, secrets } = this.named(organization, project, name);
    return parameters[secrets[0] ?? ''];
  }

  /** Puts a connection there as if it had always been: no rule is applied, nobody is told. */
  plant(endpoint: ServiceEndpoint): void {
    this.#endpoints.replace(key(endpoint.organization, endpoint.id), endpoint);
  }

  setRole(endpoint: ServiceEndpoint, accountId: string, role: EndpointRole | undefined): void {
    const roles = new Map(this.#current(endpoint).roles);
    if (role === undefined) roles.delete(accountId);
    else roles.set(accountId, role);
    this.plant({ ...this.#current(endpoint), roles });
  }

  setDisabled(endpoint: ServiceEndpoint, isDisabled: boolean): void {
    this.plant({ ...this.#current(endpoint), isDisabled });
  }

  remove(endpoint: ServiceEndpoint): void {
    const before = this.#current(endpoint);
    this.#endpoints.remove(key(endpoint.organization, endpoint.id));
    this.#world.changed({ kind: 'endpoint.deleted', before });
  }

  /** Somebody opens the connection's page in one project, and may save it much later. */
  openPage(endpoint: ServiceEndpoint, project: string): EndpointPage {
    const place = this.#projects.find(endpoint.organization, project);
    if (place === undefined) throw new Error(`The world has no project ${project}.`);
    return new EndpointPage(this, this.#current(endpoint), place.id, this.#world.settings.endpointPageSave);
  }

  /** What a job gets that is queued now: the connection as it is now, or at its start. */
  queueJob(endpoint: ServiceEndpoint): { readonly start: () => Readonly<Record<string, string>> } {
    const queued = this.#current(endpoint).parameters;
    return {
      start: () => (this.#world.settings.jobReads === 'queued' ? queued : this.#current(endpoint).parameters),
    };
  }

  /** The next write is broken off by the service: see the setting `brokenEndpointWrite`. */
  breakNextWrite(): void {
    this.#breaksOff = true;
  }

  /** The same state, for another world to go on from. */
  fork(world: Surroundings, projects: Projects): ServiceEndpoints {
    const copy = new ServiceEndpoints(world, projects);
    copy.#endpoints.fillFrom(this.#endpoints);
    copy.#breaksOff = this.#breaksOff;
    return copy;
  }

  #current(endpoint: ServiceEndpoint): ServiceEndpoint {
    const found = this.#endpoints.stored(key(endpoint.organization, endpoint.id));
    if (found === undefined) throw new Error(`The world has no service connection ${endpoint.id} any more.`);
    return found;
  }

  #replace(before: ServiceEndpoint, after: ServiceEndpoint): void {
    this.#endpoints.replace(key(after.organization, after.id), after);
    this.#world.changed({ kind: 'endpoint.written', before, after });
  }

  #breakOff(before: ServiceEndpoint, after: ServiceEndpoint): LibraryRefusal {
    this.#breaksOff = false;
    const stored = this.#world.settings.brokenEndpointWrite;
    if (stored === 'secretsOnly') this.#replace(before, { ...before, parameters: after.parameters });
    if (stored === 'plainOnly') this.#replace(before, { ...after, parameters: before.parameters });
    return { kind: 'brokenOff' };
  }

  #written(before: ServiceEndpoint, accountId: string, body: JsonDocument): ServiceEndpoint | LibraryRefusal {
    const { settings } = this.#world;
    const refusal = (message: string): LibraryRefusal => invalid(message, 'ServiceEndpointException');
    if (settings.endpointOwnFieldsSent === 'refused')
      for (const field of ['createdBy', 'isReady', 'operationStatus'])
        if (field in body) return refusal(`The field ${field} cannot be set.`);
    const authorization = isDocument(body.authorization) ? body.authorization : undefined;
    if (authorization === undefined) return refusal('Service Connection Authorization cannot be null.');
    const parameters = this.#parameters(before, isDocument(authorization.parameters) ? authorization.parameters : {});
    if ('kind' in parameters) return parameters;
    const data = this.#data(before, isDocument(body.data) ? body.data : {});
    if ('kind' in data) return data;
    const references = this.#references(before, body);
    if ('kind' in references) return references;
    const after: ServiceEndpoint = {
      ...before,
      type: textOf(body, 'type') || before.type,
      url: textOf(body, 'url') || before.url,
      scheme: textOf(authorization, 'scheme') || before.scheme,
      ...parameters,
      data: data.of,
      references: references.of,
      owner: textOf(body, 'owner') || before.owner,
      isDisabled: body.isDisabled === true,
      more: unknownFields(body),
      readyFrom: this.#world.now + settings.endpointReadyAfterSeconds * 1000,
    };
    const isDated = settings.endpointDescriptionEdit === 'dated' || authorizationOf(before) !== authorizationOf(after);
    return isDated ? { ...after, modifiedBy: accountId, modificationDate: this.#endpoints.now() } : after;
  }

  #parameters(before: ServiceEndpoint, sent: JsonDocument): Pick<ServiceEndpoint, 'parameters'> | LibraryRefusal {
    const { settings } = this.#world;
    const parameters: Record<string, string> = {};
    for (const [name, value] of Object.entries(sent)) {
      const isSecret = before.secrets.includes(name);
      if (value === '' && isSecret && settings.endpointEmptySecret === 'refused')
        return invalid(`The parameter ${name} must not be empty.`, 'ServiceEndpointException');
      const kept = isSecret && settings.endpointNullSecret === 'kept' ? (before.parameters[name] ?? '') : '';
      parameters[name] = typeof value === 'string' ? value : kept;
    }
    for (const name of before.secrets)
      if (!(name in sent))
        parameters[name] = settings.endpointAbsentSecret === 'kept' ? (before.parameters[name] ?? '') : '';
    return { parameters };
  }

  #data(
    before: ServiceEndpoint,
    sent: JsonDocument,
  ): { readonly of: Readonly<Record<string, string>> } | LibraryRefusal {
    const { endpointUnknownData } = this.#world.settings;
    const data: Record<string, string> = {};
    for (const [name, value] of Object.entries(sent)) {
      if (typeof value !== 'string') continue;
      const isKnown = name in before.data || endpointUnknownData === 'kept';
      if (isKnown) data[name] = value;
      else if (endpointUnknownData === 'refused')
        return invalid(`The data ${name} is not known to this type.`, 'ServiceEndpointException');
    }
    return { of: data };
  }

  #references(
    before: ServiceEndpoint,
    body: JsonDocument,
  ): { readonly of: readonly ProjectReference[] } | LibraryRefusal {
    const { settings } = this.#world;
    const sent = documentsIn(body.serviceEndpointProjectReferences);
    if (sent.length === 0)
      return invalid('At least one project reference required to create an endpoint.', 'ArgumentException');
    const named: ProjectReference[] = [];
    for (const each of sent) {
      const reference = isDocument(each.projectReference) ? each.projectReference : undefined;
      const project = this.#projects.byId(textOf(reference, 'id'));
      const known = before.references.find(({ projectId }) => projectId === project?.id);
      if (project === undefined) return invalid('The project reference is not valid.', 'ArgumentException');
      const description = settings.endpointDescription === 'one' ? body.description : each.description;
      const text = typeof description === 'string' ? description : '';
      if (text.length > DESCRIPTION_LIMIT && settings.endpointDescriptionTooLong === 'refused')
        return invalid(`The description must not exceed ${DESCRIPTION_LIMIT} characters.`, 'ServiceEndpointException');
      named.push({
        projectId: project.id,
        name: textOf(each, 'name') || (known?.name ?? ''),
        description: text.slice(0, DESCRIPTION_LIMIT),
      });
    }
    if (settings.endpointReferenceLeftOut === 'unshared') return { of: named };
    const others = before.references.filter((each) => !named.some(({ projectId }) => projectId === each.projectId));
    return { of: [...named, ...others] };
  }
}

/** A connection's page that somebody has open in one project: what it shows is as old as the page. */
export class EndpointPage {
  readonly #endpoints: ServiceEndpoints;
  readonly #seen: ServiceEndpoint;
  readonly #projectId: string;
  readonly #untouched: 'null' | 'absent' | 'asks';

  constructor(
    endpoints: ServiceEndpoints,
    seen: ServiceEndpoint,
    projectId: string,
    untouched: 'null' | 'absent' | 'asks',
  ) {
    this.#endpoints = endpoints;
    this.#seen = seen;
    this.#projectId = projectId;
    this.#untouched = untouched;
  }

  /**
   * Saves the page: everything as it was when the page was opened, but what was typed. A secret that was not typed goes
   * as null, or not at all; a page that asks for it cannot be saved without one.
   */
  save(
    accountId: string,
    typed: { readonly description?: string; readonly secret?: string; readonly url?: string } = {},
  ): EndpointAnswer {
    const { id, organization, type, url, scheme, data, references, owner, more, isDisabled } = this.#seen;
    if (typed.secret === undefined && this.#untouched === 'asks') return { kind: 'none' };
    const parameters: Record<string, unknown> = { ...this.#seen.parameters };
    for (const secret of this.#seen.secrets) {
      if (typed.secret !== undefined) parameters[secret] = typed.secret;
      else if (this.#untouched === 'null') parameters[secret] = null;
      else delete parameters[secret];
    }
    const described = references.map((each) => ({
      name: each.name,
      description: each.projectId === this.#projectId ? (typed.description ?? each.description) : each.description,
      projectReference: { id: each.projectId },
    }));
    const own = described.find(({ projectReference }) => projectReference.id === this.#projectId);
    return this.#endpoints.put(organization, accountId, id, {
      ...more,
      id,
      type,
      url: typed.url ?? url,
      name: own?.name,
      description: own?.description,
      owner,
      isDisabled,
      authorization: { scheme, parameters },
      data,
      serviceEndpointProjectReferences: described,
    });
  }
}

function key(organization: string, id: string): string {
  return `${organization.toLowerCase()}/${id.toLowerCase()}`;
}

function sightOf(role: EndpointRole): 'all' | 'little' {
  return role === 'reader' ? 'little' : 'all';
}

/** What only the organization's administrators of a connection may change. */
function authorizationOf({ type, url, scheme, parameters, data }: ServiceEndpoint): string {
  return JSON.stringify([type, url, scheme, Object.entries(parameters).sort(), Object.entries(data).sort()]);
}

const described = new Set([
  ...['administratorsGroup', 'authorization', 'createdBy', 'creationDate', 'data', 'description', 'groupScopeId', 'id'],
  ...['isDisabled', 'isOutdated', 'isReady', 'isShared', 'modificationDate', 'modifiedBy', 'name', 'operationStatus'],
  ...['owner', 'readersGroup', 'serviceEndpointProjectReferences', 'type', 'url'],
]);

function unknownFields(body: JsonDocument): JsonDocument {
  return Object.fromEntries(Object.entries(body).filter(([field]) => !described.has(field)));
}
