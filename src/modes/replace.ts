import type { Delivered, Parcel, Sight } from '../destinations/port.ts';
import { deliverWithin, judgeProof, type LifecycleWord, newcomers, type Proof } from '../renewal/creation.ts';
import { judgeGranted } from '../renewal/extend.ts';
import { activeMembers, belongsTo, type Member, memberOf } from '../renewal/family.ts';
import { day, type Instant, toIsoSeconds } from '../renewal/instant.ts';
import { withNewMarker } from '../renewal/marker.ts';
import { scopeSet } from '../renewal/pat.ts';
import type { Evidence } from '../renewal/standing.ts';
import { listed, type PatEntry, type PlaceOutcome } from '../report/run-report.ts';
import type { CreatedPat } from '../services/pat-api.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import { named } from './entries.ts';
import { isStillActive } from './listing.ts';
import { causeOf, type FamilyInRun, type SeenPlace } from './observe.ts';
import type { RunContext } from './run-context.ts';

/** What came of making a family's new PAT. */
export type Replacement =
  | {
      readonly kind: 'delivered';
      readonly member: Member;
      readonly entry: PatEntry;
      /** The family as it stands now, with the new PAT among its members. */
      readonly after: FamilyInRun;
    }
  | { readonly kind: 'handed over'; readonly member: Member; readonly entry: PatEntry }
  | NotDelivered;

interface NotDelivered {
  readonly kind: 'not delivered';
  readonly entry: PatEntry;
  /** Why the store did not take the value, where other places of it may fare no better. */
  readonly trouble: string | undefined;
  /** The new PAT, where it may have arrived all the same. */
  readonly left: Member | undefined;
}

export interface ReplacementOrder {
  readonly item: FamilyInRun;
  readonly previous: Member;
  readonly isPlaceAskedFirst: boolean;
}

/** Create, prove, deliver: the part of the protocol that makes a new current PAT. */
export async function replacePat(context: RunContext, order: ReplacementOrder): Promise<Replacement> {
  const [source] = order.item.seen;
  if (source === undefined) return makeSuccessor(context, order);
  const { place, sight } = source;
  const passage = await context.storage.enter({
    store: place.store,
    check: sight.checkWritable,
    isAskedFirst: order.isPlaceAskedFirst,
    phrase: place.phrase,
  });
  if (passage.kind === 'closed') return notDelivered(order, passage.why, 'the store takes nothing');
  let made: Replacement | undefined;
  try {
    made = await makeSuccessor(context, order);
    return made;
  } finally {
    passage.leave(made?.kind === 'not delivered' ? made.trouble : undefined);
  }
}

async function makeSuccessor(context: RunContext, order: ReplacementOrder): Promise<Replacement> {
  if (context.world.isStopping()) {
    return notDelivered(
      order,
      'The job was cancelled before its turn: nothing was made, and its PAT stays as it is. The next run renews it.',
      'cancelled',
    );
  }
  const { family, listing, destination } = order.item.selected;
  const isHandedOver = destination.kind === 'handed over';
  if (destination.kind !== 'none' && destination.variable !== undefined) {
    const { variable } = destination;
    if (context.world.variables.isReadOnly(variable)) {
      return notDelivered(
        order,
        `The variable ${variable} is read-only in this pipeline, so its new value could not be handed over. ${asBefore} Rename that ` +
          'variable, or the PAT.',
        'read-only variable',
      );
    }
  }
  const { pats } = listing.organization;
  const startedAt = pats.now();
  const asked = startedAt + context.settings.policy.lifetimeDays * day;
  const checkTime = deliveryDeadline(context, order);
  let created: CreatedPat;
  try {
    created = await pats.create({
      displayName: isHandedOver ? withNewMarker(family.name) : family.name,
      scope: family.scope,
      validTo: asked,
      allOrgs: context.settings.policy.allOrgs === 'true',
    });
  } catch (error) {
    return notDelivered(order, await afterFailedCreation(order, error, startedAt), causeIn(error));
  }
  // Before anything else happens to the value: make it unreadable in the log.
  context.world.registerSecret(created.token);

  const bad = await proveNew(order, created);
  if (bad !== undefined) {
    const undone = await undo(order, created);
    return notDelivered(order, `Its new PAT was not delivered, because ${bad.replace(/\.$/, '')}. ${undone}`, 'bad');
  }
  tellOfDates(context, order, created, asked);
  return isHandedOver
    ? await handOver(context, order, created, destination.variable, checkTime)
    : await intoPlaces(context, order, created, checkTime);
}

