import { type HubPage, openHubPage, type ShownProject } from '../../simulator/build-page/open-hub-page.ts';
import { now } from '../report/example-report.ts';
import { pageInBrowser } from '../tab/page-in-browser.ts';

/** Opens the hub in a real browser, for the tests of one suite; they are skipped if RENEWPATS_CHROMIUM names none. */
export function hubInBrowser(): (shown: Partial<ShownProject>) => Promise<HubPage> {
  return pageInBrowser('hub', (browser, hubFolder, shown: Partial<ShownProject>) =>
    openHubPage(browser, { hubFolder, runs: [], now: new Date(now + 10 * 60_000).toISOString(), ...shown }),
  );
}
