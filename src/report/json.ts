import { toIso } from '../renewal/instant.ts';
import { tooSoonSentence } from './issues.ts';
import { countsOf, type PatEntry, type RunReport } from './run-report.ts';

/** The report as the contract describes it (version 1): times in ISO 8601 UTC, no secret values. */
export function reportJson(report: RunReport): string {
  return `${JSON.stringify(reportDocument(report), null, 2)}\n`;
}

export type ReportDocument = ReturnType<typeof reportDocument>;
export type ReportedPat = ReturnType<typeof reportedPat>;

export function reportDocument(report: RunReport) {
  return {
    version: 1,
    mode: report.mode,
    dryRun: report.dryRun,
    startedAt: toIso(report.startedAt),
    finishedAt: toIso(report.finishedAt),
    account: report.account,
    organizations: report.organizations.map(({ organization, pats }) => ({
      organization,
      pats: pats.map(reportedPat),
    })),
    unreachable: report.unreachable,
    // It has no field for what ends too soon, and must not be silent where a step fails by nothing else.
    warnings: [...report.endingTooSoon.map(tooSoonSentence), ...report.warnings, ...report.notices],
    nextExpiry: report.nextExpiry === undefined ? '' : toIso(report.nextExpiry),
    failure: report.failure,
    counts: countsOf(report),
  };
}

export function reportedPat(entry: PatEntry) {
  const { previousValidTo, revokeAfter } = entry;
  return {
    displayName: entry.displayName,
    authorizationId: entry.authorizationId,
    action: entry.action,
    outcome: entry.outcome,
    scope: entry.scope,
    validFrom: toIso(entry.validFrom),
    validTo: toIso(entry.validTo),
    previousValidTo: previousValidTo === undefined ? undefined : toIso(previousValidTo),
    newAuthorizationId: entry.newAuthorizationId,
    destination: entry.destination,
    destinations: entry.destinations,
    revokeAfter: revokeAfter === undefined ? undefined : toIso(revokeAfter),
    message: entry.message,
  };
}
