import type { HttpAnswer, HttpRequest, Send } from './http.ts';
import { retryAfter } from './http.ts';
import { isPage, pageError } from './page-answer.ts';
import { type Pauses, type RetryOptions, retrying } from './retry.ts';
import type { ServiceClock } from './service-clock.ts';
import { ServiceError } from './service-error.ts';

/** Azure DevOps Services as seen by one signed-in account. */
export interface AzureDevOps {
  readonly send: Send;
  readonly pauses: Pauses;
  readonly clock: ServiceClock;
  /** An Entra access token of the service account for Azure DevOps; never the same as a PAT. */
  readonly accessToken: () => Promise<string>;
}

export interface ApiCall {
  readonly organization: string;
  readonly method: HttpRequest['method'];
  readonly url: string;
  readonly body?: unknown;
  /** `once`: the caller repeats more than this one call. */
  readonly repeat: RetryOptions['repeat'] | 'once';
  /** What it is to a job that is cancelled: see HttpRequest and RetryOptions. */
  readonly begins?: boolean;
  readonly finishes?: boolean;
  /** What a refusal means to this call, as a sentence; undefined: what it usually means. */
  readonly explain?: (refused: Refused) => string | undefined;
}

/** An answer that says no, before it is told. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  /** The service's own words, without a full stop: untrusted text. */
  readonly said: string | undefined;
}

/**
 * Calls an Azure DevOps API with the account's bearer token; gives the parsed JSON of a success, and `undefined` for an
 * empty one.
 * @throws ServiceError whose code is the service's own (`patTokenError` values, `TF400733`, `InvalidAccessException`)
 */
