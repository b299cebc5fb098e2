import assert from 'node:assert/strict';
import { inventory, type ToldPipeline } from '../../hub/inventory.ts';
import { pipelineStates } from '../../hub/pipelines.ts';
import { day } from '../../src/renewal/instant.ts';
import { entry, now } from '../report/example-report.ts';
import { attachedBy, pipelineWith, runAt, telling } from './told.ts';

function troubles(pipeline: ToldPipeline, at = now): readonly string[] {
  return pipelineStates([pipeline], inventory([pipeline], at), at).flatMap((state) =>
    state.troubles.map(({ kind, text }) => `${kind}: ${text}`),
  );
}

describe('A pipeline on the project’s page', () => {
  const deploy = entry({ displayName: 'Deploy', validTo: now + 20 * day });

  it('is no matter while more time is left than it has been silent', () => {
    const pipeline = telling('Renew', [deploy]);

    assert.deepEqual(troubles(pipeline, now + 10 * day), []);
  });

  it('that has not run for longer than its PATs can bear is told, with the PAT that ends first', () => {
    assert.deepEqual(troubles(telling('Renew', [deploy]), now + 11 * day), [
      'error: Renew: it has not run since 2026-11-23 (11 days ago), and "Deploy" (contoso) ends 2026-12-13 04:00 UTC (in 9 days). Look at its schedule and its last run.',
    ]);
  });

  it('that runs, and has not succeeded for longer than its PATs can bear, is told as that', () => {
    const failed = attachedBy([], { organizations: [], failure: 'AADSTS50126: wrong.', finishedAt: now + 11 * day });
    const pipeline = pipelineWith('Renew', [
      { run: runAt(now + 11 * day, 'failed'), attached: [failed] },
      { run: runAt(now), attached: [attachedBy([deploy])] },
    ]);

    assert.deepEqual(troubles(pipeline, now + 11 * day), [
      'error: Renew: it has not succeeded since 2026-11-23 (11 days ago), and "Deploy" (contoso) ends 2026-12-13 04:00 UTC (in 9 days). Look at its schedule and its last run.',
      'error: Renew (2026-12-04 04:00 UTC, less than an hour ago): AADSTS50126: wrong.',
    ]);
  });

  it('whose dry runs are all there is has not succeeded', () => {
    const [trouble] = troubles(telling('Renew', [deploy], { dryRun: true }), now + 11 * day);

    assert.match(trouble ?? '', /no kept run of it has succeeded, and "Deploy"/);
  });

  it('whose last run ended before it came to the task is told, as is one that is disabled', () => {
    const told = [{ run: runAt(now - day), attached: [attachedBy([deploy], { finishedAt: now - day })] }];

    assert.deepEqual(troubles(pipelineWith('Renew', told, { last: runAt(now, 'failed'), state: 'disabled' })), [
      'error: Renew: its last run (2026-11-23 04:00 UTC, less than an hour ago) ended as failed before it came to the task.',
      'warning: Renew is disabled: no schedule starts it.',
    ]);
  });

  it('tells each thing that went wrong in its newest run, and PATs that failed as one', () => {
    const pats = ['Build feed', 'Deploy', 'Wiki'].map((displayName) =>
      entry({ displayName, outcome: 'failed', message: `${displayName} was refused.` }),
    );
    const unreachable = [{ organization: 'fabrikam', message: 'Access is denied.' }];

    assert.deepEqual(troubles(telling('Renew', pats, { unreachable })), [
      'error: Renew (2026-11-23 04:00 UTC, less than an hour ago): organization fabrikam: Access is denied.',
      'error: Renew (2026-11-23 04:00 UTC, less than an hour ago): Build feed: Build feed was refused. 2 more failed: the list below has them.',
    ]);
  });

  it('says calmly of a report that a newer version of the task wrote, and of a run without any, that there is nothing to show', () => {
    assert.deepEqual(troubles(pipelineWith('Renew', [{ run: runAt(now), attached: ['{"version":2}'] }])), [
      'warning: Renew: a report of its run (2026-11-23 04:00 UTC, less than an hour ago) cannot be shown: a newer version of the task wrote it.',
    ]);
    assert.match(troubles(pipelineWith('Renew', [{ run: runAt(now), attached: [] }]))[0] ?? '', /left no report/);
  });
});
