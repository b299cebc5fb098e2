const hour = 3_600_000;
export const day = 24 * hour;

/** `2027-01-24`: as in the log and the summary, in UTC. */
export function dateOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** `2027-01-24 04:00 UTC` */
export function momentOf(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `in 12 days`, `3 hours ago` */
export function distanceOf(instant: number, now: number): string {
  const away = Math.abs(instant - now);
  if (away < hour) return instant > now ? 'in less than an hour' : 'less than an hour ago';
  const days = away >= 2 * day - hour;
  const count = days ? Math.floor((away + hour) / day) : Math.round(away / hour);
  const amount = `${count} ${days ? 'day' : 'hour'}${count === 1 ? '' : 's'}`;
  return instant >= now ? `in ${amount}` : `${amount} ago`;
}
