/**
 * `npm run screenshots`: makes the pictures of the overview from real runs on the simulator, in a real browser
 * (RENEWPATS_CHROMIUM, else /usr/bin/chromium). Run it after a change of what people see.
 */
import { marked } from 'marked';
import type { TaskRun } from '../simulator/agent/run-task.ts';
import { openBuildPage } from '../simulator/build-page/open-build-page.ts';
import { type KeptRun, openHubPage } from '../simulator/build-page/open-hub-page.ts';
import { startBrowser } from '../simulator/build-page/start-browser.ts';
import { ensureBuilt } from './demo/fresh-build.ts';
import { realRuns } from './screenshots/real-runs.ts';
import { savePicture } from './screenshots/save-picture.ts';
import { summaryPage } from './screenshots/summary-page.ts';

await ensureBuilt();
const runs = await realRuns('dist/stage/tasks/RenewPats');
const now = '2026-11-25T06:10:00Z';

const { browser, close } = await startBrowser(process.env.RENEWPATS_CHROMIUM ?? '/usr/bin/chromium');
try {
  for (const [picture, run, theme] of [
    ['tab-light', runs.healthy, 'light'],
    ['tab-dark', runs.advanced, 'dark'],
  ] as const) {
    const { page } = await openBuildPage(browser, {
      tabFolder: 'dist/stage/tab',
      attachments: attachmentsOf(run),
      theme,
      now,
      width: 1200,
      height: theme === 'light' ? 640 : 900,
    });
    savePicture(`images/${picture}.png`, await page.screenshot());
  }
  const project = await openHubPage(browser, {
    hubFolder: 'dist/stage/hub',
    runs: keptRuns(),
    now,
    width: 1200,
    height: 1000,
  });
  savePicture('images/hub-light.png', await project.page.screenshot());
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  await page.setContent(summaryPage(await marked.parse(runs.advanced.summaries[0]?.text ?? '')));
  savePicture('images/summary.png', await page.screenshot({ fullPage: true }));
} finally {
  await close();
}

function attachmentsOf({ attachments, log }: TaskRun): readonly string[] {
  if (attachments.length === 0) throw new Error(`The run left nothing to show:\n${log}`);
  return attachments.map(({ content }) => content);
}

/** The project of the pictures: two pipelines that renew, and one that watches. */
function keptRuns(): readonly KeptRun[] {
  const kept = (id: number, name: string, run: TaskRun, result: KeptRun['result']): KeptRun => ({
    id,
    pipeline: { id, name },
    finishTime: now,
    result,
    tags: run.buildTags,
    attachments: attachmentsOf(run),
  });
  return [
    kept(412, 'Renew the build account', runs.healthy, 'succeeded'),
    kept(413, 'Renew the release account', runs.advanced, 'failed'),
    kept(414, 'Watch', runs.report, 'succeeded'),
  ];
}
