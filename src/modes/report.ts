import { observeSecret } from '../destinations/key-vault/vault.ts';
import { inPool } from '../pool.ts';
import { activeMembers, belongsTo, type Member } from '../renewal/family.ts';
import { day, type Instant, toIsoSeconds } from '../renewal/instant.ts';
import { endOf } from '../renewal/pat.ts';
import { retirementInVault } from '../renewal/retire.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import { sentenceOf } from '../services/service-error.ts';
import type { FamilyResult, RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

/** Mode *report*: changes nothing; tells of every selected PAT, and warns of those that end soon. */
export async function listFamilies(
  context: RunContext,
  selected: readonly SelectedFamily[],
): Promise<readonly FamilyResult[]> {
  return inPool(selected, context.settings.concurrency, async (item) => ({
    selected: item,
    entries: await listFamily(context, item),
  }));
}

async function listFamily(context: RunContext, selected: SelectedFamily): Promise<readonly PatEntry[]> {
  const { family, directory } = selected;
  const leaving = await datesOfLeaving(context, selected);
  const now = directory.organization.pats.now();
  for (const member of family.members) {
    const isLeaving = leaving.has(member.pat.authorizationId) || member.marker.kind !== 'none';
    if (member.state === 'active' && !isLeaving) {
      context.noteCurrent(member);
      warnOfEnd(context, selected, member, now);
    }
  }
  if (!directory.activeNames.has(family.name)) warnOfExpired(context, selected);
  return family.members.map((member): PatEntry => {
    const revokeAfter = leaving.get(member.pat.authorizationId);
    return revokeAfter === undefined ? listed(member.pat) : { ...listed(member.pat), revokeAfter };
  });
}

/** PATs of the family that have been superseded, and when they may be revoked. */
async function datesOfLeaving(context: RunContext, selected: SelectedFamily): Promise<ReadonlyMap<string, Instant>> {
  const { vault } = context.world;
  const { family, directory, secretName, nameProblem } = selected;
  const active = activeMembers(family);
  const dates = new Map<string, Instant>();
  for (const { marker, pat } of active) {
    if (marker.kind === 'superseded') dates.set(pat.authorizationId, marker.revokeAfter);
  }
  if (vault === undefined || secretName === undefined || nameProblem !== undefined || active.length < 2) return dates;
  if (context.world.isStopping()) {
    context.warn('The job was cancelled before all secrets were read: the dates of revocation are not complete.');
    return dates;
  }
  try {
    const { organization } = directory;
    const owner = { account: await organization.accountId(), organization: organization.name };
    const { history, current } = await observeSecret(vault, secretName, directory, owner, false);
    if (current.kind !== 'active' || !belongsTo(family, current.member.pat)) return dates;
    const situation = {
      family,
      owner,
      history,
      current: current.member,
      namedElsewhere: new Set<string>(),
    };
    const now = { pats: organization.pats.now(), vault: vault.now() };
    for (const member of active) {
      const retirement = retirementInVault(member, situation, context.settings.policy, now);
      if (retirement.kind === 'later') dates.set(member.pat.authorizationId, retirement.at);
      if (retirement.kind === 'ready') dates.set(member.pat.authorizationId, now.pats);
    }
  } catch (error) {
    context.warn(
      `"${family.name}" (${family.organization}): its secret could not be read, so which PAT is in use is not known: ${sentenceOf(error)}`,
    );
  }
  return dates;
}

function warnOfEnd(context: RunContext, selected: SelectedFamily, member: Member, now: Instant): void {
  const { warnDays } = context.settings;
  const end = endOf(member.pat);
  if (end - now > warnDays * day) return;
  context.warn(
    `"${member.pat.displayName}" (${selected.family.organization}) ends on ${toIsoSeconds(end)}, within ${warnDays} days. ` +
      'Renew it with mode simple or advanced.',
  );
}

function warnOfExpired(context: RunContext, selected: SelectedFamily): void {
  const newest = selected.family.members.at(-1);
  if (newest === undefined) return;
  context.warn(
    `"${selected.family.name}" (${selected.family.organization}) has expired on ${toIsoSeconds(endOf(newest.pat))}. ` +
      'Mode advanced with includeExpired replaces it.',
  );
}
