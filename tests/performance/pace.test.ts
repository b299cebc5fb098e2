import assert from 'node:assert/strict';
import { devOpsLimit, type RateLimit, RateLimiter, vaultLimit } from '../../simulator/rate-limiter.ts';
import { inPool } from '../../src/pool.ts';
import { Pace } from '../../src/services/pace.ts';
import { retrying } from '../../src/services/retry.ts';
import { ServiceError } from '../../src/services/service-error.ts';
import { VirtualTime } from './virtual-time.ts';

const latency = 50;

/** So many changes, by so many workers, at a host with this limit: each must succeed. Time is virtual. */
async function underLimit(limit: RateLimit, calls: number, workers: number) {
  const time = new VirtualTime();
  const limiter = new RateLimiter(limit);
  const pace = new Pace({ ...time, most: workers, isStopping: () => false });
  const arrivals: number[] = [];
  const blocks: { readonly at: number; readonly until: number }[] = [];
  const change = async (): Promise<void> => {
    const turn = await pace.enter();
    arrivals.push(time.now());
    const verdict = limiter.admit(time.now(), 'pats.update');
    await time.sleep(verdict.kind === 'admitted' ? verdict.delayMs + latency : latency);
    if (verdict.kind === 'admitted') {
      const isDelayed = limit.saysWhen && verdict.delayMs > 0;
      return pace.leave(turn, { status: 200, retryAfter: isDelayed ? verdict.delayMs : undefined });
    }
    const retryAfter = limit.saysWhen ? verdict.retryAfterMs : undefined;
    blocks.push({ at: time.now(), until: time.now() + (retryAfter ?? 0) });
    pace.leave(turn, { status: 429, retryAfter });
    throw new ServiceError('limited', { outcome: 'refused', status: 429, retryAfter, transient: true });
  };
  const pauses = { sleep: time.sleep, random: () => 0.5, isStopping: () => false };
  await time.pass(inPool(Array.from({ length: calls }), workers, () => retrying(pauses, { repeat: 'always' }, change)));
  return { took: time.now(), arrivals, blocks };
}

/** How long the limit makes so many changes last, if each comes at the first instant at which it may. */
function allowed({ units, windowMs, longestDelayMs }: RateLimit, calls: number, workers: number): number {
  const windows = Math.floor((calls - 1) / units);
  const rest = Math.ceil((calls - windows * units) / workers) * latency;
  return Math.max(Math.ceil(calls / workers) * latency, windows * windowMs - longestDelayMs + rest);
}

describe('A host that limits requests', () => {
  const cases: readonly { name: string; limit: RateLimit; calls: number; workers: number }[] = [
    { name: 'Azure DevOps, one worker', limit: devOpsLimit, calls: 1000, workers: 1 },
    { name: 'Azure DevOps, eight workers', limit: devOpsLimit, calls: 1000, workers: 8 },
    { name: 'Azure DevOps, 32 workers', limit: devOpsLimit, calls: 1000, workers: 32 },
    { name: 'Azure DevOps without Retry-After', limit: { ...devOpsLimit, saysWhen: false }, calls: 1000, workers: 8 },
    { name: 'Key Vault, eight workers', limit: vaultLimit, calls: 20_000, workers: 8 },
    { name: 'Key Vault, 32 workers', limit: vaultLimit, calls: 20_000, workers: 32 },
  ];
  for (const { name, limit, calls, workers } of cases) {
    it(`loses no call and hears no storm, and all is done within 1.2 times what it allows: ${name}`, async () => {
      const { took, arrivals, blocks } = await underLimit(limit, calls, workers);
      assert.ok(took <= 1.2 * allowed(limit, calls, workers), `took ${took / 1000} s`);
      for (const { at, until } of blocks) {
        const early = arrivals.filter((arrival) => arrival > at && arrival < until);
        assert.deepEqual(early, [], `requests after the refusal at ${at} that asked to wait until ${until}`);
      }
    });
  }
});
