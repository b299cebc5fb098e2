import { type Instant, second, toIsoSeconds } from './instant.ts';

/**
 * With output variables alone the PATs' own names are the record of a renewal:
 * `new` was made and its delivery is unknown; `superseded` waits for its revocation.
 */
export type Marker =
  | { readonly kind: 'none' }
  | { readonly kind: 'new' }
  | { readonly kind: 'superseded'; readonly revokeAfter: Instant };

export interface MarkedName {
  readonly plain: string;
  readonly marker: Marker;
}

const pattern = /^(.*) \(Renew PATs: (new|revoke after (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ))\)$/s;

/** Splits a display name into the family's plain name and the marker. A date that is none makes no marker. */
export function readMarker(displayName: string): MarkedName {
  const match = pattern.exec(displayName);
  const [, plain, what, date] = match ?? [];
  if (plain === undefined || plain === '') return { plain: displayName, marker: { kind: 'none' } };
  if (what === 'new') return { plain, marker: { kind: 'new' } };
  const revokeAfter = Date.parse(date ?? '');
  // Date.parse takes 30 February for 2 March.
  const isDate = !Number.isNaN(revokeAfter) && toIsoSeconds(revokeAfter) === date;
  if (!isDate) return { plain: displayName, marker: { kind: 'none' } };
  return { plain, marker: { kind: 'superseded', revokeAfter } };
}

export function withNewMarker(plain: string): string {
  return `${plain} (Renew PATs: new)`;
}

/** I2: the date is rounded up, so that it never comes before the grace is over. */
export function withSupersededMarker(plain: string, revokeAfter: Instant): string {
  return `${plain} (Renew PATs: revoke after ${toIsoSeconds(Math.ceil(revokeAfter / second) * second)})`;
}