export async function callAzureDevOps(devOps: AzureDevOps, call: ApiCall): Promise<unknown> {
  const { repeat, begins, finishes } = call;
  const attempt = async () => {
    const answer = await devOps.send({
      method: call.method,
      url: call.url,
      headers: {
        ...commonHeaders,
        Authorization: `Bearer ${await tokenOf(devOps)}`,
        ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      begins,
    });
    devOps.clock.observe(answer);
    return readAnswer(answer, call);
  };
  return repeat === 'once' ? attempt() : retrying(devOps.pauses, { repeat, finishes }, attempt);
}

/** Without a token nothing went to Azure DevOps, whatever became of the sign-in. */
function tokenOf(devOps: AzureDevOps): Promise<string> {
  return devOps.accessToken().catch((error: unknown) => {
    throw error instanceof ServiceError ? error.withOutcome('unsent') : error;
  });
}

/**
 * `Suppress` makes the service answer 401 in place of a redirect to a sign-in page.
 * Source: microsoft/azure-pipelines-agent sends it for its own probe.
 */
export const commonHeaders = { Accept: 'application/json', 'X-TFS-FedAuthRedirect': 'Suppress' } as const;

function readAnswer(answer: HttpAnswer, { organization, method, url, explain }: ApiCall): unknown {
  const { status } = answer;
  const json = parseJson(answer.body);
  const code = errorCode(json);
  if (status === 204) return undefined;
  if (status === 200 && (json !== undefined || answer.body.trim() === '')) {
    if (code !== undefined) throw refusal(code, messageOf(json), status, method);
    return json;
  }
  if (isOfTheWay(answer)) {
    throw pageError(
      answer,
      new URL(url).host,
      `If it is Azure DevOps’ own, check that the service account is a member of organization "${organization}" and that the ` +
        'input tenantId is the tenant the organization is connected to.',
    );
  }
  if (status === 429) {
    throw new ServiceError('Azure DevOps is limiting the account’s requests (429, TF400733). Run at a quieter time.', {
      outcome: 'refused',
      code: 'TF400733',
      status,
      retryAfter: retryAfter(answer.headers),
      transient: true,
    });
  }
  if (status >= 500 || status === 408) {
    const said = code === undefined ? '' : `, ${code}`;
    throw new ServiceError(`Azure DevOps has a problem of its own (HTTP ${status}${said}). Run again later.`, {
      outcome: 'unknown',
      code: code ?? String(status),
      status,
      retryAfter: retryAfter(answer.headers),
      transient: true,
    });
  }
  const isTheServices = json !== undefined || answer.body.trim() === '';
  if (explain !== undefined && status >= 400 && isTheServices && !isTakenBack(answer)) {
    const told = explain({ status, code: code ?? String(status), said: messageOf(json)?.replace(/[.\s]+$/, '') });
    if (told !== undefined) throw new ServiceError(told, { outcome: 'refused', code: code ?? String(status), status });
  }
  // Its own code says more than the status does; but to be denied access has causes that only the status' words name.
  const isExplained = code !== undefined && code !== 'accessDenied' && explanationOf(code) !== undefined;
  if (isExplained && status >= 400) throw refusal(code, messageOf(json), status, method);
  if (status === 401 || status === 403 || isServicePrincipal(json)) throw notAllowed(answer, organization, json, code);
  if (status === 404) {
    throw new ServiceError(
      `The organization "${organization}" was not found (404). Check the input organization: the name is the part after dev.azure.com/.`,
      json === undefined && answer.body.trim() !== ''
        ? { outcome: 'unknown', code: pageNotFound, status }
        : { outcome: 'refused', code: code ?? '404', status },
    );
  }
  if (status >= 400 && json !== undefined) throw refusal(code ?? String(status), messageOf(json), status, method);
  // 203, a redirect, or HTML with a 200: a sign-in page or a proxy's own page. Never success, and never a certain "no".
  throw new ServiceError(
    `Azure DevOps answered with a sign-in page in place of data (HTTP ${status}) for organization "${organization}". ` +
      'The account’s token was not accepted: check that the service account is a member of the organization and that ' +
      'the input tenantId is the tenant the organization is connected to.',
    { outcome: 'unknown', code: code ?? String(status), status },
  );
}

/**
 * A page that Azure DevOps itself has not sent: its own answers carry its ids, or its name ("Azure DevOps Services | 404 Not
 * Found"). Its sign-in page comes as 203 or as a redirect.
 */
function isOfTheWay(answer: HttpAnswer): boolean {
  const { status, headers, body } = answer;
  const isOwn =
    ['x-tfs-processid', 'x-vss-e2eid', 'activityid'].some((name) => headers[name] !== undefined) ||
    /<title[^>]*>\s*Azure DevOps/i.test(body);
  return isPage(answer) && !isOwn && status !== 203 && !(status >= 300 && status < 400);
}

function notAllowed(answer: HttpAnswer, organization: string, json: unknown, code: string | undefined): ServiceError {
  const details = { outcome: 'refused', code: code ?? String(answer.status), status: answer.status } as const;
  if (isServicePrincipal(json)) {
    return new ServiceError(
      'Azure DevOps refused the sign-in: PATs can be managed by a user only, not by a service principal or managed ' +
        `identity (${details.code}). Sign in as a user account.`,
      details,
    );
  }
  if (isTakenBack(answer)) {
    return new ServiceError(
      `Entra took back the account’s token during the run (continuous access evaluation, ${details.code}). ` +
        'Check the account’s sign-in log, then run again.',
      details,
    );
  }
  const said = messageOf(json);
  return new ServiceError(
    `Organization "${organization}" does not let the service account manage PATs (HTTP ${answer.status}, ${details.code}). ` +
      (said === undefined ? '' : `Azure DevOps says: ${said.replace(/[.\s]+$/, '')}. `) +
      'Check that the account is a member of the organization, that the app has the delegated permission ' +
      'user_impersonation (or vso.pats and vso.pats_manage), and that the organization’s policies allow it.',
    details,
  );
}

function isTakenBack({ headers }: HttpAnswer): boolean {
  return /claims=/i.test(headers['www-authenticate'] ?? '');
}

function isServicePrincipal(json: unknown): boolean {
  return /service principal/i.test(messageOf(json) ?? '');
}

/** Plain words first, the service's own code after them. */
function refusal(
  code: string,
  detail: string | undefined,
  status: number,
  method: HttpRequest['method'],
): ServiceError {
  const said = detail === undefined ? '' : `: ${detail.replace(/[.\s]+$/, '')}`;
  const isUpdate = method === 'PUT';
  const words =
    (isUpdate && code.toLowerCase() === 'patlifespanpolicyviolation' ? lifespanOfUpdate : explanationOf(code)) ??
    `Azure DevOps refused the request${said}`;
  return new ServiceError(`${words} (${code}).`, {
    outcome: 'refused',
    code,
    status,
    transient: code === 'failedToReadTenantPolicy' || code === 'failedToReadOrgPolicy',
  });
}

function explanationOf(code: string): string | undefined {
  const name = code.charAt(0).toLowerCase() + code.slice(1);
  return [code, name].filter((key) => Object.hasOwn(explanations, key)).map((key) => explanations[key])[0];
}

/** An update cannot push the end past the day of the creation and the longest life. Source: pat API 7.2, `validTo` of an update. */
const lifespanOfUpdate =
  'A policy of the tenant limits how long a PAT may live, counted from the day it was made, so no number of days can push the ' +
  'end of this one out. Mode advanced replaces it by a new one';

const explanations: Readonly<Record<string, string>> = {
  displayNameRequired: 'The PAT needs a name',
  invalidDisplayName: 'Azure DevOps does not accept the PAT’s name. Rename the PAT',
  invalidValidTo:
    'Azure DevOps does not accept the end date. Ask for fewer days in the input lifetimeDays (a year at most)',
  invalidScope:
    'Azure DevOps does not accept the PAT’s scopes for a new PAT. Create it anew by hand with scopes of today',
  accessDenied: 'Access was denied. Check the account’s rights in the organization',
  userIdRequired: 'The signed-in identity is no user that can own PATs',
  invalidUserId: 'The signed-in identity is no user that can own PATs',
  invalidUserType: 'The signed-in identity is no user that can own PATs',
  failedToIssueAccessToken: 'Azure DevOps failed to make the PAT. Run again later',
  failedToUpdateAccessToken: 'Azure DevOps failed to change the PAT. Run again later',
  failedToReadTenantPolicy: 'Azure DevOps could not read the tenant’s policies just now. Run again later',
  failedToReadOrgPolicy: 'Azure DevOps could not read the organization’s policies just now. Run again later',
  invalidClient: 'The app that signs in is not accepted. Check the input clientId',
  invalidClientType: 'The app that signs in is not accepted. Check the input clientId',
  invalidClientId: 'The app that signs in is not accepted. Check the input clientId',
  invalidTargetAccounts: 'Azure DevOps does not accept the PAT’s organizations. Check the input allOrgs',
  globalPatPolicyViolation:
    'A policy of the tenant forbids PATs that are valid in all organizations. Set the input allOrgs to false, or have ' +
    'the account put on the policy’s allow list',
  globalPATCreationBlocked:
    'PATs that are valid in all organizations cannot be made or renewed any more: Microsoft retires them on 2026-12-01. ' +
    'Set the input allOrgs to false',
  globalPatUsageDisabled: 'PATs that are valid in all organizations are retired. Set the input allOrgs to false',
  fullScopePatPolicyViolation:
    'A policy of the tenant forbids PATs with full access. Give the PAT the scopes it needs, or have the account put on ' +
    'the policy’s allow list',
  patLifespanPolicyViolation:
    'A policy of the tenant limits how long a PAT may live. Ask for fewer days in the input lifetimeDays',
  disablePatCreationPolicyViolation:
    'A policy of the organization forbids this account to make PATs. Have it put on the allow list (Organization ' +
    'settings, Policies, Restrict personal access token creation)',
  expiredPatCannotBeExtended:
    'The PAT has expired, and an expired PAT cannot be extended. Mode advanced with includeExpired replaces it',
  hostAuthorizationNotFound: 'Azure DevOps knows no such PAT (any more)',
  authorizationNotFound: 'Azure DevOps knows no such PAT (any more)',
  tokenNotFound: 'Azure DevOps knows no such PAT (any more)',
  invalidAuthorizationId: 'Azure DevOps knows no such PAT (any more)',
  invalidToken: 'Azure DevOps knows no such PAT (any more)',
};

/** A 404 that is a page: a proxy's as likely as the service's, so it does not say that a PAT is gone. */
export const pageNotFound = 'Page404';

/** Codes that say: there is no such PAT. */
export const noSuchPat: ReadonlySet<string> = new Set([
  'hostAuthorizationNotFound',
  'authorizationNotFound',
  'tokenNotFound',
  'invalidAuthorizationId',
  'invalidToken',
  'SessionTokenNotFoundException',
]);

function errorCode(json: unknown): string | undefined {
  if (!isRecord(json)) return undefined;
  const patError = json.patTokenError;
  if (typeof patError === 'string' && patError.toLowerCase() !== 'none') return patError;
  const key = json.typeKey;
  if (typeof key === 'string' && noSuchPat.has(key)) return key;
  const tfCode = /\b(TF\d+|VS\d+)\b/.exec(typeof json.message === 'string' ? json.message : '')?.[1];
  if (tfCode !== undefined) return tfCode;
  return typeof key === 'string' && key !== '' ? key : undefined;
}

/** The service's own words, for people: the caller prints them as untrusted text. */
export function messageOf(json: unknown): string | undefined {
  if (!isRecord(json)) return undefined;
  const text = json.patTokenErrorMessage ?? json.message;
  return typeof text === 'string' && text.trim() !== '' ? withoutTokens(text.trim()).slice(0, 500) : undefined;
}

/**
 * I8: a text may repeat what was sent. No word for people is that long, and every token is; it goes before anything is
 * cut, because half a token would not be known as one.
 */
export function withoutTokens(text: string): string {
  return text.replace(/[\w.~+/=%-]{41,}/g, '…');
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
