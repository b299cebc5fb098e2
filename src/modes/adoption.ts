import type { Family, Member } from '../renewal/family.ts';
import { toIsoSeconds } from '../renewal/instant.ts';
import type { Observation } from '../renewal/plan.ts';
import { namedPat } from '../renewal/record.ts';
import type { PatEntry } from '../report/run-report.ts';
import type { Standing } from './retire.ts';
import type { RunContext } from './run-context.ts';

/**
 * Warns of each PAT that the task revokes for the first time, or has just given a date: whoever still uses its value
 * must have moved by then.
 * @param observation the destination before this run touched it
 * @param retired what came of the family's other PATs
 */
export function warnOfAdoption(
  context: RunContext,
  standing: Standing,
  observation: Observation,
  retired: readonly PatEntry[],
): void {
  const { family, selected } = standing;
  const { vault } = context.world;
  for (const entry of retired) {
    const member = family.members.find(({ pat }) => pat.authorizationId === entry.authorizationId);
    const revoked = whenRevoked(entry);
    if (member === undefined || revoked === undefined || wasToldOf(member, family, observation)) continue;
    const what = `"${member.pat.displayName}" (${family.organization}, ${entry.authorizationId}) ${revoked.when}`;
    context.warn(
      vault === undefined || selected.secretName === undefined
        ? `${what}. Its consumers must use the value of the output variable ${selected.variable} ${revoked.until}.`
        : `${what}, for the first time by this task. Its consumers must read the value from ${vault.name}/${selected.secretName} ${revoked.until}.`,
    );
  }
}

/** A run that delivered after the PAT was made has told of it, unless somebody put a value on top since. */
function wasToldOf({ pat }: Member, family: Family, observation: Observation): boolean {
  // Names tell that some run has delivered, and not which PATs it found.
  if (observation.kind === 'names') return family.members.some(({ marker }) => marker.kind === 'superseded');
  const isOnTop = observation.newest.kind === 'record';
  return observation.history.some((version) => {
    const named = namedPat(version);
    return (
      named === pat.authorizationId.toLowerCase() ||
      (isOnTop && named !== undefined && version.created >= pat.validFrom)
    );
  });
}

function whenRevoked({ action, outcome, revokeAfter }: PatEntry) {
  if (revokeAfter !== undefined)
    return { when: `will be revoked after ${toIsoSeconds(revokeAfter)}`, until: 'by then' };
  if (action !== 'revoke') return undefined;
  if (outcome === 'planned') return { when: 'would be revoked now', until: 'by then' };
  return outcome === 'done' ? { when: 'was revoked', until: 'from now on' } : undefined;
}
