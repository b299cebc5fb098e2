/**
 * What is known of a request that failed:
 * - `unsent`: it never reached the service (no such host, connection refused, certificate not trusted);
 * - `refused`: the service answered no, and did nothing;
 * - `unknown`: the answer is lost or says nothing certain (time-out, broken connection, 5xx, a sign-in page):
 *   it may have taken effect. An answer that got lost is not a "no".
 */
export type Outcome = 'unsent' | 'refused' | 'unknown';

export interface ServiceErrorDetails {
  readonly outcome: Outcome;
  /** The service's own code (`AADSTS50126`, `patLifespanPolicyViolation`, `ForbiddenByRbac`), or Node's (`ENOTFOUND`). */
  readonly code?: string | undefined;
  readonly status?: number | undefined;
  /** Milliseconds that the service asks to wait. */
  readonly retryAfter?: number | undefined;
  /** May be repeated if repeating is harmless: throttled, unavailable, connection lost. */
  readonly transient?: boolean;
}

/** A failed call to a service, told as a sentence for the person who must act. Holds no secret and no request. */
export class ServiceError extends Error {
  readonly outcome: Outcome;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly transient: boolean;

  constructor(message: string, details: ServiceErrorDetails) {
    super(message);
    this.name = 'ServiceError';
    this.outcome = details.outcome;
    this.code = details.code;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
    this.transient = details.transient ?? false;
  }

  /** The same failure, when an earlier attempt's fate is not known either. */
  withOutcome(outcome: Outcome): ServiceError {
    return new ServiceError(this.message, { ...this, outcome });
  }

  /** The same failure, after all that was to be tried has been: whoever called for it in a call of its own does not try again. */
  inTheEnd(outcome: Outcome): ServiceError {
    return new ServiceError(this.message, { ...this, outcome, transient: false });
  }
}

/** Anything thrown, as a sentence: never an object's contents. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : 'An unexpected error occurred.';
}
