import { type BuildPage, openBuildPage, type ShownBuild } from '../../simulator/build-page/open-build-page.ts';
import { now } from '../report/example-report.ts';
import { pageInBrowser } from './page-in-browser.ts';

/** Opens the tab in a real browser, for the tests of one suite; they are skipped if RENEWPATS_CHROMIUM names none. */
export function tabInBrowser(): (shown?: Partial<ShownBuild>) => Promise<BuildPage> {
  const open = pageInBrowser('tab', (browser, tabFolder, shown: Partial<ShownBuild>) =>
    openBuildPage(browser, {
      tabFolder,
      attachments: [],
      now: new Date(now + 10 * 60_000).toISOString(),
      ...shown,
    }),
  );
  return (shown = {}) => open(shown);
}