function notDelivered(
  order: ReplacementOrder,
  message: string,
  cause: string,
  more: { readonly trouble?: string | undefined; readonly left?: Member } = {},
): NotDelivered {
  return {
    kind: 'not delivered',
    entry: { ...entryOf(order), outcome: 'failed', message, cause },
    trouble: more.trouble,
    left: more.left,
  };
}

function causeIn(error: unknown): string {
  return error instanceof ServiceError ? causeOf(error) : 'unexpected';
}

function entryOf({ item, previous }: ReplacementOrder): Omit<PatEntry, 'outcome'> {
  return { ...listed(previous.pat), displayName: item.family.name, action: 'replace' };
}

/** How things stand where nothing came of it. */
const asBefore = 'Its PAT in use was not touched, nothing was stored, and the next run tries again.';

/** I9: a creation whose answer is lost is not repeated; it is looked for, told of, and left alone. */
async function afterFailedCreation(order: ReplacementOrder, error: unknown, startedAt: Instant): Promise<string> {
  const said = sentenceOf(error);
  if (!(error instanceof ServiceError) || error.outcome !== 'unknown') return `${said} No PAT was made. ${asBefore}`;

  const old = 'Its PAT in use was not touched, and nothing was stored.';
  const { family, listing } = order.item.selected;
  const next = 'The next runs renew it, and revoke what was made for nothing once it is old enough.';
  try {
    const now = await listing.organization.pats.list('active');
    const found = newcomers(family, now, (id) => listing.byId.has(id), startedAt);
    const what =
      found.length === 0
        ? 'No new PAT of that name is listed.'
        : `A PAT of that name has appeared (${found.map((pat) => pat.authorizationId).join(', ')}), made by this run ` +
          'or by another one; its value is not known here, so nothing was revoked.';
    return `${said} Whether its new PAT was made is not certain. ${what} ${old} ${next}`;
  } catch {
    return `${said} Whether its new PAT was made is not certain, and the list could not be read again. ${old} ${next}`;
  }
}

/**
 * Throws once 30 minutes have passed since the creation, by any of the clocks: another run may take it for an orphan. A
 * machine may have slept, so not by elapsed time alone.
 */
function deliveryDeadline({ world }: RunContext, { item }: ReplacementOrder): Parcel['checkTime'] {
  const { pats } = item.selected.listing.organization;
  const clocks = [world.elapsed, world.wall, pats.now, ...item.seen.map(({ sight }) => sight.now)];
  const started = clocks.map((clock) => clock());
  return (told) => {
    const passed = clocks.map((clock, index) => clock() - (started[index] ?? 0));
    const [place] = item.seen;
    if (told !== undefined && place !== undefined) passed.push(told - (started.at(3) ?? told));
    if (Math.max(...passed) <= deliverWithin) return;
    throw new ServiceError(
      'More than 30 minutes have passed since its new PAT was made, so it was not delivered any more.',
      { outcome: 'unsent', code: 'TooLate' },
    );
  };
}

