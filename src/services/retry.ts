import { ServiceError } from './service-error.ts';

/** Waiting and chance come in from outside, so that tests need neither. */
export interface Pauses {
  /** Resolves after so many milliseconds, or at once when the run is being stopped. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** True once the job has been cancelled: nothing is tried again, but what finishes something. */
  readonly isStopping: () => boolean;
}

export interface RetryOptions {
  /**
   * `always`: repeating is harmless. `if answered`: not when the answer was lost. `if not done`: only when the attempt
   * certainly had no effect (I9).
   */
  readonly repeat: 'always' | 'if answered' | 'if not done';
  /** It finishes what has begun: in a cancelled job it is tried once more, at once. */
  readonly finishes?: boolean | undefined;
  /** Throws when there must be no further attempt. Runs before each, the first too. */
  readonly beforeEach?: () => void;
}

const attempts = 4;
const firstPause = 500;
/** Where no answer says how long to wait. */
const longestGuess = 10_000;
/** Longer than Azure DevOps' five-minute window is no throttling any more. */
const longestPause = 5 * 60_000;
/** So long a call waits in all for a service that limits requests: three of these windows. */
const patience = 3 * longestPause;
/** And so long in all for one that does not say when to come again. */
const patienceUntold = 60_000;
/** A service that limits requests lets one through now and then; one that does not is out of order. */
const refusalsAtMost = 20;

/**
 * Repeats what failed for a passing reason, with growing pauses and jitter; the service's `Retry-After` comes first.
 * To be throttled is no failure of the call, but the work of all calls together: such attempts are not counted as its own.
 * Calls are made within calls (a token for each): the innermost one tries again, and what it gives up is not tried again around it.
 * The error that is thrown in the end says `unknown` if any attempt's fate is unknown; else `refused` if any was refused.
 */
export async function retrying<T>(pauses: Pauses, options: RetryOptions, attempt: () => Promise<T>): Promise<T> {
  let anyUnknown = false;
  let anyRefused = false;
  let counted = 0;
  let throttled = 0;
  let waited = 0;
  let waitedUntold = 0;
  let isLast = false;
  for (let tried = 1; ; tried++) {
    try {
      options.beforeEach?.();
      return await attempt();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      anyUnknown ||= error.outcome === 'unknown';
      anyRefused ||= error.outcome === 'refused';
      const inTheEnd = error.inTheEnd(anyUnknown ? 'unknown' : anyRefused ? 'refused' : 'unsent');
      const pause = pauseBefore(tried, error, pauses.random);
      if (!isThrottled(error) || pause === 0) counted++;
      else throttled++;
      waited += pause;
      if (error.retryAfter === undefined) waitedUntold += pause;
      // Who asks for more than all our patience is not waited for at all.
      const isPatient =
        (error.retryAfter ?? 0) <= patience &&
        throttled < refusalsAtMost &&
        waited <= patience &&
        waitedUntold <= patienceUntold;
      const mayRepeat = error.transient && isHarmless(options, error) && counted < attempts && isPatient;
      if (!mayRepeat || isLast) throw inTheEnd;
      if (!pauses.isStopping()) await pauses.sleep(pause);
      // A cancelled job cuts the pause short: the service asked for a longer one.
      isLast = pauses.isStopping();
      if (isLast && !options.finishes) throw inTheEnd;
    }
  }
}

function isHarmless({ repeat }: RetryOptions, { outcome, status }: ServiceError): boolean {
  return repeat === 'always' || outcome !== 'unknown' || (repeat === 'if answered' && status !== undefined);
}

function isThrottled({ status, retryAfter }: ServiceError): boolean {
  return status === 429 || (status === 503 && retryAfter !== undefined);
}

function pauseBefore(tried: number, error: ServiceError, random: () => number): number {
  if (error.retryAfter !== undefined) return Math.min(error.retryAfter, longestPause);
  return Math.min(firstPause * 2 ** (tried - 1), longestGuess) * (0.5 + random() / 2);
}
