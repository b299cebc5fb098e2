import { unconfirmed } from '../renewal/confirm.ts';
import type { Member } from '../renewal/family.ts';
import { day, toIsoSeconds } from '../renewal/instant.ts';
import { currentOf } from '../renewal/observation.ts';
import { endOf, validity } from '../renewal/pat.ts';
import { type FamilyPlan, planFamily } from '../renewal/plan.ts';
import { dueWords, keepSentence, refusalWords, stayWords } from '../report/reasons.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import { tellOfAdoption } from './adoption.ts';
import { clashesOf } from './clashes.ts';
import { copyToFollowers } from './copy.ts';
import { eachFamily } from './each-family.ts';
import { warnOfEnd, warnOfExpired } from './ends.ts';
import { named, newActive, phraseOf, placesOf, plainActive, refusedEntries } from './entries.ts';
import { tellOfNarrower } from './narrower.ts';
import { type FamilyInRun, isObserved, type Observed, observeAll, standingPreview } from './observe.ts';
import { replacePat } from './replace.ts';
import { retire } from './retire.ts';
import { circumstancesOf, type FamilyOutcome, type FamilyResult, type RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

const untouched = 'Nothing of it was touched; the next run looks at it again.';

/**
 * Mode *advanced*: moves every selected family towards one state (exactly one active PAT, its value at its places, enough
 * time left), from whatever state it is in.
 */
export async function reconcileAll(
  context: RunContext,
  selected: readonly SelectedFamily[],
): Promise<readonly FamilyResult[]> {
  const observed = await observeAll(context, selected);
  const clashes = clashesOf(context, observed);
  return eachFamily(context, observed, (item) => reconcile(context, item, clashes.get(item)));
}

async function reconcile(context: RunContext, item: Observed, clash: string | undefined): Promise<FamilyOutcome> {
  const { selected } = item;
  const { family, listing } = selected;
  const refused = (message: string, cause: string): FamilyOutcome => ({
    entries: refusedEntries(selected, 'replace', message, cause),
    currents: plainActive(family),
  });
  if (clash !== undefined) return refused(`Refused: ${clash} ${untouched}`, clash);
  if (!isObserved(item)) {
    switch (item.kind.code) {
      case 'refused':
        return refused(`Refused: ${item.kind.message} ${untouched}`, item.kind.cause);
      case 'cancelled':
        return leaveForNextRun(selected);
      case 'idle':
        return { entries: family.members.map(({ pat }) => listed(pat)), currents: [] };
    }
  }
  tellOfUnconfirmed(context, item);
  const plan = planFamily(
    family,
    item.observation,
    context.settings.policy,
    circumstancesOf(context, selected, item.owner),
  );
  switch (plan.kind) {
    case 'refuse': {
      const { refusal } = plan;
      const phrase = item.seen[refusal.place]?.place.phrase ?? phraseOf(selected) ?? 'its place';
      const left = refusal.code === 'too many leftovers' ? '' : ` ${untouched}`;
      return refused(`Refused: ${refusalWords(refusal, phrase)}${left}`, refusal.code);
    }
    case 'leave expired':
      // Beside an active PAT of that name, expired ones are history.
      return listing.activeNames.has(family.name)
        ? { entries: family.members.map(({ pat }) => listed(pat)), currents: [] }
        : leaveExpired(context, selected, plan);
    case 'keep':
      return keep(context, item, plan);
    case 'replace':
      return replace(context, item, plan);
  }
}

/** Handed over by an earlier run, and never confirmed. */
function tellOfUnconfirmed(context: RunContext, item: FamilyInRun): void {
  if (item.observation.kind !== 'names') return;
  const { selected, family } = item;
  const now = selected.listing.organization.pats.now();
  for (const { pat } of unconfirmed(family, context.handedOver.before, now)) {
    const who = `"${pat.displayName}" (${family.organization}, ${pat.authorizationId})`;
    const made = toIsoSeconds(pat.validFrom);
    const advice = 'The step that stores it has failed, or no step with mode revoke came after it in its job';
    context.warn({
      cause: 'unconfirmed',
      about: `${who}, made ${made}, ends ${toIsoSeconds(endOf(pat))}`,
      sentence: `${who}: its value was handed over on ${made}, and never confirmed. ${advice}. It may be in use, and ends on ${toIsoSeconds(endOf(pat))}.`,
      ofSeveral: (whom) =>
        `These values were handed over and never confirmed: ${whom}. ${advice}. Each may be in use, and ends on its own date.`,
      rank: 0,
    });
  }
}

async function replace(
  context: RunContext,
  item: FamilyInRun,
  plan: FamilyPlan & { kind: 'replace' },
): Promise<FamilyOutcome> {
  const { family, selected } = item;
  const { previous, isPlaceAskedFirst } = plan;
  const others = family.members.filter((member) => member !== previous);
  const expired = others.filter(({ state }) => state === 'expired').map(({ pat }) => listed(pat));
  tellOfReason(context, item, plan);
  if (context.settings.dryRun) return planned(context, item, plan, expired);

  const replacement = await replacePat(context, { item, previous, isPlaceAskedFirst });
  switch (replacement.kind) {
    case 'not delivered': {
      const currents = fallback(context, item);
      for (const member of currents) warnOfEnd(context, selected, member);
      const left = replacement.left === undefined ? [] : [replacement.left];
      return {
        entries: [replacement.entry, ...others.map(({ pat }) => listed(pat))],
        currents: [...currents, ...left],
      };
    }
    case 'handed over': {
      // Until it is confirmed, consumers have what they had: that end counts as well.
      const currents = [...confirmedOf(context, item), replacement.member];
      return { entries: [replacement.entry, ...others.map(({ pat }) => listed(pat))], currents };
    }
    case 'delivered': {
      const retired = await retire(context, replacement.after, replacement.member);
      tellOfAdoption(context, item, retired);
      tellOfFirst(context, item, plan);
      const first = firstDeliveryWords(context, item, plan);
      const entry = first === undefined ? replacement.entry : { message: first, ...replacement.entry };
      return { entries: [...withRetirement(entry, retired), ...expired], currents: [replacement.member] };
    }
  }
}

/** What a person may wonder about: why it is renewed although not due, or although somebody meant what is there. */
function tellOfReason(context: RunContext, item: FamilyInRun, plan: FamilyPlan & { kind: 'replace' }): void {
  const { selected } = item;
  const who = named(selected);
  const phrase = phraseOf(selected);
  const would = context.settings.dryRun ? 'would be' : 'is being';
  if (plan.reason === 'what is there is disabled') {
    const advice = `It ${would} replaced; if it was disabled on purpose, leave the PAT out in the input pats.`;
    context.warn({
      cause: 'disabled',
      about: who,
      sentence: `The newest version of ${phrase} (${who}) is disabled, so its consumers read nothing. ${advice}`,
      ofSeveral: (whom) =>
        `The newest versions of the secrets of ${whom} are disabled, so their consumers read nothing. ${advice}`,
      rank: 1,
    });
  }
  tellOfPutBack(context, item);
}

/** Why a family was renewed that may not have been due. */
function tellOfFirst(context: RunContext, { selected }: FamilyInRun, plan: FamilyPlan & { kind: 'replace' }): void {
  const who = named(selected);
  const { policy, dryRun } = context.settings;
  const was = dryRun ? 'would be' : 'was';
  const isFirst = plan.reason === 'nothing is there yet' || plan.reason === 'a value of somebody’s is there';
  if (isFirst && policy.renewBeforeDays !== undefined) {
    const { pat } = plan.previous;
    const newEnd = selected.listing.organization.pats.now() + policy.lifetimeDays * day;
    const earlier =
      newEnd < endOf(pat) ? ` The new end is earlier than the old one (${toIsoSeconds(endOf(pat))}).` : '';
    const why =
      'renewed, due or not, for a place that held nothing of this task: no value of a PAT can be read back, so it could only get a new one.';
    context.notice({
      cause: `first delivery ${earlier === ''}`,
      about: who,
      sentence: `${who} ${was} ${why}${earlier}`,
      ofSeveral: (whom) =>
        `${whom}: each ${was} ${why}${earlier === '' ? '' : ' Their new ends are earlier than the old ones.'}`,
      rank: 2,
    });
  }
}

/** Somebody may have meant what is replaced: an older value that was put back by hand, perhaps night after night. */
function tellOfPutBack(context: RunContext, { selected, seen }: FamilyInRun): void {
  const would = context.settings.dryRun ? 'would be' : 'is being';
  for (const { place, evidence } of seen) {
    const { standing } = evidence;
    if (standing.kind !== 'unrecorded' || standing.putBack === undefined) continue;
    const who = `${place.phrase} (${named(selected)})`;
    const often = standing.putBack > 1 ? ` for the ${ordinal(standing.putBack)} time` : '';
    const again = standing.putBack > 1 ? ' as before, and will be each time' : '';
    const advice = `it ${would} replaced${again}. If it was meant, whoever keeps the rules must leave the PAT out by a rule ("!name") in the input pats.`;
    context.warn({
      cause: 'put back',
      about: `${who}${often}`,
      sentence: `An older value was put back into ${who} by hand${often}: ${advice}`,
      ofSeveral: (whom) =>
        `Older values were put back by hand into ${whom}: each ${would} replaced, and will be each time. If they were meant, whoever ` +
        'keeps the rules must leave these PATs out by rules ("!name") in the input pats.',
      rank: 1,
    });
  }
}

function ordinal(count: number): string {
  const last = count % 10;
  const ending = count % 100 >= 11 && count % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][last] ?? 'th');
  return `${count}${ending}`;
}