/** Why the new PAT is not to be delivered; undefined if it works, or the lifecycle API says that it is active. */
async function proveNew({ item }: ReplacementOrder, created: CreatedPat): Promise<string | undefined> {
  const { organization } = item.selected.listing;
  const proof: Proof = await organization.prove(created.token).catch(() => ({ kind: 'nothing shown' }) as const);
  let said = '';
  const word: LifecycleWord =
    proof.kind === 'nothing shown'
      ? await organization.pats.get(created.pat.authorizationId).then(
          (pat) => {
            if (pat === undefined) return 'unknown to it';
            return memberOf(pat, organization.pats.now()).state === 'active' ? 'active' : 'not active';
          },
          (error: unknown) => {
            said = sentenceOf(error);
            return 'no answer';
          },
        )
      : 'no answer';
  switch (judgeProof(proof, word)) {
    case 'deliver':
      return undefined;
    case 'bad':
      return proof.kind === 'bad' ? proof.why : 'it does not work';
    case 'not active':
      return 'Azure DevOps says it is not active';
    case 'unknown':
      return 'Azure DevOps does not know it (any more)';
    case 'nobody says':
      return `nobody could say whether it works: ${said}`;
  }
}

/** Revokes a PAT that this run made and certainly did not deliver; says what came of it. */
async function undo({ item }: ReplacementOrder, created: CreatedPat): Promise<string> {
  const id = created.pat.authorizationId;
  try {
    await item.selected.listing.organization.pats.revoke(id);
    return `The new PAT (${id}) was revoked again. ${asBefore}`;
  } catch (error) {
    return (
      `The new PAT (${id}) could not be revoked again (${sentenceOf(error)}); nobody has its value, and a later run ` +
      `revokes it. ${asBefore}`
    );
  }
}

function tellOfDates(context: RunContext, order: ReplacementOrder, created: CreatedPat, asked: Instant): void {
  const { selected, family } = order.item;
  const { policy } = context.settings;
  const granted = created.pat.validTo;
  const who = named(selected);
  if (judgeGranted({ previous: order.previous.pat.validFrom, asked, granted }) !== 'as asked') {
    const days = Math.max(0, Math.floor((granted - created.pat.validFrom) / day));
    const { renewBeforeDays } = policy;
    const isDueAtOnce = renewBeforeDays !== undefined && days <= renewBeforeDays;
    const what = `asked for an end on ${toIsoSeconds(asked)}, granted was ${toIsoSeconds(granted)} (${days} days)`;
    const advice = isDueAtOnce
      ? `A policy of the tenant limits how long a PAT may live: with renewBeforeDays ${renewBeforeDays} each run would make another one. ` +
        `Set renewBeforeDays to less than ${days}.`
      : 'A policy of the tenant limits how long a PAT may live: set lifetimeDays to fit it, and run often enough.';
    context.warn({
      cause: `granted ${isDueAtOnce}`,
      about: who,
      sentence: `${who}: ${what}. ${advice}`,
      ofSeveral: (whom) => `${whom}: ${what}, or nearly so. ${advice}`,
      rank: isDueAtOnce ? 0 : 2,
    });
  }
  if (order.previous.pat.isShared && !created.pat.isShared) {
    const advice = 'Consumers in other organizations need a PAT of their own.';
    context.warn({
      cause: 'narrower',
      about: who,
      sentence: `${who}: the old PAT is valid in several organizations, its successor in ${family.organization} only. ${advice}`,
      ofSeveral: (whom) =>
        `${whom}: the old PATs are valid in several organizations, each successor in its own only. ${advice}`,
      rank: 1,
    });
  }
  if (scopeSet(created.pat.scope) !== scopeSet(family.scope)) {
    context.warn(
      `${who}: the new PAT came back with the scopes "${created.pat.scope}", asked for were "${family.scope}". The record at its ` +
        'place says which one is in use.',
    );
  }
}

function doneEntry(order: ReplacementOrder, created: CreatedPat): PatEntry {
  const { pat } = order.previous;
  const { authorizationId: newAuthorizationId, validFrom, validTo } = created.pat;
  return {
    ...entryOf(order),
    outcome: 'done',
    previousValidTo: pat.validTo,
    previousValidFrom: pat.validFrom,
    newAuthorizationId,
    validFrom,
    validTo,
  };
}

