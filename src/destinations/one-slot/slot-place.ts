import type { Instant } from '../../renewal/instant.ts';
import type { Log, Occupant } from '../../renewal/log.ts';
import { hasPatShape } from '../../renewal/pat-shape.ts';
import { retrying } from '../../services/retry.ts';
import { ServiceError } from '../../services/service-error.ts';
import type { Delivered, Looking, Parcel, Place, Sight } from '../port.ts';
import { DocumentDesk } from './document-desk.ts';
import { claimOf, logOf, nextRecord, type SlotRecord } from './record.ts';
import type { Slot, SlotView } from './slot.ts';

/** A place that keeps one value: no versions, no revision, and nobody can read the value back. */
export function slotPlace<Document>(slot: Slot<Document>): Place {
  return {
    key: slot.key,
    store: slot.documentKey,
    label: slot.label,
    phrase: slot.phrase,
    isReadable: false,
    look: async (looking) => {
      const toWrite = looking.isAdopting;
      const desk = DocumentDesk.of(slot.devOps);
      const document = await desk.look(slot.documentKey, String(toWrite), () => slot.load(toWrite));
      const occupant = await occupantOf(slot.view(document), looking);
      return sightOf({ slot, desk, looking }, document, occupant);
    },
  };
}

interface At<Document> {
  readonly slot: Slot<Document>;
  readonly desk: DocumentDesk;
  readonly looking: Looking;
}

function sightOf<Document>(at: At<Document>, document: Document, occupant: Occupant): Sight {
  const { slot, looking } = at;
  const { clock } = slot.devOps;
  const view = slot.view(document);
  const log = logOfView(view, clock.now());
  return {
    key: JSON.stringify([slot.identityOf(document), slot.within?.toLowerCase()]),
    log,
    occupant,
    recordedEnd: view.record?.to,
    obstacle: view.obstacle,
    edit: view.edit,
    now: () => clock.now(),
    tellsTime: () => clock.isTold,
    preview: ({ pat, familyName, others }) =>
      logOf(
        nextRecord({
          ...{ pat, familyName, others, owner: looking.owner, replaced: view.record, now: clock.now() },
          isEdited: view.edit !== undefined,
        }),
        undefined,
      ),
    deliver: (parcel) => deliver(at, slot.identityOf(document), view, parcel),
    isUnchanged: async () => isSame(at, document, await slot.reload(document)),
  };
}

function logOfView({ record, edit, value }: SlotView, now: Instant): Log {
  if (record !== undefined) return logOf(record, edit);
  if (value.kind === 'none') return [];
  // Nobody knows since when it has stood there.
  return [{ key: 'unrecorded', at: now, isServed: true, claim: undefined, isProven: false }];
}

async function occupantOf({ record, value }: SlotView, looking: Looking): Promise<Occupant> {
  if (record !== undefined) return { kind: 'delivered', claim: claimOf(record) };
  switch (value.kind) {
    case 'none':
      return { kind: 'nothing' };
    case 'hidden':
      // Whoever sets takeOver answers for what cannot be looked at.
      return { kind: 'unrecorded', value: looking.takeOver ? 'pat' : 'not readable by anybody' };
    case 'plain': {
      if (value.text.trim() === '') return { kind: 'nothing' };
      if (!looking.isAdopting) return { kind: 'unrecorded', value: 'unknown' };
      if (!hasPatShape(value.text.trim())) return { kind: 'unrecorded', value: 'other' };
      const isAnothers = await looking.isAnothers(value.text.trim());
      return { kind: 'unrecorded', value: isAnothers ? 'another identity’s' : 'pat' };
    }
  }
}

/** The same record, by the same hand; what this run wrote for another PAT of the document is no other hand. */
function isSame<Document>({ desk, slot }: At<Document>, looked: Document, read: Document): boolean {
  const [then, now] = [slot.view(looked), slot.view(read)];
  const isSameRecord = JSON.stringify(now.record) === JSON.stringify(then.record);
  const isSameHand = now.stamp === then.stamp || now.stamp === desk.stamp(slot.identityOf(read));
  return now.record !== undefined && isSameRecord && isSameHand && now.value.kind === then.value.kind;
}

