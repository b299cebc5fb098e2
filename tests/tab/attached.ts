import { day, hour } from '../../src/renewal/instant.ts';
import { reportAttachment } from '../../src/report/attachment.ts';
import type { PatEntry, RunReport } from '../../src/report/run-report.ts';
import { entry, now, replaced, reportOf } from '../report/example-report.ts';

/** What a run's step attaches. */
export function attached(
  pats: readonly PatEntry[],
  more: Partial<RunReport> & { readonly source?: string; readonly step?: string } = {},
): string {
  const { source = 'Job', step, ...report } = more;
  return reportAttachment(reportOf(pats, report), { warnDays: 14, source, step });
}

/** A PAT in each state that a run knows. */
export const oneOfEach: readonly PatEntry[] = [
  replaced('Build feed'),
  entry({ displayName: 'Wiki', action: 'skip', outcome: 'skipped', message: 'Not due before 2026-12-23T04:00:00Z.' }),
  entry({ displayName: 'Nightly tests', scope: 'vso.test', validTo: now + 5 * day }),
  entry({ displayName: 'Mirror', action: 'extend', previousValidTo: now + 10 * day }),
  entry({ displayName: 'Deploy', authorizationId: 'old-deploy', revokeAfter: now + hour, validTo: now + 20 * day }),
  entry({ displayName: 'Deploy', authorizationId: 'new-deploy', validFrom: now - 47 * hour }),
  entry({ displayName: 'Release', action: 'revoke', validTo: now + 20 * day }),
  entry({ displayName: 'Gone', validTo: now - 30 * day }),
  entry({ displayName: 'Signing', action: 'replace', outcome: 'failed', message: 'Refused: somebody’s value.' }),
];
