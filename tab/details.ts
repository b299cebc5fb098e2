import { momentOf } from './dates.ts';
import { element } from './element.ts';
import { revocation } from './life.ts';
import { remedyLink, settingsLink } from './links.ts';
import type { PatRow } from './report.ts';

export type Fact = readonly [term: string, text: string | Node | undefined];

/**
 * All that is known of a PAT.
 * @param more what the page knows besides
 */
export function details(
  row: PatRow,
  now: number,
  account: string | undefined,
  more: readonly Fact[] = [],
): HTMLElement {
  const { pat, old, supersededAt, revokeAfter, revokedAt, ends } = row;
  const moment = (instant: number | undefined) => (instant === undefined ? undefined : momentOf(instant));
  const whose = old === undefined ? '' : 'Old one: ';
  const would = row.isPlanned && old !== undefined ? 'would be ' : '';
  const [first, ...others] = row.places;
  const facts: readonly Fact[] = [
    ['Message', pat.message],
    ['What helps', pat.matter === 'failed' ? remedyLink(pat.message ?? '') : undefined],
    ['Organization', row.organization],
    ['Scopes', pat.scope],
    ['Value is in', others.length === 0 ? first?.place : undefined],
    ...(others.length === 0 ? [] : row.places).map(
      ({ place, outcome, message }, index): Fact => [
        `Place ${index + 1}`,
        [place, outcome === 'done' ? undefined : outcome, message].filter((part) => part !== undefined).join(': '),
      ],
    ),
    ...more,
    [`${whose}authorization ID`, pat.authorizationId],
    ['Old one: created', moment(old?.created)],
    [`${whose}${would}superseded`, moment(supersededAt)],
    [`${whose}${revocation(row)}`, moment(revokedAt === undefined ? revokeAfter : undefined)],
    ['Old one: would end', moment(old?.ends)],
    ['New authorization ID', pat.newAuthorizationId],
    ['Created', moment(row.isPlanned && old !== undefined ? undefined : row.created)],
    ['Ended before this run', moment(row.isPlanned ? undefined : row.endedBefore)],
    ['Ends', moment(row.isPlanned ? row.endedBefore : undefined)],
    ['Revoked', moment(revokedAt)],
    [endOf(row, now), moment(ends)],
    ['PAT settings', settingsLink(row.organization, account)],
  ];
  return element(
    'dl',
    {},
    ...facts.flatMap(([term, value]) =>
      value === undefined || value === ''
        ? []
        : [
            element(
              'div',
              { class: term === 'Message' ? 'whole' : undefined },
              element('dt', {}, capital(term)),
              element('dd', {}, value),
            ),
          ],
    ),
  );
}

function endOf({ isPlanned, old, endedBefore, revokedAt, ends }: PatRow, now: number): string {
  if (revokedAt !== undefined) return 'Would have ended';
  if (isPlanned && (old !== undefined || endedBefore !== undefined)) return 'Would then end';
  return ends <= now ? 'Ended' : 'Ends';
}

function capital(term: string): string {
  return term.charAt(0).toUpperCase() + term.slice(1);
}
