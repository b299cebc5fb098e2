import type { Pipeline, Run, ToldPipeline } from '../../hub/inventory.ts';
import { hour } from '../../src/renewal/instant.ts';
import type { PatEntry, RunReport } from '../../src/report/run-report.ts';
import { readReport } from '../../tab/report.ts';
import { now } from '../report/example-report.ts';
import { attached } from '../tab/attached.ts';

type More = Partial<RunReport> & {
  readonly source?: string;
  readonly step?: string;
  readonly account?: string;
  readonly renewBeforeDays?: number;
};

/** What a step has attached, with what newer versions of the task write. */
export function attachedBy(pats: readonly PatEntry[], more: More = {}): string {
  const { account = 'svc-a@contoso.com', renewBeforeDays, ...report } = more;
  return JSON.stringify({ ...JSON.parse(attached(pats, report)), account, renewBeforeDays });
}

/** A run, by the time at which it ended. */
export function runAt(finishedAt: number, result: Run['result'] = 'succeeded'): Run {
  return { id: Math.round(finishedAt / hour), number: String(finishedAt), result, finishedAt };
}

/** A pipeline with what its runs attached, the newest first. */
export function pipelineWith(
  name: string,
  runs: readonly { readonly run: Run; readonly attached: readonly string[] }[],
  more: { readonly last?: Run; readonly state?: Pipeline['state'] } = {},
): ToldPipeline {
  return {
    pipeline: {
      id: [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7),
      name,
      state: more.state ?? 'enabled',
    },
    last: more.last ?? runs[0]?.run ?? runAt(now),
    runs: runs.map(({ run, attached: texts }) => ({
      run,
      reports: texts.map((text) => readReport({ kind: 'text', text })),
    })),
  };
}

/** A pipeline whose newest run told this. */
export function telling(name: string, pats: readonly PatEntry[], more: More = {}): ToldPipeline {
  return pipelineWith(name, [{ run: runAt(more.finishedAt ?? now), attached: [attachedBy(pats, more)] }]);
}
