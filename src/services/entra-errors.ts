import { type AskedOfEntra, nothingAsked } from './asked-of-entra.ts';
import { isRecord, parseJson, withoutTokens } from './azure-devops.ts';
import { type HttpAnswer, retryAfter } from './http.ts';
import { ServiceError } from './service-error.ts';

/** Who tries to sign in where, for the sentences. */
export type SignInSubject = SignInWay & {
  /** Such as `account renew@contoso.com` or `service connection "vault"`. */
  readonly who: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly host: string;
  /** What may be wrong with the password or secret itself, one sentence each; never a part of it. */
  readonly doubts?: readonly string[];
};

/** `person`: by hand, with a device code or a browser. `application`: a service connection. */
export type SignInWay =
  | { readonly how: 'password' | 'person' | 'application' }
  /** `command`: what a person has to type when the token is dead. */
  | { readonly how: 'refresh token'; readonly command: string };

/** Turns an answer of the token endpoint that is not a success into a sentence. */
export function entraError(
  answer: HttpAnswer,
  subject: SignInSubject,
  asked: AskedOfEntra = nothingAsked,
): ServiceError {
  const json = parseJson(answer.body);
  if (json !== undefined) return entraRefusal(json, answer.status, subject, asked, retryAfter(answer.headers));
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
  asked: AskedOfEntra = nothingAsked,
  retryAfterMilliseconds?: number,
): ServiceError {
  const numbers = aadstsNumbers(json);
  // Where several are told, an outage beside a refusal is none: the password has been judged.
  const number = numbers.find((each) => !passingCodes.has(each)) ?? numbers[0];
  const name = oauthError(json);
  const code = (number === undefined ? name : `AADSTS${number}`) ?? String(status);
  const words = byName[name ?? ''] ?? (number === undefined ? undefined : explanations[number]);
  const attempt = { ...subject, service: asked.service };
  const sentence = words?.(attempt) ?? unexplained(json, number, attempt, asked);
  const isPassing =
    number !== undefined && passingCodes.has(number)
      ? true
      : // Its own code says more than the status does: a refused password stays refused.
        words === undefined && (status === 429 || status >= 500);
  const doubts = isPassing ? [] : doubtsOf(subject, number);
  const command = isPassing ? undefined : commandFor(subject, sentence);
  // A command is the last thing said: what follows it would be typed, too.
  const told =
    command === undefined && isCommandLast(subject, sentence) ? [...doubts, sentence] : [sentence, ...doubts];
  const correlation = correlationId(json);
  const trail = [code, ...(correlation === undefined ? [] : [`correlation id ${correlation}`])].join(', ');
  return new ServiceError(`${[...told, ...(command === undefined ? [] : [command])].join(' ')} (${trail})`, {
    outcome: status >= 500 ? 'unknown' : 'refused',
    code,
    status,
    retryAfter: retryAfterMilliseconds,
    transient: isPassing,
  });
}

/** A code that nobody here knows: Entra's own words say more than none. */
function unexplained(
  json: unknown,
  number: number | undefined,
  { who, tenant, host, service }: Attempt,
  asked: AskedOfEntra,
): string {
  const said = ownSentence(json, asked);
  const toService = service === undefined ? '' : ` to ${service}`;
  const lookUp = number === undefined ? 'Run again later.' : `Look the code up at https://${host}/error?code=${number}`;
  return [
    `Entra refused the sign-in of ${who}${toService} in tenant ${tenant}.`,
    ...(said === undefined ? [] : [`It says: ${said}`]),
    lookUp,
  ].join(' ');
}

const longestSaying = 300;

/** What Entra says, for people: without the ids that follow, and without anything that was sent. */
function ownSentence(json: unknown, { hide }: AskedOfEntra): string | undefined {
  const description = isRecord(json) ? json.error_description : undefined;
  if (typeof description !== 'string') return undefined;
  // Secrets go before anything is cut: half of one would not be known as one.
  const text = withoutTokens(hide(description))
    .replace(/\s+/g, ' ')
    .replace(/^\s*AADSTS\d+:\s*/, '')
    .replace(/\s*\b(?:Trace ID|Correlation ID|Timestamp):.*$/i, '')
    .trim();
  if (text === '' || text === oauthError(json)) return undefined;
  const cut = text.length > longestSaying ? `${text.slice(0, longestSaying)}…` : text;
  return /[.!?…]$/.test(cut) ? cut : `${cut}.`;
}

/** What was sent was looked at, and found wrong: then what may be wrong with it is worth a word. */
const judgesWhatWasSent: ReadonlySet<number> = new Set([50126, 50053, 50056, 70000, 70008, 90013, 7000215, 9002313]);

