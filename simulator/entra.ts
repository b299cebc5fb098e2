import { createHash } from 'node:crypto';
import { verifiesAssertion } from './client-certificate.ts';
import type {
  AccessToken,
  Account,
  Application,
  AuthorizationCode,
  Cloud,
  DeviceCode,
  Grant,
  IssuedTokens,
  RefreshToken,
  Refusals,
  Tenant,
  TokenAnswer,
  TokenRequest,
} from './entra-records.ts';
import { type EntraRefusal, refusal } from './entra-refusals.ts';
import { type Resource, readScopes } from './entra-resources.ts';
import { EntraTokens } from './entra-tokens.ts';
import { readToken } from './json-web-token.ts';
import type { Surroundings } from './surroundings.ts';

const DAY = 86_400_000;
const DEVICE_CODE_SECONDS = 900;
const TOKEN_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const USER_CODE_ALPHABET = 'BCDFGHJKLMNPQRSTVWXYZ23456789';

class Refused extends Error {
  readonly refusal: EntraRefusal;

  constructor(code: number, about?: string) {
    super(`AADSTS${code}`);
    this.refusal = refusal(code, about);
  }
}

/** Entra ID: tenants, accounts, applications, and the tokens that it gave out. */
export class Entra {
  readonly #world: Surroundings;
  readonly #tenants = new Map<string, Tenant>();
  readonly #accounts = new Map<string, Account>();
  readonly #applications = new Map<string, Application>();
  readonly #tokens: EntraTokens;
  readonly #deviceCodes = new Map<string, DeviceCode>();
  readonly #authorizationCodes = new Map<string, AuthorizationCode>();
  readonly #trustedAssertions = new Set<string>();
  #browserUser: string | undefined;

  constructor(world: Surroundings, tokens: EntraTokens = new EntraTokens(world)) {
    this.#world = world;
    this.#tokens = tokens;
  }

  // --- the directory ---

  putTenant(tenant: Tenant): void {
    this.#tenants.set(tenant.id, tenant);
  }

  putAccount(account: Account): void {
    this.#accounts.set(account.id, account);
  }

  putApplication(application: Application): void {
    this.#applications.set(application.clientId.toLowerCase(), application);
  }

