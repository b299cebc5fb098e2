/** A refusal of Entra's, before it is dressed up with trace ids and a timestamp. */
export interface EntraRefusal {
  /** The number after `AADSTS`. */
  readonly code: number;
  readonly error: string;
  readonly suberror?: string;
  readonly message: string;
  /** A claims challenge as JSON, where Entra sends one. */
  readonly claims?: string;
  readonly status: number;
}

const MFA_CLAIMS = '{"access_token":{"capolids":{"essential":true,"values":["00000000-0000-0000-0000-0000000000ca"]}}}';
const mfa = { error: 'interaction_required', suberror: 'basic_action' };
const grant = { error: 'invalid_grant' };
const badToken = { error: 'invalid_grant', suberror: 'bad_token' };
const blocked = { error: 'access_denied', suberror: 'message_only' };

/** An outage of somebody whom Entra asks. */
const passing = { error: 'temporarily_unavailable', status: 503 };

type Entry = Omit<EntraRefusal, 'code' | 'status'> & { readonly status?: number };

/**
 * Wording after Microsoft's list of AADSTS errors; `error` and `suberror` as MSAL's classes of exceptions need them.
 * `{0}` is replaced by what the refusal is about.
 */
const table: Readonly<Record<number, Entry>> = {
  16000: { ...grant, message: "User account '{0}' does not exist in tenant and cannot access the application." },
  28000: {
    ...grant,
    message: 'Provided value for the input parameter scope is not valid because it contains more than one resource.',
  },
  50011: { error: 'invalid_request', message: 'The redirect URI specified in the request does not match.' },
  50020: { ...grant, message: "User account '{0}' from identity provider does not exist in tenant." },
  50034: {
    ...grant,
    message:
      'The user account {0} does not exist in the directory. To sign into this application, the account must be added to the directory.',
  },
  50053: {
    ...grant,
    message: "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
  },
  50055: { error: 'invalid_grant', suberror: 'user_password_expired', message: 'The password is expired.' },
  50056: { ...grant, message: 'Invalid or null password: password does not exist in the directory for this user.' },
  50057: { ...grant, message: 'The user account is disabled.' },
  50058: {
    error: 'interaction_required',
    suberror: 'basic_action',
    message: 'A silent sign-in request was sent but no user is signed in.',
  },
  50059: {
    error: 'invalid_request',
    message: 'No tenant-identifying information found in either the request or implied by any provided credentials.',
  },
  50072: {
    ...mfa,
    message:
      "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{0}'.",
  },
  50074: { ...mfa, message: 'Strong Authentication is required.', claims: MFA_CLAIMS },
  50076: {
    ...mfa,
    message:
      "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{0}'.",
    claims: MFA_CLAIMS,
  },
  50078: {
    ...mfa,
    message:
      'Presented multi-factor authentication has expired due to policies configured by your administrator, you must refresh your multi-factor authentication to access {0}.',
  },
  50079: {
    ...mfa,
    message:
      "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{0}'.",
    claims: MFA_CLAIMS,
  },
  50097: { ...mfa, message: 'Device authentication is required.' },
  50105: {
    ...grant,
    message:
      "Your administrator has configured the application to block users unless they are specifically granted access to the application. The signed in user '{0}' is blocked.",
  },
  50126: { ...grant, message: 'Error validating credentials due to invalid username or password.' },
  50132: { ...badToken, message: 'The session is not valid due to password expiration or recent password change.' },
  50133: { ...badToken, message: 'Session is invalid due to expiration or recent password change.' },
  50144: {
    error: 'invalid_grant',
    suberror: 'user_password_expired',
    message: "User's Active Directory password has expired.",
  },
  50158: {
    ...mfa,
    message:
      'External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.',
    claims: MFA_CLAIMS,
  },
  50166: { ...passing, message: 'Request to External OIDC endpoint failed.' },
  50173: {
    ...badToken,
    message:
      'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
  },
  50196: {
    ...grant,
    message:
      'The server terminated an operation because it encountered a client request loop. Please contact your app vendor.',
  },
  53000: {
    error: 'interaction_required',
    suberror: 'message_only',
    message:
      'Device is not in required device state: {0}. Conditional Access policy requires a compliant device, and the device is not compliant.',
  },
  53001: {
    error: 'interaction_required',
    suberror: 'message_only',
    message:
      'Device is not in required device state: {0}. Conditional Access policy requires a domain joined device, and the device is not domain joined.',
  },
  53003: {
    ...blocked,
    error: 'interaction_required',
    message: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    claims: MFA_CLAIMS,
  },
  53004: {
    error: 'interaction_required',
    suberror: 'message_only',
    message: 'User needs to complete Multi-factor authentication registration process before accessing this content.',
  },
  530031: {
    error: 'interaction_required',
    suberror: 'message_only',
    message: 'Access policy does not allow token issuance.',
  },
  530035: { ...blocked, message: 'Access has been blocked by security defaults.' },
  65001: {
    error: 'invalid_grant',
    suberror: 'consent_required',
    message:
      "The user or administrator has not consented to use the application with ID '{0}'. Send an interactive authorization request for this user and resource.",
  },
  65002: {
    ...grant,
    message:
      "Consent between first party application '{0}' and first party resource must be configured via preauthorization.",
  },
  // Of a device code; its name is published (RFC 8628 calls it access_denied), the number that comes with it is not.
  65004: { error: 'authorization_declined', message: 'User declined to consent to access the app.' },
  70000: { ...badToken, message: 'Provided grant is invalid or malformed.' },
  70003: { error: 'unsupported_grant_type', message: "The app requested an unsupported grant type '{0}'." },
  70008: {
    ...grant,
    message:
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  },
  70011: {
    error: 'invalid_scope',
    message:
      "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {0} is not valid.",
  },
  70016: {
    error: 'authorization_pending',
    message: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  },
  70018: { error: 'bad_verification_code', message: 'Bad verification code.' },
  70019: { error: 'expired_token', message: 'Verification code expired.' },
  70020: {
    error: 'expired_token',
    message: "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
  },
  70021: {
    error: 'invalid_client',
    message: 'No matching federated identity record found for presented assertion.',
    status: 401,
  },
  70043: {
    error: 'invalid_grant',
    suberror: 'token_expired',
    message: 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.',
  },
  70044: {
    error: 'invalid_grant',
    suberror: 'token_expired',
    message: 'The session has expired or is invalid due to sign-in frequency checks by conditional access.',
  },
  80002: { ...passing, message: 'The password validation request has timed out.' },
  90002: {
    error: 'invalid_request',
    message:
      "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  },
  90013: { error: 'invalid_request', message: 'Invalid input received from the user.' },
  90014: {
    error: 'invalid_request',
    message:
      "The required field '{0}' is missing from the credential. Ensure that you have all the necessary parameters for the login request.",
  },
  90033: {
    error: 'temporarily_unavailable',
    message: 'A transient error has occurred. Please try again.',
    status: 503,
  },
  90055: {
    error: 'temporarily_unavailable',
    message: 'The request has been throttled because of the number of requests.',
    status: 429,
  },
  90061: { ...passing, message: 'Request to External OIDC endpoint failed.' },
  90072: {
    error: 'interaction_required',
    suberror: 'message_only',
    message:
      "User account '{0}' from identity provider does not exist in tenant and cannot access the application in that tenant.",
  },
  500011: {
    error: 'invalid_resource',
    message:
      'The resource principal named {0} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.',
  },
  501481: {
    ...grant,
    message: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  },
  501661: { ...passing, message: 'Failed to send the request to the claims provider.' },
  650057: {
    error: 'invalid_resource',
    message:
      "Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client's application registration. Client app ID: {0}.",
  },
  700016: {
    error: 'unauthorized_client',
    message:
      "Application with identifier '{0}' was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
  },
  700024: { error: 'invalid_client', message: 'Client assertion is not within its valid time range.', status: 401 },
  700027: {
    error: 'invalid_client',
    message: 'The certificate with identifier used to sign the client assertion is not registered on application.',
    status: 401,
  },
  700038: { error: 'unauthorized_client', message: '{0} is not a valid application identifier.' },
  700082: { ...badToken, message: 'The refresh token has expired due to inactivity. The token was inactive for {0}.' },
  700084: {
    ...grant,
    message:
      'The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page.',
  },
  900144: {
    error: 'invalid_request',
    message: "The request body must contain the following parameter: '{0}'.",
  },
  1002012: {
    error: 'invalid_scope',
    message:
      'The provided value for scope {0} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
  },
  700211: {
    error: 'invalid_client',
    message: "No matching federated identity record found for presented assertion issuer '{0}'.",
    status: 401,
  },
  700212: {
    error: 'invalid_client',
    message: "No matching federated identity record found for presented assertion audience '{0}'.",
    status: 401,
  },
  700213: {
    error: 'invalid_client',
    message: "No matching federated identity record found for presented assertion subject '{0}'.",
    status: 401,
  },
  7000112: { error: 'unauthorized_client', message: "Application '{0}' is disabled." },
  7000215: {
    error: 'invalid_client',
    message:
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'.",
    status: 401,
  },
  7000218: {
    error: 'invalid_client',
    message: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    status: 401,
  },
  7000222: {
    error: 'invalid_client',
    message: "The provided client secret keys for app '{0}' are expired.",
    status: 401,
  },
  9001023: {
    error: 'invalid_request',
    message:
      'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
  },
  9002313: { ...grant, message: 'Invalid request. Request is malformed or invalid.' },
  9002327: {
    error: 'invalid_request',
    message:
      "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
  },
};

/** Every code that this stand-in can answer with. */
export const knownRefusals: readonly number[] = Object.keys(table).map(Number);

/** @param about the user, application or resource that the message names. */
export function refusal(code: number, about = ''): EntraRefusal {
  const entry = table[code];
  if (entry === undefined) throw new Error(`The simulator knows no AADSTS${code}.`);
  return { code, ...entry, message: entry.message.replace('{0}', about), status: entry.status ?? 400 };
}
