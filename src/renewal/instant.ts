/** A point in time: milliseconds since 1970-01-01T00:00:00Z. Always the services' time, never the agent's. */
export type Instant = number;

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** ISO 8601 UTC with milliseconds, as the report gives it: `2026-11-25T04:00:00.000Z`. */
export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** ISO 8601 UTC in whole seconds, as a marker and a tag carry it: `2026-11-25T04:00:00Z`. */
export function toIsoSeconds(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
