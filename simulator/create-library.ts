import type { JsonDocument } from './json-document.ts';
import type { ProjectReference } from './kept-document.ts';
import { DAY } from './pat-policies.ts';
import type { EndpointRole } from './service-endpoints.ts';
import { storedInstant } from './service-time.ts';
import type { GroupRole, GroupVariable } from './variable-groups.ts';
import type { World } from './world.ts';

/** A text, or the value of the PAT of this name in the same organization. */
export type StoredText = string | { readonly pat: string };

export interface GroupVariableSpec {
  readonly value: StoredText;
  readonly isSecret?: boolean;
  readonly isReadOnly?: boolean;
}

export interface GroupSpec {
  readonly type?: 'Vsts' | 'AzureKeyVault';
  readonly description?: string;
  /** A plain variable's text, or more. Default: one plain variable. */
  readonly variables?: Readonly<Record<string, string | GroupVariableSpec>>;
  readonly providerData?: JsonDocument;
  /** Other projects of the organization, by name. */
  readonly sharedWith?: readonly string[];
  /** By UPN; default: every account is an administrator. */
  readonly roles?: Readonly<Record<string, GroupRole>>;
  /** Fields that no description knows. */
  readonly more?: JsonDocument;
}

export interface EndpointSpec {
  /** Default: `externalnugetfeed`. */
  readonly type?: string;
  /** Default: a feed of the organization. */
  readonly url?: string;
  /** Default: `Token`. */
  readonly scheme?: string;
  /** Default: one secret, `apitoken`. */
  readonly parameters?: Readonly<Record<string, StoredText>>;
  /** Which of the parameters are confidential. Default: `apitoken`, `password` and `nugetkey`. */
  readonly secrets?: readonly string[];
  readonly data?: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly sharedWith?: readonly string[];
  /** By UPN; default: every account is an administrator at organization level. */
  readonly roles?: Readonly<Record<string, EndpointRole>>;
  readonly isDisabled?: boolean;
  readonly more?: JsonDocument;
}

export interface ProjectSpec {
  readonly id?: string;
  /** Variable groups by name. */
  readonly groups?: Readonly<Record<string, GroupSpec>>;
  /** Service connections that a pipeline's tasks use, by name. */
  readonly connections?: Readonly<Record<string, EndpointSpec>>;
}

const usualSecrets: readonly string[] = ['apitoken', 'password', 'nugetkey'];

/** Puts an organization's projects there, with what their libraries hold. The first account made all of it. */
export function addProjects(
  world: World,
  organization: string,
  projects: Readonly<Record<string, ProjectSpec>>,
  upns: readonly string[],
): void {
  for (const [name, { id }] of Object.entries(projects))
    world.projects.put({ id: id ?? world.random.guid(), name, organization });
  let nextGroup = 1;
  for (const [project, { groups = {}, connections = {} }] of Object.entries(projects)) {
    for (const [name, spec] of Object.entries(groups)) {
      world.groups.plant({
        id: nextGroup++,
        organization,
        name,
        description: spec.description ?? '',
        type: spec.type ?? 'Vsts',
        providerData: spec.providerData,
        variables: Object.fromEntries(
          Object.entries(spec.variables ?? { owner: 'team' }).map(([variable, text]) => [
            variable,
            plannedVariable(world, organization, text),
          ]),
        ),
        references: referencesOf(world, organization, [project, ...(spec.sharedWith ?? [])], name, spec.description),
        more: spec.more ?? {},
        ...author(world, upns),
        roles: rolesOf(world, spec.roles ?? everyone(upns, 'administrator')),
      });
    }
    for (const [name, spec] of Object.entries(connections)) {
      const { createdBy, createdOn, modifiedBy, modifiedOn } = author(world, upns);
      const parameters = Object.entries(spec.parameters ?? { apitoken: 'a token of somebody’s' });
      world.endpoints.plant({
        id: world.random.guid(),
        organization,
        type: spec.type ?? 'externalnugetfeed',
        url: spec.url ?? `https://pkgs.dev.azure.com/${organization}/_packaging/feed/nuget/v3/index.json`,
        scheme: spec.scheme ?? 'Token',
        parameters: Object.fromEntries(parameters.map(([key, text]) => [key, storedText(world, organization, text)])),
        secrets: spec.secrets ?? parameters.map(([key]) => key).filter((key) => usualSecrets.includes(key)),
        data: spec.data ?? {},
        references: referencesOf(world, organization, [project, ...(spec.sharedWith ?? [])], name, spec.description),
        owner: 'Library',
        isDisabled: spec.isDisabled ?? false,
        more: spec.more ?? {},
        createdBy,
        creationDate: createdOn,
        modifiedBy,
        modificationDate: modifiedOn,
        readyFrom: createdOn,
        roles: rolesOf(world, spec.roles ?? everyone(upns, 'administrator')),
      });
    }
  }
}

function author(world: World, upns: readonly string[]) {
  const id = world.entra.accountByUpn(upns[0] ?? '')?.id ?? '';
  const when = storedInstant(world.now - 50 * DAY, 'databaseTime');
  return { createdBy: id, createdOn: when, modifiedBy: id, modifiedOn: when };
}

function everyone<Role>(upns: readonly string[], role: Role): Readonly<Record<string, Role>> {
  return Object.fromEntries(upns.map((upn) => [upn, role]));
}

function rolesOf<Role>(world: World, roles: Readonly<Record<string, Role>>): ReadonlyMap<string, Role> {
  return new Map(Object.entries(roles).map(([upn, role]) => [world.entra.accountByUpn(upn)?.id ?? upn, role]));
}

function referencesOf(
  world: World,
  organization: string,
  projects: readonly string[],
  name: string,
  description = '',
): readonly ProjectReference[] {
  return projects.map((project) => ({
    projectId: world.projects.find(organization, project)?.id ?? '',
    name,
    description,
  }));
}

function plannedVariable(world: World, organization: string, spec: string | GroupVariableSpec): GroupVariable {
  if (typeof spec === 'string') return { value: spec, isSecret: false, more: {} };
  return {
    value: storedText(world, organization, spec.value),
    isSecret: spec.isSecret ?? false,
    more: spec.isReadOnly === undefined ? {} : { isReadOnly: spec.isReadOnly },
  };
}

function storedText(world: World, organization: string, text: StoredText): string {
  if (typeof text === 'string') return text;
  const pat = world.pats.named(organization, text.pat).at(-1);
  if (pat === undefined) throw new Error(`The world has no PAT named "${text.pat}" in ${organization}.`);
  return pat.value;
}
