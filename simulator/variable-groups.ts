import { documentsIn, isDocument, type JsonDocument, textOf } from './json-document.ts';
import { invalid, KeptDocuments, type LibraryRefusal, type ProjectReference } from './kept-document.ts';
import type { Project, Projects } from './projects.ts';
import type { Surroundings } from './surroundings.ts';

export type GroupRole = 'administrator' | 'user' | 'reader';

export interface GroupVariable {
  /** Also of a secret: tests look here, the API never shows it. */
  readonly value: string;
  readonly isSecret: boolean;
  /** `isReadOnly`; in groups that are linked to a vault `enabled`, `contentType` and `expires` too. */
  readonly more: JsonDocument;
}

/** A variable group. Never changed in place: each change makes a new record. */
export interface VariableGroup {
  readonly id: number;
  readonly organization: string;
  readonly name: string;
  readonly description: string;
  readonly type: 'Vsts' | 'AzureKeyVault';
  readonly providerData: JsonDocument | undefined;
  readonly variables: Readonly<Record<string, GroupVariable>>;
  readonly references: readonly ProjectReference[];
  /** Fields that today's description does not know. */
  readonly more: JsonDocument;
  readonly createdBy: string;
  readonly createdOn: number;
  /** An account's id, as is `createdBy`. */
  readonly modifiedBy: string;
  /** Milliseconds since 1970, as is `createdOn`. */
  readonly modifiedOn: number;
  /** By account id; whoever has none does not see the group. */
  readonly roles: ReadonlyMap<string, GroupRole>;
}

export type GroupAnswer =
  | { readonly kind: 'group'; readonly group: VariableGroup }
  | { readonly kind: 'none' }
  | LibraryRefusal;

/** A variable as somebody types it into the page of the library. */
export interface TypedVariable {
  readonly value: string;
  readonly isSecret?: boolean;
}

const VALUE_LIMIT = 4096;

/** The variable groups of all organizations. A PUT replaces the whole group; nothing tells that two of them crossed. */
export class VariableGroups {
  readonly #world: Surroundings;
  readonly #projects: Projects;
  readonly #groups: KeptDocuments<VariableGroup>;
  #breaksOff = false;

  constructor(world: Surroundings, projects: Projects) {
    this.#world = world;
    this.#projects = projects;
    this.#groups = new KeptDocuments(world, () => world.settings.groupReadLagSeconds);
  }

  // --- the API ---

  /** Those of a project that the caller sees, the newest first. `name` may hold `*`. */
  list(
    project: Project,
    accountId: string,
    query: { readonly name?: string; readonly action?: string } = {},
  ): readonly VariableGroup[] {
    const found: VariableGroup[] = [];
    for (const [id] of this.#groups.all()) {
      const group = this.#groups.shown(id);
      const reference = group?.references.find(({ projectId }) => projectId === project.id);
      if (group === undefined || reference === undefined) continue;
      if (query.name !== undefined && !matches(query.name, reference.name)) continue;
      if (mayDo(group.roles.get(accountId), query.action ?? 'none')) found.push(group);
    }
    return found.sort((left, right) => right.id - left.id);
  }

  get(project: Project, accountId: string, id: number): GroupAnswer {
    const group = this.#groups.shown(key(project.organization, id));
    if (group === undefined || !group.references.some(({ projectId }) => projectId === project.id))
      return this.#world.settings.groupUnknown === 'null' ? { kind: 'none' } : { kind: 'missing' };
    return mayDo(group.roles.get(accountId), 'none') ? { kind: 'group', group } : { kind: 'noRight' };
  }

