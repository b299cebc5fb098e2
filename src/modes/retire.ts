import { entriesToDiscard, isOurs, type NamedState } from '../renewal/discard.ts';
import { activeMembers, belongsTo, type Member } from '../renewal/family.ts';
import { readMarker } from '../renewal/marker.ts';
import {
  type Retirement,
  retirementByLog,
  retirementByName,
  retirementEverywhere,
  type Situation,
  type StayReason,
} from '../renewal/retire.ts';
import { stayWords } from '../report/reasons.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import { isStillActive } from './listing.ts';
import { causeOf, type FamilyInRun, namedAtSource, type SeenPlace } from './observe.ts';
import type { RunContext } from './run-context.ts';

/** Step 6: whether each other active member may be revoked, by all that remembers the deliveries. */
export function judgeOthers(
  context: Pick<RunContext, 'settings'>,
  item: FamilyInRun,
  current: Member,
): readonly { readonly member: Member; readonly retirement: Retirement }[] {
  const others = activeMembers(item.family).filter(({ pat }) => pat.authorizationId !== current.pat.authorizationId);
  return others.map((member) => ({ member, retirement: judge(context, item, current, member) }));
}

function judge(
  { settings }: Pick<RunContext, 'settings'>,
  item: FamilyInRun,
  current: Member,
  member: Member,
): Retirement {
  const { pats } = item.selected.listing.organization;
  const { family, seen } = item;
  if (!pats.tellsTime() || seen.some(({ sight }) => !sight.tellsTime())) return { kind: 'no', why: 'no time told' };
  if (item.observation.kind === 'names')
    return retirementByName(member, { family, current }, settings.policy, pats.now());
  if (item.unseen.length > 0) return { kind: 'no', why: 'place not read' };
  const situation = situationOf(item, current);
  return retirementEverywhere(
    seen.map(({ evidence, sight }) => {
      // An entry is never younger than nothing, whatever the clocks say: without grace, one's own delivery counts.
      const now = { pats: pats.now(), place: Math.max(sight.now(), evidence.log.at(-1)?.at ?? 0) };
      return retirementByLog(member, situation, evidence, settings.policy, now);
    }),
  );
}

function situationOf(item: FamilyInRun, current: Member): Situation {
  const { family, owner, namedElsewhere, mayBeInCopy, selected } = item;
  const isListed = (id: string) => selected.listing.byId.has(id);
  return { family, owner, current, namedElsewhere, mayBeInCopy, isListed, namedAtSource: namedAtSource(item) };
}

/** Revokes what has been superseded for long enough, then makes the entries unreadable that held it. */
export async function retire(context: RunContext, item: FamilyInRun, current: Member): Promise<readonly PatEntry[]> {
  const revoked = new Set<string>();
  const entries: PatEntry[] = [];
  for (const { member, retirement } of judgeOthers(context, item, current)) {
    const entry = await carryOut(context, item, current, member, retirement);
    if (entry.action === 'revoke' && entry.outcome === 'done') revoked.add(member.pat.authorizationId.toLowerCase());
    entries.push(entry);
  }
  if (!context.settings.dryRun) {
    for (const place of item.seen) await discardDead(context, item, current, place, revoked);
  }
  return entries;
}

export async function carryOut(
  context: RunContext,
  item: FamilyInRun,
  current: Member,
  member: Member,
  retirement: Retirement,
): Promise<PatEntry> {
  const base = listed(member.pat);
  switch (retirement.kind) {
    case 'current':
      return base;
    case 'later':
      return { ...base, revokeAfter: retirement.at };
    case 'no':
      return left(member, retirement.why);
    case 'ready':
      break;
  }
  if (context.settings.dryRun) return { ...base, action: 'revoke', outcome: 'planned' };
  if (context.world.isStopping()) {
    return left(member, 'cancelled');
  }
  return revokeNow(context, item, current, member);
}

/** The line of a PAT that is not revoked, and why. */
export function left({ pat }: Member, stays: StayReason): PatEntry {
  return { ...listed(pat), stays, message: `Left: ${stayWords(stays)}.` };
}

