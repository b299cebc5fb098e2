import { day, hour, type Instant } from '../renewal/instant.ts';
import { readMarker } from '../renewal/marker.ts';
import { globalPatsEnd } from '../renewal/pat.ts';
import type { RenewalPolicy } from '../renewal/policy.ts';
import { isHandedOver, type PatEntry, type RunReport } from './run-report.ts';
import { dateAndTimeLeft, shortDate, timeLeft } from './time-left.ts';
import { isInUse, leavesAt } from './words.ts';

/** What of the settings a report needs to say what comes next. */
export interface ReportSettings {
  /** Days, 0 to 365. */
  readonly warnDays: number;
  readonly policy: Pick<RenewalPolicy, 'renewBeforeDays'>;
  /** Whether values are put somewhere; else they are handed over. */
  readonly hasPlaces: boolean;
}

/**
 * What will happen next and when, in sentences, the earliest first.
 * @param named makes a PAT's name harmless where the sentences are shown
 */
export function nextSteps(
  report: RunReport,
  settings: ReportSettings,
  named: (displayName: string) => string,
): readonly string[] {
  const steps = [
    ...storing(report, named),
    ...revocations(report, settings, named),
    ...renewal(report, settings, named),
  ];
  return steps.sort((a, b) => a.at - b.at).map(({ sentence }) => sentence);
}

interface Step {
  readonly at: Instant;
  readonly sentence: string;
}

/** What was handed over is in nobody's hands until the later steps have taken it. */
function storing(report: RunReport, named: (name: string) => string): readonly Step[] {
  const names = entriesOf(report)
    .filter((entry) => isHandedOver(entry) && entry.outcome === 'done')
    .map(({ displayName }) => displayName);
  if (names.length === 0 || report.mode !== 'advanced') return [];
  const [value, old] = names.length === 1 ? ['value', 'one stays as it is'] : ['values', 'ones stay as they are'];
  const sentence =
    `Later steps of this job store the new ${value} of ${list(names, named)}, then one with mode revoke confirms that: until ` +
    `then the old ${old}.`;
  return [{ at: report.finishedAt, sentence }];
}

function revocations(report: RunReport, settings: ReportSettings, named: (name: string) => string): readonly Step[] {
  const now = report.finishedAt;
  const due = entriesOf(report)
    .flatMap((entry) => {
      const at = entry.action === 'replace' && entry.outcome !== 'failed' ? entry.revokeAfter : leavesAt(entry);
      const oldEnd = entry.previousValidTo ?? entry.validTo;
      return at === undefined || oldEnd <= now ? [] : [{ at, name: readMarker(entry.displayName).plain }];
    })
    .sort((a, b) => a.at - b.at);
  // One run replaces many within minutes: told of as one.
  const groups: { at: Instant; names: string[] }[] = [];
  for (const { at, name } of due) {
    const last = groups.at(-1);
    const isTogether = last !== undefined && (at - last.at <= hour || (last.at <= now && at <= now));
    if (!isTogether) groups.push({ at, names: [name] });
    else groups[groups.length - 1] = { at, names: [...new Set([...last.names, name])] };
  }
  const who = settings.hasPlaces ? 'mode advanced or revoke' : 'mode revoke';
  return groups.map(({ at, names: unsorted }) => {
    const names = [...unsorted].sort();
    const old = names.length === 1 ? `the old PAT of ${list(names, named)}` : `the old PATs of ${list(names, named)}`;
    const sentence = report.dryRun
      ? `After ${shortDate(at)} (${timeLeft(at, now)}) a run with ${who} would revoke ${old}.`
      : at <= now
        ? `From now on the next run with ${who} revokes ${old}.`
        : `After ${shortDate(at)} (${timeLeft(at, now)}) the next run with ${who} revokes ${old}: by then consumers must use the new value.`;
    return { at, sentence };
  });
}

function renewal(report: RunReport, settings: ReportSettings, named: (name: string) => string): readonly Step[] {
  const now = report.finishedAt;
  const inUse = entriesOf(report)
    .filter((entry) => isInUse(entry, now))
    .map((entry) => ({
      displayName: readMarker(entry.displayName).plain,
      end: endOf(entry),
      hasFailed: entry.outcome === 'failed',
    }))
    .sort((a, b) => a.end - b.end);
  const { nextExpiry = 0 } = report;
  const end = nextExpiry > now ? nextExpiry : inUse[0]?.end;
  if (end === undefined) return [];
  const first = inUse.filter((entry) => Math.abs(entry.end - end) < day);
  const names = [...new Set(first.map(({ displayName }) => displayName))].sort();
  const what = names.length === 0 ? '' : `${list(names, named)}, `;
  const ends = `The first to end ${names.length > 1 ? 'are' : 'is'} ${what}on ${dateAndTimeLeft(end, now)}`;
  const { renewBeforeDays } = settings.policy;
  if (report.mode === 'simple' && end === globalPatsEnd) {
    return [
      { at: end, sentence: `${ends}, whatever its date: mode advanced replaces what is valid in all organizations.` },
    ];
  }
  if (report.mode === 'revoke' || report.mode === 'report') {
    const how = report.mode === 'revoke' ? 'mode advanced' : 'mode simple or advanced';
    return [{ at: end, sentence: `${ends}: renew before then, with ${how}.` }];
  }
  if (first.some(({ hasFailed }) => hasFailed)) {
    return [{ at: now, sentence: `${ends}: put right what failed before then.` }];
  }
  if (renewBeforeDays === undefined) {
    return [{ at: end, sentence: `${ends}. Every run of this step renews: let one come before then.` }];
  }
  const due = end - renewBeforeDays * day;
  const when = due <= now ? 'due now: let a run come before then' : `due from ${dateAndTimeLeft(due, now)} on`;
  return [{ at: Math.max(due, now), sentence: `${ends}; ${when}.` }];
}

/** What a dry run would have moved has not moved. */
function endOf({ outcome, previousValidTo, validTo }: PatEntry): Instant {
  return outcome === 'planned' ? (previousValidTo ?? validTo) : validTo;
}

function entriesOf(report: RunReport): readonly PatEntry[] {
  return report.organizations.flatMap(({ pats }) => pats);
}

/** `Build feed, Deploy and 3 more` */
function list(names: readonly string[], named: (name: string) => string): string {
  const shown = names.length > 6 ? names.slice(0, 5) : names;
  const words = shown.map(named);
  const last = names.length > shown.length ? `${names.length - shown.length} more` : words.pop();
  return words.length === 0 ? (last ?? '') : `${words.join(', ')} and ${last}`;
}
