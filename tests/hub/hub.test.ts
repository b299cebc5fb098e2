import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import type { KeptRun } from '../../simulator/build-page/open-hub-page.ts';
import type { Theme } from '../../simulator/build-page/themes.ts';
import { day, toIso } from '../../src/renewal/instant.ts';
import type { PatEntry } from '../../src/report/run-report.ts';
import { entry, now, replaced } from '../report/example-report.ts';
import { hostileNames } from '../report/hostile-names.ts';
import { oneOfEach } from '../tab/attached.ts';
import { inPage } from '../tab/in-page.ts';
import { hubInBrowser } from './hub-in-browser.ts';
import { attachedBy } from './told.ts';

const tag = 'renew-pats';

function run(pipeline: number, more: Partial<KeptRun> & { readonly at?: number } = {}): KeptRun {
  const { at = now, ...given } = more;
  return {
    id: pipeline * 1000 + Math.round((at - now) / day),
    pipeline: { id: pipeline, name: `Pipeline ${pipeline}` },
    finishTime: toIso(at),
    result: 'succeeded',
    tags: [tag],
    attachments: [],
    ...given,
  };
}

const names = (hub: Frame) => hub.locator('tbody tr:not(.group) .open').allTextContents();
const texts = async (hub: Frame, selector: string) =>
  (await hub.locator(selector).allTextContents()).map((text) => text.trim());

/** Three pipelines: two accounts' PATs, one of them failed. */
const threePipelines: readonly KeptRun[] = [
  run(1, {
    pipeline: { id: 1, name: 'Renew feeds' },
    attachments: [attachedBy([replaced('Build feed'), entry({ displayName: 'Deploy', validTo: now + 5 * day })])],
  }),
  run(2, {
    pipeline: { id: 2, name: 'Renew analysis' },
    result: 'failed',
    attachments: [
      attachedBy(
        [
          entry({
            displayName: 'Sonar',
            outcome: 'failed',
            action: 'replace',
            message: 'The vault refused (ForbiddenByRbac).',
            destination: 'other-vault/Sonar',
          }),
        ],
        { account: 'svc-b@contoso.com' },
      ),
    ],
  }),
  run(3, { pipeline: { id: 3, name: 'No PATs' }, tags: [] }),
];

