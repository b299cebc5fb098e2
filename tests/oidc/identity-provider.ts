import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Adapter, type AdapterPayload, Provider } from 'oidc-provider';
import type { HttpAnswer, HttpRequest, World } from '../../simulator/index.ts';

export interface ProviderOptions {
  readonly world: World;
  readonly tenantId: string;
  readonly upn: string;
  readonly clientId: string;
}

/** oidc-provider, a certified OpenID provider, with Entra's addresses and manners. */
export interface EntraLike {
  /** Undefined: not for this client. */
  answer(request: HttpRequest): Promise<HttpAnswer | undefined>;
  /** The account's owner enters the code and consents. */
  approve(userCode: string): Promise<void>;
  /** The owner says no. */
  deny(userCode: string): Promise<void>;
  /** An administrator revokes the account's sessions. */
  revokeSessions(): Promise<void>;
  close(): Promise<void>;
}

const scopes = 'openid profile offline_access';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const tenantPath = /^\/[^/]+(\/oauth2\/v2\.0\/.*)$/;

export async function startProvider(options: ProviderOptions): Promise<EntraLike> {
  const { world, tenantId, upn, clientId } = options;
  const account = world.entra.accountByUpn(upn);
  if (account === undefined) throw new Error(`The world has no account ${upn}.`);
  const memory = new Map<string, AdapterPayload>();
  const provider = new Provider(`https://login.microsoftonline.com/${tenantId}/v2.0`, {
    adapter: (model: string) => adapterOf(model, memory),
    clients: [
      {
        client_id: clientId,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', deviceGrant],
        redirect_uris: ['http://localhost'],
      },
    ],
    scopes: ['openid', 'profile', 'offline_access'],
    claims: { openid: ['sub', 'oid', 'tid'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: false,
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, oid: sub, tid: tenantId, name: account.displayName, preferred_username: upn }),
    }),
    features: {
      deviceFlow: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: { enabled: false },
    },
    routes: { token: '/oauth2/v2.0/token', device_authorization: '/oauth2/v2.0/devicecode' },
    jwks: { keys: [newKey()] },
    rotateRefreshToken: true,
    ttl: { RefreshToken: 90 * 86_400, AccessToken: 4_500, Grant: 90 * 86_400, DeviceCode: 900, IdToken: 4_500 },
    cookies: { keys: [randomBytes(16).toString('hex')] },
  });
  provider.proxy = true;
  const server = createServer(provider.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const decide = async (userCode: string, change: Readonly<Record<string, unknown>>) => {
    const code = await provider.DeviceCode.findByUserCode(userCode.replaceAll('-', ''));
    if (code === undefined) throw new Error(`Nobody asked for the device code ${userCode}.`);
    await Object.assign(code, change).save();
  };
  return {
    answer: async (request) => {
      const fields = new URLSearchParams(request.body);
      const path = tenantPath.exec(request.path)?.[1];
      if (path === undefined || fields.get('client_id') !== clientId) return undefined;
      const wanted = fields.get('scope') ?? '';
      const answer = await forward(port, { ...request, path, body: standardFields(fields).toString() });
      return entraShaped(answer, (token) => world.entra.adoptAccessToken(token, upn, clientId, wanted), {
        uid: account.id,
        utid: tenantId,
      });
    },
    approve: async (userCode) => {
      const grant = new provider.Grant({ accountId: account.id, clientId });
      grant.addOIDCScope(scopes);
      const grantId = await grant.save();
      const authTime = Math.floor(Date.now() / 1000);
      await decide(userCode, { accountId: account.id, grantId, scope: scopes, authTime });
    },
    deny: (userCode) => decide(userCode, { error: 'access_denied', errorDescription: 'End-User aborted interaction' }),
    revokeSessions: async () => {
      for (const key of [...memory.keys()]) if (/^(?:Grant|RefreshToken):/.test(key)) memory.delete(key);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' };
}

/**
 * In memory, with one thing as in Entra: a refresh token that was exchanged stays valid (no reuse detection).
 * Source: learn.microsoft.com/entra/identity-platform/refresh-tokens
 */
function adapterOf(model: string, memory: Map<string, AdapterPayload>): Adapter {
  const key = (id: string) => `${model}:${id}`;
  const search = (wanted: (payload: AdapterPayload) => boolean) => {
    for (const [name, payload] of memory) if (name.startsWith(`${model}:`) && wanted(payload)) return payload;
    return undefined;
  };
  return {
    upsert: async (id, payload) => void memory.set(key(id), payload),
    find: async (id) => memory.get(key(id)),
    findByUserCode: async (userCode) => search((payload) => payload.userCode === userCode),
    findByUid: async (uid) => search((payload) => payload.uid === uid),
    consume: async (id) => {
      const payload = memory.get(key(id));
      if (payload !== undefined && model !== 'RefreshToken') memory.set(key(id), { ...payload, consumed: 1 });
    },
    destroy: async (id) => void memory.delete(key(id)),
    revokeByGrantId: async (grantId) => {
      for (const [name, payload] of memory) if (payload.grantId === grantId) memory.delete(name);
    },
  };
}

/** MSAL's own names for what the standards call otherwise; resources are no scopes there, and not bound to a refresh token. */
function standardFields(fields: URLSearchParams): URLSearchParams {
  const standard = new URLSearchParams(fields);
  if (standard.get('grant_type') === 'device_code') standard.set('grant_type', deviceGrant);
  if (standard.get('grant_type') === undefined) return standard;
  standard.set('scope', scopes);
  return standard;
}

function forward(port: number, request: HttpRequest): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: request.host,
      'x-forwarded-proto': 'https',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(request.body),
    };
    const { method, path } = request;
    httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, async (response) => {
      response.setEncoding('utf8');
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode ?? 0, body });
    })
      .on('error', reject)
      .end(request.body);
  });
}

/** Entra's numbers for the standard's errors. */
const numbers: Readonly<Record<string, number>> = {
  invalid_grant: 70000,
  authorization_pending: 70016,
  expired_token: 70019,
  access_denied: 65004,
  unauthorized_client: 700016,
};

function entraShaped(
  answer: { readonly status: number; readonly body: string },
  adopt: (accessToken: string) => void,
  client: { readonly uid: string; readonly utid: string },
): HttpAnswer {
  const json: Record<string, unknown> = JSON.parse(answer.body);
  const correlationId = '0a0b0c0d-1111-4222-8333-444455556666';
  if (typeof json.error === 'string') {
    const number = numbers[json.error] ?? 900144;
    json.error_description = `AADSTS${number}: ${json.error_description ?? json.error} Correlation ID: ${correlationId}`;
    Object.assign(json, { error_codes: [number], correlation_id: correlationId, timestamp: '2026-11-23 04:00:00Z' });
  }
  if (typeof json.access_token === 'string') {
    adopt(json.access_token);
    json.client_info = Buffer.from(JSON.stringify(client)).toString('base64url');
  }
  if (typeof json.device_code === 'string') {
    json.interval = 0;
    json.message = `To sign in, use a web browser to open the page ${json.verification_uri} and enter the code ${json.user_code} to authenticate.`;
  }
  return { status: answer.status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) };
}
