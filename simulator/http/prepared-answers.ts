import type { Fault } from '../faults.ts';
import { type HttpAnswer, html, json } from './exchange.ts';

/** Answers that a test puts in a service's mouth, in the shapes that are published. */

/** Azure DevOps blocks the caller (integrate/concepts/rate-limits): 429 with TF400733. */
export function tooManyRequests(retryAfterSeconds: number | undefined): HttpAnswer {
  const message =
    'TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource ServiceResource in namespace simulated.';
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return json(429, { message, typeKey: 'RequestBlockedException', errorCode: 0, eventId: 3000 }, headers);
}

/** Key Vault throttles (4,000 transactions in 10 seconds and vault). */
export function vaultThrottled(retryAfterSeconds: number | undefined): HttpAnswer {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  const message =
    'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached';
  return json(429, { error: { code: 'Throttled', message } }, headers);
}

export function serviceUnavailable(retryAfterSeconds?: number): HttpAnswer {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return html(503, '<html><body>Service Unavailable</body></html>', headers);
}

export function internalError(): HttpAnswer {
  return json(500, { message: 'TF400898: An Internal Error Occurred.', typeKey: 'Exception' });
}

/** A page that a company's proxy puts in the way, with the status of success. */
export function pageOfTheProxy(): HttpAnswer {
  return html(200, '<html><head><title>Access to this site is monitored</title></head></html>');
}

/** Continuous access evaluation: the token is refused at once, with a claims challenge. */
export function claimsChallenge(): HttpAnswer {
  const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1795406400"}}}').toString('base64');
  const header = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${claims}"`;
  return json(
    401,
    { message: 'TF400813: The user is not authorized to access this resource.' },
    { 'www-authenticate': header },
  );
}

/** The request is carried out and answered as ever, but slow down: Retry-After together with a 200. */
export function slowDown(seconds: number): Fault {
  return {
    kind: 'alter',
    change: (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'retry-after': String(seconds), 'x-ratelimit-delay': `${seconds}.000` },
    }),
  };
}