function doubtsOf({ doubts = [] }: SignInSubject, number: number | undefined): readonly string[] {
  return number !== undefined && judgesWhatWasSent.has(number) ? doubts : [];
}

/** Whatever a refresh token is refused for: in the end a person can sign in again. */
function commandFor(subject: SignInSubject, sentence: string): string | undefined {
  if (subject.how !== 'refresh token' || isCommandLast(subject, sentence)) return undefined;
  return `If it is refused again after that, sign in once again with: ${subject.command}`;
}

function isCommandLast(subject: SignInSubject, sentence: string): boolean {
  return subject.how === 'refresh token' && sentence.endsWith(subject.command);
}

function correlationId(json: unknown): string | undefined {
  if (!isRecord(json)) return undefined;
  const guid = /^[0-9a-f-]{36}$/i;
  const own = json.correlation_id;
  if (typeof own === 'string' && guid.test(own)) return own;
  return /Correlation ID: ([0-9a-f-]{36})/i.exec(String(json.error_description ?? ''))?.[1];
}

/** A word of the standard's; anything else is a stranger's text. */
function oauthError(json: unknown): string | undefined {
  return isRecord(json) && typeof json.error === 'string' && /^\w{1,60}$/.test(json.error) ? json.error : undefined;
}

function aadstsNumbers(json: unknown): readonly number[] {
  if (!isRecord(json)) return [];
  const codes = Array.isArray(json.error_codes) ? json.error_codes : [];
  const listed = codes.filter((code): code is number => Number.isSafeInteger(code));
  const described = [...String(json.error_description ?? '').matchAll(/AADSTS(\d{1,12})/g)].map(([, digits]) =>
    Number(digits),
  );
  return [...new Set([...listed, ...described])];
}

/** These pass by themselves. */
const passingCodes: ReadonlySet<number> = new Set([50166, 50196, 80002, 90033, 90055, 90061, 501661]);

/** Whether Entra has decided, and would decide the same again: an outage, and what may be one, is no refusal. */
export function isRefusal({ code, status = 0 }: ServiceError): boolean {
  const number = Number(/^AADSTS(\d+)$/.exec(code ?? '')?.[1]);
  if (Number.isNaN(number) || passingCodes.has(number)) return false;
  return number in explanations || (status !== 429 && status < 500);
}

/** A sign-in that was refused. */
type Attempt = SignInSubject & Pick<AskedOfEntra, 'service'>;
type Sentence = (attempt: Attempt) => string;

const declined: Sentence = ({ who, clientId }) =>
  `${who} declined to let the app ${clientId} act in its name. Start again and accept, or have an administrator consent.`;
const codeExpired: Sentence = () => 'The device code has expired before it was entered. Start again.';
const unknownCode: Sentence = () => 'Entra does not know the device code. Start again.';

/** How a device code ends, whatever number comes with it. Source: Microsoft’s page on the device authorization grant. */
const byName: Readonly<Record<string, Sentence>> = {
  authorization_declined: declined,
  expired_token: codeExpired,
  bad_verification_code: unknownCode,
};

/** A policy may stop one service’s token and let the other’s through: which one is half of the answer. */
const forService = ({ service }: Attempt) => (service === undefined ? '' : ` for ${service}`);
/** The service account needs no token for a vault that somebody else opens. */
const orConnection = ({ service, how }: Attempt) =>
  service === 'Azure Key Vault' && how !== 'application'
    ? ' Or let a service connection open the vault (input azureSubscription): then the account needs no token for it.'
    : '';

