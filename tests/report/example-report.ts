import { day, hour } from '../../src/renewal/instant.ts';
import type { ReportSettings } from '../../src/report/next-steps.ts';
import type { PatEntry, RunReport } from '../../src/report/run-report.ts';

/** The run of these examples ends then. */
export const now = Date.parse('2026-11-23T04:00:00Z');

/** A PAT that is in use, made 50 days ago, which ends in 60 days. */
export function entry(given: Partial<PatEntry> & { readonly displayName: string }): PatEntry {
  return {
    authorizationId: `id-of-${given.displayName}`,
    action: 'none',
    outcome: 'done',
    scope: 'vso.code',
    validFrom: now - 50 * day,
    validTo: now + 60 * day,
    ...given,
  };
}

/** Replaced in this run, in a vault; the old one ends in ten days and goes in two. */
export function replaced(displayName: string): PatEntry {
  return entry({
    displayName,
    action: 'replace',
    validFrom: now,
    previousValidFrom: now - 50 * day,
    previousValidTo: now + 10 * day,
    newAuthorizationId: `new-id-of-${displayName}`,
    destination: `contoso-vault/${displayName.replaceAll(' ', '-')}`,
    revokeAfter: now + 48 * hour,
  });
}

export function reportOf(pats: readonly PatEntry[], more: Partial<RunReport> = {}): RunReport {
  return {
    mode: 'advanced',
    dryRun: false,
    account: 'renew@contoso.com',
    startedAt: now - 5000,
    finishedAt: now,
    organizations: [{ organization: 'contoso', pats, leftOut: [] }],
    warnings: [],
    notices: [],
    endingTooSoon: [],
    unreachable: [],
    nextExpiry: undefined,
    ...more,
  };
}

export function settingsOf(
  more: Partial<Pick<ReportSettings, 'hasPlaces'> & ReportSettings['policy']> = {},
): ReportSettings {
  const { hasPlaces = true, renewBeforeDays } = more;
  return { warnDays: 14, hasPlaces, policy: { renewBeforeDays } };
}
