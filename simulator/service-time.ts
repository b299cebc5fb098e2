import type { ServiceName, Settings } from './settings.ts';
import type { Surroundings } from './surroundings.ts';

/** What a service's own clock says, by which it stamps and ends what it keeps. Milliseconds since 1970. */
export function serviceNow({ now, settings }: Pick<Surroundings, 'now' | 'settings'>, service: ServiceName): number {
  return now + (settings.clockAheadSeconds[service] ?? 0) * 1000;
}

/** An instant as the PAT service stores it: SQL's `datetime` keeps multiples of 1/300 s, which the published examples show. */
export function storedInstant(instant: number, precision: Settings['timePrecision']): number {
  switch (precision) {
    case 'databaseTime':
      return Math.round(instant * 0.3) / 0.3;
    case 'milliseconds':
      return Math.round(instant);
    case 'seconds':
      return Math.round(instant / 1000) * 1000;
  }
}

/** ISO 8601 in UTC with as many fraction digits as are needed, at most 7: `…:23.32Z`, `…:52.1033333Z`, `…:00Z`. */
export function serviceTimestamp(instant: number): string {
  // A third of a millisecond does not survive in a double this large, so the 300ths of the second are counted anew.
  const threeHundredths = Math.round(instant * 0.3);
  const isDatabaseTime = Math.abs(threeHundredths / 0.3 - instant) < 0.01;
  const seconds = Math.floor((isDatabaseTime ? threeHundredths : Math.round(instant)) / (isDatabaseTime ? 300 : 1000));
  const ticks = isDatabaseTime
    ? Math.round(((threeHundredths - seconds * 300) / 300) * 1e7)
    : (Math.round(instant) - seconds * 1000) * 1e4;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = ticks === 0 ? '' : `.${String(ticks).padStart(7, '0').replace(/0+$/, '')}`;
  return `${whole}${fraction}Z`;
}

/** The same date one year on; 29 February becomes 1 March. */
export function oneYearAfter(instant: number): number {
  const date = new Date(instant);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.getTime();
}
