import { day, type Instant, minute } from './instant.ts';
import { endOf, globalPatsEnd, type Pat } from './pat.ts';
import type { RenewalPolicy } from './policy.ts';

/** What *simple* does with one PAT that is active and selected. */
export type ExtensionPlan =
  | { readonly kind: 'extend'; readonly validTo: Instant }
  | { readonly kind: 'not due'; readonly dueFrom: Instant }
  | { readonly kind: 'ends later'; readonly wanted: Instant };

export function planExtension(pat: Pat, policy: RenewalPolicy, now: Instant): ExtensionPlan {
  const validTo = now + policy.lifetimeDays * day;
  if (!isDue(pat, policy, now)) return { kind: 'not due', dueFrom: dueFrom(pat, policy, now) };
  // The service rounds dates: what ends at the wanted instant, give or take a moment, needs no request.
  return pat.validTo >= validTo ? { kind: 'ends later', wanted: validTo } : { kind: 'extend', validTo };
}

/** Whether a PAT is to be renewed in this run. */
export function isDue(pat: Pat, policy: RenewalPolicy, now: Instant): boolean {
  return dueFrom(pat, policy, now) <= now;
}

/** Days before the end of all global PATs: a successor must be there by then, whatever `renewBeforeDays` says. */
const globalDueDays = 14;

/** From when on the PAT is to be renewed. */
export function dueFrom(pat: Pick<Pat, 'validTo' | 'isGlobal'>, policy: RenewalPolicy, now: Instant): Instant {
  if (policy.renewBeforeDays === undefined) return now;
  const due = endOf(pat) - policy.renewBeforeDays * day;
  return pat.isGlobal ? Math.min(due, globalPatsEnd - globalDueDays * day) : due;
}

/** What became of an asked date: a policy of the organization may have cut it, and the service rounds. */
export type GrantedDate = 'as asked' | 'cut' | 'unmoved' | 'shortened';

export function judgeGranted(dates: { previous: Instant; asked: Instant; granted: Instant }): GrantedDate {
  if (dates.granted >= dates.asked - minute) return 'as asked';
  if (dates.granted < dates.previous - minute) return 'shortened';
  return dates.granted <= dates.previous + minute ? 'unmoved' : 'cut';
}
