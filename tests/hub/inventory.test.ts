import assert from 'node:assert/strict';
import { inventory, isInUse } from '../../hub/inventory.ts';
import { day, hour } from '../../src/renewal/instant.ts';
import { entry, now, replaced } from '../report/example-report.ts';
import { attachedBy, pipelineWith, runAt, telling } from './told.ts';

/** `name: state, until when` of each row, in the order of names. */
function told(...[pipelines, at = now]: [Parameters<typeof inventory>[0], number?]): readonly string[] {
  return inventory(pipelines, at).map(
    ({ pat, ends }) => `${pat.displayName}: ${pat.done}, ${new Date(ends).toISOString().slice(0, 10)}`,
  );
}

describe('The inventory of a project', () => {
  it('has each PAT once, as the newest report of any pipeline tells of it', () => {
    const renewing = telling('Renew', [entry({ displayName: 'Deploy' })], { finishedAt: now - day });
    const watching = telling('Watch', [entry({ displayName: 'Deploy', validTo: now + 5 * day })], { mode: 'report' });

    assert.deepEqual(told([renewing, watching]), ['Deploy: ends soon, 2026-11-28']);
  });

  it('names the pipeline that renews a PAT, not one that only lists it, whichever was the last to run', () => {
    for (const [renewedAt, watchedAt] of [
      [now - day, now],
      [now, now - day],
    ] as const) {
      const [row] = inventory(
        [
          telling('Watch', [entry({ displayName: 'Deploy' })], { mode: 'report', finishedAt: watchedAt }),
          telling('Renew', [entry({ displayName: 'Deploy', action: 'extend' })], { finishedAt: renewedAt }),
        ],
        now,
      );
      assert.equal(row?.pipeline.name, 'Renew');
      assert.equal(row?.renewedAt, renewedAt);
    }
  });

  it('holds a PAT for failed until a run that renews it succeeds, whatever one says that only lists it', () => {
    const failed = entry({ displayName: 'Deploy', outcome: 'failed', action: 'replace', message: 'Refused.' });
    const listed = entry({ displayName: 'Deploy' });
    const rows = (at: number) =>
      told([
        telling('Watch', [listed], { mode: 'report', finishedAt: now }),
        telling('Renew', [failed], { finishedAt: now - 2 * day }),
        ...(at === 0 ? [] : [telling('Renew too', [listed], { finishedAt: at })]),
      ]);

    assert.deepEqual(rows(0), ['Deploy: failed, 2027-01-22']);
    assert.deepEqual(rows(now - day), ['Deploy: in use, 2027-01-22']);
  });

  it('asks for nobody’s care about one that is older than the one in use, unless who renews it has failed', () => {
    const older = entry({ displayName: 'Deploy', validTo: now + 5 * day, stays: 'not marked' });
    const watching = telling('Watch', [older], { mode: 'report' });
    const failed = entry({ displayName: 'Deploy', validTo: now + 5 * day, action: 'replace', outcome: 'failed' });

    assert.deepEqual(told([watching]), ['Deploy: older, 2026-11-28']);
    assert.ok(!inventory([watching], now).some((row) => isInUse(row, now)));
    assert.deepEqual(told([watching, telling('Renew', [failed], { finishedAt: now - day })]), [
      'Deploy: failed, 2026-11-28',
    ]);
  });

  it('tells which pipeline superseded a PAT, though another one listed it since', () => {
    const old = entry({ displayName: 'Deploy', authorizationId: 'id-of-Deploy', revokeAfter: now + day });
    const [row] = inventory(
      [telling('Watch', [old], { mode: 'report' }), telling('Renew', [replaced('Deploy')], { finishedAt: now - hour })],
      now,
    ).filter(({ pat }) => pat.matter === 'leaving');

    assert.equal(row?.pipeline.name, 'Renew');
  });

  it('shows a replaced PAT no more as what it was, but with its successor', () => {
    const before = telling('Watch', [entry({ displayName: 'Deploy', validTo: now + 10 * day })], {
      mode: 'report',
      finishedAt: now - day,
    });
    const after = telling('Renew', [replaced('Deploy')]);

    assert.deepEqual(told([before, after]), ['Deploy: in use, 2027-01-22']);
  });

  it('forgets what the same step does not list any more', () => {
    const step = 'job / step';
    const runs = [
      { run: runAt(now), attached: [attachedBy([entry({ displayName: 'Deploy' })], { step })] },
      {
        run: runAt(now - day),
        attached: [
          attachedBy(
            ['Deploy', 'Gone'].map((displayName) => entry({ displayName })),
            { step, finishedAt: now - day },
          ),
        ],
      },
    ];

    assert.deepEqual(told([pipelineWith('Renew', runs)]), ['Deploy: in use, 2027-01-22']);
  });

  it('keeps what the last good run told when the newest one could not even sign in', () => {
    const failed = attachedBy([], { organizations: [], failure: 'AADSTS50126: the password is wrong.' });
    const good = attachedBy([entry({ displayName: 'Deploy' })], { finishedAt: now - day });
    const runs = [
      { run: runAt(now, 'failed'), attached: [failed] },
      { run: runAt(now - day), attached: [good] },
    ];

    assert.deepEqual(told([pipelineWith('Renew', runs)]), ['Deploy: in use, 2027-01-22']);
  });

  it('takes the newest attempt of a step, and each of several steps', () => {
    const failed = entry({ displayName: 'Deploy', outcome: 'failed', message: 'Refused.' });
    const texts = [
      attachedBy([failed], { step: 'a', finishedAt: now - hour }),
      attachedBy([entry({ displayName: 'Deploy' })], { step: 'a' }),
      attachedBy([entry({ displayName: 'Wiki' })], { step: 'b', finishedAt: now - hour }),
    ];

    assert.deepEqual(told([pipelineWith('Renew', [{ run: runAt(now), attached: texts }])]), [
      'Deploy: in use, 2027-01-22',
      'Wiki: in use, 2027-01-22',
    ]);
  });

  it('takes a dry run for what it saw, not for what it would have done', () => {
    const planned = [
      { ...replaced('Build feed'), outcome: 'planned' as const },
      entry({ displayName: 'Mirror', action: 'extend', outcome: 'planned', previousValidTo: now + 20 * day }),
    ];

    assert.deepEqual(told([telling('Renew', planned, { dryRun: true })]), [
      'Build feed: ends soon, 2026-12-03',
      'Mirror: in use, 2026-12-13',
    ]);
  });

  it('lets time pass: what a report called in use ends soon, and ends', () => {
    const pipelines = [
      telling('Renew', [entry({ displayName: 'Deploy' }), entry({ displayName: 'Old', revokeAfter: now })]),
    ];

    assert.deepEqual(told(pipelines, now + 50 * day), ['Deploy: ends soon, 2027-01-22', 'Old: superseded, 2027-01-22']);
    assert.deepEqual(told(pipelines, now + 61 * day), ['Deploy: expired, 2027-01-22', 'Old: expired, 2027-01-22']);
    assert.deepEqual(
      inventory(pipelines, now + 61 * day).map(({ pat }) => pat.matter),
      ['expired', 'history'],
    );
  });

  it('finds two organizations’ PATs of one name apart, and one organization’s, however it is written, together', () => {
    const at = (organization: string, more = {}) =>
      telling(organization, [], {
        organizations: [{ organization, pats: [entry({ displayName: 'Deploy' })], leftOut: [] }],
        ...more,
      });

    assert.equal(told([at('contoso'), at('fabrikam')]).length, 2);
    assert.equal(told([at('contoso'), at('Contoso', { finishedAt: now - day })]).length, 1);
  });

  it('reads what an older version of the task wrote: no account', () => {
    const { account, ...older } = JSON.parse(attachedBy([entry({ displayName: 'Deploy' })]));
    const pipeline = pipelineWith('Renew', [{ run: runAt(now), attached: [JSON.stringify(older)] }]);

    assert.equal(account, 'svc-a@contoso.com');
    assert.deepEqual(
      inventory([pipeline], now).map((row) => row.account),
      [undefined],
    );
  });
});
