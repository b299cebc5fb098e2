import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { bundleForBrowser } from '../../scripts/bundle.ts';
import { closePage, type OpenPage } from '../../simulator/build-page/open-page.ts';
import { startBrowser } from '../../simulator/build-page/start-browser.ts';

const built = new Map<string, Promise<string>>();

/** The folder of the page, built once for all tests of a process. */
function builtPage(part: 'tab' | 'hub'): Promise<string> {
  const known = built.get(part);
  if (known !== undefined) return known;
  const folder = buildPage(part);
  built.set(part, folder);
  return folder;
}

async function buildPage(part: 'tab' | 'hub'): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await bundleForBrowser(`${part}/main.ts`, join(folder, `${part}.js`));
  await bundleForBrowser(`${part}/${part}.css`, join(folder, `${part}.css`));
  cpSync(`${part}/index.html`, join(folder, 'index.html'));
  return folder;
}

/**
 * Builds a page, and opens it in a real browser for the tests of one suite; they are skipped if RENEWPATS_CHROMIUM names
 * none.
 */
export function pageInBrowser<Shown extends { readonly beforehand?: string }, Opened extends OpenPage>(
  part: 'tab' | 'hub',
  show: (browser: Browser, folder: string, shown: Shown) => Promise<Opened>,
): (shown: Shown) => Promise<Opened> {
  let browser: Browser | undefined;
  let close: (() => Promise<void>) | undefined;
  let folder = '';
  const opened: { readonly page: OpenPage; readonly shown: Shown }[] = [];

  before(async function () {
    const executable = process.env.RENEWPATS_CHROMIUM;
    if (executable === undefined) return this.skip();
    folder = await builtPage(part);
    ({ browser, close } = await startBrowser(executable));
  });
  afterEach(async () => {
    for (const { page, shown } of opened.splice(0)) await closePage(page, shown);
  });
  after(async () => {
    await close?.();
  });

  return async (shown) => {
    if (browser === undefined) throw new Error('The browser has not been started.');
    const page = await show(browser, folder, shown);
    opened.push({ page, shown });
    return page;
  };
}
