import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { bundleForBrowser } from '../../scripts/bundle.ts';
import type { OpenPage } from '../../simulator/build-page/open-page.ts';
import { startBrowser } from '../../simulator/build-page/start-browser.ts';

/**
 * Builds a page, and opens it in a real browser for the tests of one suite; they are skipped if RENEWPATS_CHROMIUM names
 * none.
 */
export function pageInBrowser<Shown, Opened extends OpenPage>(
  part: 'tab' | 'hub',
  show: (browser: Browser, folder: string, shown: Shown) => Promise<Opened>,
): (shown: Shown) => Promise<Opened> {
  let browser: Browser | undefined;
  let close: (() => Promise<void>) | undefined;
  let folder = '';
  const opened: OpenPage[] = [];

  before(async function () {
    const executable = process.env.RENEWPATS_CHROMIUM;
    if (executable === undefined) return this.skip();
    folder = mkdtempSync(join(tmpdir(), 'page-'));
    await bundleForBrowser(`${part}/main.ts`, join(folder, `${part}.js`));
    await bundleForBrowser(`${part}/${part}.css`, join(folder, `${part}.css`));
    cpSync(`${part}/index.html`, join(folder, 'index.html'));
    ({ browser, close } = await startBrowser(executable));
  });
  afterEach(async () => {
    for (const { page } of opened.splice(0)) await page.context().close();
  });
  after(async () => {
    await close?.();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  return async (shown) => {
    if (browser === undefined) throw new Error('The browser has not been started.');
    const page = await show(browser, folder, shown);
    opened.push(page);
    return page;
  };
}
