import assert from 'node:assert/strict';
import { day, hour } from '../../src/renewal/instant.ts';
import { reportJson } from '../../src/report/json.ts';
import { entry, now, replaced, reportOf } from './example-report.ts';

describe('report.json', () => {
  it('tells of a run as the contract describes it', () => {
    const report = reportOf(
      [
        replaced('Build feed'),
        entry({ displayName: 'Deploy', action: 'skip', outcome: 'skipped', message: 'Not due before 2027.' }),
      ],
      { nextExpiry: now + 60 * day, warnings: ['Act.'], notices: ['Good to know.'] },
    );

    assert.deepEqual(JSON.parse(reportJson(report)), {
      version: 1,
      mode: 'advanced',
      dryRun: false,
      startedAt: '2026-11-23T03:59:55.000Z',
      finishedAt: '2026-11-23T04:00:00.000Z',
      account: 'renew@contoso.com',
      organizations: [
        {
          organization: 'contoso',
          pats: [
            {
              displayName: 'Build feed',
              authorizationId: 'id-of-Build feed',
              action: 'replace',
              outcome: 'done',
              scope: 'vso.code',
              validFrom: '2026-11-23T04:00:00.000Z',
              validTo: '2027-01-22T04:00:00.000Z',
              previousValidTo: '2026-12-03T04:00:00.000Z',
              newAuthorizationId: 'new-id-of-Build feed',
              destination: 'contoso-vault/Build-feed',
              revokeAfter: '2026-11-25T04:00:00.000Z',
            },
            {
              displayName: 'Deploy',
              authorizationId: 'id-of-Deploy',
              action: 'skip',
              outcome: 'skipped',
              scope: 'vso.code',
              validFrom: '2026-10-04T04:00:00.000Z',
              validTo: '2027-01-22T04:00:00.000Z',
              message: 'Not due before 2027.',
            },
          ],
        },
      ],
      unreachable: [],
      warnings: ['Act.', 'Good to know.'],
      nextExpiry: '2027-01-22T04:00:00.000Z',
      counts: { renewed: 1, revoked: 0, skipped: 1, failed: 0 },
    });
  });

  it('keeps any name as it is: whoever reads JSON gets the text', () => {
    const displayName = '##vso[x] "\n\u202e';
    const { organizations } = JSON.parse(reportJson(reportOf([entry({ displayName, revokeAfter: now + hour })])));
    assert.equal(organizations[0].pats[0].displayName, displayName);
  });

  it('ends with a line break, as a text file does', () => {
    assert.match(reportJson(reportOf([])), /\}\n$/);
  });
});
