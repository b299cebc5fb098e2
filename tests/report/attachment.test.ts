import assert from 'node:assert/strict';
import { day, hour, toIso } from '../../src/renewal/instant.ts';
import { reportAttachment } from '../../src/report/attachment.ts';
import type { AttachedReport } from '../../src/report/attachment-format.ts';
import { reportJson } from '../../src/report/json.ts';
import { entry, now, replaced, reportOf } from './example-report.ts';

const attached = (report: Parameters<typeof reportAttachment>[0]): AttachedReport =>
  JSON.parse(reportAttachment(report, { warnDays: 14, source: 'Job / Renew PATs' }));

describe('the attachment for the results tab', () => {
  const old = entry({ displayName: 'Deploy', authorizationId: 'old', revokeAfter: now + hour });
  const current = entry({ displayName: 'Deploy', authorizationId: 'current', validFrom: now - 47 * hour });
  const report = reportOf([replaced('Build feed'), old, current], { nextExpiry: now + 60 * day, warnings: ['Look.'] });

  it('is report.json and more', () => {
    const { organizations, ...document } = JSON.parse(reportJson(report));
    const { organizations: more, ...attachment } = attached(report);

    assert.deepEqual(attachment, {
      ...document,
      source: 'Job / Renew PATs',
      warnDays: 14,
      nextExpiry: toIso(now + 60 * day),
      notices: [],
      endingTooSoon: [],
      warnings: ['Look.'],
      unreachable: [],
    });
    assert.deepEqual(
      more.map(({ organization, pats }) => ({
        organization,
        pats: pats.map(({ authorizationId }) => authorizationId),
      })),
      organizations.map(({ organization, pats }: (typeof more)[number]) => ({
        organization,
        pats: pats.map(({ authorizationId }) => authorizationId),
      })),
    );
  });

  it('says when a PAT was superseded: when the next one of its family was made', () => {
    const [build, superseded, used] = attached(report).organizations[0]?.pats ?? [];

    assert.equal(build?.supersededAt, toIso(now));
    assert.equal(build?.previousValidFrom, toIso(now - 50 * day));
    assert.equal(superseded?.supersededAt, toIso(now - 47 * hour));
    assert.equal(used?.supersededAt, undefined);
  });

  it('says of none that it was superseded by a value that was only handed over', () => {
    const { revokeAfter: _, ...handed } = { ...replaced('Deploy'), destination: 'PAT_DEPLOY' };
    const [told] = attached(reportOf([handed])).organizations[0]?.pats ?? [];

    assert.equal(told?.supersededAt, undefined);
  });

  it('finds the successor of a marked PAT by its plain name', () => {
    const displayName = 'Deploy (Renew PATs: revoke after 2026-11-25T04:00:00Z)';
    const [marked] = attached(reportOf([entry({ displayName }), current])).organizations[0]?.pats ?? [];

    assert.equal(marked?.supersededAt, toIso(now - 47 * hour));
  });

  it('says in a word or two what was done, as the log does', () => {
    const told = attached(report).organizations[0]?.pats.map(({ matter, done }) => `${matter}: ${done}`);

    assert.deepEqual(told, ['changed: replaced', 'leaving: superseded', 'in use: in use']);
  });

  it('leaves report.json as it is documented', () => {
    const [first] = JSON.parse(reportJson(report)).organizations[0].pats;

    assert.deepEqual(Object.keys(first).sort(), [
      ...[
        'action',
        'authorizationId',
        'destination',
        'displayName',
        'newAuthorizationId',
        'outcome',
        'previousValidTo',
      ],
      ...['revokeAfter', 'scope', 'validFrom', 'validTo'],
    ]);
  });
});
