import { type HttpAnswer, retryAfter } from './http.ts';
import { ServiceError } from './service-error.ts';

/** Whether an answer is a page for people. None of the services sends one where data was asked for, but proxies and filters do. */
export function isPage({ headers, body }: HttpAnswer): boolean {
  return /\bhtml\b/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html|head|body)\b/i.test(body);
}

/**
 * Never a success, and never a certain "no": who made the page does not know what the service did.
 * @param host for which it was asked
 * @param who what else may be wrong, as a sentence; empty if nothing
 */
export function pageError(answer: HttpAnswer, host: string, who = ''): ServiceError {
  const { status, headers } = answer;
  const title = titleOf(answer.body);
  const named = title === undefined ? '' : `, titled "${title}"`;
  const advice = who === '' ? '' : ` ${who}`;
  return new ServiceError(
    `${host} answered with a page in place of data (HTTP ${status}${named}): a proxy or a filter on the way has sent it, or it ` +
      `is a sign-in page. Check that the agent’s proxy lets requests to ${host} through.${advice}`,
    {
      outcome: 'unknown',
      code: `Page${status}`,
      status,
      retryAfter: retryAfter(headers),
      transient: status === 408 || status === 429 || status >= 500,
    },
  );
}

/** Long runs of characters may be something that was sent; they go before anything is cut. */
function titleOf(body: string): string | undefined {
  const title = /<title[^>]*>([^<]+)/i.exec(body)?.[1]?.replaceAll(/\s+/g, ' ').trim();
  return title === undefined || title === '' ? undefined : title.replaceAll(/[\w.~+/=%-]{41,}/g, '…').slice(0, 80);
}
