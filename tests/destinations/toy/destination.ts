import type { Destination } from '../../../src/destinations/destination.ts';
import type { Delivered, Looking, Parcel, Place, Sight } from '../../../src/destinations/port.ts';
import type { Instant } from '../../../src/renewal/instant.ts';
import type { Claim, Log, Occupant } from '../../../src/renewal/log.ts';
import { hasPatShape } from '../../../src/renewal/pat-shape.ts';
import { type Pauses, retrying } from '../../../src/services/retry.ts';
import { ServiceError } from '../../../src/services/service-error.ts';
import type { Box, Kept } from './box.ts';

/** Drawers of a box in memory, in the place of secrets: the smallest destination that keeps every promise of the port. */
export function toyOf(box: Box): Destination<'secret'> {
  return { kind: 'secret', placeOf: ({ name }, { devOps }) => drawerPlace(box, name, devOps.pauses) };
}

export function drawerPlace(box: Box, name: string, pauses: Pauses): Place {
  const label = `toy/${name}`;
  const drawer = { box, name, key: label.toLowerCase(), pauses };
  const look = async (looking: Looking) => {
    const kept = await box.read(name);
    return sightOf({ ...drawer, looking }, kept, await occupantOf(kept.at(-1), looking));
  };
  return { key: drawer.key, store: 'toy', label, phrase: `drawer ${label}`, isReadable: true, look };
}

interface Drawer {
  readonly box: Box;
  readonly name: string;
  readonly key: string;
  readonly pauses: Pauses;
  readonly looking: Looking;
}

function sightOf(drawer: Drawer, seen: readonly Kept[], occupant: Occupant): Sight {
  const { box, name, key, looking } = drawer;
  const isUnchanged = async () => keysOf(await box.read(name)) === keysOf(seen);
  return {
    ...{ key, occupant, log: logOf(seen), recordedEnd: seen.at(-1)?.end, obstacle: undefined, edit: undefined },
    ...{ now: box.now, tellsTime: () => true, isUnchanged },
    preview: (parcel) => logOf([...seen, { ...entryOf(parcel, looking, box.now()), value: '', at: box.now() }]),
    deliver: (parcel) => deliver(drawer, seen, parcel),
    read: async () => {
      const newest = seen.at(-1);
      if (newest !== undefined && (await isUnchanged())) return newest.value;
      throw new ServiceError(`Drawer toy/${name} was changed meanwhile.`, { outcome: 'refused', code: 'Changed' });
    },
  };
}

async function deliver(drawer: Drawer, seen: readonly Kept[], parcel: Parcel): Promise<Delivered> {
  const { box, name, pauses, looking } = drawer;
  const entry = { ...entryOf(parcel, looking, box.now()), value: parcel.token };
  const options = { repeat: 'always', finishes: true, beforeEach: () => parcel.checkTime() } as const;
  try {
    await retrying(pauses, options, () => box.put(name, entry)).catch(unlessUnknown);
    const stored = (await box.read(name)).at(-1);
    if (stored?.key !== entry.key) {
      throw new ServiceError(`Nobody knows whether drawer toy/${name} has it.`, { outcome: 'unknown', code: 'Lost' });
    }
    checkArrival(parcel, stored.at);
    const after = sightOf(drawer, [...seen, stored], { kind: 'delivered', claim: entry.claim });
    return { kind: 'delivered', at: stored.at, after };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { kind: error.outcome === 'unknown' ? 'unknown' : 'refused', error };
  }
}

/** A lost answer is not a "no": what the drawer shows settles it. */
function unlessUnknown(error: unknown): void {
  if (!(error instanceof ServiceError) || error.outcome !== 'unknown') throw error;
}

function checkArrival({ checkTime }: Parcel, told: Instant): void {
  try {
    checkTime(told);
  } catch (error) {
    throw error instanceof ServiceError ? error.withOutcome('unknown') : error;
  }
}

/** One key for all attempts: the box keeps an entry once. */
function entryOf({ pat, familyName }: Pick<Parcel, 'pat' | 'familyName'>, { owner }: Looking, at: Instant) {
  const authorizationId = pat.authorizationId.toLowerCase();
  const claim: Claim = { ...owner, authorizationId, displayName: familyName, at };
  return { key: `${authorizationId} ${at}`, claim, end: pat.validTo };
}

function logOf(kept: readonly Kept[]): Log {
  return kept.map(({ key, at, claim }) => ({ key, at, claim, isServed: true, isProven: claim !== undefined }));
}

async function occupantOf(newest: Kept | undefined, { isAdopting, isAnothers }: Looking): Promise<Occupant> {
  if (newest === undefined) return { kind: 'nothing' };
  if (newest.claim !== undefined) return { kind: 'delivered', claim: newest.claim };
  if (!isAdopting) return { kind: 'unrecorded', value: 'unknown' };
  if (!hasPatShape(newest.value)) return { kind: 'unrecorded', value: 'other' };
  return { kind: 'unrecorded', value: (await isAnothers(newest.value)) ? 'another identity’s' : 'pat' };
}

function keysOf(kept: readonly Kept[]): string {
  return JSON.stringify(kept.map(({ key }) => key));
}
