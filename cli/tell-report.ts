import { toIso } from '../src/renewal/instant.ts';
import { issuesOf, tooSoonSentence } from '../src/report/issues.ts';
import { reportJson } from '../src/report/json.ts';
import { nextSteps } from '../src/report/next-steps.ts';
import { plainText } from '../src/report/plain-text.ts';
import { countsOf, hasFailed, type RunReport } from '../src/report/run-report.ts';
import { logGroups, totals } from '../src/report/table.ts';
import type { Matter } from '../src/report/words.ts';
import type { Settings } from '../src/settings/settings.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Screen } from './screen.ts';
import { inCommandWords, reportInCommandWords } from './wording.ts';

const colours: Readonly<Partial<Record<Matter, 'red' | 'yellow' | 'green' | 'dim'>>> = {
  failed: 'red',
  expired: 'red',
  'ends soon': 'yellow',
  changed: 'green',
  history: 'dim',
};

export interface Strictness {
  readonly isStrict: boolean;
  /** Deploy hooks that failed, which only the command knows of. */
  readonly failedHooks: number;
}

/** A run for a person at a terminal, or for a program. */
export function tellReport(
  screen: Screen,
  settings: Settings,
  given: RunReport,
  { isStrict, failedHooks }: Strictness,
): ExitCode {
  const report = reportInCommandWords(given);
  screen.data({ json: () => reportJson(report), rows: () => rowsOf(report) });
  if (report.failure !== undefined) {
    screen.error(report.failure);
    // With organizations that were read, what was given is wrong: rules that are written in another way, say.
    return report.organizations.length > 0 ? exitCodes.wrongInputs : exitCodes.notSignedIn;
  }
  for (const { title, lines } of logGroups(report, settings.warnDays)) {
    screen.result(title, 'bold');
    for (const { text, matter } of lines) {
      // A line that is no PAT's is a sentence.
      screen.result(`  ${matter === undefined ? inCommandWords(text) : text}`, colours[matter ?? 'in use']);
    }
  }
  const { failed } = countsOf(report);
  screen.result(totals(report), failed > 0 ? 'red' : 'bold');
  for (const step of nextSteps(report, settings, (name) => `"${plainText(name, 60)}"`))
    screen.result(`Next: ${inCommandWords(step)}`);
  for (const notice of report.notices) screen.aside(`Note: ${plainText(notice, 2000)}`);
  for (const warning of report.warnings) screen.warning(warning);
  const [, ...errors] = issuesOf(report, Number.POSITIVE_INFINITY).errors;
  for (const error of errors) screen.error(plainText(error, 2000));
  for (const one of report.endingTooSoon) screen.error(inCommandWords(plainText(tooSoonSentence(one), 400)));
  const { unreachable, organizations, warnings } = report;
  if (unreachable.length > 0 && organizations.length === 0) return exitCodes.notSignedIn;
  if (hasFailed(report)) return exitCodes.patsFailed;
  return isStrict && (warnings.length > 0 || failedHooks > 0) ? exitCodes.doneWithIssues : exitCodes.done;
}

/** Documented in docs/command.md: what is added comes at the end. */
function rowsOf({ organizations }: RunReport): readonly (readonly string[])[] {
  return organizations.flatMap(({ organization, pats }) =>
    pats.map((entry) => [
      organization,
      entry.displayName,
      entry.action,
      entry.outcome,
      toIso(entry.validTo),
      entry.authorizationId,
      entry.newAuthorizationId ?? '',
      entry.destination ?? '',
      entry.message ?? '',
    ]),
  );
}
