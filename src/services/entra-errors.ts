import { isRecord, parseJson } from './azure-devops.ts';
import { type HttpAnswer, retryAfter } from './http.ts';
import { ServiceError } from './service-error.ts';

/** Who tries to sign in where, for the sentences. */
export type SignInSubject = SignInWay & {
  /** Such as `account renew@contoso.com` or `service connection "vault"`. */
  readonly who: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly host: string;
};

/** `person`: by hand, with a device code or a browser. `application`: a service connection. */
export type SignInWay =
  | { readonly how: 'password' | 'person' | 'application' }
  /** `command`: what a person has to type when the token is dead. */
  | { readonly how: 'refresh token'; readonly command: string };

/** Turns an answer of the token endpoint that is not a success into a sentence. */
export function entraError(answer: HttpAnswer, subject: SignInSubject): ServiceError {
  const json = parseJson(answer.body);
  if (json !== undefined) return entraRefusal(json, answer.status, subject, retryAfter(answer.headers));
  return new ServiceError(
    `${subject.host} answered with a page in place of data (HTTP ${answer.status}) while ${subject.who} signed in. ` +
      'Check the agent’s proxy and the input authorityHost.',
    {
      outcome: 'unknown',
      code: String(answer.status),
      status: answer.status,
      retryAfter: retryAfter(answer.headers),
      transient: answer.status === 429 || answer.status >= 500,
    },
  );
}

/** @param json Entra's own account of it: `error`, `error_description`, `error_codes`, `correlation_id` */
export function entraRefusal(
  json: unknown,
  status: number,
  subject: SignInSubject,
  retryAfterMilliseconds?: number,
): ServiceError {
  const number = aadstsNumber(json);
  const code = (number === undefined ? oauthError(json) : `AADSTS${number}`) ?? String(status);
  const words = number === undefined ? undefined : explanations[number];
  const lookUp =
    number === undefined ? 'Run again later.' : `Look the code up at https://${subject.host}/error?code=${number}`;
  const refused = `Entra refused the sign-in of ${subject.who} in tenant ${subject.tenant}. ${lookUp}`;
  const sentence = words?.(subject) ?? refused;
  const correlation = correlationId(json);
  const trail = [code, ...(correlation === undefined ? [] : [`correlation id ${correlation}`])].join(', ');
  // Its own code says more than the status does: a refused password stays refused.
  const isPassing = number === undefined || words === undefined ? status === 429 || status >= 500 : false;
  return new ServiceError(`${sentence} (${trail})`, {
    outcome: status >= 500 ? 'unknown' : 'refused',
    code,
    status,
    retryAfter: retryAfterMilliseconds,
    transient: isPassing || (number !== undefined && passingCodes.has(number)),
  });
}

function correlationId(json: unknown): string | undefined {
  if (!isRecord(json)) return undefined;
  const own = json.correlation_id;
  if (typeof own === 'string' && own !== '') return own;
  return /Correlation ID: ([0-9a-f-]{36})/i.exec(String(json.error_description ?? ''))?.[1];
}

function oauthError(json: unknown): string | undefined {
  return isRecord(json) && typeof json.error === 'string' ? json.error : undefined;
}

function aadstsNumber(json: unknown): number | undefined {
  if (!isRecord(json)) return undefined;
  const codes = json.error_codes;
  if (Array.isArray(codes) && typeof codes[0] === 'number') return codes[0];
  const described = /AADSTS(\d+)/.exec(String(json.error_description ?? ''))?.[1];
  return described === undefined ? undefined : Number(described);
}

const passingCodes: ReadonlySet<number> = new Set([90033, 90055, 50196]);

type Sentence = (subject: SignInSubject) => string;

const mfa: Sentence = (subject) => {
  if (subject.how === 'refresh token') {
    return `Entra wants ${subject.who} to give a second factor again, which only a person can. Sign in once again with: ${subject.command}`;
  }
  return (
    `Entra asks ${subject.who} for a second factor, which a password sign-in cannot give. Exclude this one account from the ` +
    'Conditional Access policy (limited to the agents’ addresses), or use signIn: refreshToken.'
  );
};
const signInAgain: Sentence = (subject) =>
  subject.how === 'refresh token'
    ? `The stored refresh token of ${subject.who} is not valid any more. Sign in once again with: ${subject.command}`
    : `Entra does not accept what ${subject.who} signed in with any more. Start again.`;
/** As the one before, but it comes back by itself as long as the policy is there. */
const signInTooOld: Sentence = (subject) =>
  subject.how === 'refresh token'
    ? `A Conditional Access policy limits how long ${subject.who} may stay signed in (sign-in frequency). Exclude the account from it, then sign in once again with: ${subject.command}`
    : `A Conditional Access policy limits how long ${subject.who} may stay signed in (sign-in frequency). Start again.`;
const device: Sentence = ({ who }) =>
  `A Conditional Access policy wants ${who} to sign in from a managed device, which an agent is not. Exclude the ` +
  'account from it, or use a policy with trusted locations.';

const blocked: Sentence = ({ who }) =>
  `A Conditional Access policy blocks ${who}. Look into Entra’s sign-in log, tab Conditional Access, and allow the ` +
  'agents’ addresses for this account.';