type Written<Document> =
  | { readonly kind: 'written'; readonly document: Document; readonly record: SlotRecord }
  | { readonly kind: 'outranked'; readonly by: string };

async function deliver<Document>(
  at: At<Document>,
  identity: string,
  seen: SlotView,
  parcel: Parcel,
): Promise<Delivered> {
  const { slot, desk } = at;
  const { pauses } = slot.devOps;
  return desk.write(identity, async () => {
    const attempt: Attempts = { isUnknown: false, mayBeHalfDone: false, before: undefined };
    try {
      const written = await retrying(
        pauses,
        { repeat: 'always', finishes: true, beforeEach: () => parcel.checkTime() },
        () => writeOnce(at, seen, parcel, attempt),
      );
      if (written.kind === 'outranked') return written;
      return await lookOnceMore(at, parcel, written.document, written.record);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.outcome !== 'unknown') return { kind: 'refused', error };
      if (attempt.mayBeHalfDone) {
        await takeBack(at, parcel, attempt.before);
        return { kind: 'unknown', error };
      }
      return (await foundThere(at, parcel)) ?? { kind: 'unknown', error };
    }
  });
}

/** What is known of the attempts so far. */
interface Attempts {
  isUnknown: boolean;
  /** A service that fails may have stored the record and not the value: the two are kept in different stores. */
  mayBeHalfDone: boolean;
  /** What stood there before the first of them. */
  before: SlotRecord | undefined;
}

/** A fresh read, and one PUT on it. */
async function writeOnce<Document>(
  at: At<Document>,
  seen: SlotView,
  parcel: Parcel,
  attempt: Attempts,
): Promise<Written<Document>> {
  const { slot, looking } = at;
  const document = await beforeSending(() => slot.load(true));
  const view = slot.view(document);
  const by = await beforeSending(() => fasterRun(seen, view, parcel));
  if (by !== undefined) {
    if (!attempt.isUnknown) return { kind: 'outranked', by };
    throw unsettled(`Another run has put a younger PAT into ${slot.phrase} meanwhile.`, 'Outranked');
  }
  refuseIfChanged(at, seen, view, parcel, attempt.isUnknown);
  if (!attempt.isUnknown) attempt.before = view.record;
  const record = nextRecord({
    ...{ pat: parcel.pat, familyName: parcel.familyName, others: parcel.others, owner: looking.owner },
    ...{ replaced: view.record, isEdited: view.edit !== undefined, now: slot.devOps.clock.now() },
  });
  // Reading may have taken long: it is the write that must not come too late.
  parcel.checkTime();
  try {
    return { kind: 'written', document: await slot.put(document, { record, token: parcel.token }), record };
  } catch (error) {
    attempt.isUnknown ||= error instanceof ServiceError && error.outcome === 'unknown';
    attempt.mayBeHalfDone ||= error instanceof ServiceError && (error.status ?? 0) >= 500;
    throw error;
  }
}

/** What fails here has sent no value. */
async function beforeSending<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ServiceError ? error.withOutcome('unsent') : error;
  }
}

/** The younger PAT of a run that was faster. */
async function fasterRun(seen: SlotView, view: SlotView, { pat, isOutrankedBy }: Parcel): Promise<string | undefined> {
  const named = view.record?.id;
  if (named === undefined || named === seen.record?.id || named === pat.authorizationId.toLowerCase()) return undefined;
  return (await isOutrankedBy(named)) ? named : undefined;
}

function refuseIfChanged<Document>(
  { slot, looking }: At<Document>,
  seen: SlotView,
  view: SlotView,
  { pat }: Parcel,
  hasTried: boolean,
): void {
  const refuse = (why: string): never => {
    throw new ServiceError(`Nothing was written into ${slot.phrase}: ${why}`, { outcome: 'unsent', code: 'Changed' });
  };
  if (view.obstacle !== undefined) refuse(view.obstacle);
  const { record } = view;
  const isOurs = record === undefined || record.account.toLowerCase() === looking.owner.account.toLowerCase();
  const wasOurs = record?.id === seen.record?.id || record?.id === pat.authorizationId.toLowerCase();
  if (!isOurs && !wasOurs) refuse('another service account has written there meanwhile. Run again.');
  // What this run's own attempt has left there without its record is no somebody's.
  const isNew = record === undefined && view.value.kind !== 'none' && seen.record !== undefined;
  const isFilled = record === undefined && view.value.kind === 'hidden' && seen.value.kind !== 'hidden';
  if ((isNew || isFilled) && !hasTried && !looking.takeOver)
    refuse('somebody has changed what stands there meanwhile. Run again.');
}

