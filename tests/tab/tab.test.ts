import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import type { Theme } from '../../simulator/build-page/themes.ts';
import { day, hour } from '../../src/renewal/instant.ts';
import { entry, now, replaced } from '../report/example-report.ts';
import { hostileNames } from '../report/hostile-names.ts';
import { attached, oneOfEach } from './attached.ts';
import { inPage } from './in-page.ts';
import { tabInBrowser } from './tab-in-browser.ts';

const names = (tab: Frame) => tab.locator('tbody .open').allTextContents();
const texts = async (tab: Frame, selector: string) =>
  (await tab.locator(selector).allTextContents()).map((text) => text.trim());

describe('the tab of a run’s page (if RENEWPATS_CHROMIUM names a browser)', () => {
  const open = tabInBrowser();

  describe('shows', () => {
    it('every PAT: what was done, when it ends, what needs attention first', async () => {
      const { tab } = await open({ attachments: [attached(oneOfEach, { nextExpiry: now + 5 * day })] });

      assert.equal(
        await tab.getByRole('heading').textContent(),
        '1 failed, 1 ends soon, 1 revoked, 1 replaced, 1 extended, 1 superseded, 1 left alone, 1 in use, 1 expired',
      );
      assert.deepEqual(await names(tab), [
        ...['Signing', 'Nightly tests', 'Release', 'Build feed', 'Mirror', 'Deploy', 'Wiki', 'Deploy', 'Gone'],
      ]);
      assert.deepEqual((await texts(tab, 'tbody .ends')).slice(0, 4), [
        '2027-01-22in 60 days',
        '2026-11-28in 5 days',
        '2026-11-23revoked',
        '2027-01-22in 60 days',
      ]);
      assert.match(
        (await texts(tab, '.facts'))[0] ?? '',
        /^Mode advanced · renew@contoso\.com · as of 2026-11-23 04:00 UTC .* · next end 2026-11-28/,
      );
      assert.ok(await tab.getByText('Failed: Signing (contoso): Refused: somebody’s value.').isVisible());
    });

    it('each PAT’s life on a time line, in words too', async () => {
      const { tab } = await open({ attachments: [attached(oneOfEach)] });
      const life = (name: string) => tab.getByRole('row', { name }).first().getByRole('img').getAttribute('aria-label');

      assert.equal(
        await life('Build feed'),
        'Old one: created 2026-10-04; superseded 2026-11-23 04:00 UTC; to be revoked after 2026-11-25 04:00 UTC; ' +
          'new one: created 2026-11-23; ends 2027-01-22.',
      );
      assert.equal(
        await life('Deploy'),
        'Created 2026-10-04; superseded 2026-11-21 05:00 UTC; to be revoked after 2026-11-23 05:00 UTC; ends 2026-12-13.',
      );
      assert.equal(
        await life('Release'),
        'Created 2026-10-04; revoked 2026-11-23 04:00 UTC; would have ended 2026-12-13.',
      );
      assert.equal(await life('Mirror'), 'Created 2026-10-04; would have ended 2026-12-03; ends 2027-01-22.');
    });

    it('the bars of all PATs on one scale: what ends later ends further right', async () => {
      const { tab } = await open({ attachments: [attached(oneOfEach)] });
      const right = (row: string, bar: string) =>
        tab
          .getByRole('row', { name: row })
          .first()
          .locator(bar)
          .evaluate((element) => element.getBoundingClientRect().right);

      const nightly = await right('Nightly tests', '.bar.life');
      const old = await right('Build feed', '.bar.lost');
      const fresh = await right('Build feed', '.bar.life');
      assert.ok(nightly < old && old < fresh, `${nightly} ${old} ${fresh}`);
      assert.ok(Math.abs(fresh - (await right('Mirror', '.bar.added'))) < 0.5);
    });

    it('all that is known of a PAT, once its row is opened', async () => {
      const { tab } = await open({ attachments: [attached(oneOfEach)] });
      await tab.getByRole('button', { name: 'Build feed' }).click();
      const details = (await texts(tab, '.details'))[0] ?? '';

      for (const fact of [
        'id-of-Build feed',
        'new-id-of-Build feed',
        'contoso-vault/Build-feed',
        '2026-11-25 04:00 UTC',
      ]) {
        assert.ok(details.includes(fact), `${fact} in ${details}`);
      }
    });

    it('every place where its value stands, and what came of each', async () => {
      const destinations = [
        { place: 'contoso-vault/Deploy', outcome: 'done' as const },
        { place: 'Web/feed', outcome: 'failed' as const, message: 'The connection is disabled.' },
      ];
      const { tab } = await open({ attachments: [attached([{ ...replaced('Deploy'), destinations }])] });
      await tab.getByRole('button', { name: 'Deploy' }).click();

      assert.deepEqual(
        await texts(tab, '.details dd').then((facts) => facts.filter((fact) => /vault|feed/.test(fact))),
        ['contoso-vault/Deploy', 'Web/feed: failed: The connection is disabled.'],
      );
      await tab.getByRole('searchbox').fill('web/feed');
      assert.deepEqual(await names(tab), ['Deploy']);
    });

    it('what a person should look at', async () => {
      const { tab } = await open({ attachments: [attached(oneOfEach, { warnings: ['Look here.', 'And there.'] })] });
      await tab.getByText('2 things to look at').click();

      assert.ok(await tab.getByText('And there.').isVisible());
    });
  });

  describe('finds', () => {
    it('PATs by words of name, scope, destination and message, and tells how many', async () => {
      const { tab } = await open({ attachments: [attached(oneOfEach)] });
      const search = tab.getByRole('searchbox');

      assert.deepEqual(await texts(tab, '[role=status]'), ['9 PATs']);
      await search.fill('VSO.test night');
      assert.deepEqual(await names(tab), ['Nightly tests']);
      assert.deepEqual(await texts(tab, '[role=status]'), ['1 of 9 PATs']);
      await search.fill('contoso-vault/build');
      assert.deepEqual(await names(tab), ['Build feed']);
      await search.fill('nothing like this');
      assert.deepEqual(await names(tab), []);
    });

    it('PATs by what was done', async () => {
      const { tab } = await open({ attachments: [attached(oneOfEach)] });
      await tab.getByRole('button', { name: 'Changed 3' }).click();

      assert.deepEqual(await names(tab), ['Release', 'Build feed', 'Mirror']);
      assert.equal(await tab.getByRole('button', { name: 'Changed 3' }).getAttribute('aria-pressed'), 'true');
      assert.equal(await tab.getByRole('button', { name: 'All 9' }).getAttribute('aria-pressed'), 'false');
    });

    it('them in the order of a column, and says which', async () => {
      const { tab } = await open({ attachments: [attached(oneOfEach)] });
      const header = tab.getByRole('columnheader', { name: 'PAT' });
      await header.getByRole('button').click();

      assert.equal(await header.getAttribute('aria-sort'), 'ascending');
      assert.equal((await names(tab))[0], 'Build feed');
      await header.getByRole('button').click();
      assert.equal(await header.getAttribute('aria-sort'), 'descending');
      assert.equal((await names(tab))[0], 'Wiki');
      assert.deepEqual(await texts(tab, '[role=status]'), ['9 PATs, sorted by PAT, descending']);
      // The arrow is for the eye: it is no part of the name that a screen reader says.
      assert.equal(await tab.getByRole('button', { name: 'PAT', exact: true }).count(), 1);
    });
  });

  it('counts in good grammar, and with "would" in a dry run', async () => {
    const soon = ['a', 'b'].map((displayName) => entry({ displayName, validTo: now + day }));
    const planned = (['extend', 'replace', 'revoke', 'copy'] as const).map((action) =>
      entry({ displayName: action, action, outcome: 'planned', previousValidTo: now + 9 * day }),
    );
    const { tab } = await open({ attachments: [attached([...soon, ...planned], { dryRun: true })] });

    assert.equal(
      await tab.getByRole('heading').textContent(),
      '2 end soon, 1 would be copied, 1 would be extended, 1 would be replaced, 1 would be revoked',
    );
  });

  it('has a legend of what is in the picture, and of nothing else', async () => {
    const legend = (tab: Frame) => texts(tab, '.legend > span');
    const { tab } = await open({ attachments: [attached([entry({ displayName: 'Deploy' })])] });
    assert.deepEqual(await legend(tab), ['valid', 'end']);

    const { tab: full } = await open({ attachments: [attached(oneOfEach)] });
    assert.deepEqual(await legend(full), [
      ...['valid', 'valid, but failed or ends soon', 'added by this run', 'until it was superseded'],
      ...['superseded, still valid', 'revoked, or to be', 'not used any more', 'expired', 'end'],
    ]);
    await full.getByRole('button', { name: 'Expired before 1' }).click();
    assert.deepEqual(await legend(full), ['expired', 'end']);
  });

  it('leads to the page of the account’s PATs, and to what helps', async () => {
    const message = 'The password is wrong (AADSTS50126).';
    const pats = [entry({ displayName: 'Signing', action: 'replace', outcome: 'failed', message })];
    const { tab } = await open({ attachments: [attached(pats)] });
    const ways = tab.locator('.notice a');

    assert.deepEqual(await ways.evaluateAll((links) => links.map((link) => link.getAttribute('href'))), [
      '../tab/troubleshooting.html#AADSTS50126',
      'https://dev.azure.com/contoso/_usersSettings/tokens',
    ]);
  });

  it('is used by keyboard alone: one stop for the table, arrows within it, Enter for the details', async () => {
    const { tab, page } = await open({ attachments: [attached(oneOfEach)] });
    const focused = () => tab.evaluate('document.activeElement.textContent');
    await tab.getByRole('columnheader', { name: 'Ends' }).getByRole('button').focus();

    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Signing');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'Release');
    await page.keyboard.press('End');
    assert.equal(await focused(), 'Gone');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    assert.equal(await tab.getByRole('button', { name: 'Signing' }).getAttribute('aria-expanded'), 'true');
    assert.equal(await tab.locator('.details').count(), 1);
    await page.keyboard.press('Enter');
    assert.equal(await tab.locator('.details').count(), 0);
    assert.equal(await tab.locator('tbody .open[tabindex="0"]').count(), 1);
    const outline = await tab.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    assert.equal(outline, 'solid', 'the focus must be seen');
  });

  it('tells a screen reader what it is: a named table with headers for columns and rows', async () => {
    const { tab } = await open({ attachments: [attached(oneOfEach)] });

    assert.equal(await tab.getByRole('table', { name: /^Personal access tokens/ }).count(), 1);
    assert.match(
      (await tab.getByRole('table').getAttribute('aria-label')) ?? '',
      /the arrow keys move from row to row/,
    );
    assert.deepEqual(await texts(tab, 'thead th .sort'), ['PAT', 'What was done', 'Ends']);
    assert.equal(await tab.getByRole('columnheader', { name: 'Time line' }).count(), 1);
    assert.equal(await tab.getByRole('rowheader').count(), oneOfEach.length);
    assert.equal(await tab.getByRole('img').count(), oneOfEach.length);
  });

  describe('in the reader’s theme', () => {
    for (const theme of ['light', 'dark'] satisfies readonly Theme[]) {
      it(`is ${theme}, and every text has enough contrast`, async () => {
        const warnings = ['Look.'];
        const { tab } = await open({ theme, attachments: [attached(oneOfEach, { warnings })] });

        assert.equal(await tab.locator('html').getAttribute('data-theme'), theme);
        for (const { text, contrast } of await inPage<readonly { text: string; contrast: number }[]>(
          tab,
          'contrasts',
        )) {
          assert.ok(contrast >= 4.5, `"${text}" has ${contrast.toFixed(2)}`);
        }
      });
    }

    it('follows when that changes', async () => {
      const { tab, tellTheme } = await open({ attachments: [attached(oneOfEach)] });
      await tellTheme('dark');
      await tab.waitForSelector('html[data-theme=dark]', { state: 'attached' });

      assert.equal(await tab.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(32, 31, 30)');
    });
  });

  describe('keeps to itself', () => {
    it('asks Azure DevOps for the attachments, with the reader’s token, and nobody for anything else', async () => {
      const { apiRequests, strays, troubles } = await open({ attachments: [attached(oneOfEach)] });

      assert.equal(apiRequests.length, 2);
      for (const request of apiRequests)
        assert.match(request, /^GET contoso\/[\w-]+\/_apis\/build\/builds\/1001\/[^ ]+$/);
      assert.deepEqual(strays, []);
      assert.deepEqual(troubles, []);
    });

    it('does not follow an attachment’s address to another place', async () => {
      const guid = '5f2d8a6e-3f0b-4c6c-9b44-1d5b0c7e9a21';
      const href = `https://evil.example/contoso/_apis/${guid}/${guid}/attachments/renew-pats-report/a.json`;
      const list = JSON.stringify({ value: [{ _links: { self: { href } } }, { name: 'no links' }, null] });
      const { apiRequests, strays } = await open({
        answer: ({ pathname }) => (pathname.endsWith('/renew-pats-report') ? { status: 200, body: list } : undefined),
      });

      assert.deepEqual(strays, []);
      assert.match(
        apiRequests[1] ?? '',
        new RegExp(`/builds/1001/${guid}/${guid}/attachments/renew-pats-report/a\\.json$`),
      );
    });

    it('could not reach another place if it tried', async () => {
      const { tab, strays } = await open({ attachments: [attached(oneOfEach)] });
      const outcome = await tab.evaluate("fetch('https://evil.example/').then(() => 'reached', () => 'refused')");

      assert.equal(outcome, 'refused');
      assert.deepEqual(strays, []);
    });
  });

  it('shows hostile names and messages as they stand, and nothing of them becomes an element', async () => {
    const pats = hostileNames.map((name, index) =>
      entry({ displayName: name, message: name, destination: name, scope: name, authorizationId: `id-${index}` }),
    );
    const report = { warnings: hostileNames, unreachable: [{ organization: '<b>', message: '<i>' }], source: '<u>' };
    const { tab, strays, troubles } = await open({ attachments: [attached(pats, report)] });

    assert.deepEqual(new Set(await names(tab)), new Set(hostileNames));
    const markup = tab.locator('body :is(script:not([src]), img, b, i, u, iframe)');
    const stray = tab.locator(
      'a:not([href^="../tab/troubleshooting.html"], [href="https://dev.azure.com/contoso/_usersSettings/tokens"])',
    );
    assert.deepEqual([await markup.count(), await stray.count()], [0, 0]);
    await tab.locator('tbody .open').first().click();
    assert.deepEqual([await markup.count(), await stray.count()], [0, 0]);
    assert.deepEqual([...strays, ...troubles], []);
  });

  describe('stays calm', () => {
    it('when a run has no report', async () => {
      const { tab } = await open();

      assert.equal(await tab.getByRole('heading').textContent(), 'This run has no report.');
      assert.equal(await tab.getByRole('status').count(), 1);
    });

    it('when a run still goes on, and shows the report once it is there', async () => {
      const attachments: string[] = [];
      const { tab, tellBuild } = await open({ status: 1, attachments });
      assert.equal(await tab.getByRole('heading').textContent(), 'No report yet.');

      attachments.push(attached([replaced('Deploy')]));
      await tellBuild(2);
      await tab.waitForSelector('table');
      assert.deepEqual(await names(tab), ['Deploy']);
    });

    it('when the host tells again of a build that it has shown: what the reader has opened stays open', async () => {
      const { tab, page, tellBuild, apiRequests } = await open({ attachments: [attached(oneOfEach)] });
      await tab.getByRole('button', { name: 'Signing' }).click();
      const again = page.waitForResponse((response) => response.url().includes('renew-pats-0.json'));
      await tellBuild(2);
      await again;
      // By the time the page has painted twice, it has done with the answer whatever it does with it.
      await tab.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

      assert.equal(apiRequests.length, 4);
      assert.equal(await tab.locator('.details').count(), 1);
    });

    it('when a host hands over no build, but has a service for it', async () => {
      const { tab } = await open({ tellsNoBuild: true, attachments: [attached([replaced('Deploy')])] });

      assert.deepEqual(await names(tab), ['Deploy']);
    });

    it('with several reports in one run: shows the one that failed, and has the others to choose', async () => {
      const failing = attached(
        [entry({ displayName: 'Signing', action: 'extend', outcome: 'failed', message: 'Refused.' })],
        { source: 'svc-b', finishedAt: now - hour },
      );
      const { tab } = await open({ attachments: [attached([replaced('Deploy')], { source: 'svc-a' }), failing] });
      const choice = tab.getByLabel('This run has 2 reports:');

      assert.deepEqual(await names(tab), ['Signing']);
      assert.deepEqual(await texts(tab, 'option'), [
        'advanced · contoso · 2026-11-23 04:00 UTC · svc-a',
        'advanced · contoso · 2026-11-23 03:00 UTC · svc-b · failed',
      ]);
      await choice.selectOption({ index: 0 });
      assert.deepEqual(await names(tab), ['Deploy']);
    });

    it('with several attempts of a step: opens on the newest, and tells the others apart', async () => {
      const step = 'Job / step';
      const failing = attached([entry({ displayName: 'Signing', outcome: 'failed', message: 'Refused.' })], {
        step,
        finishedAt: now - hour,
      });
      const { tab } = await open({ attachments: [failing, attached([replaced('Signing')], { step })] });

      assert.equal(await tab.getByRole('heading').textContent(), '1 replaced');
      assert.deepEqual(await texts(tab, 'option'), [
        'advanced · contoso · 2026-11-23 04:00 UTC · Job',
        'advanced · contoso · 2026-11-23 03:00 UTC · Job · failed · earlier attempt',
      ]);
    });

    for (const { what, answer, why } of [
      { what: 'is gone', answer: { status: 404 }, why: 'status 404: it is not there any more.' },
      {
        what: 'is answered with a sign-in page',
        answer: { status: 203, body: '<!DOCTYPE html><title>Sign in</title>' },
        why: 'its sign-in page: reload this page to sign in again.',
      },
    ]) {
      it(`when one attachment ${what}: that costs one line, not the page`, async () => {
        const { tab } = await open({
          attachments: [attached([replaced('Deploy')]), attached([replaced('Wiki')])],
          answer: ({ pathname }) => (pathname.endsWith('renew-pats-1.json') ? answer : undefined),
        });

        assert.deepEqual(await names(tab), ['Deploy']);
        assert.deepEqual(await texts(tab, '.notice'), [
          `Note: One report of this run cannot be shown: Azure DevOps answered with ${why}`,
        ]);
      });
    }

    it('one cause once, with how many more failed by it', async () => {
      const failed = ['A', 'B', 'C'].map((displayName) =>
        entry({
          displayName,
          action: 'replace',
          outcome: 'failed',
          cause: 'vault',
          message: `No right at ${displayName}.`,
        }),
      );
      const { tab } = await open({ attachments: [attached(failed)] });

      assert.deepEqual(await tab.locator('.notice p:first-child').allInnerTexts(), [
        'Failed: A and 2 more (contoso) failed alike. Of the first: No right at A.',
      ]);
    });

    it('when a PAT ends so soon that the step failed, and with what is merely good to know', async () => {
      const report = { endingTooSoon: ['"Deploy" ends on 2026-11-25T04:00:00Z'], notices: ['It was adopted.'] };
      const { tab } = await open({ attachments: [attached([entry({ displayName: 'Deploy' })], report)] });

      assert.deepEqual(await texts(tab, '.notice.error'), [
        'Failed: "Deploy" ends on 2026-11-25T04:00:00Z; the input failDays makes that a failure.',
      ]);
      assert.deepEqual(await texts(tab, '.notice.quiet summary'), ['One thing is good to know']);
    });

    it('when the inputs were refused: it says what was wrong with them, each on its line', async () => {
      const failure =
        'Inputs are not as they should be:\n- lifetimeDays: "sixty" is no whole number.\n- pats: is empty.';
      const refused = {
        version: 1,
        mode: '',
        dryRun: false,
        finishedAt: '2026-11-23T04:00:00Z',
        organizations: [],
        failure,
      };
      const { tab } = await open({ attachments: [JSON.stringify(refused)] });

      assert.equal(await tab.getByRole('heading').textContent(), 'Nothing was done');
      assert.equal(await tab.locator('.notice p').first().innerText(), `Failed: ${failure}`);
    });

    it('when the run failed before it could do anything', async () => {
      const failure = 'AADSTS50126: the password is wrong. Nothing was changed.';
      const { tab } = await open({ attachments: [attached([], { organizations: [], failure })] });

      assert.equal(await tab.getByRole('heading').textContent(), 'Nothing was done');
      assert.ok(await tab.getByText(`Failed: ${failure}`).isVisible());
      assert.equal(await tab.getByRole('table').count(), 0);
    });

    for (const { what, text, why } of [
      { what: 'damaged', text: '{"version":1,', why: 'it is damaged.' },
      { what: 'no report', text: '{"version":1}', why: 'it is no report.' },
      { what: 'of a later version', text: '{"version":2}', why: 'a newer version of the task wrote it.' },
      {
        what: 'hardly a report',
        text: JSON.stringify({
          ...JSON.parse(attached([])),
          organizations: [{ organization: 'contoso', pats: [null] }],
        }),
        why: 'it is no report.',
      },
    ]) {
      it(`when an attachment is ${what}: it says so, and shows the others`, async () => {
        const { tab, troubles } = await open({ attachments: [text, attached([replaced('Deploy')])] });

        assert.ok(await tab.getByText(`Note: One report of this run cannot be shown: ${why}`).isVisible());
        assert.deepEqual(await names(tab), ['Deploy']);
        assert.deepEqual(troubles, []);
      });
    }

    it('when Azure DevOps refuses, and tries again when asked to', async () => {
      let isRefusing = true;
      const { tab } = await open({
        attachments: [attached([replaced('Deploy')])],
        answer: () => (isRefusing ? { status: 403 } : undefined),
      });
      assert.match(
        (await texts(tab, '.calm'))[0] ?? '',
        /could not be read\.Azure DevOps answered with status 403: you may not read it\./,
      );

      isRefusing = false;
      await tab.getByRole('button', { name: 'Try again' }).click();
      await tab.waitForSelector('table');
      assert.deepEqual(await names(tab), ['Deploy']);
    });
  });

  it('does not stutter with 1,000 PATs: whatever the reader does, rows are moved, and none is made again', async () => {
    const pats = Array.from({ length: 1000 }, (_, index) =>
      index % 3 === 0
        ? replaced(`Feed ${index}`)
        : entry({ displayName: `PAT ${index}`, validTo: now + (index % 90) * day + hour }),
    );
    const { tab } = await open({ attachments: [attached(pats)] });
    const work = await inPage<Readonly<Record<string, { readonly made: number; readonly laidOut: number }>>>(
      tab,
      'work',
    );

    assert.equal((await names(tab)).length, 1000);
    for (const [step, { made, laidOut }] of Object.entries(work)) {
      assert.ok(made <= 50, `${step} made ${made} elements`);
      assert.ok(laidOut > 0 && laidOut <= 100, `${step} laid out ${laidOut} rows`);
    }
  });
});