async function intoPlaces(
  context: RunContext,
  order: ReplacementOrder,
  created: CreatedPat,
  checkTime: Parcel['checkTime'],
): Promise<Replacement> {
  const { item } = order;
  const [source, ...followers] = item.seen;
  if (source === undefined) throw new Error('a place is needed to deliver into one');
  const parcel = parcelOf(item, created, checkTime);
  const delivered = await source.sight.deliver(parcel);
  if (delivered.kind !== 'delivered') return afterFailedDelivery(order, created, source, delivered);

  const member = memberOf(created.pat, item.selected.listing.organization.pats.now());
  const outcomes: PlaceOutcome[] = [{ place: source.place.label, outcome: 'done' }];
  const seen: SeenPlace[] = [standingNow(source, delivered.after, member)];
  for (const follower of followers) {
    const followed = await follower.sight.deliver(parcel);
    if (followed.kind === 'delivered') {
      outcomes.push({ place: follower.place.label, outcome: 'done' });
      seen.push(standingNow(follower, followed.after, member));
    } else {
      outcomes.push({ place: follower.place.label, outcome: 'failed', message: whyNotCopied(followed) });
      seen.push(follower);
    }
  }
  for (const { place, error } of item.unseen) {
    outcomes.push({ place: place.label, outcome: 'failed', message: sentenceOf(error) });
  }
  const after: FamilyInRun = {
    ...item,
    family: { ...item.family, members: [...item.family.members, member] },
    seen,
    observation: {
      kind: 'places',
      source: seen[0]?.evidence ?? source.evidence,
      followers: seen.slice(1).map(({ evidence }) => evidence),
    },
  };
  const { destination } = item.selected;
  if (destination.kind === 'places' && destination.variable !== undefined) {
    await context.world.variables.set(destination.variable, created.token).catch(() => undefined);
  }
  const failedAt = outcomes.filter(({ outcome }) => outcome === 'failed');
  const entry: PatEntry = {
    ...doneEntry(order, created),
    destination: source.place.label,
    destinations: outcomes,
    ...(failedAt.length === 0
      ? {}
      : {
          outcome: 'failed',
          cause: 'a follower',
          message:
            `Its new value stands in ${source.place.phrase}, and not in ${failedAt.map(({ place }) => place).join(', ')} yet: ` +
            `${failedAt.map(({ message }) => message).join(' ')} What reads it there has the old value, which stays valid; the next ` +
            'run brings the new one.',
        }),
  };
  if (failedAt.length === 0) tellDelivery(context, order, created, outcomes);
  return { kind: 'delivered', member, entry, after };
}

function tellDelivery(
  { world }: RunContext,
  { item: { family }, previous }: ReplacementOrder,
  { pat }: CreatedPat,
  outcomes: readonly PlaceOutcome[],
): void {
  try {
    world.delivered?.({
      organization: family.organization,
      displayName: family.name,
      authorizationId: pat.authorizationId,
      places: outcomes.map(({ place }) => place),
      validTo: pat.validTo,
      previousValidTo: previous.pat.validTo,
    });
  } catch {
    // What listens must not undo what was done.
  }
}

export function parcelOf(item: FamilyInRun, { pat, token }: CreatedPat, checkTime: Parcel['checkTime']): Parcel {
  const { family, selected } = item;
  return {
    pat,
    token,
    familyName: family.name,
    others: activeMembers(family)
      .map((member) => member.pat)
      .filter(({ authorizationId }) => authorizationId !== pat.authorizationId),
    checkTime,
    isOutrankedBy: async (authorizationId) => {
      if (authorizationId.toLowerCase() === pat.authorizationId.toLowerCase()) return false;
      const found = await isStillActive(selected.listing.organization, authorizationId);
      if (found === undefined || !belongsTo(family, found.pat)) return false;
      const age = found.pat.validFrom - pat.validFrom;
      return age > 0 || (age === 0 && found.pat.authorizationId > pat.authorizationId);
    },
  };
}

