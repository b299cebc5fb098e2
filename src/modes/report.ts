import { unconfirmed } from '../renewal/confirm.ts';
import { activeMembers, type Member } from '../renewal/family.ts';
import type { Instant } from '../renewal/instant.ts';
import { toIsoSeconds } from '../renewal/instant.ts';
import { currentOf } from '../renewal/observation.ts';
import { endOf } from '../renewal/pat.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import { warnOfEnd, warnOfExpired } from './ends.ts';
import { named, placesOf, plainActive } from './entries.ts';
import { type FamilyInRun, isBehind, isObserved, type Observed, observeAll } from './observe.ts';
import { judgeOthers, left } from './retire.ts';
import type { FamilyOutcome, FamilyResult, RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

/** Mode *report*: changes nothing; tells of every selected PAT, and warns of those that end soon. */
export async function reportAll(
  context: RunContext,
  selected: readonly SelectedFamily[],
): Promise<readonly FamilyResult[]> {
  const observed = await observeAll(context, selected);
  return observed.map((item) => ({ selected: item.selected, ...reportFamily(context, item) }));
}

function reportFamily(context: RunContext, item: Observed): FamilyOutcome {
  const { selected } = item;
  const { family, listing } = selected;
  const current = isObserved(item) ? currentOf(family, item.observation, context.settings.policy) : undefined;
  const leaving = datesOfLeaving(context, item, current);
  const staying = passedOver(context, item, current);
  const inUse = membersInUse(item, current).filter(
    ({ pat }) => !leaving.has(pat.authorizationId) && !staying.has(pat.authorizationId),
  );
  for (const member of inUse) warnOfEnd(context, selected, member);
  for (const { pat } of unconfirmed(family, new Set(), listing.organization.pats.now())) {
    const who = `"${pat.displayName}" (${family.organization}, ${pat.authorizationId})`;
    const told = 'handed over, and never confirmed';
    const known = 'whether anything uses it is not known';
    context.warn({
      cause: 'unconfirmed',
      about: `${who}, ends ${toIsoSeconds(endOf(pat))}`,
      sentence: `${who}: its value was ${told}; ${known}. It ends on ${toIsoSeconds(endOf(pat))}.`,
      ofSeveral: (whom) => `These values were ${told}, and whether anything uses them is not known: ${whom}.`,
      rank: 0,
    });
  }
  if (!listing.activeNames.has(family.name)) tellOfExpired(context, selected);
  if (!isObserved(item) && item.kind.code === 'refused') {
    context.warn({
      cause: `unread ${item.kind.cause}`,
      about: named(selected),
      sentence: `${named(selected)}: which PAT is in use is not known. ${item.kind.message}`,
      ofSeveral: (whom) => `${whom}: which PATs are in use is not known. Of the first: ${itemMessage(item)}`,
      rank: 1,
    });
  }
  const entries = family.members.map((member): PatEntry => {
    const revokeAfter = leaving.get(member.pat.authorizationId);
    const places = member === current ? placesAsSeen(item, current) : {};
    const stays = staying.get(member.pat.authorizationId) ?? {};
    return { ...listed(member.pat), ...places, ...stays, ...(revokeAfter === undefined ? {} : { revokeAfter }) };
  });
  return { entries, currents: inUse };
}

/** By names alone the youngest of the plain name is the one in use, and what was never confirmed may be. */
function membersInUse(item: Observed, current: Member | undefined): readonly Member[] {
  const active = activeMembers(item.selected.family).filter(({ marker }) => marker.kind !== 'superseded');
  if (current === undefined || !isObserved(item) || item.observation.kind !== 'names') return active;
  return active.filter((member) => member === current || member.marker.kind === 'new');
}

/** Whom another one of the name has taken the place of, without a date on which they go; and why, for their lines. */
function passedOver(
  context: RunContext,
  item: Observed,
  current: Member | undefined,
): ReadonlyMap<string, Pick<PatEntry, 'stays' | 'message'>> {
  if (current === undefined || !isObserved(item)) return new Map();
  if (item.observation.kind === 'names') {
    const message =
      'A younger PAT of this name and scopes is active; only its place says which one is in use (input keyVault, for one).';
    const older = plainActive(item.selected.family).filter((member) => member !== current);
    return new Map(older.map(({ pat }) => [pat.authorizationId, { stays: 'not marked', message }]));
  }
  const shared = judgeOthers(context, item as FamilyInRun, current).filter(
    ({ retirement }) => retirement.kind === 'no' && retirement.why === 'valid in several organizations',
  );
  return new Map(
    shared.map(({ member }) => {
      const { stays, message } = left(member, 'valid in several organizations');
      return [member.pat.authorizationId, { ...(stays && { stays }), ...(message !== undefined && { message }) }];
    }),
  );
}

function itemMessage(item: Observed): string {
  return isObserved(item) || item.kind.code !== 'refused' ? '' : item.kind.message;
}

/** Where the value of the PAT in use is, and which places are behind. */
function placesAsSeen(item: Observed, current: Member): Partial<PatEntry> {
  if (!isObserved(item)) return {};
  const told = placesOf(item.selected, 'done');
  const [, ...followers] = item.seen;
  const behind = followers.filter((follower) => isBehind(item, follower, current)).map(({ place }) => place.label);
  if (told.destinations === undefined) return told;
  return {
    ...told,
    destinations: told.destinations.map((one) =>
      behind.includes(one.place) ? { ...one, message: 'does not hold it yet; mode advanced brings it there' } : one,
    ),
  };
}

/** PATs of the family that have been superseded, and when they may be revoked: what *revoke* would say. */
function datesOfLeaving(
  context: RunContext,
  item: Observed,
  current: Member | undefined,
): ReadonlyMap<string, Instant> {
  const { family, listing } = item.selected;
  const dates = new Map<string, Instant>();
  for (const { marker, pat } of activeMembers(family)) {
    if (marker.kind === 'superseded') dates.set(pat.authorizationId, marker.revokeAfter);
  }
  if (!isObserved(item) || item.observation.kind === 'names' || current === undefined) return dates;
  for (const { member, retirement } of judgeOthers(context, item as FamilyInRun, current)) {
    if (retirement.kind === 'later') dates.set(member.pat.authorizationId, retirement.at);
    if (retirement.kind === 'ready') dates.set(member.pat.authorizationId, listing.organization.pats.now());
  }
  return dates;
}

function tellOfExpired(context: RunContext, selected: SelectedFamily): void {
  const newest = selected.family.members.at(-1);
  if (newest === undefined || newest.marker.kind === 'superseded' || plainActive(selected.family).length > 0) return;
  warnOfExpired(
    context,
    selected,
    newest,
    'it has expired. Mode advanced with includeExpired replaces it; leave it out in the input pats if nobody needs it.',
  );
}
