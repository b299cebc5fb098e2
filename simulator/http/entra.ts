import type { Cloud, Credential, IssuedTokens, TokenAnswer, TokenRequest } from '../entra-records.ts';
import { type EntraRefusal, refusal } from '../entra-refusals.ts';
import { encode } from '../json-web-token.ts';
import type { World } from '../world.ts';
import { empty, type HttpAnswer, type HttpRequest, html, json, type Service } from './exchange.ts';

/** Sign-in hosts and the cloud that each belongs to (msal-common, AuthorityMetadata). */
export const loginHosts: ReadonlyMap<string, Cloud> = new Map([
  ['login.microsoftonline.com', 'public'],
  ['login.windows.net', 'public'],
  ['login.microsoftonline.us', 'usGovernment'],
  ['login.partner.microsoftonline.cn', 'china'],
  ['login.chinacloudapi.cn', 'china'],
]);

const operationByGrant: Readonly<Record<string, string>> = {
  password: 'entra.token.password',
  refresh_token: 'entra.token.refreshToken',
  client_credentials: 'entra.token.clientCredentials',
  authorization_code: 'entra.token.authorizationCode',
  device_code: 'entra.token.deviceCode',
  'urn:ietf:params:oauth:grant-type:device_code': 'entra.token.deviceCode',
};

const userRealmPage = /^userrealm\/([^/]+)$/i;

/** The sign-in service (`login.microsoftonline.com` and the national clouds'). */
export const entraService: Service = {
  operation(request) {
    const { page } = addressOf(request);
    switch (page) {
      case 'oauth2/v2.0/token':
        return operationByGrant[form(request).get('grant_type') ?? ''] ?? 'entra.token';
      case 'oauth2/v2.0/devicecode':
        return 'entra.deviceCode';
      case 'oauth2/v2.0/authorize':
        return 'entra.authorize';
      case 'v2.0/.well-known/openid-configuration':
        return 'entra.openidConfiguration';
      case 'discovery/instance':
        return 'entra.instanceDiscovery';
      case 'discovery/v2.0/keys':
        return 'entra.keys';
      default:
        return request.method === 'GET' && userRealmPage.test(page) ? 'entra.userRealm' : 'unknown';
    }
  },

  answer(world, request) {
    switch (this.operation(request)) {
      case 'entra.deviceCode':
        return deviceCode(world, request);
      case 'entra.authorize':
        return authorize(world, request);
      case 'entra.openidConfiguration':
        return openidConfiguration(world, request);
      case 'entra.instanceDiscovery':
        return instanceDiscovery(request);
      case 'entra.keys':
        return json(200, { keys: [] });
      case 'entra.userRealm':
        return userRealm(world, request);
      case 'unknown':
        return html(404, '<html><body>404 - File or directory not found.</body></html>');
      default:
        return token(world, request);
    }
  },
};

function addressOf(request: HttpRequest): { readonly tenant: string; readonly page: string } {
  const [tenant = '', ...rest] = request.path.split('/').slice(1);
  return { tenant: decodeURIComponent(tenant), page: rest.join('/') };
}

function form(request: HttpRequest): URLSearchParams {
  return new URLSearchParams(request.body);
}

function cloudOf(request: HttpRequest): Cloud {
  return loginHosts.get(request.host) ?? 'public';
}

function tokenRequest(request: HttpRequest, fields: URLSearchParams): TokenRequest {
  const secret = fields.get('client_secret');
  const assertion = fields.get('client_assertion');
  const credential: Credential =
    assertion !== null
      ? { kind: 'assertion', token: assertion }
      : secret !== null
        ? { kind: 'secret', value: secret }
        : { kind: 'none' };
  return {
    cloud: cloudOf(request),
    tenant: addressOf(request).tenant,
    clientId: fields.get('client_id') ?? '',
    credential,
    scope: fields.get('scope') ?? '',
  };
}

function token(world: World, request: HttpRequest): HttpAnswer {
  const fields = form(request);
  const answer = grant(world, tokenRequest(request, fields), fields);
  if (answer === undefined) {
    const type = fields.get('grant_type') ?? '';
    return refused(world, request, type === '' ? refusal(900_144, 'grant_type') : refusal(70003, type));
  }
  if (answer.kind === 'refused') return refused(world, request, answer.refusal);
  return json(200, issued(world, answer, fields.get('client_info') === '1'), noStore(world, request));
}

function grant(world: World, asked: TokenRequest, fields: URLSearchParams): TokenAnswer | undefined {
  const field = (name: string): string => fields.get(name) ?? '';
  switch (operationByGrant[field('grant_type')]) {
    case 'entra.token.password':
      return world.entra.signInWithPassword({ ...asked, username: field('username'), password: field('password') });
    case 'entra.token.refreshToken':
      return world.entra.redeemRefreshToken({ ...asked, refreshToken: field('refresh_token') });
    case 'entra.token.clientCredentials':
      return world.entra.signInAsApplication(asked);
    case 'entra.token.deviceCode':
      return world.entra.redeemDeviceCode({ ...asked, deviceCode: field('device_code') });
    case 'entra.token.authorizationCode':
      return world.entra.redeemAuthorizationCode({
        ...asked,
        code: field('code'),
        redirectUri: field('redirect_uri'),
        verifier: fields.get('code_verifier') ?? undefined,
      });
    default:
      return undefined;
  }
}

