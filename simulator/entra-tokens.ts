import type { AccessToken, Account, Application, RefreshToken } from './entra-records.ts';
import type { Resource } from './entra-resources.ts';
import { writeToken } from './json-web-token.ts';
import type { Surroundings } from './surroundings.ts';

const TOKEN_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The tokens that Entra gave out. They carry no real signature: whoever checks one asks here. */
export class EntraTokens {
  readonly #world: Surroundings;
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, RefreshToken>();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** An access token that is still valid, or undefined. */
  access(token: string): AccessToken | undefined {
    const held = this.#access.get(token);
    return held === undefined || held.expires <= this.#world.now ? undefined : held;
  }

  /** A refresh token, whatever has become of it. */
  refresh(token: string): RefreshToken | undefined {
    return this.#refresh.get(token);
  }

  allRefresh(): Iterable<RefreshToken> {
    return this.#refresh.values();
  }

  putRefresh(held: RefreshToken): void {
    this.#refresh.set(held.token, held);
  }

  issueAccess(
    resource: Resource,
    fields: Omit<AccessToken, 'token' | 'resource' | 'audience' | 'expires'> & {
      readonly claims: Readonly<Record<string, string>>;
    },
  ): AccessToken {
    const { claims, ...kept } = fields;
    const { now, random, settings } = this.#world;
    const issuedAt = Math.floor(now / 1000);
    const token = writeToken(random, {
      aud: resource.audience,
      iss: `https://sts.windows.net/${kept.tenantId}/`,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + settings.accessTokenSeconds,
      appid: kept.clientId,
      oid: kept.subjectId,
      tid: kept.tenantId,
      ...claims,
      ver: '1.0',
    });
    const expires = now + settings.accessTokenSeconds * 1000;
    const access: AccessToken = { ...kept, token, resource: resource.name, audience: resource.audience, expires };
    this.#access.set(token, access);
    this.#world.changed({
      kind: 'token.issued',
      audience: resource.audience,
      subject: access.subjectId,
      clientId: access.clientId,
    });
    return access;
  }

  /** Knows a token that somebody else made. */
  adoptAccess(fields: Omit<AccessToken, 'resource' | 'audience' | 'expires'>, resource: Resource): void {
    const expires = this.#world.now + this.#world.settings.accessTokenSeconds * 1000;
    this.#access.set(fields.token, { ...fields, resource: resource.name, audience: resource.audience, expires });
  }

  issueRefresh(account: Account, clientId: string, fromPassword: boolean): RefreshToken {
    const { now, random } = this.#world;
    const token = `1.${random.text(200, TOKEN_ALPHABET)}`;
    const held: RefreshToken = {
      token,
      accountId: account.id,
      clientId,
      fromPassword,
      issued: now,
      lastUsed: now,
      spent: false,
    };
    this.#refresh.set(token, held);
    return held;
  }

  issueId(account: Account, application: Application): string {
    const issuedAt = Math.floor(this.#world.now / 1000);
    return writeToken(this.#world.random, {
      aud: application.clientId,
      iss: `https://login.microsoftonline.com/${account.tenantId}/v2.0`,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + this.#world.settings.accessTokenSeconds,
      name: account.displayName,
      oid: account.id,
      preferred_username: account.upn,
      sub: account.id,
      tid: account.tenantId,
      ver: '2.0',
    });
  }

  fork(world: Surroundings): EntraTokens {
    const copy = new EntraTokens(world);
    for (const [token, held] of this.#access) copy.#access.set(token, held);
    for (const [token, held] of this.#refresh) copy.#refresh.set(token, held);
    return copy;
  }
}
