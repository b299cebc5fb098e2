import assert from 'node:assert/strict';
import { realRuns } from '../../scripts/screenshots/real-runs.ts';
import type { TaskRun } from '../../simulator/agent/run-task.ts';
import type { KeptRun } from '../../simulator/build-page/open-hub-page.ts';
import { hubInBrowser } from './hub-in-browser.ts';

/** The packaged task in three pipelines, as in the pictures of the overview. */
describe('Real runs on the project’s page (if RENEWPATS_CHROMIUM names a browser)', () => {
  const open = hubInBrowser();
  let runs: Awaited<ReturnType<typeof realRuns>>;

  before(async () => {
    runs = await realRuns('dist/stage/tasks/RenewPats');
  });

  const kept = (id: number, name: string, run: TaskRun, result: KeptRun['result']): KeptRun => ({
    id,
    pipeline: { id, name },
    finishTime: '2026-11-25T06:00:00Z',
    result,
    tags: run.buildTags,
    attachments: run.attachments.map(({ content }) => content),
  });

  it('are found by their tag, and their PATs shown with account, state, place and pipeline', async () => {
    const { hub, strays, troubles } = await open({
      now: '2026-11-25T06:10:00Z',
      runs: [
        kept(1, 'Renew the build account', runs.healthy, 'succeeded'),
        kept(2, 'Renew the release account', runs.advanced, 'failed'),
        kept(3, 'Watch', runs.report, 'succeeded'),
      ],
    });

    assert.equal(await hub.getByRole('heading', { level: 1 }).textContent(), '1 failed, 3 superseded, 12 in use');
    await hub.getByRole('searchbox').fill('signing');
    const [whose, why, when, pipeline] = await hub.locator('tbody .sub').allTextContents();
    assert.deepEqual(
      [whose, when, pipeline],
      ['contoso · svc-pats@contoso.com', 'in 8 days', 'Renew the release account'],
    );
    assert.match(why ?? '', /^Refused: secret contoso-vault\/Signing holds/);
    assert.deepEqual([...strays, ...troubles], []);
  });
});
