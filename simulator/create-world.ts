import { clientCertificate } from './client-certificate.ts';
import { Clock } from './clock.ts';
import { addProjects, type ProjectSpec } from './create-library.ts';
import type { Application, Cloud, Refusals } from './entra-records.ts';
import type { Resource } from './entra-resources.ts';
import { allSecretPermissions, type SecretPermission, type SecretVersion } from './key-vault.ts';
import { noPolicies, type PatPolicies } from './organization.ts';
import { DAY } from './pat-policies.ts';
import type { Pat } from './pat-service.ts';
import { makePatValue } from './pat-value.ts';
import { federationOf } from './pipelines.ts';
import { storedInstant } from './service-time.ts';
import type { Settings } from './settings.ts';
import { wellKnownClients } from './well-known-clients.ts';
import { World } from './world.ts';

/** An instant: ISO 8601, or milliseconds since 1970. */
export type Instant = string | number;

export interface PatSpec {
  readonly displayName: string;
  /** Default: `vso.code`. */
  readonly scope?: string;
  /** When it was made. Default: 50 days ago. */
  readonly validFrom?: Instant;
  /** When it ends. Default: in 10 days. */
  readonly validTo?: Instant;
  readonly allOrgs?: boolean;
  /** Further organizations of this world, by name, where it is valid: then `targetAccounts` has several ids. */
  readonly alsoIn?: readonly string[];
  readonly revokedAt?: Instant;
  /** UPN; default: the first account. */
  readonly owner?: string;
}