  /** Replaces the whole group by what `body` says. */
  put(organization: string, accountId: string, id: number, body: JsonDocument): GroupAnswer {
    const before = this.#groups.stored(key(organization, id));
    if (before === undefined) return { kind: 'missing' };
    if (before.roles.get(accountId) !== 'administrator') return { kind: 'noRight' };
    const after = this.#written(before, accountId, body);
    if ('kind' in after) return after;
    if (this.#breaksOff) return this.#breakOff(before, after);
    const isSame = JSON.stringify(contentOf(before)) === JSON.stringify(contentOf(after));
    if (isSame && this.#world.settings.groupUnchangedWrite === 'ignored') return { kind: 'group', group: before };
    this.#replace(before, after);
    return { kind: 'group', group: after };
  }

  // --- for tests: look, and meddle ---

  byId(organization: string, id: number): VariableGroup | undefined {
    return this.#groups.stored(key(organization, id));
  }

  /** The group of that name in the project. @throws Error if there is none */
  named(organization: string, project: string, name: string): VariableGroup {
    const place = this.#projects.find(organization, project);
    for (const [, group] of this.#groups.all())
      if (group.references.some((each) => each.projectId === place?.id && each.name === name)) return group;
    throw new Error(`The world has no variable group "${name}" in ${organization}/${project}.`);
  }

  /** What is stored under a variable's name, a secret's value too. */
  value(organization: string, project: string, group: string, variable: string): string | undefined {
    return this.named(organization, project, group).variables[variable]?.value;
  }

  /** Puts a group there as if it had always been: no rule is applied, nobody is told. */
  plant(group: VariableGroup): void {
    this.#groups.replace(key(group.organization, group.id), group);
  }

  setRole(group: VariableGroup, accountId: string, role: GroupRole | undefined): void {
    const roles = new Map(this.#current(group).roles);
    if (role === undefined) roles.delete(accountId);
    else roles.set(accountId, role);
    this.plant({ ...this.#current(group), roles });
  }

  remove(group: VariableGroup): void {
    const before = this.#current(group);
    this.#groups.remove(key(group.organization, group.id));
    this.#world.changed({ kind: 'group.deleted', before });
  }

  /** Somebody opens the group's page in the library, and may save it much later. */
  openPage(group: VariableGroup): GroupPage {
    return new GroupPage(this, this.#current(group), this.#world.settings.groupPageSave);
  }

  /** What a job gets that is queued now: its variables are those of now, or of its start. */
  queueJob(group: VariableGroup): { readonly start: () => Readonly<Record<string, string>> } {
    const values = (): Readonly<Record<string, string>> =>
      Object.fromEntries(Object.entries(this.#current(group).variables).map(([name, { value }]) => [name, value]));
    const queued = values();
    return { start: () => (this.#world.settings.jobReads === 'queued' ? queued : values()) };
  }

  /** The next write is broken off by the service: see the setting `brokenGroupWrite`. */
  breakNextWrite(): void {
    this.#breaksOff = true;
  }

  /** The same state, for another world to go on from. */
  fork(world: Surroundings, projects: Projects): VariableGroups {
    const copy = new VariableGroups(world, projects);
    copy.#groups.fillFrom(this.#groups);
    copy.#breaksOff = this.#breaksOff;
    return copy;
  }

  #current(group: VariableGroup): VariableGroup {
    const found = this.#groups.stored(key(group.organization, group.id));
    if (found === undefined) throw new Error(`The world has no variable group ${group.id} any more.`);
    return found;
  }

  #replace(before: VariableGroup, after: VariableGroup): void {
    this.#groups.replace(key(after.organization, after.id), after);
    this.#world.changed({ kind: 'group.written', before, after });
  }

  #breakOff(before: VariableGroup, after: VariableGroup): LibraryRefusal {
    this.#breaksOff = false;
    const stored = this.#world.settings.brokenGroupWrite;
    if (stored === 'secretsOnly') this.#replace(before, { ...before, variables: withSecretsOf(before, after) });
    if (stored === 'plainOnly') this.#replace(before, { ...after, variables: withSecretsOf(after, before) });
    return { kind: 'brokenOff' };
  }

  #written(before: VariableGroup, accountId: string, body: JsonDocument): VariableGroup | LibraryRefusal {
    const name = textOf(body, 'name');
    if (name === '') return invalid('Value cannot be null.\r\nParameter name: group.Name', 'ArgumentNullException');
    const references = this.#references(before, body);
    if ('kind' in references) return references;
    const variables = this.#variables(before, body);
    if ('kind' in variables) return variables;
    const { name: _, description, type: __, providerData, variables: ___, ...rest } = body;
    const { variableGroupProjectReferences: _____, ...more } = rest;
    return {
      ...before,
      name,
      description: typeof description === 'string' ? description : '',
      providerData: isDocument(providerData) ? providerData : undefined,
      variables: variables.of,
      references: references.of,
      more: withoutOwn(more),
      modifiedBy: accountId,
      modifiedOn: this.#groups.now(),
    };
  }

  #references(
    before: VariableGroup,
    body: JsonDocument,
  ): { readonly of: readonly ProjectReference[] } | LibraryRefusal {
    const sent = documentsIn(body.variableGroupProjectReferences);
    if (sent.length === 0) {
      return this.#world.settings.groupWithoutReferences === 'unauthorized'
        ? invalid('TF400813: The user is not authorized to access this resource.', 'UnauthorizedRequestException', 401)
        : invalid('Project information name is not valid for variable group.', 'VariableGroupException');
    }
    const named = sent.map((each): ProjectReference => {
      const reference = isDocument(each.projectReference) ? each.projectReference : undefined;
      const project =
        this.#projects.byId(textOf(reference, 'id')) ??
        this.#projects.find(before.organization, textOf(reference, 'name'));
      return {
        projectId: project?.id ?? '',
        name: textOf(each, 'name'),
        description: textOf(each, 'description'),
      };
    });
    if (named.some(({ projectId, name }) => projectId === '' || name === ''))
      return invalid('Project information name is not valid for variable group.', 'VariableGroupException');
    if (this.#world.settings.groupReferenceLeftOut === 'unshared') return { of: named };
    const others = before.references.filter((each) => !named.some(({ projectId }) => projectId === each.projectId));
    return { of: [...named, ...others] };
  }

  #variables(
    before: VariableGroup,
    body: JsonDocument,
  ): { readonly of: Readonly<Record<string, GroupVariable>> } | LibraryRefusal {
    const { settings } = this.#world;
    const sent = isDocument(body.variables) ? body.variables : {};
    const variables: Record<string, GroupVariable> = {};
    for (const [name, entry] of Object.entries(sent)) {
      if (!isDocument(entry)) return invalid(`The variable '${name}' is not valid.`, 'VariableGroupException');
      if (name.includes('.') && settings.groupNameWithDot === 'refused')
        return invalid(`The variable name '${name}' is not valid.`, 'VariableGroupException');
      const twin = Object.keys(variables).find((each) => each.toLowerCase() === name.toLowerCase());
      if (twin !== undefined && settings.groupNamesByCase === 'refused')
        return invalid(`The variable '${name}' exists already.`, 'VariableGroupException');
      const variable = this.#variable(stored(before, name, settings.groupNamesByCase), entry);
      if ('kind' in variable) return variable;
      variables[twin !== undefined && settings.groupNamesByCase === 'merged' ? twin : name] = variable;
    }
    return { of: variables };
  }

  #variable(before: GroupVariable | undefined, entry: JsonDocument): GroupVariable | LibraryRefusal {
    const { settings } = this.#world;
    const { value, isSecret: marked, ...more } = entry;
    const isSecret = marked === true;
    if (typeof value === 'string') {
      if (value.length > VALUE_LIMIT && settings.groupValueTooLong === 'refused')
        return invalid(`A variable's value must not exceed ${VALUE_LIMIT} characters.`, 'VariableGroupException');
      return { value: value.slice(0, VALUE_LIMIT), isSecret, more };
    }
    const isKept = value === null ? settings.groupNullSecret : settings.groupAbsentSecret;
    const kept = isSecret && before?.isSecret === true && isKept === 'kept' ? before.value : '';
    return { value: kept, isSecret, more };
  }
}

/** A page of the library that somebody has open: what it shows is as old as the page. */
export class GroupPage {
  readonly #groups: VariableGroups;
  readonly #seen: VariableGroup;
  readonly #untouched: 'null' | 'absent';

  constructor(groups: VariableGroups, seen: VariableGroup, untouched: 'null' | 'absent') {
    this.#groups = groups;
    this.#seen = seen;
    this.#untouched = untouched;
  }

  /**
   * Saves the page: every plain value as it was when the page was opened, every secret that is not typed anew as it is
   * stored. `undefined` deletes a variable.
   */
  save(accountId: string, typed: Readonly<Record<string, TypedVariable | undefined>> = {}): GroupAnswer {
    const shown: Record<string, unknown> = {};
    for (const [name, { value, isSecret, more }] of Object.entries(this.#seen.variables)) {
      const untouched = this.#untouched === 'null' ? { value: null } : {};
      shown[name] = isSecret ? { ...more, ...untouched, isSecret } : { ...more, value };
    }
    for (const [name, variable] of Object.entries(typed)) {
      if (variable === undefined) delete shown[name];
      else shown[name] = { value: variable.value, ...(variable.isSecret === true ? { isSecret: true } : {}) };
    }
    const { organization, id, name, description, type, providerData, references, more } = this.#seen;
    return this.#groups.put(organization, accountId, id, {
      ...more,
      name,
      description,
      type,
      ...(providerData === undefined ? {} : { providerData }),
      variables: shown,
      variableGroupProjectReferences: references.map((each) => ({
        name: each.name,
        description: each.description,
        projectReference: { id: each.projectId },
      })),
    });
  }
}

function key(organization: string, id: number): string {
  return `${organization.toLowerCase()}/${id}`;
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(name);
}

function mayDo(role: GroupRole | undefined, action: string): boolean {
  if (action === 'manage') return role === 'administrator';
  return action === 'use' ? role === 'administrator' || role === 'user' : role !== undefined;
}

function stored(group: VariableGroup, name: string, byCase: 'merged' | 'both' | 'refused'): GroupVariable | undefined {
  if (byCase === 'both') return group.variables[name];
  const found = Object.keys(group.variables).find((each) => each.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : group.variables[found];
}

function contentOf({ modifiedBy: _, modifiedOn: __, roles: ___, ...content }: VariableGroup): object {
  return content;
}

/** The plain variables of one group, with another's secret values; a secret that only one of them has is the other's. */
function withSecretsOf(plain: VariableGroup, secrets: VariableGroup): Readonly<Record<string, GroupVariable>> {
  const own = Object.entries(plain.variables).filter(([, { isSecret }]) => !isSecret);
  const other = Object.entries(secrets.variables).filter(([, { isSecret }]) => isSecret);
  return Object.fromEntries([...own, ...other]);
}

/** What the service says of a group, and takes from nobody. */
function withoutOwn(more: JsonDocument): JsonDocument {
  const own = new Set(['id', 'createdBy', 'createdOn', 'modifiedBy', 'modifiedOn', 'isShared']);
  return Object.fromEntries(Object.entries(more).filter(([field]) => !own.has(field)));
}
