/** Policies on PATs, of the tenant and of the organization alike (MicrosoftDocs, manage-pats-with-policies). */
export interface PatPolicies {
  /** Tenant: maximum lifespan in days; dates beyond it are cut without an error. */
  readonly maximumLifespanDays: number | undefined;
  /** Tenant: restrict creation of PATs for all organizations. */
  readonly restrictGlobal: boolean;
  /** Tenant: restrict creation of full-scope PATs. */
  readonly restrictFullScope: boolean;
  /** Organization: restrict creation of any PAT, or of all but those with packaging scopes. */
  readonly restrictCreation: 'off' | 'on' | 'exceptPackaging';
  /** Accounts, by id, that all of these leave alone. */
  readonly allowlist: ReadonlySet<string>;
}

export interface Organization {
  readonly name: string;
  readonly id: string;
  readonly tenantId: string;
  /** Ids of the accounts and service principals that may enter. */
  readonly members: ReadonlySet<string>;
  /** Then anybody at all may call connectionData, as "System:PublicAccess". */
  readonly hasPublicProjects: boolean;
  readonly policies: PatPolicies;
}

export const noPolicies: PatPolicies = {
  maximumLifespanDays: undefined,
  restrictGlobal: false,
  restrictFullScope: false,
  restrictCreation: 'off',
  allowlist: new Set(),
};