/** A place after a delivery of this run: what stands there is known, nobody has to be asked. */
export function standingNow({ place, evidence }: SeenPlace, sight: Sight, member: Member): SeenPlace {
  const { occupant } = sight;
  const standing: Evidence['standing'] =
    occupant.kind === 'delivered'
      ? { kind: 'own', claim: occupant.claim, recorded: { kind: 'active', member } }
      : evidence.standing;
  return { place, sight, evidence: { ...evidence, log: sight.log, standing, isEdited: false, obstacle: undefined } };
}

export function whyNotCopied(delivered: Exclude<Delivered, { kind: 'delivered' }>): string {
  switch (delivered.kind) {
    case 'refused':
      return sentenceOf(delivered.error);
    case 'unknown':
      return `${sentenceOf(delivered.error)} Whether the value has arrived is not certain.`;
    case 'outranked':
      return `Another run has put a younger PAT there (${delivered.by}).`;
  }
}

/** A new PAT is taken back only if its value certainly did not arrive. */
async function afterFailedDelivery(
  order: ReplacementOrder,
  created: CreatedPat,
  { place }: SeenPlace,
  delivered: Exclude<Delivered, { kind: 'delivered' }>,
): Promise<Replacement> {
  if (delivered.kind === 'outranked') {
    const undone = await undo(order, created);
    return {
      kind: 'not delivered',
      entry: {
        ...entryOf(order),
        action: 'skip',
        outcome: 'skipped',
        message: `Another run was faster: its younger PAT (${delivered.by}) stands in ${place.phrase}, so this run's own was not put there. ${undone}`,
      },
      trouble: undefined,
      left: undefined,
    };
  }
  const { error } = delivered;
  const said = sentenceOf(error);
  const trouble = isStoresTrouble(error) ? said : undefined;
  if (delivered.kind === 'refused') {
    return notDelivered(order, `${said} ${await undo(order, created)}`, causeOf(error), { trouble });
  }
  return notDelivered(
    order,
    `${said} Whether the value of the new PAT (${created.pat.authorizationId}) has arrived in ${place.phrase} is not certain, so both ` +
      'it and the PAT in use stay valid. The next run looks at the place and carries on from there.',
    causeOf(error),
    { trouble, left: memberOf(created.pat, order.item.selected.listing.organization.pats.now()) },
  );
}

/** Whether other places of the store would fare no better: not if this one is deleted, its content refused, or time ran out. */
function isStoresTrouble(error: ServiceError): boolean {
  return error.status !== 409 && error.status !== 400 && error.code !== 'TooLate';
}

/** The value goes to the later steps of the job. Whether they store it is not known here: the *new* marker stays. */
async function handOver(
  context: RunContext,
  order: ReplacementOrder,
  created: CreatedPat,
  variable: string | undefined,
  checkTime: Parcel['checkTime'],
): Promise<Replacement> {
  if (variable === undefined) throw new Error('an output variable is needed to hand a value over');
  const { pats } = order.item.selected.listing.organization;
  if (context.world.isStopping()) {
    // The later steps of a cancelled job do not run: nobody would store the value.
    return notDelivered(
      order,
      `The job was cancelled before its value was handed over. ${await undo(order, created)}`,
      'cancelled',
    );
  }
  try {
    checkTime();
  } catch (error) {
    return notDelivered(order, `${sentenceOf(error)} ${await undo(order, created)}`, causeIn(error));
  }
  const member = memberOf(created.pat, pats.now());
  try {
    await context.world.variables.set(variable, created.token);
    await context.handedOver.add(created.pat.authorizationId);
  } catch {
    return notDelivered(
      order,
      `Whether the later steps were given the value of the new PAT (${created.pat.authorizationId}) is not certain: it could not be ` +
        `written to the agent. Both it and the PAT in use stay valid, and a later run makes another one.`,
      'not written out',
      { left: member },
    );
  }
  return { kind: 'handed over', member, entry: { ...doneEntry(order, created), destination: variable } };
}
