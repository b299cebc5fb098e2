import { type AzureDevOps, callAzureDevOps, commonHeaders, isRecord, parseJson } from './azure-devops.ts';
import { retryAfter } from './http.ts';
import { retrying } from './retry.ts';
import { ServiceError } from './service-error.ts';

/** What a call with a PAT shows of it. */
export type Proof =
  /** The answer came as the service account: the value works. */
  | { readonly kind: 'works' }
  /** Certainly not usable by this account: it does not work, or is somebody else's. */
  | { readonly kind: 'bad'; readonly why: string; readonly isAnothers?: boolean }
  /** The PAT's scopes may not allow the call; nothing is shown either way. */
  | { readonly kind: 'nothing shown' };

// A plain 7.1 is refused with VssInvalidPreviewVersionException.
const url = (organization: string) =>
  `https://dev.azure.com/${encodeURIComponent(organization)}/_apis/connectionData?api-version=7.1-preview`;

/** The service account's id in the organization. @throws ServiceError also if the answer is an anonymous 200 */
export async function readAccountId(devOps: AzureDevOps, organization: string): Promise<string> {
  const answer = await callAzureDevOps(devOps, {
    organization,
    method: 'GET',
    url: url(organization),
    repeat: 'always',
  });
  const user = readUser(answer);
  if (user.kind === 'named') return user.id;
  throw new ServiceError(
    `Organization "${organization}" does not know the service account: it answered as to an anonymous visitor. ` +
      'Add the account to the organization, and check that the input tenantId is the tenant the organization is connected to.',
    { outcome: 'refused', code: 'Anonymous' },
  );
}

/**
 * Calls the organization with the PAT. An organization with public projects answers 200 to anybody, so the answer
 * must name the account (source: azsk/ADOScanner). 401, 403 and 203 prove nothing: missing scopes look the same.
 * @param accountId undefined if the organization could not be asked for it: then whoever is named shows nothing
 * @throws ServiceError if there was no answer at all
 */
export async function provePat(
  devOps: AzureDevOps,
  organization: string,
  token: string,
  accountId: string | undefined,
): Promise<Proof> {
  const answer = await retrying(devOps.pauses, { repeat: 'always' }, async () => {
    const given = await devOps.send({
      method: 'GET',
      url: url(organization),
      headers: { ...commonHeaders, Authorization: `Basic ${Buffer.from(`:${token}`).toString('base64')}` },
    });
    devOps.clock.observe(given);
    if (given.status === 429 || given.status >= 500) {
      throw new ServiceError(`Azure DevOps did not check the new PAT (HTTP ${given.status}).`, {
        outcome: 'unknown',
        status: given.status,
        retryAfter: retryAfter(given.headers),
        transient: true,
      });
    }
    return given;
  });
  const serviceError = decode(answer.headers['x-tfs-serviceerror'] ?? '');
  if (/personal access token.*(?:expired|invalid|revoked|not valid)/i.test(serviceError)) {
    return { kind: 'bad', why: serviceError };
  }
  if (answer.status !== 200) return { kind: 'nothing shown' };
  const user = readUser(parseJson(answer.body));
  if (user.kind !== 'named' || accountId === undefined) return { kind: 'nothing shown' };
  if (user.id.toLowerCase() === accountId.toLowerCase()) return { kind: 'works' };
  return { kind: 'bad', why: 'it belongs to another identity', isAnothers: true };
}

const anonymousId = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa';

function readUser(answer: unknown): { kind: 'named'; id: string } | { kind: 'anonymous' } {
  const user = isRecord(answer) ? answer.authenticatedUser : undefined;
  if (!isRecord(user)) return { kind: 'anonymous' };
  const { id, descriptor, subjectDescriptor } = user;
  if (typeof id !== 'string' || id === '' || id.toLowerCase() === anonymousId) return { kind: 'anonymous' };
  const isPublic = [descriptor, subjectDescriptor].some(
    (text) => typeof text === 'string' && text.startsWith('System:PublicAccess'),
  );
  return isPublic ? { kind: 'anonymous' } : { kind: 'named', id };
}

/** The header is percent-encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
