import type { Instant } from '../renewal/instant.ts';
import type { PatEntry } from './run-report.ts';

/** What was done about a PAT, or what it is, in a word or two. */
export function deed(entry: PatEntry, now: Instant): string {
  const { action, outcome } = entry;
  if (outcome === 'failed') return 'FAILED';
  if (action === 'skip') return 'left';
  if (outcome === 'skipped') return action === 'extend' ? 'not extended' : 'left';
  const planned = outcome === 'planned';
  switch (action) {
    case 'extend':
      return planned ? 'would extend' : 'extended';
    case 'replace':
      return planned ? 'would replace' : 'replaced';
    case 'revoke':
      return planned ? 'would revoke' : 'revoked';
    case 'none':
      if (entry.validTo <= now) return 'expired';
      if (entry.revokeAfter !== undefined) return 'superseded';
      return entry.message === undefined ? 'in use' : 'left';
  }
}
