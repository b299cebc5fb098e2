import assert from 'node:assert/strict';
import { day } from '../../src/renewal/instant.ts';
import { logGroups, totals } from '../../src/report/table.ts';
import { entry, now, replaced, reportOf } from './example-report.ts';
import { hostileNames } from './hostile-names.ts';

const linesOf = (report: Parameters<typeof logGroups>[0]) =>
  logGroups(report, 14).flatMap(({ lines }) => lines.map(({ text }) => text));

const shown = (report: Parameters<typeof logGroups>[0]) =>
  logGroups(report, 14).map(({ title, lines }) => ({ title, lines: lines.map(({ text }) => text) }));

describe('the log', () => {
  it('has one line for each PAT: name, what was done, old and new end, destination; what needs attention first', () => {
    const report = reportOf(
      [
        entry({
          displayName: 'Wiki',
          action: 'skip',
          outcome: 'skipped',
          message: 'Not due before 2026-12-23T04:00:00Z.',
        }),
        entry({ displayName: 'Nightly tests', validTo: now + 5 * day }),
        replaced('Build feed'),
        entry({ displayName: 'Gone', validTo: now - 80 * day }),
        entry({ displayName: 'Old', action: 'revoke', validTo: now + 10 * day }),
        entry({ displayName: 'Signing', action: 'replace', outcome: 'failed', message: 'Refused: somebody’s value.' }),
        entry({
          displayName: 'Stale',
          action: 'skip',
          outcome: 'skipped',
          validTo: now - day,
          message: 'Expired, so left.',
        }),
      ],
      { warnings: ['"Stale" (contoso): Expired, so left.'] },
    );

    assert.deepEqual(shown(report), [
      {
        title: 'contoso: 1 failed, 2 expired, 1 ends soon, 1 revoked, 1 replaced, 1 left alone',
        lines: [
          'Signing        FAILED      ends 2027-01-22 (in 60 days)                see the error below',
          'Stale          expired     ends 2026-11-22 04:00 UTC (24 hours ago)    see the warning below',
          'Nightly tests  ends soon   ends 2026-11-28 (in 5 days)',
          'Old            revoked     ends 2026-12-03 -> now',
          'Build feed     replaced    ends 2026-12-03 -> 2027-01-22 (in 60 days)  in contoso-vault/Build-feed; old one will be revoked after 2026-11-25 04:00 UTC',
          'Wiki           left alone  ends 2027-01-22 (in 60 days)                Not due before 2026-12-23T04:00:00Z.',
          'Gone           expired     ends 2026-09-04 (80 days ago)',
        ],
      },
    ]);
    assert.equal(totals(report), 'Renewed 1, revoked 1, skipped 2, failed 1.');
  });

  it('has a line for each place where a value stands in several', () => {
    const destinations = [
      { place: 'contoso-vault/Deploy', outcome: 'done' },
      { place: 'Tools/feed', outcome: 'failed', message: 'It is disabled.' },
    ] as const;
    const [, ...places] = linesOf(reportOf([{ ...replaced('Deploy'), destinations }]));
    assert.deepEqual(places, ['    in contoso-vault/Deploy  up to date', '    in Tools/feed  FAILED: It is disabled.']);
  });

  it('says of a dry run that nothing was written, and speaks of what would be done', () => {
    const report = reportOf([{ ...replaced('Deploy'), outcome: 'planned' }], { dryRun: true });

    assert.match(linesOf(report)[0] ?? '', /^Deploy {2}would replace .*old one would be revoked after/);
    assert.match(totals(report), /^Dry run, nothing was written\./);
  });

  it('tells PATs of one name apart by the start of their ids', () => {
    const twice = ['aaaaaaaa-1', 'bbbbbbbb-2'].map((authorizationId) =>
      entry({ displayName: 'Deploy', authorizationId }),
    );

    assert.deepEqual(
      linesOf(reportOf(twice)).map((line) => line.slice(0, 17)),
      ['Deploy (aaaaaaaa)', 'Deploy (bbbbbbbb)'],
    );
  });

  for (const name of hostileNames) {
    it(`is not misled by the name ${JSON.stringify(name)}`, () => {
      const [line = '', ...others] = linesOf(reportOf([entry({ displayName: name, message: name })]));

      assert.equal(others.length, 0);
      assert.doesNotMatch(line, /##(?:vso)?\[/i);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may come through
      assert.doesNotMatch(line, /[\u0000-\u001f\u202e]/);
    });
  }
});
