import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { marked } from 'marked';
import { exitCodes } from '../../cli/exit-codes.ts';
import { Screen } from '../../cli/screen.ts';
import { tellReport } from '../../cli/tell-report.ts';
import { inCommandWords } from '../../cli/wording.ts';
import { day, hour } from '../../src/renewal/instant.ts';
import { reportAttachment } from '../../src/report/attachment.ts';
import { issuesOf } from '../../src/report/issues.ts';
import { reportJson } from '../../src/report/json.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { type RunReport, resultOf, type StepResult } from '../../src/report/run-report.ts';
import { logGroups } from '../../src/report/table.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { hasFailed, readReport } from '../../tab/report.ts';
import { entry, now, replaced, reportOf, settingsOf } from '../report/example-report.ts';

/** A run, what its step has to end with, and what each who tells of it has to say. */
interface Situation {
  readonly title: string;
  readonly report: RunReport;
  readonly result: StepResult;
  readonly cause: string;
  readonly code?: number;
  /** The cause is a word for a state, which report.json tells by `action`, `outcome` and `revokeAfter`. */
  readonly isState?: true;
}

/** What one of those who tell of a run says: its result, as far as it knows one, and all its words. */
interface Telling {
  readonly result: StepResult | undefined;
  readonly text: string;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function theLog(report: RunReport): Telling {
  const { errors, warnings } = issuesOf(report);
  const lines = logGroups(report, 14).flatMap(({ title, lines: each }) => [title, ...each.map(({ text }) => text)]);
  return { result: resultOf(report), text: oneLine([...lines, ...report.notices, ...warnings, ...errors].join('\n')) };
}

function theSummary(report: RunReport): Telling {
  const html = marked.parse(summaryMarkdown(report, settingsOf()), { async: false });
  const text = html
    .replace(/<\/?strong>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
  const result = html.includes('✘ Failed')
    ? 'Failed'
    : html.includes('⚠ To look at')
      ? 'SucceededWithIssues'
      : 'Succeeded';
  return { result, text: oneLine(text) };
}

function theTab(report: RunReport): Telling {
  const read = readReport({ kind: 'text', text: reportAttachment(report, { warnDays: 14, source: 'Job' }) });
  assert.ok(read.kind === 'report');
  const { failure, unreachable, endingTooSoon = [], warnings, notices = [] } = read.report;
  const result = hasFailed(read) ? 'Failed' : warnings.length > 0 ? 'SucceededWithIssues' : 'Succeeded';
  const texts = [
    ...[failure, ...unreachable.map(({ message }) => message), ...endingTooSoon, ...warnings, ...notices],
    ...read.rows.flatMap(({ pat }) => [pat.displayName, pat.done, pat.message]),
  ];
  return { result, text: oneLine(texts.join('\n')) };
}

function theReport(report: RunReport): Telling {
  const { failure, unreachable, counts, warnings } = JSON.parse(reportJson(report));
  const byDays = warnings.some((warning: string) => warning.endsWith('the input failDays makes that a failure.'));
  const isFailed = failure !== undefined || unreachable.length > 0 || counts.failed > 0 || byDays;
  const text = oneLine(
    JSON.stringify(JSON.parse(reportJson(report)))
      .replaceAll('\\"', '"')
      .replaceAll('\\n', ' '),
  );
  // Its warnings hold what is merely good to know, too.
  return { result: isFailed ? 'Failed' : warnings.length === 0 ? 'Succeeded' : undefined, text };
}

function theCommand(report: RunReport): Telling & { readonly code: number } {
  let text = '';
  const stream = { write: (more: string) => (text += more) };
  const screen = new Screen({ stdout: stream, stderr: stream, environment: {}, format: 'table', isQuiet: false });
  const code = tellReport(screen, { ...settingsOf(), warnDays: 14 } as Settings, report, {
    isStrict: true,
    failedHooks: 0,
  });
  const result = code === 0 ? 'Succeeded' : code === exitCodes.doneWithIssues ? 'SucceededWithIssues' : 'Failed';
  return { result, text: oneLine(text), code };
}

const refused = (displayName: string, message: string, cause = 'refused') =>
  entry({ displayName, action: 'replace', outcome: 'failed', message, cause });
const nothingRead = { organizations: [] } as const;

const runs: readonly Situation[] = [
  {
    title: 'the sign-in failed',
    report: reportOf([], { ...nothingRead, failure: 'The password has expired. Set a new one. Nothing was changed.' }),
    result: 'Failed',
    cause: 'The password has expired. Set a new one.',
    code: exitCodes.notSignedIn,
  },
  {
    title: 'the rules are written in another way, and select nothing',
    report: reportOf([], { failure: 'Input pats: each rule stands on a line of its own:\n  pats: |\n    Build feed' }),
    result: 'Failed',
    cause: 'each rule stands on a line of its own: pats: | Build feed',
    code: exitCodes.wrongInputs,
  },
  {
    title: 'no organization could be read',
    report: reportOf([], {
      ...nothingRead,
      unreachable: [{ organization: 'fabrikam', message: 'It was not found (404).' }],
    }),
    result: 'Failed',
    cause: 'It was not found (404).',
    code: exitCodes.notSignedIn,
  },
  {
    title: 'one of two organizations could not be read',
    report: reportOf([replaced('Deploy')], {
      unreachable: [{ organization: 'fabrikam', message: 'It was not found (404).' }],
    }),
    result: 'Failed',
    cause: 'It was not found (404).',
    code: exitCodes.patsFailed,
  },
  {
    title: 'a PAT was refused beside others',
    report: reportOf([replaced('Deploy'), refused('Signing', 'Refused: a certificate’s. Name another place.')]),
    result: 'Failed',
    cause: 'Refused: a certificate’s. Name another place.',
    code: exitCodes.patsFailed,
  },
  {
    title: 'many failed by one cause',
    report: reportOf(['A', 'B', 'C'].map((name) => refused(name, 'The firewall does not let this agent in.'))),
    result: 'Failed',
    cause: 'The firewall does not let this agent in.',
    code: exitCodes.patsFailed,
  },
  {
    title: 'a PAT would be refused, in a dry run',
    report: reportOf([refused('Signing', 'Refused: a certificate’s.')], { dryRun: true }),
    result: 'Failed',
    cause: 'Refused: a certificate’s.',
    code: exitCodes.patsFailed,
  },
  {
    title: 'one that is in use ends too soon by failDays',
    report: reportOf([entry({ displayName: 'Deploy', validTo: now + 20 * day })], {
      mode: 'report',
      endingTooSoon: ['"Deploy" ends on 2026-12-13T04:00:00Z'],
    }),
    result: 'Failed',
    cause: '"Deploy" ends on 2026-12-13T04:00:00Z',
    code: exitCodes.patsFailed,
  },
  {
    title: 'one that is in use ends soon',
    report: reportOf([entry({ displayName: 'Deploy', validTo: now + 5 * day })], {
      mode: 'report',
      warnings: ['"Deploy" (contoso) ends on 2026-11-28T04:00:00Z, within 14 days.'],
    }),
    result: 'SucceededWithIssues',
    cause: '"Deploy" (contoso) ends on 2026-11-28T04:00:00Z, within 14 days.',
  },
  {
    title: 'an expired one was left',
    report: reportOf(
      [
        entry({
          displayName: 'Old',
          action: 'skip',
          outcome: 'skipped',
          validTo: now - day,
          message: 'Expired, so left.',
        }),
      ],
      { warnings: ['"Old" (contoso): Expired, so left.'] },
    ),
    result: 'SucceededWithIssues',
    cause: '"Old" (contoso): Expired, so left.',
  },
  {
    title: 'a value was handed over and never confirmed',
    report: reportOf([entry({ displayName: 'Deploy (Renew PATs: new)' })], { warnings: ['Deploy: never confirmed.'] }),
    result: 'SucceededWithIssues',
    cause: 'not confirmed',
    isState: true,
  },
  {
    title: 'PATs were replaced, and whoever reads them is told',
    report: reportOf([replaced('Deploy')], { notices: ['The consumers of Deploy must read its new value.'] }),
    result: 'Succeeded',
    cause: 'The consumers of Deploy must read its new value.',
  },
  {
    title: 'superseded ones wait for their date',
    report: reportOf([entry({ displayName: 'Deploy', authorizationId: 'old', revokeAfter: now + hour })]),
    result: 'Succeeded',
    cause: 'superseded',
    isState: true,
  },
  {
    title: 'an older one is not the one in use',
    report: reportOf([
      entry({ displayName: 'Deploy', validTo: now + day, stays: 'not marked', message: 'A younger one is active.' }),
    ]),
    result: 'Succeeded',
    cause: 'A younger one is active.',
  },
  {
    title: 'nothing is due',
    report: reportOf([
      entry({ displayName: 'Deploy', action: 'skip', outcome: 'skipped', message: 'Not due before 2027.' }),
    ]),
    result: 'Succeeded',
    cause: 'Not due before 2027.',
  },
  {
    title: 'all are in use',
    report: reportOf([entry({ displayName: 'Deploy' })]),
    result: 'Succeeded',
    cause: 'in use',
    isState: true,
  },
];

/** Where on the page a message stands says what kind of run it comes from. */
type Kind = (message: string) => Pick<Situation, 'report' | 'result'>;

const failedRun: Kind = (failure) => ({ report: reportOf([], { ...nothingRead, failure }), result: 'Failed' });
const failedPat: Kind = (message) => ({
  report: reportOf([replaced('Wiki'), refused('Deploy', message)]),
  result: 'Failed',
});
const unread: Kind = (message) => ({
  report: reportOf([replaced('Wiki')], { unreachable: [{ organization: 'fabrikam', message }] }),
  result: 'Failed',
});
const warned: Kind = (warning) => ({
  report: reportOf([replaced('Wiki')], { warnings: [warning] }),
  result: 'SucceededWithIssues',
});

const kinds: Readonly<Record<string, readonly Kind[]>> = {
  Inputs: [failedRun],
  'Sign-in': [failedRun],
  'Azure DevOps': [unread, failedPat],
  'Key Vault': [failedPat],
  'Variable groups and service connections': [failedPat],
  Network: [failedRun, unread, failedPat],
  'Service connections': [failedRun, failedPat],
  'PATs that are refused': [failedPat],
  Warnings: [warned],
};

/** Every message of a section, with a name where it has one. */
function messagesIn(page: string, section: string): readonly string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(/^> (.+)$/gm)].map(([, quote = '']) => quote.replaceAll('…', 'Deploy'));
}

function agree({ report, result, cause, code, isState }: Omit<Situation, 'title'>): void {
  const command = theCommand(report);
  const tellings = {
    log: theLog(report),
    summary: theSummary(report),
    tab: theTab(report),
    json: theReport(report),
    command,
  };
  for (const [who, telling] of Object.entries(tellings)) {
    const words = oneLine(who === 'command' ? inCommandWords(cause) : cause);
    if (telling.result !== undefined) assert.equal(telling.result, result, who);
    if (isState && who === 'json') continue;
    assert.ok(telling.text.includes(words), `${who} does not say "${words}": ${telling.text}`);
  }
  if (code !== undefined) assert.equal(command.code, code);
}

describe('Log, summary, tab, report.json and command agree on the result and the cause', () => {
  for (const { title, ...situation } of runs) it(`where ${title}`, () => agree(situation));

  const page = readFileSync('docs/troubleshooting.md', 'utf8');
  for (const [section, kindsOfRun] of Object.entries(kinds)) {
    it(`for each message of the troubleshooting page, ${section}`, () => {
      const messages = messagesIn(page, section);
      assert.ok(messages.length > 4, section);
      for (const message of messages) for (const kind of kindsOfRun) agree({ ...kind(message), cause: message });
    });
  }
});