  accountById(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  accountByUpn(upn: string): Account | undefined {
    for (const account of this.#accounts.values()) if (sameText(account.upn, upn)) return account;
    return undefined;
  }

  application(clientId: string): Application | undefined {
    return this.#applications.get(clientId.toLowerCase());
  }

  tenant(id: string): Tenant | undefined {
    return this.#tenants.get(id);
  }

  /** The tenant that a sign-in address names, by id or by domain. */
  tenantNamed(name: string, cloud: Cloud): Tenant | undefined {
    for (const tenant of this.#tenants.values()) {
      if (tenant.cloud !== cloud) continue;
      if (sameText(tenant.id, name) || tenant.domains.some((domain) => sameText(domain, name))) return tenant;
    }
    return undefined;
  }

  // --- what happens to accounts ---

  /** A new password: refresh tokens that came from the old one die. */
  changePassword(upn: string, password: string): void {
    const account = this.#accountNamed(upn);
    this.putAccount({ ...account, password, passwordChangedAt: this.#world.now });
  }

  /** "Revoke sessions": every refresh token issued so far dies. */
  revokeSessions(upn: string): void {
    this.putAccount({ ...this.#accountNamed(upn), sessionsRevokedAt: this.#world.now });
  }

  /** From now on Entra refuses this account with the given AADSTS codes; undefined: no longer. */
  refuseAccount(upn: string, refusals: Refusals): void {
    this.putAccount({ ...this.#accountNamed(upn), refusals });
  }

  /** From now on Entra refuses this application with the given AADSTS codes; undefined: no longer. */
  refuseApplication(clientId: string, refusals: Refusals): void {
    const application = this.application(clientId);
    if (application === undefined) throw new Error(`The world has no application ${clientId}.`);
    this.putApplication({ ...application, refusals });
  }

  // --- grants ---

  signInWithPassword(request: TokenRequest & { readonly username: string; readonly password: string }): TokenAnswer {
    return this.#attempt(() => {
      if (['common', 'consumers'].includes(request.tenant.toLowerCase())) throw new Refused(9_001_023);
      const application = this.#clientFor(request, 'password');
      const account = this.accountByUpn(request.username);
      if (account === undefined || !this.#belongs(account, request)) throw new Refused(50034, request.username);
      // Smart lockout comes before the password is looked at: the right one does not help a locked account.
      if (account.failures >= this.#world.settings.lockoutAfter) throw new Refused(50053);
      if (account.password !== request.password) {
        this.putAccount({ ...account, failures: account.failures + 1 });
        throw new Refused(50126);
      }
      if (account.failures > 0) this.putAccount({ ...account, failures: 0 });
      this.#refuseIfTold(account.refusals, 'password', application.clientId);
      return this.#issueForUser(request, application, account, true);
    });
  }

  redeemRefreshToken(request: TokenRequest & { readonly refreshToken: string }): TokenAnswer {
    return this.#attempt(() => {
      const application = this.#clientFor(request, 'refreshToken');
      const held = this.#tokens.refresh(request.refreshToken);
      if (held === undefined) throw new Refused(9_002_313);
      if (!sameText(held.clientId, application.clientId) || held.spent) throw new Refused(70000);
      const account = this.#accounts.get(held.accountId);
      if (account === undefined || !this.#belongs(account, request)) throw new Refused(16000);
      const { now, settings } = this.#world;
      if (held.lastUsed + settings.refreshTokenDays * DAY <= now)
        throw new Refused(700_082, `${settings.refreshTokenDays}.00:00:00`);
      if (held.issued < account.sessionsRevokedAt) throw new Refused(50173);
      if (held.fromPassword && held.issued < account.passwordChangedAt) throw new Refused(50173);
      this.#refuseIfTold(account.refusals, 'refreshToken', application.clientId);
      const answer = this.#issueForUser(request, application, account, held.fromPassword);
      const spent = settings.refreshTokenSpentByUse === 'yes';
      this.#tokens.putRefresh({ ...held, lastUsed: now, spent });
      return answer;
    });
  }

  signInAsApplication(request: TokenRequest): TokenAnswer {
    return this.#attempt(() => {
      const application = this.#clientFor(request, 'clientCredentials');
      if (request.credential.kind === 'none') throw new Refused(7_000_218);
      const resource = this.#wantedResource(request);
      const scopes = request.scope.split(' ').filter((scope) => scope !== '');
      if (!scopes.every((scope) => scope.endsWith('/.default'))) throw new Refused(1_002_012, request.scope);
      return this.#issueForApplication(application, resource, this.#tenantOf(request).id);
    });
  }

  startDeviceCode(request: TokenRequest): DeviceCode | { readonly kind: 'refused'; readonly refusal: EntraRefusal } {
    const started = this.#attempt(() => {
      const application = this.#clientFor(request, 'deviceCode');
      if (request.scope.trim() === '') throw new Refused(900_144, 'scope');
      const code: DeviceCode = {
        deviceCode: this.#world.random.text(120, TOKEN_ALPHABET),
        userCode: this.#world.random.text(9, USER_CODE_ALPHABET),
        clientId: application.clientId,
        scope: request.scope,
        expires: this.#world.now + DEVICE_CODE_SECONDS * 1000,
        approvedBy: this.#browserUser,
        isDeclined: false,
      };
      this.#deviceCodes.set(code.deviceCode, code);
      return code;
    });
    return started;
  }

  /** A person types the code at microsoft.com/devicelogin and signs in, with MFA and all. */
  approveDeviceCode(userCode: string, upn: string): void {
    this.#decideOnDeviceCode(userCode, { approvedBy: this.#accountNamed(upn).id });
  }

  /** A person types the code and says no. */
  declineDeviceCode(userCode: string): void {
    this.#decideOnDeviceCode(userCode, { isDeclined: true });
  }

  #decideOnDeviceCode(userCode: string, decision: Partial<DeviceCode>): void {
    const code = [...this.#deviceCodes.values()].find((each) => each.userCode === userCode);
    if (code === undefined) throw new Error(`Nobody asked for the device code ${userCode}.`);
    this.#deviceCodes.set(code.deviceCode, { ...code, ...decision });
  }

  redeemDeviceCode(request: TokenRequest & { readonly deviceCode: string }): TokenAnswer {
    return this.#attempt(() => {
      const application = this.#clientFor(request, 'deviceCode');
      const code = this.#deviceCodes.get(request.deviceCode);
      if (code === undefined || !sameText(code.clientId, application.clientId)) throw new Refused(70018);
      if (code.expires <= this.#world.now) throw new Refused(70020);
      if (code.isDeclined) throw new Refused(65004);
      if (code.approvedBy === undefined) throw new Refused(70016);
      const account = this.#accounts.get(code.approvedBy);
      if (account === undefined || !this.#belongs(account, request)) throw new Refused(16000);
      this.#refuseIfTold(account.refusals, 'deviceCode', application.clientId);
      this.#deviceCodes.delete(code.deviceCode);
      return this.#issueForUser({ ...request, scope: request.scope || code.scope }, application, account, false);
    });
  }

  /** Whoever sits at the browser from now on: approves every device code and signs in at /authorize; undefined: nobody. */
  signInBrowser(upn: string | undefined): void {
    this.#browserUser = upn === undefined ? undefined : this.#accountNamed(upn).id;
  }

  /** The sign-in page, without the page: the code with which the browser is sent back. */
  authorize(
    request: TokenRequest & {
      readonly redirectUri: string;
      readonly loginHint: string | undefined;
      readonly challenge: string | undefined;
    },
  ): AuthorizationCode | { readonly kind: 'refused'; readonly refusal: EntraRefusal } {
    return this.#attempt(() => {
      const application = this.#knownClient(request, 'authorizationCode');
      const hinted = request.loginHint === undefined ? undefined : this.accountByUpn(request.loginHint);
      const account = hinted ?? this.#accounts.get(this.#browserUser ?? '');
      if (account === undefined) throw new Refused(50058);
      this.#refuseIfTold(account.refusals, 'authorizationCode', application.clientId);
      const code: AuthorizationCode = {
        code: `0.${this.#world.random.text(90, TOKEN_ALPHABET)}`,
        accountId: account.id,
        clientId: application.clientId,
        redirectUri: request.redirectUri,
        scope: request.scope,
        challenge: request.challenge,
        expires: this.#world.now + 600_000,
      };
      this.#authorizationCodes.set(code.code, code);
      return code;
    });
  }

  redeemAuthorizationCode(
    request: TokenRequest & {
      readonly code: string;
      readonly redirectUri: string;
      readonly verifier: string | undefined;
    },
  ): TokenAnswer {
    return this.#attempt(() => {
      const application = this.#clientFor(request, 'authorizationCode');
      const code = this.#authorizationCodes.get(request.code);
      if (code === undefined || !sameText(code.clientId, application.clientId)) throw new Refused(9_002_313);
      if (code.expires <= this.#world.now) throw new Refused(70008);
      if (code.redirectUri !== request.redirectUri) throw new Refused(50011);
      // PKCE, S256: RFC 7636, section 4.6.
      const proof = createHash('sha256')
        .update(request.verifier ?? '')
        .digest('base64url');
      if (code.challenge !== undefined && code.challenge !== proof) throw new Refused(501_481);
      const account = this.#accounts.get(code.accountId);
      if (account === undefined || !this.#belongs(account, request)) throw new Refused(16000);
      this.#authorizationCodes.delete(code.code);
      return this.#issueForUser({ ...request, scope: request.scope || code.scope }, application, account, false);
    });
  }

  /** What the instance metadata service of a virtual machine gives out: no credential, the machine is the proof. */
  managedIdentityToken(resourceName: string, clientId: string | undefined): TokenAnswer {
    return this.#attempt(() => {
      const wanted = readScopes(`${resourceName}/.default`);
      if (wanted.kind !== 'resource') throw new Refused(500_011, resourceName);
      for (const application of this.#applications.values()) {
        if (!application.managedIdentity || application.tenantId === undefined) continue;
        if (clientId !== undefined && !sameText(application.clientId, clientId)) continue;
        return this.#issueForApplication(application, wanted.resource, application.tenantId);
      }
      throw new Refused(700_016, clientId ?? 'managed identity');
    });
  }

  /** Makes an assertion of another issuer (a service connection's) one that Entra can verify. */
  trustAssertion(token: string): void {
    this.#trustedAssertions.add(token);
  }

  // --- for the services: whose token is it? ---

  /** A token that is still valid, or undefined. */
  accessToken(token: string): AccessToken | undefined {
    return this.#tokens.access(token);
  }

  /**
   * Takes an access token for one of its own, which an identity provider in its place gave to this account: the services
   * accept it from now on.
   */
  adoptAccessToken(token: string, upn: string, clientId: string, scope: string): void {
    const account = this.#accountNamed(upn);
    const wanted = readScopes(scope);
    const application = this.application(clientId);
    if (wanted.kind !== 'resource' || application === undefined)
      throw new Error(`No token for ${scope} of ${clientId}.`);
    const scopes = application.delegated[wanted.resource.name] ?? [];
    const { id: subjectId, tenantId } = account;
    this.#tokens.adoptAccess({ token, kind: 'user', subjectId, clientId, tenantId, scopes }, wanted.resource);
  }

  refreshTokens(): Iterable<RefreshToken> {
    return this.#tokens.allRefresh();
  }

  /** A refresh token as if a person had signed in by device code just now. */
  plantRefreshToken(upn: string, clientId: string): RefreshToken {
    return this.#tokens.issueRefresh(this.#accountNamed(upn), clientId, false);
  }

  /** The same state, for another world to go on from. */
  fork(world: Surroundings): Entra {
    const copy = new Entra(world, this.#tokens.fork(world));
    copyInto(copy.#tenants, this.#tenants);
    copyInto(copy.#accounts, this.#accounts);
    copyInto(copy.#applications, this.#applications);
    copyInto(copy.#deviceCodes, this.#deviceCodes);
    copyInto(copy.#authorizationCodes, this.#authorizationCodes);
    for (const assertion of this.#trustedAssertions) copy.#trustedAssertions.add(assertion);
    copy.#browserUser = this.#browserUser;
    return copy;
  }

  #attempt<Answer>(grant: () => Answer): Answer | { readonly kind: 'refused'; readonly refusal: EntraRefusal } {
    try {
      return grant();
    } catch (error) {
      if (error instanceof Refused) return { kind: 'refused', refusal: error.refusal };
      throw error;
    }
  }

  #accountNamed(upn: string): Account {
    const account = this.accountByUpn(upn);
    if (account === undefined) throw new Error(`The world has no account "${upn}".`);
    return account;
  }

  #isTenantless(request: TokenRequest): boolean {
    return ['organizations', 'common', 'consumers'].includes(request.tenant.toLowerCase());
  }

  #tenantOf(request: TokenRequest): Tenant {
    const tenant = this.tenantNamed(request.tenant, request.cloud);
    if (tenant === undefined) throw new Refused(90002, request.tenant);
    return tenant;
  }

  #belongs(account: Account, request: TokenRequest): boolean {
    const tenant = this.#tenants.get(account.tenantId);
    if (this.#isTenantless(request)) return tenant?.cloud === request.cloud;
    return this.#tenantOf(request).id === account.tenantId;
  }

  #knownClient(request: TokenRequest, grant: Grant): Application {
    const tenant = this.#isTenantless(request) ? undefined : this.#tenantOf(request);
    if (request.clientId === '') throw new Refused(900_144, 'client_id');
    if (/^[0-]+$/.test(request.clientId)) throw new Refused(700_038, request.clientId);
    const application = this.application(request.clientId);
    if (application === undefined) throw new Refused(700_016, request.clientId);
    const isForeign = tenant !== undefined && application.tenantId !== undefined && application.tenantId !== tenant.id;
    if (isForeign) throw new Refused(700_016, request.clientId);
    this.#refuseIfTold(application.refusals, grant, application.clientId);
    return application;
  }

  /** The client, after it has proved who it is (or that it need not). */
  #clientFor(request: TokenRequest, grant: Grant): Application {
    const application = this.#knownClient(request, grant);
    switch (request.credential.kind) {
      case 'none':
        if (!application.allowsPublicClient) throw new Refused(7_000_218);
        break;
      case 'secret':
        this.#checkSecret(application, request.credential.value);
        break;
      case 'assertion':
        this.#checkAssertion(application, request.credential.token);
        break;
    }
    return application;
  }

  #checkSecret(application: Application, value: string): void {
    const secret = application.secrets.find((each) => each.value === value);
    if (secret === undefined) throw new Refused(7_000_215, application.clientId);
    if (secret.expires <= this.#world.now) throw new Refused(7_000_222, application.clientId);
  }

  #checkAssertion(application: Application, token: string): void {
    const parts = readToken(token);
    if (parts === undefined) throw new Refused(700_027);
    const { claims } = parts;
    const expires = typeof claims.exp === 'number' ? claims.exp * 1000 : 0;
    if (claims.iss === application.clientId) {
      // Signed by the application itself, with a certificate that its registration knows. The client writes the dates
      // by its own clock, which a simulated world need not share: they are compared with real time too.
      if (expires <= Math.min(this.#world.now, Date.now())) throw new Refused(700_024);
      if (!application.certificates.some((certificate) => verifiesAssertion(certificate, token)))
        throw new Refused(700_027);
      return;
    }
    const issuers = application.federated.filter((credential) => credential.issuer === claims.iss);
    if (issuers.length === 0 || !this.#trustedAssertions.has(token)) throw new Refused(700_211, String(claims.iss));
    const subjects = issuers.filter((credential) => credential.subject === claims.sub);
    if (subjects.length === 0) throw new Refused(700_213, String(claims.sub));
    if (!subjects.some((credential) => credential.audience === claims.aud))
      throw new Refused(700_212, String(claims.aud));
    if (expires <= this.#world.now) throw new Refused(700_024);
  }

  #refuseIfTold(refusals: Refusals, grant: Grant, about: string): void {
    const code = typeof refusals === 'object' ? refusals[grant] : refusals;
    if (code !== undefined) throw new Refused(code, about);
  }

  #wantedResource(request: TokenRequest): Resource {
    const wanted = readScopes(request.scope);
    switch (wanted.kind) {
      case 'none':
        throw new Refused(900_144, 'scope');
      case 'malformed':
        throw new Refused(70011, wanted.scope);
      case 'severalResources':
        throw new Refused(28000);
      case 'unknownResource':
        throw new Refused(500_011, wanted.name);
      case 'resource': {
        const tenant = this.tenantNamed(request.tenant, request.cloud);
        if (tenant?.missingResources.includes(wanted.resource.name))
          throw new Refused(500_011, wanted.resource.audience);
        return wanted.resource;
      }
    }
  }

  #issueForUser(
    request: TokenRequest,
    application: Application,
    account: Account,
    fromPassword: boolean,
  ): IssuedTokens {
    const resource = this.#wantedResource(request);
    const granted = application.delegated[resource.name];
    // Nobody can consent for one of Microsoft's own applications: it is preauthorised, or it is not.
    if (granted === undefined)
      throw new Refused(application.tenantId === undefined ? 65002 : 65001, application.clientId);
    const wanted = readScopes(request.scope);
    const asked = wanted.kind === 'resource' ? wanted.permissions : [];
    if (asked.some((permission) => permission !== '.default' && !granted.includes(permission)))
      throw new Refused(65001, application.clientId);
    const access = this.#tokens.issueAccess(resource, {
      kind: 'user',
      subjectId: account.id,
      clientId: application.clientId,
      tenantId: account.tenantId,
      scopes: granted,
      claims: { scp: granted.join(' '), upn: account.upn, unique_name: account.upn, name: account.displayName },
    });
    const parts = request.scope.split(' ');
    const echo = granted.map((scope) => `${resource.audience}/${scope}`);
    return {
      kind: 'issued',
      access,
      scope: [...echo, ...parts.filter((part) => part.endsWith('/.default'))].join(' '),
      refresh: parts.includes('offline_access')
        ? this.#tokens.issueRefresh(account, application.clientId, fromPassword)
        : undefined,
      idToken: parts.includes('openid') ? this.#tokens.issueId(account, application) : undefined,
      account,
    };
  }

  #issueForApplication(application: Application, resource: Resource, tenantId: string): IssuedTokens {
    const access = this.#tokens.issueAccess(resource, {
      kind: 'application',
      subjectId: application.objectId,
      clientId: application.clientId,
      tenantId,
      scopes: [],
      claims: { idtyp: 'app' },
    });
    return { kind: 'issued', access, scope: '', refresh: undefined, idToken: undefined, account: undefined };
  }
}

function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function copyInto<Key, Value>(target: Map<Key, Value>, source: ReadonlyMap<Key, Value>): void {
  for (const [key, value] of source) target.set(key, value);
}