export interface SecretSpec {
  /** A text, or the value of the PAT of this name (in the first organization, unless another is named). */
  readonly value: string | { readonly pat: string; readonly organization?: string };
  /** When it was set. Default: 50 days ago. */
  readonly created?: Instant;
  readonly expires?: Instant;
  readonly notBefore?: Instant;
  readonly enabled?: boolean;
  /** Of a certificate: Key Vault keeps it. */
  readonly managed?: boolean;
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface AccountSpec {
  readonly upn: string;
  readonly id?: string;
  readonly displayName?: string;
  /** Default: made up. */
  readonly password?: string;
  /** AADSTS codes with which Entra refuses it. */
  readonly refusals?: Refusals;
}

export interface ApplicationSpec {
  readonly clientId: string;
  readonly displayName?: string;
  readonly objectId?: string;
  /** "Allow public client flows"; default: yes, unless it has a credential. */
  readonly allowsPublicClient?: boolean;
  readonly secret?: string;
  readonly secretExpires?: Instant;
  /** PEM. */
  readonly certificate?: string;
  /** A service connection (by id) that may sign in as this application. */
  readonly serviceConnection?: string;
  readonly managedIdentity?: boolean;
  /** Consented delegated permissions. Default: user_impersonation of Azure DevOps and of Key Vault. */
  readonly delegated?: Readonly<Partial<Record<Resource['name'], readonly string[]>>>;
  readonly refusals?: Refusals;
}

export interface OrganizationSpec {
  readonly id?: string;
  readonly pats?: readonly PatSpec[];
  readonly publicProjects?: boolean;
  /** By name, with their variable groups and service connections; default: none. */
  readonly projects?: Readonly<Record<string, ProjectSpec>>;
  /** UPNs and client ids; default: all accounts, no application. */
  readonly members?: readonly string[];
  /** `allowlist` holds UPNs here. */
  readonly policies?: Partial<Omit<PatPolicies, 'allowlist'>> & { readonly allowlist?: readonly string[] };
}

export interface VaultSpec {
  readonly authorization?: 'rbac' | 'accessPolicy';
  /** By UPN or client id; default: every account and application may do all but purge. */
  readonly access?: Readonly<Record<string, 'all' | readonly SecretPermission[]>>;
  readonly shutOut?: boolean;
  /** Default: the world's first tenant. */
  readonly tenantId?: string;
  /** One version, or several from the oldest to the newest. */
  readonly secrets?: Readonly<Record<string, SecretSpec | readonly SecretSpec[]>>;
}

export interface ServiceConnectionSpec {
  readonly id: string;
  readonly organization?: string;
  readonly project?: string;
  readonly name?: string;
}

export interface WorldSpec {
  /** Default: 2026-11-23T04:00:00Z. */
  readonly now?: Instant;
  /** true: the services' time goes on by itself from `now`. Default: it stands still until it is moved. */
  readonly ticking?: boolean;
  readonly seed?: number;
  readonly settings?: Partial<Settings>;
  readonly tenant?: { readonly id?: string; readonly domains?: readonly string[]; readonly cloud?: Cloud };
  /** Default: one service account, `svc-pats@contoso.example`. */
  readonly accounts?: readonly AccountSpec[];
  /** Beside Microsoft's own. */
  readonly applications?: readonly ApplicationSpec[];
  readonly serviceConnections?: readonly ServiceConnectionSpec[];
  /** By name; default: `contoso`, without PATs. */
  readonly organizations?: Readonly<Record<string, OrganizationSpec>>;
  /** By name (`contoso-kv`, in the tenant's cloud) or by host. */
  readonly vaults?: Readonly<Record<string, VaultSpec>>;
}

const VAULT_SUFFIX: Readonly<Record<Cloud, string>> = {
  public: 'vault.azure.net',
  usGovernment: 'vault.usgovcloudapi.net',
  china: 'vault.azure.cn',
};

const PASSWORD_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!%+-';

/** A world with what `spec` says in it, and sensible defaults for the rest. */
export function createWorld(spec: WorldSpec = {}): World {
  const world = new World(new Clock(instant(spec.now ?? '2026-11-23T04:00:00Z'), spec.ticking ?? false), {
    seed: spec.seed ?? 1,
    settings: spec.settings ?? {},
  });
  const tenantId = spec.tenant?.id ?? world.random.guid();
  const cloud = spec.tenant?.cloud ?? 'public';
  world.entra.putTenant({
    id: tenantId,
    domains: spec.tenant?.domains ?? ['contoso.example', 'contoso.onmicrosoft.com'],
    cloud,
    missingResources: [],
  });

  const accounts = spec.accounts ?? [{ upn: 'svc-pats@contoso.example' }];
  for (const account of accounts) addAccount(world, tenantId, account);
  const organizations = Object.entries(spec.organizations ?? { contoso: {} });
  for (const [name, organization] of organizations) {
    world.pats.putOrganization({
      name,
      id: organization.id ?? world.random.guid(),
      tenantId,
      members: new Set(),
      hasPublicProjects: organization.publicProjects ?? false,
      policies: noPolicies,
    });
  }
  const firstOrganization = organizations[0]?.[0] ?? '';
  for (const connection of spec.serviceConnections ?? []) addConnection(world, firstOrganization, connection);
  for (const application of wellKnownClients) world.entra.putApplication(application);
  for (const application of spec.applications ?? []) addApplication(world, tenantId, application);

  const everyAccount = accounts.map((account) => account.upn);
  for (const [name, organization] of organizations) {
    const place = world.pats.organization(name);
    if (place === undefined) continue;
    const { allowlist = [], ...policies } = organization.policies ?? {};
    world.pats.putOrganization({
      ...place,
      members: new Set((organization.members ?? everyAccount).map((who) => objectId(world, who))),
      policies: { ...noPolicies, ...policies, allowlist: new Set(allowlist.map((who) => objectId(world, who))) },
    });
    for (const pat of organization.pats ?? [])
      world.pats.plant(plannedPat(world, name, pat, pat.owner ?? everyAccount[0] ?? ''));
    addProjects(world, name, organization.projects ?? {}, everyAccount);
  }

  const everybody = [...everyAccount, ...(spec.applications ?? []).map((application) => application.clientId)];
  for (const [name, vault] of Object.entries(spec.vaults ?? {})) {
    const host = name.includes('.') ? name : `${name}.${VAULT_SUFFIX[cloud]}`;
    addVault(world, host, tenantId, vault, everybody);
    for (const [secret, versions] of Object.entries(vault.secrets ?? {})) {
      const specs: readonly SecretSpec[] = isList(versions) ? versions : [versions];
      world.vaults.plant(host, {
        name: secret,
        versions: specs.map((version) => plannedVersion(world, version, firstOrganization)),
      });
    }
  }
  return world;
}

export function instant(when: Instant): number {
  return typeof when === 'number' ? when : Date.parse(when);
}

function addAccount(world: World, tenantId: string, spec: AccountSpec): void {
  world.entra.putAccount({
    id: spec.id ?? world.random.guid(),
    tenantId,
    upn: spec.upn,
    displayName: spec.displayName ?? spec.upn.replace(/@.*/, ''),
    password: spec.password ?? world.random.text(24, PASSWORD_ALPHABET),
    refusals: spec.refusals,
    failures: 0,
    sessionsRevokedAt: 0,
    passwordChangedAt: 0,
  });
}

function addConnection(world: World, firstOrganization: string, spec: ServiceConnectionSpec): void {
  const organization = world.pats.organization(spec.organization ?? firstOrganization);
  if (organization === undefined) throw new Error(`Service connection ${spec.id}: no organization.`);
  world.pipelines.putConnection({
    id: spec.id,
    organization: organization.name,
    organizationId: organization.id,
    subject: `sc://${organization.name}/${spec.project ?? 'Automation'}/${spec.name ?? 'Azure'}`,
  });
}

function addApplication(world: World, tenantId: string, spec: ApplicationSpec): void {
  const connection =
    spec.serviceConnection === undefined ? undefined : world.pipelines.connection(spec.serviceConnection);
  const hasCredential = [spec.secret, spec.certificate, spec.serviceConnection].some((each) => each !== undefined);
  const application: Application = {
    clientId: spec.clientId,
    objectId: spec.objectId ?? world.random.guid(),
    tenantId,
    displayName: spec.displayName ?? 'Renew PATs',
    allowsPublicClient: spec.allowsPublicClient ?? !hasCredential,
    delegated: spec.delegated ?? { azureDevOps: ['user_impersonation'], keyVault: ['user_impersonation'] },
    secrets:
      spec.secret === undefined
        ? []
        : [{ value: spec.secret, expires: instant(spec.secretExpires ?? '2100-01-01T00:00:00Z') }],
    certificates: spec.certificate === undefined ? [] : [clientCertificate(spec.certificate)],
    federated: connection === undefined ? [] : [federationOf(connection)],
    managedIdentity: spec.managedIdentity ?? false,
    refusals: spec.refusals,
  };
  world.entra.putApplication(application);
}

function addVault(world: World, host: string, tenantId: string, spec: VaultSpec, everybody: readonly string[]): void {
  const usual = allSecretPermissions.filter((permission) => permission !== 'purge');
  const access = new Map<string, ReadonlySet<SecretPermission>>();
  for (const [who, permissions] of Object.entries(
    spec.access ?? Object.fromEntries(everybody.map((who) => [who, usual])),
  ))
    access.set(objectId(world, who), new Set(permissions === 'all' ? allSecretPermissions : permissions));
  world.vaults.putVault({
    host,
    tenantId: spec.tenantId ?? tenantId,
    authorization: spec.authorization ?? 'rbac',
    access,
    shutOut: spec.shutOut ?? false,
  });
}

/** The object id of an account (by UPN) or of an application's service principal (by client id). */
function objectId(world: World, who: string): string {
  const id = world.entra.accountByUpn(who)?.id ?? world.entra.application(who)?.objectId;
  if (id === undefined) throw new Error(`The world has neither an account nor an application "${who}".`);
  return id;
}

function organizationId(world: World, name: string): string {
  const id = world.pats.organization(name)?.id;
  if (id === undefined) throw new Error(`The world has no organization "${name}".`);
  return id;
}

function plannedPat(world: World, organization: string, spec: PatSpec, owner: string): Pat {
  const { settings, now, random } = world;
  const stored = (when: Instant): number => storedInstant(instant(when), settings.timePrecision);
  return {
    authorizationId: random.guid(),
    accountId: objectId(world, owner),
    organization,
    displayName: spec.displayName,
    scope: spec.scope ?? 'vso.code',
    allOrgs: spec.allOrgs ?? false,
    otherAccounts: (spec.alsoIn ?? []).map((name) => organizationId(world, name)),
    validFrom: stored(spec.validFrom ?? now - 50 * DAY),
    validTo: stored(spec.validTo ?? now + 10 * DAY),
    revokedAt: spec.revokedAt === undefined ? undefined : instant(spec.revokedAt),
    value: makePatValue(random, settings.valueShape),
  };
}

function plannedVersion(world: World, spec: SecretSpec, firstOrganization: string): SecretVersion {
  const created = Math.floor(instant(spec.created ?? world.now - 50 * DAY) / 1000);
  return {
    version: world.random.hex(32),
    value: typeof spec.value === 'string' ? spec.value : valueOfPat(world, spec.value, firstOrganization),
    enabled: spec.enabled ?? true,
    created,
    updated: created,
    notBefore: spec.notBefore === undefined ? undefined : Math.floor(instant(spec.notBefore) / 1000),
    expires: spec.expires === undefined ? undefined : Math.floor(instant(spec.expires) / 1000),
    contentType: spec.contentType,
    tags: spec.tags ?? {},
    managed: spec.managed ?? false,
  };
}

function valueOfPat(
  world: World,
  wanted: { readonly pat: string; readonly organization?: string },
  firstOrganization: string,
): string {
  const organization = wanted.organization ?? firstOrganization;
  for (const pat of world.pats.all())
    if (pat.displayName === wanted.pat && pat.organization === organization) return pat.value;
  throw new Error(`The world has no PAT "${wanted.pat}" in ${organization}.`);
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}