const pausesForReads = [0, 1000, 2000, 4000] as const;

/** A clean answer says that it is stored; a further read, that nobody has covered it at once. */
async function lookOnceMore<Document>(
  at: At<Document>,
  parcel: Parcel,
  answered: Document,
  record: SlotRecord,
): Promise<Delivered> {
  const { slot, desk, looking } = at;
  let document = answered;
  for (const pause of pausesForReads) {
    if (pause > 0) await slot.devOps.pauses.sleep(pause);
    document = await slot.reload(answered).catch(() => answered);
    const view = slot.view(document);
    if (view.record?.id !== record.id || view.value.kind !== 'hidden') continue;
    if (view.edit === undefined) desk.setStamp(slot.identityOf(document), view.stamp);
    checkArrival(parcel, slot.devOps.clock.now());
    const occupant = await occupantOf(view, looking);
    return { kind: 'delivered', at: view.record.at, after: sightOf(at, document, occupant) };
  }
  const words = `The value was taken by ${slot.phrase}, but right after it another record stands there: somebody else, or another run, has written at the same time.`;
  throw unsettled(words, 'CoveredAtOnce');
}

/** The value has arrived: that it came too late makes what it is worth unknown, and nothing is taken back. */
function checkArrival({ checkTime }: Parcel, told: Instant): void {
  try {
    checkTime(told);
  } catch (error) {
    throw error instanceof ServiceError ? error.withOutcome('unknown') : error;
  }
}

/**
 * I1: a record that a write left when it broke off would be believed, and what consumers go on reading be revoked. So the
 * one from before comes back, with a note that ends all revocations until the next delivery; should the value have arrived
 * after all, its PAT is the younger one that this record does not name.
 */
async function takeBack<Document>(
  { slot }: At<Document>,
  parcel: Parcel,
  before: SlotRecord | undefined,
): Promise<void> {
  try {
    const document = await slot.load(true);
    const { record } = slot.view(document);
    if (record === undefined || record.id !== parcel.pat.authorizationId.toLowerCase()) return;
    const edited = { by: 'a write of this task that broke off', at: slot.devOps.clock.now() };
    await slot.put(document, { record: { ...(before ?? ofYoungest(record, parcel)), edited }, token: parcel.token });
  } catch (error) {
    // It was tried: that the outcome is unknown is told in any case.
    if (!(error instanceof ServiceError)) throw error;
  }
}

/** Where there was none: what stood there may be the PAT that was the youngest until now. */
function ofYoungest(record: SlotRecord, { others }: Parcel): SlotRecord {
  const youngest = [...others].sort((a, b) => a.validFrom - b.validFrom).at(-1);
  if (youngest === undefined) return record;
  return { ...record, id: youngest.authorizationId.toLowerCase(), to: youngest.validTo, was: [] };
}

/** A lost answer is not a "no": a read that shows the record settles it. */
async function foundThere<Document>(at: At<Document>, parcel: Parcel): Promise<Delivered | undefined> {
  const { slot, desk, looking } = at;
  try {
    const document = await slot.load(true);
    const view = slot.view(document);
    if (view.record?.id !== parcel.pat.authorizationId.toLowerCase() || view.edit !== undefined) return undefined;
    parcel.checkTime(slot.devOps.clock.now());
    desk.setStamp(slot.identityOf(document), view.stamp);
    const occupant = await occupantOf(view, looking);
    return { kind: 'delivered', at: view.record.at, after: sightOf(at, document, occupant) };
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/** Transient: the same content is put on a fresh read. */
export function unsettled(message: string, code: string, transient = false): ServiceError {
  return new ServiceError(message, { outcome: 'unknown', code, transient });
}