async function revokeNow(context: RunContext, item: FamilyInRun, current: Member, member: Member): Promise<PatEntry> {
  const { organization } = item.selected.listing;
  const base = { ...listed(member.pat), action: 'revoke' } as const;
  let isSent = false;
  try {
    const changed = await lastLook(item, current, member);
    if (changed !== undefined) {
      const message = `Not revoked, because ${changed}. The next run decides anew.`;
      context.warn(`"${member.pat.displayName}" (${item.family.organization}): ${message}`);
      return { ...base, outcome: 'skipped', message };
    }
    isSent = true;
    await organization.pats.revoke(member.pat.authorizationId);
    return { ...base, outcome: 'done' };
  } catch (error) {
    const unsure = isSent && error instanceof ServiceError && error.outcome === 'unknown';
    const state = unsure ? 'Whether it was revoked is not certain' : 'It is still valid';
    const inUse = `the PAT in use (${current.pat.authorizationId}) and what is stored stay as they are`;
    const message = `${sentenceOf(error)} ${state}; ${inUse}. The next run looks at it again.`;
    const cause = error instanceof ServiceError ? causeOf(error) : 'unexpected';
    return { ...base, outcome: 'failed', message, cause };
  }
}

/** I1, I2: right before each revocation the record, the PAT in use and the one that goes are asked for anew. */
async function lastLook(item: FamilyInRun, current: Member, member: Member): Promise<string | undefined> {
  const { seen, family, selected } = item;
  const { organization } = selected.listing;
  for (const { place, sight } of seen) {
    if (!(await sight.isUnchanged())) return `${place.phrase} was changed meanwhile`;
  }
  const inUse = await isStillActive(organization, current.pat.authorizationId);
  if (inUse === undefined) return `the PAT in use (${current.pat.authorizationId}) is not active any more`;
  if (!belongsTo(family, inUse.pat)) return 'the PAT in use was given another name or other scopes meanwhile';
  // Handed over: the name is the record.
  if (seen.length === 0 && readMarker(inUse.pat.displayName).marker.kind !== 'none') {
    return 'the PAT in use was marked meanwhile';
  }
  const found = await isStillActive(organization, member.pat.authorizationId);
  if (found === undefined) return undefined;
  if (found.pat.displayName !== member.pat.displayName) return 'it was renamed meanwhile';
  if (!belongsTo(family, found.pat)) return 'it was given other scopes meanwhile';
  return found.pat.isShared ? 'it was made valid in several organizations meanwhile' : undefined;
}

async function discardDead(
  context: RunContext,
  item: FamilyInRun,
  current: Member,
  { place, sight, evidence }: SeenPlace,
  revoked: ReadonlySet<string>,
): Promise<void> {
  if (sight.discard === undefined || context.world.isStopping()) return;
  const { listing } = item.selected;
  const { log } = evidence;
  const isListed = (id: string) => listing.byId.has(id);
  const family = {
    ...item.family,
    members: item.family.members.filter(({ pat }) => !revoked.has(pat.authorizationId.toLowerCase())),
  };
  try {
    const states = new Map<string, NamedState>();
    for (const entry of log.slice(0, -1)) {
      const id = entry.isServed && isOurs(entry, item.owner, isListed) ? entry.claim?.authorizationId : undefined;
      if (id === undefined || states.has(id)) continue;
      if (revoked.has(id)) states.set(id, 'revoked');
      else if (id === current.pat.authorizationId.toLowerCase()) states.set(id, 'active');
      else {
        const found = await listing.find(id);
        states.set(id, found.kind === 'gone' ? 'revoked' : found.kind);
      }
    }
    const situation = { family, owner: item.owner, log, current };
    for (const key of entriesToDiscard(situation, isListed, (id) => states.get(id) ?? 'unknown')) {
      if (context.world.isStopping()) return;
      await sight.discard([key]);
    }
  } catch (error) {
    context.notice(
      `${place.phrase} (${listing.organization.name}): a version that holds a revoked value could not be disabled: ` +
        `${sentenceOf(error)} The value does not work any more; the next run tries again.`,
    );
  }
}
