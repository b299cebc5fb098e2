import { rename } from '../destinations/output-variables/rename.ts';
import { membersToConfirm, membersToSupersede, unconfirmed } from '../renewal/confirm.ts';
import { activeMembers, type Family, type Member, memberOf } from '../renewal/family.ts';
import { hour, type Instant, toIsoSeconds } from '../renewal/instant.ts';
import { withSupersededMarker } from '../renewal/marker.ts';
import { currentOf } from '../renewal/observation.ts';
import { endOf } from '../renewal/pat.ts';
import { commonRetirement } from '../renewal/retire.ts';
import { dueWords, stayWords } from '../report/reasons.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import { sentenceOf } from '../services/service-error.ts';
import { tellOfAdoption } from './adoption.ts';
import { clashesOf } from './clashes.ts';
import { eachFamily } from './each-family.ts';
import { warnOfEnd } from './ends.ts';
import { named, newActive, phraseOf, placesOf, plainActive, refusedEntries } from './entries.ts';
import { type FamilyInRun, isObserved, type Observed, observeAll } from './observe.ts';
import { carryOut, judgeOthers, left, retire } from './retire.ts';
import type { FamilyOutcome, FamilyResult, RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

/**
 * Mode *revoke*: the second half alone. Revokes what has been superseded for long enough; of values handed over in this
 * job it first confirms those that have been stored.
 */
export async function revokeAll(
  context: RunContext,
  selected: readonly SelectedFamily[],
): Promise<readonly FamilyResult[]> {
  const observed = await observeAll(context, selected);
  const clashes = clashesOf(context, observed);
  return eachFamily(context, observed, (item) => revokeFamily(context, item, clashes.get(item)));
}

async function revokeFamily(context: RunContext, item: Observed, clash: string | undefined): Promise<FamilyOutcome> {
  const { selected } = item;
  const { family } = selected;
  const untouched = 'Nothing of it was touched; the next run looks at it again.';
  const refused = (message: string, cause: string): FamilyOutcome => ({
    entries: refusedEntries(selected, 'revoke', `Refused: ${message} ${untouched}`, cause),
    currents: plainActive(family),
  });
  if (clash !== undefined) return refused(clash, clash);
  if (!isObserved(item)) {
    const { kind } = item;
    if (kind.code === 'refused') return refused(kind.message, kind.cause);
    const entries = family.members.map(({ pat }) => listed(pat));
    return { entries, currents: kind.code === 'cancelled' ? plainActive(family) : [] };
  }
  if (item.observation.kind === 'names') return confirmAndRetire(context, item);

  const current = currentOf(family, item.observation, context.settings.policy);
  if (current === undefined) return nothingCurrent(context, item);
  warnOfEnd(context, selected, current);
  const retired = await retire(context, item, current);
  tellOfAdoption(context, item, retired);
  return { entries: [currentEntry(item, current), ...retired, ...expiredOf(family)], currents: [current] };
}

function currentEntry({ selected }: FamilyInRun, current: Member): PatEntry {
  return { ...listed(current.pat), ...placesOf(selected, 'done') };
}

function expiredOf(family: Family): readonly PatEntry[] {
  return family.members.filter((member) => member.state === 'expired').map(({ pat }) => listed(pat));
}

/** Nothing is revoked where no record, or no name, says what is in use. */
function nothingCurrent(context: RunContext, item: FamilyInRun): FamilyOutcome {
  const { selected, family } = item;
  const why = whyNothingCurrent(item);
  if (why !== undefined) {
    context.warn({
      cause: `nothing current ${why.cause}`,
      about: named(selected),
      sentence: `${named(selected)}: nothing was revoked, because ${why.sentence}`,
      ofSeveral: (whom) => `${whom}: nothing was revoked. Of the first: ${why.sentence}`,
      rank: 1,
    });
  }
  const currents = plainActive(family).slice(-1);
  for (const member of currents) warnOfEnd(context, selected, member);
  const entries = family.members.map((member) =>
    why === undefined ? listed(member.pat) : { ...listed(member.pat), message: `Left: ${why.sentence}` },
  );
  return { entries, currents: [...currents, ...newActive(family)] };
}

function whyNothingCurrent({
  observation,
  family,
  selected,
}: FamilyInRun): { readonly cause: string; readonly sentence: string } | undefined {
  if (observation.kind === 'names') {
    return plainActive(family).length === 0 && activeMembers(family).length > 0
      ? { cause: 'none plain', sentence: 'no PAT of its plain name is active. Run mode advanced first.' }
      : undefined;
  }
  const { standing } = observation.source;
  const place = phraseOf(selected) ?? 'its place';
  switch (standing.kind) {
    case 'nothing':
      // Never delivered: nothing has been superseded, and there is nothing to say.
      return undefined;
    case 'own': {
      if (standing.recorded.kind === 'active') {
        const { displayName, scope } = standing.recorded.member.pat;
        const sentence = `${place} holds another PAT of this account, "${displayName}" (${scope}). Name another place for this one.`;
        return { cause: 'another family’s', sentence };
      }
      const reason = standing.recorded.kind === 'expired' ? 'the PAT there has expired' : 'the PAT there was revoked';
      return { cause: reason, sentence: `${dueWords(reason, place)}. Run mode advanced: it replaces it.` };
    }
    case 'disabled':
      return { cause: 'disabled', sentence: `what ${place} holds is disabled. Run mode advanced: it replaces it.` };
    case 'of another account':
    case 'of another organization':
      return { cause: standing.kind, sentence: `${place} belongs to another account or organization.` };
    case 'unrecorded':
      return {
        cause: 'unrecorded',
        sentence: `what ${place} holds was not written by this task. Run mode advanced first.`,
      };
  }
}

/** Handed over: gives the confirmed ones their plain name, dates to what they supersede, and revokes whose date has passed. */
async function confirmAndRetire(context: RunContext, item: FamilyInRun): Promise<FamilyOutcome> {
  const { selected } = item;
  const { pats } = selected.listing.organization;
  const now = pats.now();
  const entries: PatEntry[] = [];
  const { members, confirmed } = await confirm(context, item, now, entries);
  const family = { ...item.family, members };
  const standing: FamilyInRun = { ...item, family };
  const current = confirmed.at(-1) ?? currentOf(family, item.observation, context.settings.policy);
  tellOfUnconfirmed(context, standing, now);
  if (current === undefined) {
    const nothing = nothingCurrent(context, standing);
    return { ...nothing, entries: [...entries, ...nothing.entries.filter(isNotIn(entries))] };
  }
  warnOfEnd(context, selected, current);
  const superseded = confirmed.length === 0 ? [] : await supersede(context, standing, confirmed, current, now);
  const handled = new Set([...entries, ...superseded].map(({ authorizationId }) => authorizationId));
  const rest: PatEntry[] = [];
  for (const { member, retirement } of judgeOthers(context, standing, current)) {
    if (!handled.has(member.pat.authorizationId))
      rest.push(await carryOut(context, standing, current, member, retirement));
  }
  const own = handled.has(current.pat.authorizationId) ? [] : [listed(current.pat)];
  return {
    entries: [...entries, ...own, ...superseded, ...rest, ...expiredOf(family)],
    currents: [current, ...newActive(family)],
  };
}

function isNotIn(entries: readonly PatEntry[]) {
  return ({ authorizationId }: PatEntry) => entries.every((entry) => entry.authorizationId !== authorizationId);
}

async function confirm(
  context: RunContext,
  { family, selected }: FamilyInRun,
  now: Instant,
  entries: PatEntry[],
): Promise<{ readonly members: readonly Member[]; readonly confirmed: readonly Member[] }> {
  const { pats } = selected.listing.organization;
  const confirmed: Member[] = [];
  const members: Member[] = [...family.members];
  for (const member of membersToConfirm(family, context.handedOver.before, now)) {
    const { pat } = member;
    if (context.settings.dryRun) {
      confirmed.push({ ...member, marker: { kind: 'none' } });
      entries.push({ ...listed(pat), message: 'Would be confirmed: its value has been stored.' });
      continue;
    }
    if (context.world.isStopping()) {
      entries.push({ ...listed(pat), message: 'Left: the job was cancelled before it was confirmed.' });
      continue;
    }
    try {
      const plain = memberOf(await rename(pats, pat, family.name), pats.now());
      members[members.indexOf(member)] = plain;
      confirmed.push(plain);
      entries.push({ ...listed(plain.pat), message: 'Confirmed: its value has been stored.' });
    } catch (error) {
      const message =
        `It could not be renamed to confirm that its value has been stored: ${sentenceOf(error)} Rename it to "${family.name}" by ` +
        'hand; until then it counts as not confirmed, and nothing is superseded.';
      context.warn(`"${pat.displayName}" (${family.organization}, ${pat.authorizationId}): ${message}`);
      entries.push({ ...listed(pat), message });
    }
  }
  return { members, confirmed };
}

async function supersede(
  context: RunContext,
  item: FamilyInRun,
  confirmed: readonly Member[],
  current: Member,
  now: Instant,
): Promise<readonly PatEntry[]> {
  const { family } = item;
  const { pats } = item.selected.listing.organization;
  const { policy, dryRun } = context.settings;
  const entries: PatEntry[] = [];
  // I2: by a guess at the time, what another job has just handed over may look old.
  if (!item.selected.listing.organization.pats.tellsTime()) {
    const message = `Left: ${stayWords('no time told')}.`;
    return membersToSupersede(family, confirmed, now).map(({ pat }) => ({ ...listed(pat), message }));
  }
  // One date for all that this confirmation supersedes.
  const revokeAfter = now + policy.revokeAfterHours * hour;
  for (const member of membersToSupersede(family, confirmed, now)) {
    if (!pats.tellsTime()) {
      // A date by another clock might come too early.
      entries.push(left(member, 'no time told'));
    } else if (policy.revokeAfterHours === 0) {
      const common = commonRetirement(member, family, current, now);
      entries.push(await carryOut(context, item, current, member, common));
    } else if (context.world.isStopping()) {
      entries.push({ ...listed(member.pat), message: 'Left: the job was cancelled. A later run supersedes it.' });
    } else {
      if (!dryRun) await mark(context, item, member, revokeAfter);
      entries.push({ ...listed(member.pat), revokeAfter });
    }
  }
  return entries;
}

async function mark(context: RunContext, { family, selected }: FamilyInRun, member: Member, revokeAfter: Instant) {
  try {
    await rename(selected.listing.organization.pats, member.pat, withSupersededMarker(family.name, revokeAfter));
  } catch (error) {
    context.warn(
      `"${member.pat.displayName}" (${family.organization}, ${member.pat.authorizationId}) could not be marked as superseded: ` +
        `${sentenceOf(error)} It stays valid. Revoke it by hand once its consumers use the new value.`,
    );
  }
}

function tellOfUnconfirmed(context: RunContext, { family }: FamilyInRun, now: Instant): void {
  // Those of this job that were confirmed have their plain name by now.
  for (const { pat } of unconfirmed(family, new Set(), now)) {
    const who = `"${pat.displayName}" (${family.organization}, ${pat.authorizationId})`;
    context.warn({
      cause: 'unconfirmed',
      about: `${who}, ends ${toIsoSeconds(endOf(pat))}`,
      sentence:
        `${who}: its value was handed over on ${toIsoSeconds(pat.validFrom)}, and never confirmed. The next run of mode advanced ` +
        `makes another one; this one ends on ${toIsoSeconds(endOf(pat))}.`,
      ofSeveral: (whom) =>
        `These values were handed over and never confirmed: ${whom}. The next run of mode advanced makes others.`,
      rank: 0,
    });
  }
}