describe('the project’s page (if RENEWPATS_CHROMIUM names a browser)', () => {
  const open = hubInBrowser();

  describe('shows', () => {
    it('every PAT of all pipelines: account, state, end, when it was renewed and by which pipeline, where its value is', async () => {
      const { hub, troubles, strays } = await open({ runs: threePipelines });

      assert.equal(await hub.getByRole('heading', { level: 1 }).textContent(), '1 failed, 1 ends soon, 1 in use');
      assert.deepEqual(await names(hub), ['Sonar', 'Deploy', 'Build feed']);
      assert.match(
        (await texts(hub, '.facts'))[0] ?? '',
        /^2 pipelines · 2 accounts · 1 organization · read 2026-11-23/,
      );
      const feed = hub.getByRole('row', { name: 'Build feed' });
      assert.deepEqual(await feed.locator('.sub').allTextContents(), [
        ...['contoso · svc-a@contoso.com', 'in 60 days', 'Renew feeds'],
      ]);
      assert.deepEqual(await feed.locator('.text').allTextContents(), [
        ...['in use', '2027-01-22', '2026-11-23', 'contoso-vault/Build-feed'],
      ]);
      assert.deepEqual([...troubles, ...strays], []);
    });

    it('on top what failed last, with the way to its run and to what helps, and what ends next', async () => {
      const { hub } = await open({ runs: threePipelines });
      const notice = hub.locator('.notice');

      assert.match(
        (await notice.first().textContent()) ?? '',
        /^Failed: Renew analysis \(2026-11-23 04:00 UTC, .*\): Sonar: The vault refused/,
      );
      assert.deepEqual(
        await notice.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
        [
          'https://dev.azure.com/contoso/8d3c5b7a-90c4-4b06-a1c5-6f1f2f0ad3b1/_build/results?buildId=2000',
          '../tab/troubleshooting.html#ForbiddenByRbac',
        ],
      );
      assert.match((await texts(hub, '.next li'))[0] ?? '', /^2026-11-28 \(in 5 days\) Deploy/);
    });

    it('which pipeline has not run for longer than its PATs can bear', async () => {
      const attachments = [attachedBy([entry({ displayName: 'Deploy' })], { finishedAt: now - 50 * day })];
      const pats = [entry({ displayName: 'Deploy', validTo: now + 10 * day })];
      const { hub } = await open({
        runs: [
          run(1, { at: now - 40 * day, attachments: [attachedBy(pats, { finishedAt: now - 40 * day })] }),
          run(1, { at: now - 50 * day, attachments }),
        ],
      });

      assert.match(
        (await texts(hub, '.notice'))[0] ?? '',
        /^Failed: Pipeline 1: it has not run since 2026-10-14 \(40 days ago\), and "Deploy" \(contoso\) ends 2026-12-03/,
      );
    });

    it('all that is known of a PAT, once its row is opened', async () => {
      const { hub } = await open({ runs: threePipelines });
      await hub.getByRole('button', { name: 'Build feed', exact: true }).click();
      const details = (await texts(hub, '.details'))[0] ?? '';

      for (const fact of [
        'svc-a@contoso.com',
        'Renew feeds, 20261123.1000',
        'new-id-of-Build feed',
        'contoso-vault/Build-feed',
      ])
        assert.ok(details.includes(fact), `${fact} in ${details}`);
      assert.equal(
        await hub.locator('.details a[href="https://dev.azure.com/contoso/_usersSettings/tokens"]').textContent(),
        'PATs of contoso, signed in as svc-a@contoso.com',
      );
    });
  });

  describe('finds', () => {
    it('the newest run of each pipeline in which the task ran, over pages of a list, and the last good one', async () => {
      const older = attachedBy([entry({ displayName: 'Old story' })], { finishedAt: now - 3 * day });
      const good = attachedBy([entry({ displayName: 'Deploy' })], { finishedAt: now - day });
      const failed = attachedBy([], { organizations: [], failure: 'AADSTS50126: wrong.' });
      const many = Array.from({ length: 7 }, (_, index) =>
        run(index + 10, {
          attachments: [attachedBy([entry({ displayName: `PAT ${index}` })], { account: `svc-${index}` })],
        }),
      );
      for (const countsBeforeTags of [false, true]) {
        const { hub } = await open({
          pageSize: 3,
          countsBeforeTags,
          runs: [
            run(1, { at: now - 3 * day, attachments: [older] }),
            run(1, { at: now - day, attachments: [good] }),
            run(1, { result: 'failed', attachments: [failed] }),
            ...many,
          ],
        });
        const found = await names(hub);
        assert.ok(found.includes('Deploy') && !found.includes('Old story'), found.join());
        assert.equal(found.length, 8);
      }
    });

    it('a pipeline whose last runs ended before they came to the task, and says so', async () => {
      const runs = [
        run(1, {
          at: now - day,
          attachments: [attachedBy([entry({ displayName: 'Deploy' })], { finishedAt: now - day })],
        }),
        run(1, { tags: [], result: 'failed' }),
      ];
      for (const countsBeforeTags of [false, true]) {
        const { hub } = await open({ runs, countsBeforeTags });
        assert.deepEqual(await names(hub), ['Deploy']);
        assert.match(
          (await texts(hub, '.notice'))[0] ?? '',
          /its last run \(.*\) ended as failed before it came to the task/,
        );
      }
    });

    it('PATs by words and by state, and tells how many', async () => {
      const { hub } = await open({ runs: threePipelines });
      const search = hub.getByRole('searchbox', {
        name: 'Filter by name, account, organization, pipeline, scope, place or message',
      });
      await search.fill('svc-b');
      assert.deepEqual(await names(hub), ['Sonar']);
      assert.deepEqual(await texts(hub, '[role=status]'), ['1 of 3 PATs']);
      await search.fill('renew feeds');
      assert.deepEqual(await names(hub), ['Deploy', 'Build feed']);
      await search.fill('');
      await hub.getByRole('button', { name: 'Ends soon 1' }).click();
      assert.deepEqual(await names(hub), ['Deploy']);
    });
  });

  describe('groups', () => {
    for (const { by, groups } of [
      { by: 'account', groups: ['svc-a@contoso.com', 'svc-b@contoso.com'] },
      { by: 'pipeline', groups: ['Renew analysis', 'Renew feeds'] },
      { by: 'place', groups: ['contoso-vault', 'no place is known', 'other-vault'] },
    ]) {
      it(`by ${by}: closed at first, with what there is to know`, async () => {
        const { hub } = await open({ runs: threePipelines });
        await hub.getByLabel('Group by').selectOption(by);

        assert.deepEqual(await texts(hub, '.group .open'), groups);
        assert.deepEqual(await names(hub), []);
        assert.deepEqual(await texts(hub, '[role=status]'), [`3 PATs, grouped by ${by}`]);
      });
    }

    it('and opens a group by keyboard, where the focus stays', async () => {
      const { hub, page } = await open({ runs: threePipelines });
      await hub.getByLabel('Group by').selectOption('account');
      const focused = () => hub.evaluate('document.activeElement.textContent');
      await hub.locator('.group .open').first().focus();
      await page.keyboard.press('Enter');

      assert.equal(await focused(), 'svc-a@contoso.com');
      assert.equal(await hub.locator('.group .open').first().getAttribute('aria-expanded'), 'true');
      await page.keyboard.press('ArrowDown');
      assert.equal(await focused(), 'Deploy');
      assert.match(
        (await texts(hub, '.group .sub'))[0] ?? '',
        /^2 PATs · next end 2026-11-28 \(in 5 days\) · 1 ends soon, 1 in use$/,
      );
    });
  });

  it('sorts by each column, and says so', async () => {
    const { hub } = await open({ runs: threePipelines });
    for (const [column, first] of [
      ['PAT', 'Build feed'],
      ['Ends', 'Deploy'],
      ['Last renewed', 'Deploy'],
      ['Value is in', 'Deploy'],
    ] as const) {
      const header = hub.getByRole('columnheader', { name: column });
      await header.getByRole('button').click();
      assert.equal(await header.getAttribute('aria-sort'), 'ascending', column);
      assert.equal((await names(hub))[0], first, column);
      assert.deepEqual(await texts(hub, '[role=status]'), [`3 PATs, sorted by ${column}, ascending`]);
    }
  });

  it('copies what is shown as CSV, in the order that is shown', async () => {
    const { hub } = await open({
      runs: [run(1, { attachments: [attachedBy([entry({ displayName: '=cmd' }), entry({ displayName: 'Wiki' })])] })],
      beforehand: `navigator.clipboard.writeText = async (text) => { window.copied = text; };`,
    });
    await hub.getByRole('searchbox').fill('=cmd');
    await hub.getByRole('button', { name: 'Copy as CSV' }).click();
    await hub.waitForFunction('window.copied !== undefined');
    const [header = '', line = '', ...rest] = (await hub.evaluate<string>('window.copied')).split('\r\n');

    assert.match(header, /^"PAT","Organization","Account","State"/);
    assert.match(line, /^"'=cmd","contoso","svc-a@contoso.com","in use","2026-10-04T04:00:00.000Z"/);
    assert.deepEqual(rest, ['']);
    assert.deepEqual(await texts(hub, '[role=status]'), ['1 of 2 PATs, copied as CSV']);
  });

  it('shows the CSV to be copied by hand where the browser denies the clipboard to a frame', async () => {
    const { hub } = await open({
      runs: threePipelines,
      beforehand: `navigator.clipboard.writeText = async () => { throw new Error('denied'); };`,
    });
    await hub.getByRole('button', { name: 'Copy as CSV' }).click();

    assert.match(await hub.getByLabel('The list as CSV, to copy by hand').inputValue(), /^"PAT"/);
    assert.equal(await hub.evaluate('document.activeElement.tagName'), 'TEXTAREA');
  });

  it('tells a screen reader what it is: headings, a named table with headers for columns and rows', async () => {
    const { hub } = await open({ runs: threePipelines });

    assert.deepEqual(await texts(hub, 'h2'), ['What ends next', 'All personal access tokens']);
    assert.equal(await hub.getByRole('table', { name: /^Personal access tokens/ }).count(), 1);
    assert.deepEqual(await texts(hub, 'thead th .sort'), ['PAT', 'State', 'Ends', 'Last renewed', 'Value is in']);
    assert.equal(await hub.getByRole('rowheader').count(), 3);
    assert.equal(await hub.getByRole('img').count(), 3);
  });

  for (const theme of ['light', 'dark'] satisfies readonly Theme[]) {
    it(`has enough contrast in the ${theme} theme`, async () => {
      const { hub } = await open({
        theme,
        runs: [...threePipelines, run(4, { attachments: [attachedBy(oneOfEach)] })],
      });

      for (const { text, contrast } of await inPage<readonly { text: string; contrast: number }[]>(hub, 'contrasts')) {
        assert.ok(contrast >= 4.5, `"${text}" has ${contrast.toFixed(2)}`);
      }
    });
  }

  for (const { what, width, textSize } of [
    { what: 'a window of 400 pixels', width: 400, textSize: 100 },
    { what: 'text of 200 %', width: 1280, textSize: 200 },
    { what: 'a window of 800 pixels', width: 800, textSize: 100 },
    { what: 'the usual window', width: 1280, textSize: 100 },
  ]) {
    it(`needs no scrolling sideways, and no text lies over another: ${what}`, async () => {
      const long = 'AVeryLongNameWithoutAnyBlankThatSomebodyHasGivenToAPersonalAccessToken'.repeat(2);
      const attachments = [attachedBy([...oneOfEach, replaced(long), entry({ displayName: 'Long', message: long })])];
      const { hub } = await open({ width, height: 3000, runs: [...threePipelines, run(4, { attachments })] });
      await hub.evaluate(`document.documentElement.style.fontSize = '${textSize}%'`);
      await hub.locator('tbody .open').first().click();
      await hub.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      const found = await inPage<{ overlaps: readonly string[]; wide: readonly string[] }>(hub, 'overlaps');

      assert.deepEqual([found.overlaps, found.wide], [[], []]);
    });
  }

  describe('keeps to itself', () => {
    it('asks Azure DevOps for runs and their reports, with the reader’s token, and nobody for anything else', async () => {
      const { apiRequests, strays, troubles } = await open({ runs: threePipelines });

      for (const request of apiRequests) assert.match(request, /^GET contoso\/[\w-]+\/_apis\/build\/builds(\/[^ ]+)?$/);
      assert.deepEqual([...strays, ...troubles], []);
      assert.equal(apiRequests.length, 4 + 2 * 2);
    });

    it('shows hostile names and messages as they stand, and nothing of them becomes an element', async () => {
      const pats = hostileNames.map((name, index) =>
        entry({ displayName: name, message: name, destination: name, scope: name, authorizationId: `id-${index}` }),
      );
      const runs = hostileNames.map((name, index) =>
        run(index + 1, {
          pipeline: { id: index + 1, name },
          attachments: [attachedBy(index === 0 ? pats : [], { account: name, failure: name })],
        }),
      );
      const { hub, strays, troubles } = await open({ runs });

      assert.deepEqual(new Set(await names(hub)), new Set(hostileNames));
      await hub.locator('tbody .open').first().click();
      await hub.getByLabel('Group by').selectOption('account');
      assert.equal(await hub.locator('body :is(script:not([src]), img, b, i, u, iframe)').count(), 0);
      const addresses = await hub
        .locator('a')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
      for (const address of addresses)
        assert.match(address, /^(https:\/\/dev\.azure\.com\/contoso\/|\.\.\/tab\/troubleshooting\.html)/);
      assert.deepEqual([...strays, ...troubles], []);
    });
  });

  describe('stays calm', () => {
    it('when no pipeline has used the task, and reads again when asked to', async () => {
      const runs: KeptRun[] = [];
      const { hub } = await open({ runs });
      assert.match((await texts(hub, '.calm'))[0] ?? '', /^No pipeline of this project has renewed a PAT yet\./);

      runs.push(...threePipelines);
      await hub.getByRole('button', { name: 'Read again' }).click();
      await hub.waitForSelector('table');
      assert.equal((await names(hub)).length, 3);
    });

    it('when one report is gone, one is damaged, one comes from a newer task: a line for each, and the rest', async () => {
      const { hub } = await open({
        runs: [
          ...threePipelines,
          run(4, { attachments: ['gone'] }),
          run(5, { attachments: ['{'] }),
          run(6, { attachments: ['{"version":2}'] }),
        ],
        answer: ({ pathname }) => (/builds\/4000\/.*\.json$/.test(pathname) ? { status: 404 } : undefined),
      });
      const notes = (await texts(hub, '.notice.warning p:first-child')).map(
        (text) => /(?<=cannot be shown: ).*\./.exec(text)?.[0],
      );

      assert.deepEqual(notes, [
        'Azure DevOps answered with status 404: it is not there any more.',
        'it is damaged.',
        'a newer version of the task wrote it.',
      ]);
      assert.equal((await names(hub)).length, 3);
    });

    it('when Azure DevOps refuses, or wants the reader to sign in, and tries again when asked to', async () => {
      let answer: { status: number; body?: string } | undefined = { status: 203, body: '<html>Sign in</html>' };
      const { hub } = await open({ runs: threePipelines, answer: () => answer });
      assert.match((await texts(hub, '.calm'))[0] ?? '', /sign-in page: reload this page to sign in again/);

      answer = undefined;
      await hub.getByRole('button', { name: 'Try again' }).click();
      await hub.waitForSelector('table');
      assert.equal((await names(hub)).length, 3);
    });
  });

  describe('with 50 pipelines of 1,000 PATs', () => {
    const pats = (pipeline: number): readonly PatEntry[] =>
      Array.from({ length: 1000 }, (_, index) =>
        entry({
          displayName: `PAT ${index} of ${pipeline}`,
          authorizationId: `${pipeline}-${index}`,
          validTo: now + (20 + (index % 300)) * day,
        }),
      );

    it('draws what is looked at, and no more, whatever the reader does', async () => {
      const runs = Array.from({ length: 50 }, (_, index) =>
        run(index + 1, { attachments: [attachedBy(pats(index + 1), { account: `svc-${index + 1}@contoso.com` })] }),
      );
      const { hub, page } = await open({ runs });
      const rows = () => hub.locator('tbody tr').count();

      assert.deepEqual(await texts(hub, '[role=status]'), ['50000 PATs']);
      assert.ok((await rows()) <= 200, `${await rows()} rows`);
      const work = await inPage<Readonly<Record<string, { readonly made: number; readonly laidOut: number }>>>(
        hub,
        'work',
      );
      for (const [step, { made, laidOut }] of Object.entries(work)) {
        assert.ok(made <= 200 * 25, `${step} made ${made} elements`);
        assert.ok(laidOut <= 100, `${step} laid out ${laidOut} rows`);
      }
      await hub.getByLabel('Group by').selectOption('account');
      assert.equal(await rows(), 50);
      await hub.getByRole('button', { name: 'svc-7@contoso.com' }).click();
      assert.ok((await rows()) <= 300, `${await rows()} rows`);
      assert.ok((await hub.locator('*').count()) < 10_000);

      // To the end of what is drawn, and beyond: more comes.
      const before = await rows();
      await hub.locator('tbody .open').first().focus();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowDown');
      assert.ok((await rows()) > before);
    });
  });
});
