import assert from 'node:assert/strict';
import { failureOf, issuesOf } from '../../src/report/issues.ts';
import { resultOf } from '../../src/report/run-report.ts';
import { entry, reportOf } from './example-report.ts';

const failed = (displayName: string, more: { message?: string; cause?: string } = {}) =>
  entry({ displayName, action: 'replace', outcome: 'failed', message: `${displayName} is refused.`, ...more });

describe('The issues of a step', () => {
  it('begin with how many failed, and say of each what and why', () => {
    const { errors } = issuesOf(reportOf([failed('Deploy'), failed('Wiki')]));
    assert.deepEqual(errors, [
      '2 PATs failed. Renewed 0, revoked 0, skipped 0, failed 2.',
      '"Deploy" (id-of-Deploy): Deploy is refused.',
      '"Wiki" (id-of-Wiki): Wiki is refused.',
    ]);
  });

  it('tell one cause once, with the first few names and how many more', () => {
    const pats = Array.from({ length: 60 }, (_, index) => failed(`P${index}`, { cause: 'no such vault' }));
    const { errors } = issuesOf(reportOf(pats));
    assert.equal(errors.length, 2);
    assert.equal(
      errors[1],
      '60 PATs failed alike: "P0", "P1", "P2", "P3", "P4" and 55 more. Of the first: P0 is refused.',
    );
  });

  it('are ten at most, for the agent keeps no more: the last one says how many there are besides', () => {
    const pats = Array.from({ length: 30 }, (_, index) => failed(`P${index}`));
    const { errors, warnings } = issuesOf(reportOf(pats, { warnings: pats.map(({ displayName }) => displayName) }));
    assert.deepEqual([errors.length, warnings.length], [10, 10]);
    assert.match(errors[9] ?? '', /^And 22 more/);
    assert.match(warnings[0] ?? '', /^30 things go wrong/);
  });

  it('name an organization that could not be read, whatever else went well', () => {
    const report = reportOf([entry({ displayName: 'Deploy' })], {
      unreachable: [{ organization: 'fabrikam', message: 'It did not answer.' }],
    });
    assert.match(failureOf(report) ?? '', /^Organization "fabrikam" could not be read\. Renewed/);
    assert.equal(issuesOf(report).errors[1], 'Organization "fabrikam" was left out: It did not answer.');
  });

  it('name what ends too soon by failDays', () => {
    const report = reportOf([], { endingTooSoon: ['"Deploy" ends on 2026-11-28T04:00:00Z'] });
    assert.match(failureOf(report) ?? '', /^"Deploy" ends on 2026-11-28T04:00:00Z; the input failDays/);
  });

  const results = [
    { name: 'a run that did what it should succeeds', more: {}, expected: 'Succeeded' },
    { name: 'what is merely good to know changes nothing', more: { notices: ['Fine.'] }, expected: 'Succeeded' },
    {
      name: 'what goes wrong unless somebody acts is an issue',
      more: { warnings: ['Act.'] },
      expected: 'SucceededWithIssues',
    },
    {
      name: 'a failure is one whatever else is told',
      more: { warnings: ['Act.'], failure: 'No.' },
      expected: 'Failed',
    },
  ] as const;
  for (const { name, more, expected } of results) {
    it(name, () => assert.equal(resultOf(reportOf([], more)), expected));
  }
});