function issued(world: World, answer: IssuedTokens, wantsClientInfo: boolean): Readonly<Record<string, unknown>> {
  const seconds = Math.floor((answer.access.expires - world.now) / 1000) - 1;
  return {
    token_type: 'Bearer',
    ...(answer.scope === '' ? {} : { scope: answer.scope }),
    expires_in: seconds,
    ext_expires_in: seconds,
    access_token: answer.access.token,
    ...(answer.refresh === undefined ? {} : { refresh_token: answer.refresh.token }),
    ...(answer.idToken === undefined ? {} : { id_token: answer.idToken }),
    // MSAL keys its cache by it: who, and in which tenant.
    ...(wantsClientInfo && answer.account !== undefined
      ? { client_info: encode({ uid: answer.account.id, utid: answer.account.tenantId }) }
      : {}),
  };
}

/** An error as Entra words it, with the ids by which the sign-in log is searched. */
function refused(world: World, request: HttpRequest, told: EntraRefusal): HttpAnswer {
  const trace = world.random.guid();
  const correlation = request.headers['client-request-id'] ?? world.random.guid();
  const timestamp = `${new Date(world.now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const description = `AADSTS${told.code}: ${told.message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`;
  const body = {
    error: told.error,
    error_description: description,
    error_codes: [told.code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://${request.host}/error?code=${told.code}`,
    ...(told.suberror === undefined ? {} : { suberror: told.suberror }),
    ...(told.claims === undefined ? {} : { claims: told.claims }),
  };
  return json(told.status, body, noStore(world, request));
}

function noStore(world: World, request: HttpRequest): HttpAnswer['headers'] {
  return {
    'cache-control': 'no-store, no-cache',
    pragma: 'no-cache',
    'x-ms-request-id': world.random.guid(),
    'client-request-id': request.headers['client-request-id'] ?? '',
  };
}

function deviceCode(world: World, request: HttpRequest): HttpAnswer {
  const started = world.entra.startDeviceCode(tokenRequest(request, form(request)));
  if ('kind' in started) return refused(world, request, started.refusal);
  const address = 'https://microsoft.com/devicelogin';
  return json(200, {
    user_code: started.userCode,
    device_code: started.deviceCode,
    verification_uri: address,
    expires_in: Math.round((started.expires - world.now) / 1000),
    interval: world.settings.devicePollSeconds,
    message: `To sign in, use a web browser to open the page ${address} and enter the code ${started.userCode} to authenticate.`,
  });
}

function authorize(world: World, request: HttpRequest): HttpAnswer {
  const { query } = request;
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!URL.canParse(redirectUri)) return html(400, '<html><body>AADSTS50011</body></html>');
  const answer = world.entra.authorize({
    ...tokenRequest(request, query),
    redirectUri,
    loginHint: query.get('login_hint') ?? undefined,
    challenge: query.get('code_challenge') ?? undefined,
  });
  const fields = new URLSearchParams();
  if ('kind' in answer) {
    fields.set('error', answer.refusal.error);
    fields.set('error_description', `AADSTS${answer.refusal.code}: ${answer.refusal.message}`);
  } else {
    fields.set('code', answer.code);
  }
  const state = query.get('state');
  if (state !== null) fields.set('state', state);
  if (query.get('response_mode') === 'form_post') return formPost(redirectUri, fields);
  const target = new URL(redirectUri);
  for (const [name, value] of fields) target.searchParams.set(name, value);
  return empty(302, { location: target.href });
}

/** A page that sends itself: nothing of it is in an address that a browser or a proxy remembers. */
function formPost(action: string, fields: URLSearchParams): HttpAnswer {
  const inputs = [...fields].map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${attribute(value)}" />`,
  );
  return html(
    200,
    `<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="${attribute(action)}">` +
      `${inputs.join('')}</form><script>document.forms[0].submit();</script></body></html>`,
  );
}

function attribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function openidConfiguration(world: World, request: HttpRequest): HttpAnswer {
  const { tenant } = addressOf(request);
  const known = ['common', 'organizations', 'consumers'].includes(tenant);
  const id = world.entra.tenantNamed(tenant, cloudOf(request))?.id ?? (known ? '{tenantid}' : undefined);
  if (id === undefined) return refused(world, request, refusal(90002, tenant));
  const base = `https://${request.host}/${known ? tenant : id}`;
  return json(200, {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `https://${request.host}/${id}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
  });
}

/** Whether the account's domain signs in elsewhere (AD FS): MSAL for Python, Go and Java ask before they send a password. */
function userRealm(world: World, request: HttpRequest): HttpAnswer {
  const [, encoded = ''] = userRealmPage.exec(addressOf(request).page) ?? [];
  const user = decodeURIComponent(encoded);
  const domain = user.slice(user.indexOf('@') + 1);
  const isKnown =
    world.entra.accountByUpn(user) !== undefined || world.entra.tenantNamed(domain, cloudOf(request)) !== undefined;
  return json(200, {
    ver: '1.0',
    account_type: isKnown ? 'Managed' : 'Unknown',
    ...(isKnown ? { domain_name: domain } : {}),
    cloud_instance_name: request.host.replace(/^login\./, ''),
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  });
}

function instanceDiscovery(request: HttpRequest): HttpAnswer {
  const asked = request.query.get('authorization_endpoint') ?? '';
  const host = URL.canParse(asked) ? new URL(asked).host : '';
  if (!loginHosts.has(host))
    return json(400, { error: 'invalid_instance', error_description: 'AADSTS50049: Unknown or invalid instance.' });
  return json(200, {
    tenant_discovery_endpoint: asked.replace(/\/oauth2\/v2\.0\/authorize.*$/, '/v2.0/.well-known/openid-configuration'),
    'api-version': '1.1',
    metadata: [...loginHosts.keys()].map((each) => ({
      preferred_network: each,
      preferred_cache: each,
      aliases: [each],
    })),
  });
}
