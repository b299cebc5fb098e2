import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { bundleForBrowser } from '../../scripts/bundle.ts';
import { type BuildPage, openBuildPage, type ShownBuild } from '../../simulator/build-page/open-build-page.ts';
import { startBrowser } from '../../simulator/build-page/start-browser.ts';
import { now } from '../report/example-report.ts';

/** Opens the tab in a real browser, for the tests of one suite; they are skipped if RENEWPATS_CHROMIUM names none. */
export function tabInBrowser(): (shown?: Partial<ShownBuild>) => Promise<BuildPage> {
  let browser: Browser | undefined;
  let close: (() => Promise<void>) | undefined;
  let tabFolder = '';
  const opened: BuildPage[] = [];

  before(async function () {
    const executable = process.env.RENEWPATS_CHROMIUM;
    if (executable === undefined) return this.skip();
    this.timeout(60_000);
    tabFolder = mkdtempSync(join(tmpdir(), 'tab-'));
    await bundleForBrowser('tab/main.ts', join(tabFolder, 'tab.js'));
    await bundleForBrowser('tab/tab.css', join(tabFolder, 'tab.css'));
    cpSync('tab/index.html', join(tabFolder, 'index.html'));
    ({ browser, close } = await startBrowser(executable));
  });
  afterEach(async () => {
    for (const { page } of opened.splice(0)) await page.context().close();
  });
  after(async () => {
    await close?.();
    if (tabFolder !== '') rmSync(tabFolder, { recursive: true, force: true });
  });

  return async (shown = {}) => {
    if (browser === undefined) throw new Error('The browser has not been started.');
    const page = await openBuildPage(browser, {
      tabFolder,
      attachments: [],
      now: new Date(now + 10 * 60_000).toISOString(),
      ...shown,
    });
    opened.push(page);
    return page;
  };
}
