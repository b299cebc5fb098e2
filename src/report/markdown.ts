import { day } from '../renewal/instant.ts';
import { markdownText } from './markdown-text.ts';
import type { OrganizationReport, PatEntry, RunReport } from './run-report.ts';
import { totals } from './table.ts';
import { shortDate, timeLeft } from './time-left.ts';
import { deed } from './words.ts';

/** The summary that is attached to the run. Untrusted text renders as itself. */
export function summaryMarkdown(report: RunReport, warnDays: number): string {
  const next =
    report.nextExpiry === undefined
      ? 'No PAT is in use.'
      : `The next one ends ${shortDate(report.nextExpiry)} (${timeLeft(report.nextExpiry, report.finishedAt)}).`;
  const sections = [
    `**Mode ${report.mode}.** ${totals(report)} ${next}`,
    ...attention(report, warnDays),
    ...report.organizations.map((organization) => table(organization, report)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function attention(report: RunReport, warnDays: number): readonly string[] {
  const entries = report.organizations.flatMap(({ pats }) => pats);
  const soon = entries.filter(
    (entry) =>
      entry.outcome !== 'failed' &&
      entry.action !== 'revoke' &&
      entry.revokeAfter === undefined &&
      entry.validTo > report.finishedAt &&
      entry.validTo - report.finishedAt <= warnDays * day,
  );
  const lines = [
    ...report.unreachable.map(
      ({ organization, message }) => `❌ ${markdownText(organization)}: ${markdownText(message, 1000)}`,
    ),
    ...entries
      .filter((entry) => entry.outcome === 'failed')
      .map((entry) => `❌ ${markdownText(entry.displayName)}: ${markdownText(entry.message ?? 'failed', 1000)}`),
    ...report.warnings.map((warning) => `⚠️ ${markdownText(warning, 1000)}`),
    ...soon.map(
      (entry) =>
        `⏳ ${markdownText(entry.displayName)} ends ${shortDate(entry.validTo)} (${timeLeft(entry.validTo, report.finishedAt)})`,
    ),
  ];
  return lines.length === 0 ? [] : [['**To look at**', '', ...lines.map((line) => `- ${line}`)].join('\n')];
}

function table(organization: OrganizationReport, report: RunReport): string {
  const head = `### ${markdownText(organization.organization)}`;
  if (organization.pats.length === 0) return `${head}\n\nNo PAT is selected here.`;
  const rows = [...organization.pats].sort((a, b) => rank(a) - rank(b)).map((entry) => row(entry, report));
  return [head, '', '| PAT | Done | Ends | Destination | Next |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** What needs attention first, then what changed. */
function rank(entry: PatEntry): number {
  if (entry.outcome === 'failed') return 0;
  if (entry.outcome === 'skipped') return 3;
  return entry.action === 'none' ? 2 : 1;
}

function row(entry: PatEntry, report: RunReport): string {
  const before = entry.previousValidTo === undefined ? '' : `${shortDate(entry.previousValidTo)} → `;
  const next =
    entry.revokeAfter === undefined
      ? markdownText(entry.message ?? '', 300)
      : `${entry.action === 'replace' ? 'old one revoked' : 'revoked'} after ${shortDate(entry.revokeAfter)}`;
  const cells = [
    markdownText(entry.displayName),
    deed(entry, report.finishedAt),
    `${before}${shortDate(entry.validTo)} (${timeLeft(entry.validTo, report.finishedAt)})`,
    markdownText(entry.destination ?? ''),
    next,
  ];
  return `| ${cells.join(' | ')} |`;
}
