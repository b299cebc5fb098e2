import assert from 'node:assert/strict';
import { realRuns } from '../../scripts/screenshots/real-runs.ts';
import type { TaskRun } from '../../simulator/agent/run-task.ts';
import type { AttachedReport } from '../../src/report/attachment-format.ts';
import { tabInBrowser } from './tab-in-browser.ts';

/** The packaged task, as in the pictures of the overview. */
describe('A real run', () => {
  let run: TaskRun;

  before(async () => {
    run = (await realRuns('dist/stage/tasks/RenewPats')).advanced;
  });

  it('tells in its log, one line a PAT, what was done, and at the end what comes next', () => {
    const lines = run.log.split('\n');
    const at = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));

    assert.ok(lines.includes('##[group]contoso: 1 failed, 1 expired, 3 revoked, 3 replaced, 3 left alone'), run.log);
    assert.ok(at(/^Signing +FAILED/) < at(/^Migration +expired/));
    assert.match(
      lines[at(/^Deploy /)] ?? '',
      /^Deploy +replaced +ends 2026-12-05 -> 2027-01-24 \(in 60 days\) +in contoso-vault\/Deploy; old one will be revoked after 2026-11-27 06:0\d UTC; First delivery: /,
    );
    assert.ok(
      at(/^Renewed 3, revoked 3, skipped 4, failed 1\.$/) <
        at(/^Next: After 2026-11-27 06:0\d UTC \(in 2 days\) the next run/),
    );
  });

  it('attaches a summary under a name that people can read, and its data under the type that the tab looks for', () => {
    assert.match(run.summaries[0]?.path ?? '', /[\\/]Renew PATs \(advanced\)\.md$/);
    assert.deepEqual(
      run.attachments.map(({ type }) => type),
      ['renew-pats-report'],
    );
    const { organizations, counts } = JSON.parse(run.attachments[0]?.content ?? '') as AttachedReport & {
      counts: unknown;
    };
    assert.deepEqual(counts, { renewed: 3, revoked: 3, skipped: 4, failed: 1 });
    const deploy = organizations[0]?.pats.find(({ displayName }) => displayName === 'Deploy');
    assert.match(deploy?.previousValidFrom ?? '', /^2026-10-05T04:00/);
    assert.equal(deploy?.supersededAt, deploy?.validFrom);
    const mirror = organizations[0]?.pats.find(({ action }) => action === 'revoke');
    assert.match(mirror?.supersededAt ?? '', /^2026-11-23T04:0/, 'the run before replaced it');
  });

  it('puts no value of a PAT into any of them', () => {
    // Of the forms that a PAT's value may have (reference of the PAT API): 84 characters with AZDO, or 52 of base32.
    for (const text of [
      run.log,
      ...run.attachments.map(({ content }) => content),
      ...run.summaries.map(({ text }) => text),
    ]) {
      assert.doesNotMatch(text, /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|\b[a-z2-7]{52}\b/);
    }
  });

  describe('in the tab (if RENEWPATS_CHROMIUM names a browser)', () => {
    const open = tabInBrowser();

    it('is shown whole', async () => {
      const { tab, strays, troubles } = await open({
        attachments: run.attachments.map(({ content }) => content),
        now: '2026-11-25T06:10:00Z',
      });

      assert.equal(
        await tab.getByRole('heading').textContent(),
        '1 failed, 1 expired, 3 revoked, 3 replaced, 3 left alone',
      );
      assert.equal(await tab.getByRole('rowheader').count(), 11);
      assert.deepEqual([...strays, ...troubles], []);
    });
  });
});
