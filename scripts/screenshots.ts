/**
 * `npm run screenshots`: makes the pictures of the overview from real runs on the simulator, in a real browser
 * (RENEWPATS_CHROMIUM, else /usr/bin/chromium). Run it after a change of what people see.
 */
import { marked } from 'marked';
import { openBuildPage } from '../simulator/build-page/open-build-page.ts';
import { startBrowser } from '../simulator/build-page/start-browser.ts';
import { ensureBuilt } from './demo/fresh-build.ts';
import { realRuns } from './screenshots/real-runs.ts';
import { savePicture } from './screenshots/save-picture.ts';
import { summaryPage } from './screenshots/summary-page.ts';

await ensureBuilt();
const { advanced } = await realRuns('dist/stage/tasks/RenewPats');
const [attachment] = advanced.attachments;
const [summary] = advanced.summaries;
if (attachment === undefined || summary === undefined)
  throw new Error(`The run left nothing to show:\n${advanced.log}`);

const { browser, close } = await startBrowser(process.env.RENEWPATS_CHROMIUM ?? '/usr/bin/chromium');
try {
  for (const theme of ['light', 'dark'] as const) {
    const { page, tab } = await openBuildPage(browser, {
      tabFolder: 'dist/stage/tab',
      attachments: [attachment.content],
      theme,
      now: '2026-11-25T06:10:00Z',
      width: 1200,
      height: 900,
    });
    await tab.getByRole('heading').waitFor();
    savePicture(`images/tab-${theme}.png`, await page.screenshot());
  }
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  await page.setContent(summaryPage(await marked.parse(summary.text)));
  savePicture('images/summary.png', await page.screenshot({ fullPage: true }));
} finally {
  await close();
}
