import type { Fault, FaultHook } from './faults.ts';
import type { HttpAnswer } from './http/exchange.ts';
import { tooManyRequests, vaultThrottled } from './http/prepared-answers.ts';
import type { SeenRequest } from './recorded-request.ts';

export interface RateLimit {
  /** So many may be used up within the window, which slides. */
  readonly units: number;
  readonly windowMs: number;
  /** A request over the limit is held back for so long at most; if that is not enough, it is blocked. */
  readonly longestDelayMs: number;
  readonly costOf: (operation: string) => number;
  /** Does a refusal say when to come again? */
  readonly saysWhen: boolean;
}

/**
 * Azure DevOps: 200 TSTU in five minutes for each user; first delays of up to 30 seconds, then 429
 * (integrate/concepts/rate-limits). What a call costs is not published: here a change is one TSTU, a read a fifth.
 */
export const devOpsLimit: RateLimit = {
  units: 200,
  windowMs: 300_000,
  longestDelayMs: 30_000,
  costOf: (operation) => (/^pats\.(?:create|update|revoke)$/.test(operation) ? 1 : 0.2),
  saysWhen: true,
};

/** Key Vault: 4,000 transactions in ten seconds for each vault; beyond that 429 (general/service-limits). */
export const vaultLimit: RateLimit = {
  units: 4000,
  windowMs: 10_000,
  longestDelayMs: 0,
  costOf: () => 1,
  saysWhen: false,
};

/** The same limit, with time that passes so many times as fast: tests and benches have no five minutes. */
export function hastened(limit: RateLimit, times: number): RateLimit {
  return { ...limit, windowMs: limit.windowMs / times, longestDelayMs: limit.longestDelayMs / times };
}

export type Verdict =
  | { readonly kind: 'admitted'; readonly delayMs: number; readonly remaining: number }
  | { readonly kind: 'blocked'; readonly retryAfterMs: number };

/** What was used up when: a sliding window. Knows no clock. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #used: { readonly at: number; readonly cost: number }[] = [];

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** @param now milliseconds, never less than before */
  admit(now: number, operation: string): Verdict {
    const { units, windowMs, longestDelayMs } = this.#limit;
    const gone = this.#used.findIndex(({ at }) => at + windowMs > now);
    this.#used.splice(0, gone === -1 ? this.#used.length : gone);
    const cost = this.#limit.costOf(operation);
    let used = this.#used.reduce((sum, one) => sum + one.cost, cost);
    let waitMs = 0;
    for (const one of this.#used) {
      if (used <= units) break;
      used -= one.cost;
      waitMs = one.at + windowMs - now;
    }
    if (waitMs > longestDelayMs) return { kind: 'blocked', retryAfterMs: waitMs };
    this.#used.push({ at: now + waitMs, cost });
    return { kind: 'admitted', delayMs: waitMs, remaining: Math.max(0, units - used) };
  }
}

/** Puts a limit on the requests that `applies` picks. @param now milliseconds of real time */
export function limitRequests(
  limit: RateLimit,
  applies: (request: SeenRequest) => boolean,
  now: () => number = () => performance.now(),
): FaultHook {
  const limiter = new RateLimiter(limit);
  return {
    decide: (request): Fault => {
      if (!applies(request)) return { kind: 'pass' };
      const verdict = limiter.admit(now(), request.operation);
      if (verdict.kind === 'blocked') {
        const seconds = limit.saysWhen ? verdict.retryAfterMs / 1000 : undefined;
        const isVault = request.operation.startsWith('vault.');
        return { kind: 'answer', answer: isVault ? vaultThrottled(seconds) : tooManyRequests(seconds) };
      }
      if (!limit.saysWhen) return { kind: 'pass' };
      const change = (answer: HttpAnswer): HttpAnswer => ({
        ...answer,
        headers: { ...answer.headers, ...headersOf(limit, verdict) },
      });
      return { kind: 'delay', ms: verdict.delayMs, next: { kind: 'alter', change } };
    },
  };
}

/** All but `X-RateLimit-Delay` come before there is a delay; what is delayed also says how long to wait next time. */
function headersOf(limit: RateLimit, verdict: Verdict & { kind: 'admitted' }): HttpAnswer['headers'] {
  if (verdict.remaining > limit.units / 2) return {};
  const seconds = (verdict.delayMs / 1000).toFixed(3);
  return {
    'x-ratelimit-resource': 'ServiceResource',
    'x-ratelimit-limit': String(limit.units),
    'x-ratelimit-remaining': String(Math.floor(verdict.remaining)),
    ...(verdict.delayMs > 0 ? { 'x-ratelimit-delay': seconds, 'retry-after': seconds } : {}),
  };
}