/** By AADSTS number. Source: Microsoft’s list of Entra authentication error codes. */
const explanations: Readonly<Record<number, Sentence>> = {
  50126: ({ who, tenant }) =>
    `The user name or the password of ${who} is wrong in tenant ${tenant}. Check the variables sa_username and ` +
    'sa_password. It was sent once and is not sent again in this run, so that the account is not locked. A federated account ' +
    '(AD FS) needs password hash synchronisation, or signIn: refreshToken.',
  50034: ({ who, tenant }) =>
    `There is no ${who} in tenant ${tenant}. Check sa_username (the full user principal name) and tenantid; guest and ` +
    'personal accounts cannot sign in with a password here.',
  50053: ({ who }) =>
    `Entra has locked ${who}, or blocked this address, after too many wrong passwords. Stop the schedule, find who uses ` +
    'an old password, and unlock the account or wait.',
  50055: ({ who }) =>
    `The password of ${who} has expired. Set a new one, and set this account’s password not to expire.`,
  50056: ({ who }) => `Entra knows no password of ${who}. Set one in Entra, or use signIn: refreshToken.`,
  50057: ({ who }) => `Entra says that ${who} is disabled. Enable the account.`,
  50058: ({ tenant }) =>
    `Entra cannot tell which tenant is meant by ${tenant}. Give the tenant’s GUID in the input tenantId.`,
  50059: ({ tenant }) =>
    `Entra cannot tell which tenant is meant by ${tenant}. Give the tenant’s GUID in the input tenantId.`,
  50072: mfa,
  50074: mfa,
  50076: mfa,
  50079: mfa,
  50158: mfa,
  53000: device,
  53001: device,
  50097: device,
  530031: blocked,
  530032: blocked,
  530034: blocked,
  53003: blocked,
  53004: ({ who }) =>
    `Entra wants ${who} to set up a second factor first and regards this place as risky. Sign in once by hand.`,
  65001: ({ clientId }) =>
    `Nobody has consented to the app ${clientId}. Grant admin consent for Azure DevOps user_impersonation (and for Azure ` +
    'Key Vault user_impersonation, if the account itself opens the vault).',
  65002: ({ clientId }) =>
    `The app ${clientId} is Microsoft’s own and not allowed for this service. Register an app of your own and give its ` +
    'id in the input clientId.',
  7000218: ({ clientId }) =>
    `The app ${clientId} is not set up as a public client. In its registration, under Authentication, set "Allow public ` +
    'client flows" to Yes.',
  7000215: ({ who }) => `The client secret of ${who} is wrong. Renew the service connection’s secret.`,
  7000222: ({ who }) => `The client secret of ${who} has expired. Renew the service connection’s secret.`,
  700016: ({ clientId, tenant }) =>
    `The app ${clientId} is not known in tenant ${tenant}. Check the inputs clientId, tenantId and authorityHost.`,
  90002: ({ tenant, host }) =>
    `${host} knows no tenant ${tenant}. Check the input tenantId, and authorityHost in a national cloud.`,
  9001023: () =>
    'A password sign-in needs a tenant of its own, not "common". Give the tenant’s GUID in the input tenantId.',
  50020: ({ who, tenant }) =>
    `${who} belongs to another tenant than ${tenant}. Check the inputs username and tenantId.`,
  500011: ({ tenant }) =>
    `Tenant ${tenant} does not know the service that the token is for (Azure DevOps or Key Vault). Check the input tenantId.`,
  50105: ({ who, clientId }) =>
    `The app ${clientId} is open to assigned users only, and ${who} is not one. Assign the account to it (Enterprise ` +
    'applications, Users and groups).',
  16000: ({ who, tenant }) =>
    `${who} is not an account of tenant ${tenant}. Check the input tenantId, and which account was chosen in the browser.`,
  50011: ({ clientId }) =>
    `The app ${clientId} does not let the browser come back to this machine. In its registration, under Authentication, add ` +
    'the platform "Mobile and desktop applications" with http://localhost.',
  70018: () => 'Entra does not know the device code. Start again.',
  70019: () => 'The device code has expired before it was entered. Start again.',
  65004: ({ who, clientId }) =>
    `${who} declined to let the app ${clientId} act in its name. Start again and accept, or have an administrator consent.`,
  700027: ({ who }) =>
    `Entra does not know the certificate of ${who}. Upload it to the app registration, or renew the service connection.`,
  700211: ({ who }) =>
    `No federated credential of the app fits ${who} (issuer). Compare it with what the service connection shows.`,
  700212: ({ who }) =>
    `No federated credential of the app fits ${who} (audience). Compare it with what the service connection shows.`,
  700213: ({ who }) =>
    `No federated credential of the app fits ${who} (subject). Compare it with what the service connection shows.`,
  700082: signInAgain,
  700084: signInAgain,
  70043: signInTooOld,
  70044: signInTooOld,
  70000: signInAgain,
  70008: signInAgain,
  9002313: signInAgain,
  50173: signInAgain,
  50133: signInAgain,
  90033: () => 'Entra is not available just now. Run again later.',
  90055: () => 'Entra limits the tenant’s requests just now. Run again later.',
  50196: ({ who }) =>
    `Entra saw ${who} ask for the same token again and again, and stops it for a while. Run again later.`,
};