/** Why a family that is not due is renewed all the same, for its own line. */
function firstDeliveryWords(
  { settings }: RunContext,
  { selected }: FamilyInRun,
  { reason, previous }: FamilyPlan & { kind: 'replace' },
): string | undefined {
  const isFirst = reason === 'nothing is there yet' || reason === 'a value of somebody’s is there';
  const { renewBeforeDays, lifetimeDays } = settings.policy;
  if (!isFirst || renewBeforeDays === undefined) return undefined;
  const newEnd = selected.listing.organization.pats.now() + lifetimeDays * day;
  const earlier = newEnd < endOf(previous.pat) ? ', and its new end is earlier than the old one' : '';
  return `First delivery: ${dueWords(reason, phraseOf(selected))}${earlier}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a dry run would do: the same decisions, on the state that the delivery would leave behind. */
async function planned(
  context: RunContext,
  item: FamilyInRun,
  plan: FamilyPlan & { kind: 'replace' },
  expired: readonly PatEntry[],
): Promise<FamilyOutcome> {
  const { family, selected } = item;
  const { policy } = context.settings;
  const now = selected.listing.organization.pats.now();
  const successor: Member = {
    pat: {
      ...plan.previous.pat,
      // A planned one lives in this organization, unless all were asked for.
      ...validity(policy.allOrgs === 'true' ? null : ['planned']),
      authorizationId: 'planned',
      displayName: family.name,
      validFrom: now,
      validTo: now + policy.lifetimeDays * day,
    },
    state: 'active',
    marker: { kind: 'none' },
  };
  const { pat } = plan.previous;
  const entry: PatEntry = {
    displayName: family.name,
    authorizationId: pat.authorizationId,
    action: 'replace',
    outcome: 'planned',
    scope: pat.scope,
    previousValidTo: endOf(pat),
    previousValidFrom: pat.validFrom,
    validFrom: successor.pat.validFrom,
    validTo: successor.pat.validTo,
    ...placesOf(selected, 'planned'),
    message: firstDeliveryWords(context, item, plan) ?? `${capital(dueWords(plan.reason, phraseOf(selected)))}.`,
  };
  tellOfFirst(context, item, plan);
  if (pat.isShared && !successor.pat.isShared) tellOfNarrower(context, named(selected), family.organization);
  const currents = fallback(context, item);
  if (item.observation.kind === 'names') {
    const others = family.members.filter((member) => member !== plan.previous);
    return { entries: [entry, ...others.map(({ pat: other }) => listed(other))], currents };
  }
  const retired = await retire(context, standingPreview(item, successor), successor);
  tellOfAdoption(context, item, retired);
  return { entries: [...withRetirement(entry, retired), ...expired], currents };
}

async function keep(
  context: RunContext,
  item: FamilyInRun,
  plan: FamilyPlan & { kind: 'keep' },
): Promise<FamilyOutcome> {
  const { family, selected } = item;
  const { current, why } = plan;
  const { outcomes, copied, after } = await copyToFollowers(context, item, current);
  const retired =
    item.observation.kind === 'places' ? await retire(context, after, current) : othersListed(item, current);
  if (item.observation.kind === 'places') tellOfAdoption(context, item, retired);
  const expired = family.members.filter((member) => member.state === 'expired').map(({ pat }) => listed(pat));
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
  // What is kept was not handed over, unless an earlier step of this job did so.
  const isNowhere = selected.destination.kind === 'handed over' && why.code !== 'handed over in this job';
  const places = isNowhere
    ? {}
    : outcomes.length > 0
      ? { ...placesOf(selected, 'done'), destinations: outcomes }
      : placesOf(selected, 'done');
  const base = { ...listed(current.pat), displayName: family.name, ...places };
  const entry: PatEntry =
    failed.length > 0
      ? {
          ...base,
          action: 'copy',
          outcome: 'failed',
          cause: 'a follower',
          message: `Not in ${failed.map(({ place }) => place).join(', ')}: ${failed.map(({ message }) => message).join(' ')} What reads it there has an older value, which stays valid.`,
        }
      : copied > 0
        ? { ...base, action: 'copy', outcome: context.settings.dryRun ? 'planned' : 'done', message: keepSentence(why) }
        : { ...base, action: 'skip', outcome: 'skipped', message: keepSentence(why) };
  warnOfEnd(context, selected, current);
  if (why.code === 'handed over in this job')
    await context.handedOver.add(current.pat.authorizationId).catch(() => undefined);
  return {
    entries: [entry, ...retired, ...expired],
    currents: [current, ...newActive(family).filter((m) => m !== current)],
  };
}

/** Handed over: *advanced* revokes nothing, and marks nothing. */
function othersListed({ family }: FamilyInRun, current: Member): readonly PatEntry[] {
  return family.members
    .filter((member) => member !== current && member.state === 'active')
    .map(({ pat }) => listed(pat));
}

function leaveExpired(
  context: RunContext,
  selected: SelectedFamily,
  plan: FamilyPlan & { kind: 'leave expired' },
): FamilyOutcome {
  const message =
    'Expired, so left. Set includeExpired to true to have it replaced, or leave it out in the input pats.';
  warnOfExpired(context, selected, plan.newest, message);
  const entries = selected.family.members.map(
    (member): PatEntry =>
      member === plan.newest
        ? { ...listed(member.pat), action: 'skip', outcome: 'skipped', message }
        : listed(member.pat),
  );
  return { entries, currents: [] };
}

/** The job was cancelled before it was known whether anything is to be done. */
function leaveForNextRun({ family }: SelectedFamily): FamilyOutcome {
  const message = `The job was cancelled before its turn. ${untouched}`;
  const plain = plainActive(family);
  const entries = family.members.map(
    (member): PatEntry =>
      plain.includes(member)
        ? { ...listed(member.pat), action: 'skip', outcome: 'skipped', message }
        : listed(member.pat),
  );
  return { entries, currents: plain };
}

/** The PAT that consumers were given last, as far as it is known and still works. */
function confirmedOf(context: RunContext, { family, observation }: FamilyInRun): readonly Member[] {
  const current = currentOf(family, observation, context.settings.policy);
  return current === undefined ? [] : [current];
}

/** Where no new PAT stands at the place, what consumers had is what they have. */
function fallback(context: RunContext, item: FamilyInRun): readonly Member[] {
  const confirmed = confirmedOf(context, item);
  return [...(confirmed.length > 0 ? confirmed : plainActive(item.family).slice(-1)), ...newActive(item.family)];
}

/** The replaced PAT has one line: its revocation date goes there. A revocation that was carried out has its own. */
function withRetirement(entry: PatEntry, retired: readonly PatEntry[]): readonly PatEntry[] {
  const own = retired.find((item) => item.authorizationId === entry.authorizationId && item.action === 'none');
  const stays = own?.stays === undefined ? undefined : `The replaced PAT was left: ${stayWords(own.stays)}.`;
  const told = [entry.message, stays].filter((text) => text !== undefined);
  const message = told.length === 0 ? undefined : told.join(' ');
  const merged: PatEntry = {
    ...entry,
    ...(own?.revokeAfter === undefined ? {} : { revokeAfter: own.revokeAfter }),
    ...(message === undefined ? {} : { message }),
  };
  return [merged, ...retired.filter((item) => item !== own)];
}
