import { day, hour, type Instant } from '../renewal/instant.ts';

/**
 * `in 12 days`, `in 5 hours`, `3 days ago`: for people. Counts whole units; what lacks less than an hour of a day counts
 * as one, or a PAT made for 60 days would be said to end in 59.
 */
export function timeLeft(instant: Instant, now: Instant): string {
  const distance = Math.abs(instant - now);
  const [count, unit] =
    distance >= 2 * day - hour ? [Math.floor((distance + hour) / day), 'days'] : [Math.round(distance / hour), 'hours'];
  const amount = count === 0 ? 'less than an hour' : `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
  return instant >= now ? `in ${amount}` : `${amount} ago`;
}

/** `2026-11-25 04:00 UTC` */
export function shortDate(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `2026-11-25 (in 12 days)`; near enough for the hour to matter: `2026-11-25 04:00 UTC (in 9 hours)`. */
export function dateAndTimeLeft(instant: Instant, now: Instant): string {
  const isNear = Math.abs(instant - now) < 3 * day;
  const date = isNear ? shortDate(instant) : dateOf(instant);
  return `${date} (${timeLeft(instant, now)})`;
}

/** `2026-11-25` */
export function dateOf(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10);
}
