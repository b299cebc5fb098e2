import assert from 'node:assert/strict';
import { day } from '../../src/renewal/instant.ts';
import { newestAttempts, type ReadReport, readReport } from '../../tab/report.ts';
import { searchFor } from '../../tab/search.ts';
import { entry, now, reportOf } from '../report/example-report.ts';
import { attached } from './attached.ts';

function read(text: string): ReadReport {
  const report = readReport({ kind: 'text', text });
  return report.kind === 'report' ? report : assert.fail(report.why);
}

describe('A report as the pages read it', () => {
  it('has its rows in the order of names where ends are equal to the second, in whatever order they came', () => {
    const pats = ['feed 10', 'Feed 9', 'feed 2'].map((displayName, index) =>
      entry({ displayName, validTo: now + 60 * day + index * 7 }),
    );
    for (const order of [pats, [...pats].reverse()]) {
      const names = read(attached(order)).rows.map(({ pat }) => pat.displayName);
      assert.deepEqual(names, ['feed 2', 'Feed 9', 'feed 10']);
    }
  });

  it('may come from an older version of the task, which wrote less', () => {
    const { source, warnings, unreachable, warnDays, ...older } = JSON.parse(
      attached([entry({ displayName: 'Deploy' })]),
    );
    const { rows, report } = read(JSON.stringify(older));

    assert.deepEqual([source, warnings, unreachable, warnDays], ['Job', [], [], 14]);
    assert.equal(rows.length, 1);
    assert.deepEqual([report.source, report.warnings, report.unreachable], ['', [], []]);
  });

  it('has all places of a value, or the one that an older version names', () => {
    const [pat] = JSON.parse(attached([entry({ displayName: 'Deploy', destination: 'vault/Deploy' })])).organizations[0]
      .pats;
    const places = (more: object) => {
      const report = JSON.parse(attached([]));
      report.organizations = [{ organization: 'contoso', pats: [{ ...pat, ...more }] }];
      return read(JSON.stringify(report)).rows[0]?.places.map(({ place, outcome }) => `${place} ${outcome}`);
    };

    assert.deepEqual(places({}), ['vault/Deploy done']);
    const destinations = [
      { place: 'vault/Deploy', outcome: 'done' },
      { place: 'Web/feed', outcome: 'failed', message: 'Locked.' },
    ];
    assert.deepEqual(places({ destinations }), ['vault/Deploy done', 'Web/feed failed']);
  });

  it('counts if no newer attempt of its step is there', () => {
    const attempt = (source: string, finishedAt: number, step?: string) =>
      read(attached([], { ...reportOf([], { finishedAt }), source, ...(step === undefined ? {} : { step }) }));
    const all = [
      attempt('first', now, 'job / 1'),
      attempt('second', now + day, 'job / 1'),
      attempt('another step', now, 'job / 2'),
      attempt('of an older task', now - day),
      attempt('of an older task too', now - 2 * day),
    ];

    assert.deepEqual(
      newestAttempts(all).map(({ report }) => report.source),
      ['second', 'another step', 'of an older task', 'of an older task too'].sort((a, b) => order(a) - order(b)),
    );

    function order(source: string): number {
      return -(all.find(({ report }) => report.source === source)?.finishedAt ?? 0);
    }
  });
});

describe('A search among PATs', () => {
  const rows = Array.from({ length: 100 }, (_, index) =>
    entry({ displayName: `sonar ${index}`, authorizationId: `9a9b9c-${index}`, message: 'Not due before 2026-12-19.' }),
  );
  const found = (text: string) => {
    const read_ = read(attached(rows)).rows;
    return read_.filter(searchFor(read_, text)).map(({ pat }) => pat.displayName);
  };

  it('for a name finds that name, not the ids and dates of others', () => {
    assert.deepEqual(found('sonar 97'), ['sonar 97']);
    assert.equal(found('Sonar 9').length, 19);
    assert.deepEqual(found('9a9b9c'), []);
  });

  it('for words of several texts finds what has them all', () => {
    assert.equal(found('vso.code due').length, 100);
    assert.deepEqual(found('vso.code absent'), []);
  });
});