const mfa: Sentence = (attempt) => {
  if (attempt.how === 'refresh token') {
    return `Entra wants ${attempt.who} to give a second factor again${forService(attempt)}, which only a person can. Sign in once again with: ${attempt.command}`;
  }
  return (
    `Entra asks ${attempt.who} for a second factor${forService(attempt)}, which a password sign-in cannot give. Exclude this one account from the ` +
    `Conditional Access policy (limited to the agents’ addresses), or use signIn: refreshToken.${orConnection(attempt)}`
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
const device: Sentence = (attempt) =>
  `A Conditional Access policy wants ${attempt.who} to sign in from a managed device${forService(attempt)}, which an agent is not. Exclude the ` +
  `account from it, or use a policy with trusted locations.${orConnection(attempt)}`;

const blocked: Sentence = (attempt) =>
  `A Conditional Access policy blocks ${attempt.who}${forService(attempt)}. Look into Entra’s sign-in log, tab Conditional Access, and allow the ` +
  `agents’ addresses for this account.${orConnection(attempt)}`;

/** Where the app and the tenant of this sign-in are set. */
const whereSet = ({ how }: Attempt, inputs: string) =>
  how === 'application' ? 'the connection’s own settings (Project settings, Service connections)' : inputs;
const ofWhom = ({ how, who }: Attempt) => (how === 'application' ? ` of ${who}` : '');

const unknownApp: Sentence = (attempt) =>
  `The app ${attempt.clientId}${ofWhom(attempt)} is not known in tenant ${attempt.tenant}. Check ${whereSet(attempt, 'the inputs clientId, tenantId and authorityHost')}.`;
const outsideOfEntra: Sentence = ({ who }) =>
  `Entra could not reach the identity provider that it asks about ${who}. Run again later.`;

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
  50144: ({ who }) =>
    `The password of ${who} has expired in the company’s own Active Directory. Set a new one there, and set this account’s ` +
    'password not to expire.',
  80002: ({ who }) =>
    `The company’s own servers, which check the password of ${who}, did not answer Entra in time (pass-through ` +
    'authentication). Run again later, and see whether the authentication agents can reach a domain controller.',
  90013: ({ who, how }) =>
    how !== 'password'
      ? `Entra could not read what ${who} sent. Check the inputs tenantId and clientId.`
      : `Entra does not take the user name or the password of ${who} as it is: some characters, such as < and & in a password, ` +
        'it refuses here. Set a password without them, or use signIn: refreshToken.',
  50056: ({ who }) => `Entra knows no password of ${who}. Set one in Entra, or use signIn: refreshToken.`,
  50057: ({ who }) => `Entra says that ${who} is disabled. Enable the account.`,
  50058: ({ tenant }) =>
    `Entra cannot tell which tenant is meant by ${tenant}. Give the tenant’s GUID in the input tenantId.`,
  50059: ({ tenant }) =>
    `Entra cannot tell which tenant is meant by ${tenant}. Give the tenant’s GUID in the input tenantId.`,
  50072: mfa,
  50074: mfa,
  50076: mfa,
  50078: mfa,
  50079: mfa,
  50158: mfa,
  53000: device,
  53001: device,
  50097: device,
  530031: blocked,
  530032: blocked,
  530034: blocked,
  53003: blocked,
  530035: ({ who }) =>
    `Entra’s security defaults block ${who} here. They know no exception: use signIn: refreshToken, or replace them by ` +
    'Conditional Access policies that leave this account out.',
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
  7000112: (attempt) =>
    `The app ${attempt.clientId}${ofWhom(attempt)} is disabled in tenant ${attempt.tenant}. Enable it (Enterprise applications, Properties, "Enabled for ` +
    'users to sign-in"), or name another one.',
  9002327: ({ clientId }) =>
    `The app ${clientId} is registered as a single-page application, whose tokens only a browser may exchange. In its ` +
    'registration, under Authentication, add the platform "Mobile and desktop applications", and sign in with that.',
  650057: (attempt) =>
    `The app ${attempt.clientId} does not list the service that the token is for${attempt.service === undefined ? '' : ` (${attempt.service})`}. In its registration, ` +
    'under API permissions, add user_impersonation of that service, and grant admin consent.',
  700016: unknownApp,
  700038: unknownApp,
  90002: (attempt) =>
    `${attempt.host} knows no tenant ${attempt.tenant}. Check ${whereSet(attempt, 'the input tenantId')}, and authorityHost in a national cloud.`,
  9001023: () =>
    'A password sign-in needs a tenant of its own, not "common". Give the tenant’s GUID in the input tenantId.',
  50020: ({ who, tenant }) =>
    `${who} belongs to another tenant than ${tenant}. Check the inputs username and tenantId.`,
  90072: ({ who, tenant }) =>
    `${who} is a guest in tenant ${tenant}, or not in it at all, and Entra asks for a second factor there. Use an account of the ` +
    'tenant itself, and check the inputs username and tenantId.',
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
  70018: unknownCode,
  70019: codeExpired,
  70020: codeExpired,
  65004: declined,
  700024: ({ who }) =>
    `What ${who} proves itself with is not valid at this time, so this machine’s clock is wrong, or the proof was made too ` +
    'long ago. Set the clock of the agent’s machine, then run again.',
  70021: ({ who }) =>
    `No federated credential of the app fits ${who}. Compare issuer, subject and audience with what the service connection shows.`,
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
  50132: signInAgain,
  50133: signInAgain,
  90033: () => 'Entra is not available just now. Run again later.',
  90061: outsideOfEntra,
  50166: outsideOfEntra,
  501661: outsideOfEntra,
  90055: () => 'Entra limits the tenant’s requests just now. Run again later.',
  50196: ({ who }) =>
    `Entra saw ${who} ask for the same token again and again, and stops it for a while. Run again later.`,
};
