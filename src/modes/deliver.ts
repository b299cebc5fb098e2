import type { Delivered, Parcel, Sight } from '../destinations/port.ts';
import { deliverWithin } from '../renewal/creation.ts';
import { activeMembers, belongsTo, type Member, memberOf } from '../renewal/family.ts';
import type { Evidence } from '../renewal/standing.ts';
import type { PatEntry, PlaceOutcome } from '../report/run-report.ts';
import type { CreatedPat } from '../services/pat-api.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import { isStillActive } from './listing.ts';
import { causeOf, type FamilyInRun, type SeenPlace } from './observe.ts';
import { doneEntry, entryOf, notDelivered, type Replacement, type ReplacementOrder, undo } from './replacement.ts';
import type { RunContext } from './run-context.ts';

/**
 * Throws once 30 minutes have passed since the creation, by any of the clocks: another run may take it for an orphan. A
 * machine may have slept, so not by elapsed time alone.
 */
export function deliveryDeadline({ world }: RunContext, { item }: Pick<ReplacementOrder, 'item'>): Parcel['checkTime'] {
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

export async function intoPlaces(
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
