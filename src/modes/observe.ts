import type { Place, Sight } from '../destinations/port.ts';
import { inPool } from '../pool.ts';
import { mayBeInCopy } from '../renewal/copying.ts';
import { doubtful, idOf, namedByOwn } from '../renewal/doubt.ts';
import { activeMembers, type Family, type Member } from '../renewal/family.ts';
import { toIsoSeconds } from '../renewal/instant.ts';
import type { Owner } from '../renewal/log.ts';
import type { Observation } from '../renewal/observation.ts';
import { type Evidence, type RecordedPat, standingMember, standingOf } from '../renewal/standing.ts';
import { isWidenedFrom, joined } from '../renewal/widened.ts';
import { ServiceError } from '../services/service-error.ts';
import type { Listing } from './listing.ts';
import type { RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

/** A place that was looked at. */
export interface SeenPlace {
  readonly place: Place;
  readonly sight: Sight;
  readonly evidence: Evidence;
}

/** A place that could not be looked at: its sentence says why. */
export interface UnseenPlace {
  readonly place: Place;
  readonly error: ServiceError;
}

/** One selected family with all that is known of it. */
export interface FamilyInRun {
  readonly selected: SelectedFamily;
  readonly family: Family;
  readonly owner: Owner;
  readonly observation: Observation;
  /** The source first; empty where values are handed over. */
  readonly seen: readonly SeenPlace[];
  readonly unseen: readonly UnseenPlace[];
  /** Ids that records of other families name as theirs, in lower case. */
  readonly namedElsewhere: ReadonlySet<string>;
  /** Whether another run may be bringing what the source held at this look to a place that follows it. */
  readonly mayBeInCopy: boolean;
}

/** A family of which nothing more is known, and why. */
export interface Unobserved {
  readonly selected: SelectedFamily;
  readonly kind:
    | { readonly code: 'refused'; readonly message: string; readonly cause: string }
    /** Nothing is active and nothing is asked for. */
    | { readonly code: 'idle' }
    /** The job was cancelled before its turn. */
    | { readonly code: 'cancelled' };
}

export type Observed = FamilyInRun | Unobserved;

export function isObserved(observed: Observed): observed is FamilyInRun {
  return 'observation' in observed;
}

/**
 * The one look that all modes decide on. All records are read before anything is decided, so that no PAT goes that
 * another place's record names (I1).
 */
export async function observeAll(
  context: RunContext,
  selected: readonly SelectedFamily[],
): Promise<readonly Observed[]> {
  const looked = await inPool(selected, context.settings.concurrency, (family) => observe(context, family));
  const observed = joinWidened(context, looked);
  const namers = new Map<string, Set<Observed>>();
  for (const item of observed.filter(isObserved)) {
    for (const { evidence } of item.seen) {
      if (evidence.standing.kind !== 'own') continue;
      const id = evidence.standing.claim.authorizationId;
      namers.set(id, (namers.get(id) ?? new Set()).add(item));
    }
  }
  return observed.map((item) => {
    if (!isObserved(item)) return item;
    tellOfEdits(context, item);
    const ids = item.family.members.map(({ pat }) => pat.authorizationId.toLowerCase());
    const elsewhere = ids.filter((id) => [...(namers.get(id) ?? [])].some((namer) => namer !== item));
    return { ...item, namedElsewhere: new Set(elsewhere) };
  });
}

/** Same name, same place, fewer scopes, older than what the record there names: one family, whatever its scopes became. */
function joinWidened(context: RunContext, observed: readonly Observed[]): readonly Observed[] {
  const whole = new Map<Observed, Observed>();
  const parts = new Set<Observed>();
  // Most places are one family's: only those of several have anything to compare.
  const byPlace = new Map<string, FamilyInRun[]>();
  for (const item of observed.filter(isObserved)) {
    const key = item.seen[0]?.place.key;
    if (key !== undefined) byPlace.set(key, [...(byPlace.get(key) ?? []), item]);
  }
  for (const item of observed.filter(isObserved)) {
    const [source] = item.seen;
    const recorded = source && standingMember(item.family, source.evidence.standing);
    if (source === undefined || recorded === undefined) continue;
    const atPlace = byPlace.get(source.place.key) ?? [];
    const narrower = atPlace.filter(({ family }) => isWidenedFrom(item.family, recorded, family));
    if (narrower.length === 0) continue;
    const families = narrower.map(({ family }) => family);
    const family = joined(item.family, families);
    whole.set(item, { ...item, family, selected: { ...item.selected, family } });
    for (const part of narrower) parts.add(part);
    context.warn(
      `"${family.name}" (${family.organization}): the PAT in use (${recorded.pat.authorizationId}) has the scopes "${family.scope}", and ` +
        `older ones of that name have "${families.map(({ scope }) => scope).join('", "')}". By the record of ${source.place.phrase} it took ` +
        'their place: these are revoked as any other, and its successors get the same scopes. If that is too much, make a PAT with ' +
        'fewer by hand.',
    );
  }
  return observed.filter((item) => !parts.has(item)).map((item) => whole.get(item) ?? item);
}

/** What somebody else has changed stands in the way of revocations until the next delivery. */
function tellOfEdits(context: RunContext, { family, seen }: FamilyInRun): void {
  for (const { place, sight } of seen) {
    if (sight.edit === undefined) continue;
    const { by, at } = sight.edit;
    const who = `${place.phrase} ("${family.name}", ${family.organization})`;
    const when = `by ${by} on ${toIsoSeconds(at)}`;
    const advice =
      'The value may be another one now, so nothing of it is revoked until mode advanced has delivered anew. See that nobody but the ' +
      'service account changes it.';
    context.warn({
      cause: 'edited by others',
      about: `${who}, ${when}`,
      sentence: `${who} was changed ${when}, after the last delivery. ${advice}`,
      ofSeveral: (whom) => `These were changed by somebody else after the last delivery: ${whom}. ${advice}`,
      rank: 1,
    });
  }
}

async function observe(context: RunContext, selected: SelectedFamily): Promise<Observed> {
  const { settings, world } = context;
  const { listing, family, destination } = selected;
  if (destination.kind === 'none') {
    return { selected, kind: { code: 'refused', message: destination.problem, cause: destination.problem } };
  }
  const names: FamilyInRun = {
    selected,
    family,
    owner: { account: '', organization: listing.organization.name },
    observation: { kind: 'names' },
    seen: [],
    unseen: [],
    namedElsewhere: new Set(),
    mayBeInCopy: false,
  };
  const isIdle = settings.mode !== 'advanced' && activeMembers(family).length === 0;
  if (isIdle) return settings.mode === 'revoke' ? { selected, kind: { code: 'idle' } } : names;
  if (destination.kind === 'handed over') return names;
  if (world.isStopping()) return { selected, kind: { code: 'cancelled' } };
  try {
    const owner = { ...names.owner, account: await listing.organization.accountId() };
    const looks = await Promise.all(destination.places.map((place) => look(context, listing, owner, place)));
    const seen = looks.filter((one): one is SeenPlace => 'sight' in one);
    const unseen = looks.filter((one): one is UnseenPlace => 'error' in one);
    const [source, ...followers] = seen.map(({ evidence }) => evidence);
    // What the others follow could not be read, or nothing could.
    const [first] = destination.places;
    const blind = unseen.find(({ place }) => place === first);
    if (source === undefined || blind !== undefined) throw (blind ?? unseen[0])?.error;
    const following = seen.slice(1).map(({ evidence, sight }) => ({ evidence, now: sight.now() }));
    return {
      ...{ ...names, owner, observation: { kind: 'places', source, followers }, seen, unseen },
      mayBeInCopy: mayBeInCopy(source, following),
    };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { selected, kind: { code: 'refused', message: error.message, cause: causeOf(error) } };
  }
}

/** What failed for the same reason has the same cause, whatever PAT or place it is about. */
export function causeOf({ code, status, outcome }: ServiceError): string {
  return JSON.stringify([outcome, code, status]);
}

async function look(
  context: RunContext,
  listing: Listing,
  owner: Owner,
  place: Place,
): Promise<SeenPlace | UnseenPlace> {
  const { settings } = context;
  const { organization } = listing;
  try {
    const sight = await place.look({
      owner,
      isAdopting: settings.mode === 'advanced',
      takeOver: settings.takeOver,
      isAnothers: async (value) => {
        // It may have been stored in the open.
        context.world.registerSecret(value);
        const proof = await organization.prove(value);
        return proof.kind === 'bad' && proof.isAnothers === true;
      },
    });
    return { place, sight, evidence: await evidenceOf(context, listing, owner, place, sight) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { place, error };
  }
}

/** A sight in the terms of the rules. @throws ServiceError if a recorded PAT could not be looked up */
export async function evidenceOf(
  context: Pick<RunContext, 'leftOutAt'>,
  listing: Listing,
  owner: Owner,
  place: Place,
  { log, occupant, obstacle, edit }: Sight,
): Promise<Evidence> {
  const isListed = (id: string) => listing.byId.has(id);
  const named = occupant.kind === 'delivered' ? occupant.claim.authorizationId : undefined;
  const isSameAccount =
    occupant.kind === 'delivered' && occupant.claim.account.toLowerCase() === owner.account.toLowerCase();
  // Another account's PAT is not this one's to ask for.
  const recorded: RecordedPat = named !== undefined && isSameAccount ? await listing.find(named) : { kind: 'gone' };
  return {
    log,
    standing: standingOf(occupant, owner, () => recorded, isListed),
    isEdited: edit !== undefined,
    obstacle,
    leftOutName: context.leftOutAt.get(place.key),
  };
}

/** Ids that the source's own deliveries name. */
export function namedAtSource({ seen, owner, selected }: FamilyInRun): ReadonlySet<string> {
  const [source] = seen;
  return source === undefined ? new Set() : namedByOwn(source.evidence, owner, (id) => selected.listing.byId.has(id));
}

/** Whether a follower does not certainly hold the current PAT's value. */
export function isBehind(item: FamilyInRun, { evidence }: SeenPlace, current: Member): boolean {
  const standing = standingMember(item.family, evidence.standing);
  if (standing === undefined || idOf(standing) !== idOf(current)) return true;
  const { listing } = item.selected;
  const named = new Set([...namedAtSource(item), ...namedByOwn(evidence, item.owner, (id) => listing.byId.has(id))]);
  return doubtful(item.family, current, named, listing.organization.pats.now()).length > 0;
}

/** A family as it would stand after its successor's delivery: for dry runs. */
export function standingPreview(item: FamilyInRun, successor: Member): FamilyInRun {
  const others = activeMembers(item.family).map(({ pat }) => pat);
  const seen = item.seen.map((one): SeenPlace => {
    const log = one.sight.preview({ pat: successor.pat, familyName: item.family.name, others });
    const claim = log.at(-1)?.claim;
    if (claim === undefined) return one;
    const recorded: RecordedPat = { kind: 'active', member: successor };
    return { ...one, evidence: { ...one.evidence, log, standing: { kind: 'own', claim, recorded }, isEdited: false } };
  });
  const [source, ...followers] = seen.map(({ evidence }) => evidence);
  if (source === undefined) return item;
  return {
    ...item,
    family: { ...item.family, members: [...item.family.members, successor] },
    seen,
    observation: { kind: 'places', source, followers },
  };
}
