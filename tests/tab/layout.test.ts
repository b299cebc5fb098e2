import assert from 'node:assert/strict';
import { entry, replaced } from '../report/example-report.ts';
import { attached, oneOfEach } from './attached.ts';
import { inPage } from './in-page.ts';
import { tabInBrowser } from './tab-in-browser.ts';

interface Overlaps {
  readonly overlaps: readonly string[];
  readonly wide: readonly string[];
  readonly seen: number;
}

describe('the tab in little room (if RENEWPATS_CHROMIUM names a browser)', () => {
  const open = tabInBrowser();
  const longWord = 'AVeryLongNameWithoutAnyBlankThatSomebodyHasGivenToAPersonalAccessToken'.repeat(2);
  const attachments = [
    attached([...oneOfEach, replaced(longWord), entry({ displayName: 'Long', scope: longWord, message: longWord })], {
      warnings: ['Look.'],
      source: longWord,
    }),
    attached([replaced('Other')]),
  ];

  for (const { what, width, textSize } of [
    { what: 'a window of 400 pixels', width: 400, textSize: 100 },
    { what: 'text of 200 %', width: 1280, textSize: 200 },
    { what: 'text of 200 % in 700 pixels', width: 700, textSize: 200 },
    { what: 'a window of 800 pixels', width: 800, textSize: 100 },
    { what: 'the usual window', width: 1280, textSize: 100 },
  ]) {
    it(`needs no scrolling sideways, and no text lies over another: ${what}`, async () => {
      const { tab } = await open({ attachments, width, height: 3000 });
      await tab.evaluate(`document.documentElement.style.fontSize = '${textSize}%'`);
      await tab.locator('tbody .open').first().click();
      // The words of the axis are laid out anew once the browser has told of the new size.
      await tab.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      const { overlaps, wide, seen } = await inPage<Overlaps>(tab, 'overlaps');

      assert.ok(seen > 50, `${seen} texts`);
      assert.deepEqual([overlaps, wide], [[], []]);
    });
  }
});
