import type { Member } from '../renewal/family.ts';
import { toIsoSeconds } from '../renewal/instant.ts';
import type { PatEntry } from '../report/run-report.ts';
import type { FamilyInRun } from './observe.ts';
import type { RunContext } from './run-context.ts';

/**
 * Tells of each PAT that the task revokes for the first time, or has just given a date: whoever still uses its value must
 * have moved by then.
 * @param item the family before this run touched it
 * @param retired what came of its other PATs
 */
export function tellOfAdoption(context: RunContext, item: FamilyInRun, retired: readonly PatEntry[]): void {
  const { family, seen } = item;
  const [source] = seen;
  if (source === undefined) return;
  for (const entry of retired) {
    const member = family.members.find(({ pat }) => pat.authorizationId === entry.authorizationId);
    const revoked = whenRevoked(context, entry);
    if (member === undefined || revoked === undefined || wasToldOf(member, item)) continue;
    const who = `"${member.pat.displayName}" (${family.organization}, ${entry.authorizationId})`;
    context.notice({
      cause: `adoption ${revoked.when}`,
      about: who,
      sentence: `${who} ${revoked.when}: its consumers must read the value from ${source.place.label} ${revoked.until}. What held it before (a file, another secret or variable) keeps the old one.`,
      ofSeveral: (whom) =>
        `${whom}: each ${revoked.when}, and their consumers must read the values from their places ${revoked.until}. What held them before (a file, another secret or variable) keeps the old ones.`,
      rank: 1,
    });
  }
}

/** A run that delivered after the PAT was made has told of it, unless somebody put a value on top since. */
function wasToldOf({ pat }: Member, { seen }: FamilyInRun): boolean {
  const [source] = seen;
  if (source === undefined) return false;
  const { log, standing } = source.evidence;
  const isOnTop = standing.kind === 'own';
  return log.some(
    ({ claim, at }) =>
      claim !== undefined &&
      (claim.authorizationId === pat.authorizationId.toLowerCase() || (isOnTop && at >= pat.validFrom)),
  );
}

function whenRevoked({ settings }: RunContext, { action, outcome, revokeAfter }: PatEntry) {
  const will = settings.dryRun ? 'would' : 'will';
  if (revokeAfter !== undefined)
    return { when: `${will} be revoked after ${toIsoSeconds(revokeAfter)}`, until: 'by then' };
  if (action !== 'revoke') return undefined;
  if (outcome === 'planned') return { when: 'would be revoked now', until: 'by then' };
  return outcome === 'done' ? { when: 'was revoked', until: 'from now on' } : undefined;
}
