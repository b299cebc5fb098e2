import type { ClientCertificate } from './client-certificate.ts';
import type { EntraRefusal } from './entra-refusals.ts';
import type { Resource } from './entra-resources.ts';

export type Cloud = 'public' | 'usGovernment' | 'china';
export type Grant = 'password' | 'refreshToken' | 'clientCredentials' | 'deviceCode' | 'authorizationCode';
/** Codes (the number after `AADSTS`) with which Entra refuses, for every grant or per grant. */
export type Refusals = number | Readonly<Partial<Record<Grant, number>>> | undefined;

export interface Tenant {
  readonly id: string;
  readonly domains: readonly string[];
  readonly cloud: Cloud;
  /** Resources that this tenant has never used: tokens for them are refused with AADSTS500011. */
  readonly missingResources: readonly Resource['name'][];
}

/** A user account. Never changed in place. */
export interface Account {
  /** Entra object id. */
  readonly id: string;
  readonly tenantId: string;
  readonly upn: string;
  readonly displayName: string;
  readonly password: string;
  readonly refusals: Refusals;
  /** Wrong passwords in a row. */
  readonly failures: number;
  /** Refresh tokens issued before these instants are dead: all of them, or those that came from a password. */
  readonly sessionsRevokedAt: number;
  readonly passwordChangedAt: number;
}

export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** An app registration together with its service principal, or a managed identity. */
export interface Application {
  readonly clientId: string;
  /** Object id of the service principal: what vaults and organizations know it by. */
  readonly objectId: string;
  /** Undefined: known in every tenant, as Microsoft's own applications are. */
  readonly tenantId: string | undefined;
  readonly displayName: string;
  /** "Allow public client flows". */
  readonly allowsPublicClient: boolean;
  /** Resources for which it may act in a user's name (consented). */
  readonly delegated: Readonly<Partial<Record<Resource['name'], readonly string[]>>>;
  readonly secrets: readonly { readonly value: string; readonly expires: number }[];
  readonly certificates: readonly ClientCertificate[];
  readonly federated: readonly FederatedCredential[];
  readonly managedIdentity: boolean;
  readonly refusals: Refusals;
}

export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'secret'; readonly value: string }
  | { readonly kind: 'assertion'; readonly token: string };

/** What every token request says. */
export interface TokenRequest {
  readonly cloud: Cloud;
  /** Tenant id, domain, `organizations` or `common`. */
  readonly tenant: string;
  readonly clientId: string;
  readonly credential: Credential;
  readonly scope: string;
}

export interface AccessToken {
  readonly token: string;
  readonly kind: 'user' | 'application';
  /** Object id of the user or of the service principal. */
  readonly subjectId: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly resource: Resource['name'];
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly expires: number;
}

export interface RefreshToken {
  readonly token: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly fromPassword: boolean;
  readonly issued: number;
  readonly lastUsed: number;
  readonly spent: boolean;
}

export interface IssuedTokens {
  readonly kind: 'issued';
  readonly access: AccessToken;
  /** `scope` of the answer. */
  readonly scope: string;
  readonly refresh: RefreshToken | undefined;
  readonly idToken: string | undefined;
  readonly account: Account | undefined;
}

export type TokenAnswer = IssuedTokens | { readonly kind: 'refused'; readonly refusal: EntraRefusal };

export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  readonly scope: string;
  readonly expires: number;
  readonly approvedBy: string | undefined;
  /** The person said no. */
  readonly isDeclined: boolean;
}

export interface AuthorizationCode {
  readonly code: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly challenge: string | undefined;
  readonly expires: number;
}
