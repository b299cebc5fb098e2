import { isHistoryUnchanged, isRecordUnchanged } from '../destinations/key-vault/vault.ts';
import { markSuperseded } from '../destinations/output-variables/rename.ts';
import { activeMembers, belongsTo, type Family, type Member } from '../renewal/family.ts';
import { hour, type Instant } from '../renewal/instant.ts';
import { readMarker } from '../renewal/marker.ts';
import { isSettled } from '../renewal/plan.ts';
import { isOwn, type Owner, readDelivery, type SecretVersion, type VersionHistory } from '../renewal/record.ts';
import {
  type NamedState,
  type Retirement,
  retirementByName,
  retirementInVault,
  versionsToDisable,
} from '../renewal/retire.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import { isStillActive, namedState } from './directory.ts';
import type { RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

/** A family with its current PAT, after delivery if there was one. */
export interface Standing {
  readonly selected: SelectedFamily;
  /** With the new PAT among the members. */
  readonly family: Family;
  readonly current: Member;
  readonly owner: Owner;
  readonly namedElsewhere: ReadonlySet<string>;
}

/** Step 6 with a vault: revokes what has been superseded for long enough, then disables the versions that held it. */
export async function retireInVault(
  context: RunContext,
  standing: Standing,
  history: VersionHistory,
): Promise<readonly PatEntry[]> {
  const { selected, family, current, owner, namedElsewhere } = standing;
  const { organization } = selected.directory;
  const { vault } = context.world;
  if (vault === undefined || selected.secretName === undefined || history.length === 0) return [];
  const secret = selected.secretName;
  const isFresh = !selected.directory.byId.has(current.pat.authorizationId.toLowerCase());
  const lastLook = async () => {
    const same = isFresh ? isHistoryUnchanged(vault, secret, history) : isRecordUnchanged(vault, secret, history);
    return (await same) ? undefined : `secret "${secret}" was changed meanwhile`;
  };
  const situation = {
    family,
    owner,
    history,
    current,
    namedElsewhere,
  };
  const revoked = new Set<string>();
  const entries: PatEntry[] = [];
  for (const member of othersOf(family, current)) {
    // A version is never younger than nothing, whatever the clocks say: without grace, one's own delivery counts.
    const now = { pats: organization.pats.now(), vault: Math.max(vault.now(), history.at(-1)?.created ?? 0) };
    const retirement = retirementInVault(member, situation, context.settings.policy, now);
    const entry = await carryOut(context, standing, member, retirement, lastLook);
    if (entry.action === 'revoke' && entry.outcome === 'done') revoked.add(member.pat.authorizationId.toLowerCase());
    entries.push(entry);
  }
  if (!context.settings.dryRun) await disableDeadVersions(context, { ...standing, history }, secret, revoked);
  return entries;
}

/** Step 6 with output variables alone: the date in the PAT's own name decides. */
export async function retireByName(context: RunContext, standing: Standing): Promise<readonly PatEntry[]> {
  const { selected, family, current } = standing;
  const { organization } = selected.directory;
  const { mode, policy } = context.settings;
  // Whether a later step stored the value is not known here: only `revoke`, which runs after it, may go on from it.
  const mayRevoke = mode === 'revoke' || policy.revokeAfterHours === 0;
  const entries: PatEntry[] = [];
  for (const member of othersOf(family, current)) {
    const judged = retirementByName(member, { family, current }, policy, organization.pats.now());
    const retirement: Retirement =
      judged.kind === 'ready' && !mayRevoke
        ? { kind: 'no', why: 'a step with mode revoke, after the one that stores the value, revokes it' }
        : judged;
    entries.push(await carryOut(context, standing, member, retirement, () => isMarkUnchanged(standing, member)));
  }
  return entries;
}

/**
 * After a delivery into a variable: gives every other settled PAT of the family its date, or revokes it at once with
 * no grace. A marker that stands is never postponed.
 */
export async function supersedeByName(context: RunContext, standing: Standing): Promise<readonly PatEntry[]> {
  const { selected, family, current } = standing;
  const { pats } = selected.directory.organization;
  const { policy, dryRun } = context.settings;
  const entries: PatEntry[] = [];
  // One date for all that this delivery supersedes.
  const now = pats.now();
  for (const member of othersOf(family, current)) {
    if (member.marker.kind === 'superseded') {
      const judged = retirementByName(member, { family, current }, policy, now);
      const retirement: Retirement = policy.revokeAfterHours === 0 ? judged : waiting(member.marker.revokeAfter);
      entries.push(await carryOut(context, standing, member, retirement, () => isMarkUnchanged(standing, member)));
    } else if (member.pat.isGlobal) {
      entries.push(
        await carryOut(context, standing, member, { kind: 'no', why: 'it is valid in all organizations' }, unchanged),
      );
    } else if (!isSettled(member, now)) {
      const why = 'it is younger than 12 hours and may belong to another run; a later run looks at it again';
      entries.push(await carryOut(context, standing, member, { kind: 'no', why }, unchanged));
    } else if (policy.revokeAfterHours === 0) {
      entries.push(
        await carryOut(context, standing, member, { kind: 'ready' }, () => isMarkUnchanged(standing, member)),
      );
    } else {
      if (context.world.isStopping()) {
        // The later steps of a cancelled job do not run: nobody may ever store what was handed over.
        const message = 'Left: the job was cancelled. A later run supersedes it.';
        entries.push({ ...listed(member.pat), message });
        continue;
      }
      const revokeAfter = now + policy.revokeAfterHours * hour;
      if (!dryRun) await mark(context, standing, member, revokeAfter);
      entries.push({ ...listed(member.pat), revokeAfter });
    }
  }
  return entries;
}

const unchanged = () => Promise.resolve(undefined);

function waiting(at: Instant): Retirement {
  return { kind: 'later', at };
}

async function mark(context: RunContext, standing: Standing, member: Member, revokeAfter: Instant): Promise<void> {
  const { family, selected } = standing;
  try {
    await markSuperseded(selected.directory.organization.pats, member.pat, family.name, revokeAfter);
  } catch (error) {
    context.warn(
      `"${member.pat.displayName}" (${family.organization}, ${member.pat.authorizationId}) could not be marked as superseded: ` +
        `${sentenceOf(error)} It stays valid. Revoke it by hand once its consumers use the new value.`,
    );
  }
}

/** Why a retirement must stop at the last moment; undefined if it may go on. */
type LastLook = () => Promise<string | undefined>;

async function carryOut(
  context: RunContext,
  standing: Standing,
  member: Member,
  retirement: Retirement,
  lastLook: LastLook,
): Promise<PatEntry> {
  const base = listed(member.pat);
  switch (retirement.kind) {
    case 'current':
      return base;
    case 'later':
      return { ...base, revokeAfter: retirement.at };
    case 'no':
      return { ...base, message: `Left: ${retirement.why}.` };
    case 'ready':
      break;
  }
  if (context.settings.dryRun) return { ...base, action: 'revoke', outcome: 'planned' };
  if (context.world.isStopping()) {
    return { ...base, message: 'Left: the job was cancelled. The next run revokes it.' };
  }
  return revokeNow(context, standing, member, lastLook);
}

async function revokeNow(
  context: RunContext,
  standing: Standing,
  member: Member,
  lastLook: LastLook,
): Promise<PatEntry> {
  const { organization } = standing.selected.directory;
  const base = { ...listed(member.pat), action: 'revoke' } as const;
  let isSent = false;
  try {
    const changed = (await lastLook()) ?? (await whyCurrentFails(standing));
    if (changed !== undefined) {
      const message = `Not revoked, because ${changed}. The next run decides anew.`;
      context.warn(`"${member.pat.displayName}" (${standing.family.organization}): ${message}`);
      return { ...base, outcome: 'skipped', message };
    }
    isSent = true;
    await organization.pats.revoke(member.pat.authorizationId);
    return { ...base, outcome: 'done' };
  } catch (error) {
    const unsure = isSent && error instanceof ServiceError && error.outcome === 'unknown';
    const state = unsure ? 'Whether it was revoked is not certain' : 'It is still valid';
    const inUse = `the PAT in use (${standing.current.pat.authorizationId}) and what is stored stay as they are`;
    const message = `${sentenceOf(error)} ${state}; ${inUse}. The next run looks at it again.`;
    return { ...base, outcome: 'failed', message };
  }
}

/** I2: the current PAT is asked for anew right before each revocation. */
async function whyCurrentFails(standing: Standing): Promise<string | undefined> {
  const { current, family, selected } = standing;
  const found = await isStillActive(selected.directory.organization, current.pat.authorizationId);
  if (found === undefined) return `the PAT in use (${current.pat.authorizationId}) is not active any more`;
  if (!belongsTo(family, found.pat)) return 'the PAT in use was given another name or other scopes meanwhile';
  // Without a vault the name is the record.
  const isMarked = selected.secretName === undefined && readMarker(found.pat.displayName).marker.kind !== 'none';
  return isMarked ? 'the PAT in use was marked meanwhile' : undefined;
}

async function isMarkUnchanged(standing: Standing, member: Member): Promise<string | undefined> {
  const found = await isStillActive(standing.selected.directory.organization, member.pat.authorizationId);
  if (found === undefined) return undefined;
  return found.pat.displayName === member.pat.displayName ? undefined : 'it was renamed meanwhile';
}

async function disableDeadVersions(
  context: RunContext,
  situation: Standing & { readonly history: VersionHistory },
  secret: string,
  revoked: ReadonlySet<string>,
): Promise<void> {
  const { vault } = context.world;
  if (vault === undefined || context.world.isStopping()) return;
  const { directory } = situation.selected;
  const family = {
    ...situation.family,
    members: situation.family.members.filter((member) => !revoked.has(member.pat.authorizationId.toLowerCase())),
  };
  try {
    const states = await statesOfNamed(situation, revoked);
    for (const id of versionsToDisable({ ...situation, family }, (named) => states.get(named) ?? 'unknown')) {
      if (context.world.isStopping()) return;
      await vault.disable(secret, id);
    }
  } catch (error) {
    context.warn(
      `Secret "${secret}" in vault "${vault.name}" (${directory.organization.name}): a version that holds a revoked value ` +
        `could not be disabled: ${sentenceOf(error)} The value does not work any more; the next run tries again.`,
    );
  }
}

/** What became of the PATs that older, enabled versions name. */
async function statesOfNamed(
  situation: Standing & { readonly history: VersionHistory },
  revoked: ReadonlySet<string>,
): Promise<ReadonlyMap<string, NamedState>> {
  const states = new Map<string, NamedState>();
  for (const version of situation.history.slice(0, -1)) {
    const id = ownNamed(version, situation.owner);
    if (id === undefined || states.has(id)) continue;
    if (revoked.has(id)) states.set(id, 'revoked');
    else if (id === situation.current.pat.authorizationId.toLowerCase()) states.set(id, 'active');
    else states.set(id, namedState(await situation.selected.directory.find(id)));
  }
  return states;
}

function ownNamed(version: SecretVersion, owner: Owner): string | undefined {
  const delivery = version.enabled ? readDelivery(version) : undefined;
  return delivery !== undefined && isOwn(delivery, owner) ? delivery.authorizationId : undefined;
}

function othersOf(family: Family, current: Member): readonly Member[] {
  return activeMembers(family).filter((member) => member.pat.authorizationId !== current.pat.authorizationId);
}
