import { type ExtensionPlan, judgeGranted, planExtension } from '../renewal/extend.ts';
import { activeMembers, belongsTo, type Member, memberOf } from '../renewal/family.ts';
import { type Instant, toIsoSeconds } from '../renewal/instant.ts';
import { allOrgsAsItIs, endOf, globalPatsEnd } from '../renewal/pat.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import { eachFamily } from './each-family.ts';
import { warnOfEnd, warnOfExpired } from './ends.ts';
import { named, newActive, phraseOf, placesOf, plainActive, refusedEntries } from './entries.ts';
import { causeOf, type FamilyInRun, isObserved, type Observed, observeAll, type SeenPlace } from './observe.ts';
import type { FamilyOutcome, FamilyResult, RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

/** One PAT to look at, and the places whose record names it. */
interface Candidate {
  readonly item: FamilyInRun;
  readonly member: Member;
  readonly places: readonly SeenPlace[];
}

/** One line, and what is in use after it. */
interface Line {
  readonly entry: PatEntry;
  readonly current: Member | undefined;
}

/** Mode *simple*: pushes the expiry date of each selected PAT out; the value stays. */
export async function extendAll(
  context: RunContext,
  selected: readonly SelectedFamily[],
): Promise<readonly FamilyResult[]> {
  const observed = await observeAll(context, selected);
  const repeated = listedBefore(selected);
  return eachFamily(context, observed, (item) => extendFamily(context, item, repeated));
}

/** Each organization lists a PAT that is valid in several: what an earlier one has listed is handled there. */
function listedBefore(selected: readonly SelectedFamily[]): ReadonlySet<Member> {
  const seen = new Set<string>();
  const repeated = new Set<Member>();
  for (const member of selected.flatMap(({ family }) => family.members).filter(({ pat }) => pat.isShared)) {
    if (seen.has(member.pat.authorizationId)) repeated.add(member);
    seen.add(member.pat.authorizationId);
  }
  return repeated;
}

async function extendFamily(
  context: RunContext,
  item: Observed,
  repeated: ReadonlySet<Member>,
): Promise<FamilyOutcome> {
  const { selected } = item;
  const { family } = selected;
  if (!isObserved(item)) {
    const { kind } = item;
    const message =
      kind.code === 'refused'
        ? `The record of its place could not be read: ${kind.message} Its end was not changed; the next run tries again.`
        : 'The job was cancelled before its turn.';
    const currents = activeMembers(family);
    for (const member of plainActive(family)) warnOfEnd(context, selected, member);
    if (kind.code === 'refused') return { entries: refusedEntries(selected, 'extend', message, kind.cause), currents };
    const entries = family.members.map(
      (member): PatEntry =>
        member.state === 'active' && member.marker.kind === 'none'
          ? { ...listed(member.pat), action: 'skip', outcome: 'skipped', message }
          : listed(member.pat),
    );
    return { entries, currents };
  }
  const recorded = recordedId(context, item);
  const lines: Line[] = [];
  for (const member of family.members) lines.push(await extendMember(context, item, member, recorded, repeated));
  return {
    entries: lines.map(({ entry }) => entry),
    currents: [...lines.flatMap(({ current }) => (current === undefined ? [] : [current])), ...newActive(family)],
  };
}

/** With a record, only the PAT that consumers are given is extended: the others are on their way out. */
function recordedId(context: RunContext, item: FamilyInRun): string | undefined {
  if (item.observation.kind === 'names') return undefined;
  const { standing } = item.observation.source;
  const { selected, family } = item;
  if (standing.kind === 'of another organization') {
    context.warn(
      `${named(selected)}: ${phraseOf(selected) ?? 'its place'} holds a record of organization "${standing.claim.organization}", so its ` +
        'recorded end did not follow. Mode advanced says what to do.',
    );
  }
  if (standing.kind !== 'own') return undefined;
  const { recorded, claim } = standing;
  // The place may be another family's: same name, other scopes.
  if (recorded.kind !== 'gone' && !belongsTo(family, recorded.member.pat)) return undefined;
  if (recorded.kind !== 'active') {
    const advice = 'so nothing of that name was extended. Mode advanced replaces it.';
    context.warn({
      cause: 'recorded one not active',
      about: named(selected),
      sentence: `${named(selected)}: the PAT that ${phraseOf(selected) ?? 'its place'} holds is not active any more, ${advice}`,
      ofSeveral: (whom) => `${whom}: the PATs that their places hold are not active any more, ${advice}`,
      rank: 0,
    });
  }
  return claim.authorizationId;
}

async function extendMember(
  context: RunContext,
  item: FamilyInRun,
  member: Member,
  recorded: string | undefined,
  repeated: ReadonlySet<Member>,
): Promise<Line> {
  const { pat } = member;
  if (member.state === 'expired')
    return { entry: expired(context, item, member, recorded !== undefined), current: undefined };
  // A record may name a marked one: it is in use all the same, and its end counts.
  if (recorded === pat.authorizationId.toLowerCase() && member.marker.kind !== 'none') {
    warnOfEnd(context, item.selected, member);
    return {
      entry: { ...listed(pat), message: 'Left: it is in use, and its name holds a marker of mode advanced.' },
      current: member,
    };
  }
  if (member.marker.kind === 'new') warnOfEnd(context, item.selected, member);
  if (member.marker.kind !== 'none') return { entry: listed(pat), current: undefined };
  if (repeated.has(member)) {
    const message = 'Left: another organization has listed it too, and it is handled there.';
    return { entry: { ...listed(pat), message }, current: undefined };
  }
  if (recorded !== undefined && recorded !== pat.authorizationId.toLowerCase()) {
    const message = `Left: the record of ${phraseOf(item.selected) ?? 'its place'} names another PAT of this name.`;
    return { entry: { ...listed(pat), stays: 'not marked', message }, current: undefined };
  }
  const places = recorded === undefined ? [] : item.seen.filter(isNaming(recorded));
  return extend(context, { item, member, places });
}

function isNaming(id: string) {
  return ({ evidence: { standing } }: SeenPlace) => standing.kind === 'own' && standing.claim.authorizationId === id;
}

async function extend(context: RunContext, candidate: Candidate): Promise<Line> {
  const { item, member } = candidate;
  const { selected } = item;
  const { pats } = selected.listing.organization;
  const { settings, world } = context;
  const places = candidate.places.length === 0 ? {} : placesOf(selected, 'done');
  const base = { ...listed(member.pat), ...places };
  const plan = planExtension(member.pat, settings.policy, pats.now());
  if (plan.kind !== 'extend') return leave(context, candidate, plan);
  if (settings.dryRun) {
    const validTo = endOf({ ...member.pat, validTo: plan.validTo });
    const entry = {
      ...base,
      action: 'extend',
      outcome: 'planned',
      previousValidTo: endOf(member.pat),
      validTo,
    } as const;
    return { entry, current: member };
  }
  if (world.isStopping()) {
    const message = 'The job was cancelled before its turn.';
    return { entry: { ...base, action: 'skip', outcome: 'skipped', message }, current: member };
  }
  try {
    const extended = await pats.update({
      authorizationId: member.pat.authorizationId,
      displayName: member.pat.displayName,
      scope: member.pat.scope,
      validTo: plan.validTo,
      allOrgs: allOrgsWanted(context, member),
    });
    return await extendedLine(context, candidate, memberOf(extended, pats.now()), plan.validTo);
  } catch (error) {
    const isUnsure = error instanceof ServiceError && error.outcome === 'unknown';
    const end = `It still ends on ${toIsoSeconds(endOf(member.pat))}${isUnsure ? ', unless only the answer was lost' : ''}`;
    const message = `${sentenceOf(error)} ${end}; its value stays valid until then. The next run tries again.`;
    const cause = error instanceof ServiceError ? causeOf(error) : 'unexpected';
    warnOfEnd(context, selected, member);
    return { entry: { ...base, action: 'extend', outcome: 'failed', message, cause }, current: member };
  }
}

/** I7: never narrowed where several organizations are named; one of all is narrowed only where that is asked for, and told. */
function allOrgsWanted(context: RunContext, { pat }: Member): boolean | undefined {
  const { allOrgs } = context.settings.policy;
  if (allOrgs === 'keep' || (pat.isShared && !pat.isGlobal)) return allOrgsAsItIs(pat);
  if (allOrgs === 'false' && pat.isGlobal) {
    context.warn(
      `"${pat.displayName}" (${pat.authorizationId}) was valid in all organizations, and is valid in one only from now on, because the ` +
        'input allOrgs is false. Consumers in other organizations need a PAT of their own.',
    );
  }
  return allOrgs === 'true';
}

/** I7: no source says what an update does to a PAT of several named organizations; who loses it by one must hear of it. */
function tellOfNarrowing(context: RunContext, { family }: FamilyInRun, { pat }: Member, extended: Member): void {
  const isAskedFor = context.settings.policy.allOrgs === 'false' && pat.isGlobal;
  if (!pat.isShared || extended.pat.isShared || isAskedFor) return;
  context.warn(
    `"${pat.displayName}" (${pat.authorizationId}) was valid in several organizations, and since its extension it is valid in ` +
      `${family.organization} only, which was not asked for. Consumers in other organizations need a PAT of their own now.`,
  );
}

async function extendedLine(
  context: RunContext,
  candidate: Candidate,
  extended: Member,
  asked: Instant,
): Promise<Line> {
  const { member, item } = candidate;
  const { selected } = item;
  const previous = member.pat.validTo;
  const granted = extended.pat.validTo;
  const entry: PatEntry = {
    ...listed(extended.pat),
    ...(candidate.places.length === 0 ? {} : placesOf(selected, 'done')),
    action: 'extend',
    outcome: 'done',
    previousValidTo: endOf(member.pat),
  };
  tellOfNarrowing(context, item, member, extended);
  const note = await followRecords(context, candidate, extended);
  const forGood =
    extended.pat.isGlobal && granted > globalPatsEnd
      ? `Azure DevOps says ${toIsoSeconds(granted)}, and Microsoft retires PATs of all organizations on ${toIsoSeconds(globalPatsEnd)}.`
      : undefined;
  const judged = judgeGranted({ previous, asked, granted });
  if (judged === 'as asked') {
    const message = [forGood, note].filter((text) => text !== undefined).join(' ');
    warnOfEnd(context, selected, extended);
    return { entry: message === '' ? entry : { ...entry, message }, current: extended };
  }
  const cut =
    `asked for an end on ${toIsoSeconds(asked)}, granted was ${toIsoSeconds(granted)}` +
    (judged === 'cut'
      ? '.'
      : judged === 'unmoved'
        ? ', no later than before.'
        : `, EARLIER than before (${toIsoSeconds(previous)}).`);
  const policy =
    'A policy of the tenant limits how long a PAT may live, counted from its creation: mode advanced replaces it in time.';
  context.warn({
    cause: `cut ${judged}`,
    about: `"${member.pat.displayName}" (${selected.family.organization})`,
    sentence: `"${member.pat.displayName}" (${selected.family.organization}): ${cut} ${policy}`,
    ofSeveral: (whom) => `${whom}: the ends that were asked for were not granted. ${policy}`,
    rank: judged === 'cut' ? 1 : 0,
  });
  const message = [`A policy cut the date: ${cut}`, note].filter((text) => text !== undefined).join(' ');
  const told: PatEntry = judged === 'unmoved' ? { ...entry, outcome: 'skipped', message } : { ...entry, message };
  return { entry: told, current: extended };
}

async function leave(
  context: RunContext,
  candidate: Candidate,
  plan: Exclude<ExtensionPlan, { kind: 'extend' }>,
): Promise<Line> {
  const { member, item } = candidate;
  const why =
    plan.kind === 'not due'
      ? `Not due before ${toIsoSeconds(plan.dueFrom)}.`
      : member.pat.isGlobal && endOf(member.pat) === globalPatsEnd
        ? 'Left: it is valid in all organizations, and no date saves it. Mode advanced replaces it.'
        : `Ends later than asked (${toIsoSeconds(plan.wanted)}) already; a date is never brought forward.`;
  const note = await followRecords(context, candidate, member);
  warnOfEnd(context, item.selected, member);
  const entry: PatEntry = {
    ...listed(member.pat),
    ...(candidate.places.length === 0 ? {} : placesOf(item.selected, 'done')),
    action: 'skip',
    outcome: 'skipped',
    message: [why, ...(note === undefined ? [] : [note])].join(' '),
  };
  return { entry, current: member };
}

/** Keeps the recorded ends in step with the PAT's; gives a note of it for the report. */
async function followRecords(
  context: RunContext,
  { places, item }: Candidate,
  member: Member,
): Promise<string | undefined> {
  if (context.settings.dryRun || context.world.isStopping()) return undefined;
  const moved: string[] = [];
  for (const { place, sight } of places) {
    try {
      if ((await sight.follow?.(member.pat.validTo)) === true) moved.push(place.phrase);
    } catch (error) {
      context.notice(
        `"${member.pat.displayName}" (${item.family.organization}): the expiry in ${place.phrase} could not be moved along: ` +
          `${sentenceOf(error)} The value works; the next run tries again.`,
      );
    }
  }
  return moved.length === 0 ? undefined : `The expiry of ${moved.join(' and ')} follows.`;
}

function expired(context: RunContext, { selected }: FamilyInRun, member: Member, hasRecord: boolean): PatEntry {
  // Beside the PAT that consumers are given, expired ones are history.
  if (hasRecord || member.marker.kind === 'superseded') return listed(member.pat);
  const message = selected.listing.activeNames.has(selected.family.name)
    ? 'Expired, and an expired PAT cannot be extended; another PAT of this name is active. Revoke this one if nobody needs it.'
    : 'Expired, and an expired PAT cannot be extended. Mode advanced with includeExpired replaces it.';
  warnOfExpired(context, selected, member, message);
  return { ...listed(member.pat), action: 'skip', outcome: 'skipped', message };
}
