import { day, hour, type Instant } from '../renewal/instant.ts';

/** `in 12 days`, `in 5 hours`, `3 days ago`: for people. */
export function timeLeft(instant: Instant, now: Instant): string {
  const distance = Math.abs(instant - now);
  const [count, unit] =
    distance >= 2 * day ? [Math.floor(distance / day), 'days'] : [Math.max(1, Math.floor(distance / hour)), 'hours'];
  const amount = `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
  return instant >= now ? `in ${amount}` : `${amount} ago`;
}

/** `2026-11-25 04:00 UTC` */
export function shortDate(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
