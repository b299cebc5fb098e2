import assert from 'node:assert/strict';
import {
  type Action,
  type Counts,
  countsOf,
  type EntryOutcome,
  hasFailed,
  listed,
} from '../../src/report/run-report.ts';
import { pat } from '../renewal/examples.ts';
import { entry, reportOf } from './example-report.ts';

const none: Counts = { renewed: 0, revoked: 0, skipped: 0, failed: 0 };
const reportWith = (action: Action, outcome: EntryOutcome) => reportOf([entry({ displayName: 'a', action, outcome })]);

describe('the counts of a run', () => {
  const cases: readonly { action: Action; outcome: EntryOutcome; expected: Partial<Counts> }[] = [
    { action: 'extend', outcome: 'done', expected: { renewed: 1 } },
    { action: 'replace', outcome: 'done', expected: { renewed: 1 } },
    { action: 'revoke', outcome: 'done', expected: { revoked: 1 } },
    { action: 'skip', outcome: 'skipped', expected: { skipped: 1 } },
    { action: 'extend', outcome: 'skipped', expected: { skipped: 1 } },
    { action: 'revoke', outcome: 'skipped', expected: { skipped: 1 } },
    { action: 'replace', outcome: 'failed', expected: { failed: 1 } },
    { action: 'extend', outcome: 'planned', expected: {} },
    { action: 'revoke', outcome: 'planned', expected: {} },
    { action: 'none', outcome: 'done', expected: {} },
  ];
  for (const { action, outcome, expected } of cases) {
    it(`count ${action}, ${outcome}, as ${Object.keys(expected).join() || 'nothing'}`, () => {
      assert.deepEqual(countsOf(reportWith(action, outcome)), { ...none, ...expected });
    });
  }

  it('are those of all organizations together', () => {
    const pats = [entry({ displayName: 'a', action: 'extend' })];
    const organizations = ['contoso', 'fabrikam'].map((organization) => ({ organization, pats, leftOut: [] }));
    assert.deepEqual(countsOf(reportOf([], { organizations })), { ...none, renewed: 2 });
  });
});

describe('a step has failed', () => {
  const unreachable = [{ organization: 'fabrikam', message: 'It was not found.' }];
  const cases = [
    { name: 'not with an empty selection', report: reportOf([]), expected: false },
    { name: 'not when all went well', report: reportWith('replace', 'done'), expected: false },
    { name: 'not when PATs were left', report: reportWith('skip', 'skipped'), expected: false },
    { name: 'when any PAT failed', report: reportWith('replace', 'failed'), expected: true },
    {
      name: 'when any PAT was refused in a dry run',
      report: { ...reportWith('replace', 'failed'), dryRun: true },
      expected: true,
    },
    {
      name: 'when any organization of several could not be read',
      report: reportOf([], { unreachable }),
      expected: true,
    },
    {
      name: 'when something in use ends within failDays',
      report: reportOf([], { endingTooSoon: ['"Deploy" ends on 2026-11-28T04:00:00Z'] }),
      expected: true,
    },
    { name: 'not for what a person should look at', report: reportOf([], { warnings: ['Look.'] }), expected: false },
    {
      name: 'when no organization could be read',
      report: reportOf([], { organizations: [], unreachable }),
      expected: true,
    },
    { name: 'when the sign-in failed', report: reportOf([], { organizations: [], failure: 'No.' }), expected: true },
  ];
  for (const { name, report, expected } of cases) it(name, () => assert.equal(hasFailed(report), expected));
});

describe('a PAT about which nothing is done', () => {
  it('is listed as it stands', () => {
    const { authorizationId, displayName, scope, validFrom, validTo } = pat('a');
    assert.deepEqual(listed(pat('a')), {
      displayName,
      authorizationId,
      action: 'none',
      outcome: 'done',
      scope,
      validFrom,
      validTo,
    });
  });
});
