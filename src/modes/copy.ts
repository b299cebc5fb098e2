import type { Parcel } from '../destinations/port.ts';
import type { Member } from '../renewal/family.ts';
import { refusalAt, refusalOfFirst } from '../renewal/plan.ts';
import { refusalWords } from '../report/reasons.ts';
import type { PlaceOutcome } from '../report/run-report.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import { deliveryDeadline, parcelOf, standingNow, whyNotCopied } from './deliver.ts';
import { type FamilyInRun, isBehind, type SeenPlace } from './observe.ts';
import type { RunContext } from './run-context.ts';

/** What became of the places that follow the source. */
export interface Copied {
  /** The family with the followers as they stand now. */
  readonly after: FamilyInRun;
  /** One for each place, the source first. */
  readonly outcomes: readonly PlaceOutcome[];
  readonly copied: number;
}

/**
 * Gives each follower whose record does not name the current PAT the value that the source holds; no PAT is made for it. A
 * value that is put again supersedes what a stale page brought back.
 */
export async function copyToFollowers(context: RunContext, item: FamilyInRun, current: Member): Promise<Copied> {
  const [source, ...followers] = item.seen;
  if (source === undefined) return { after: item, outcomes: [], copied: 0 };
  const outcomes: PlaceOutcome[] = [{ place: source.place.label, outcome: 'done' }];
  const seen: SeenPlace[] = [source];
  let copied = 0;
  let value: string | undefined;
  for (const follower of followers) {
    const { place } = follower;
    if (!isBehind(item, follower, current)) {
      outcomes.push({ place: place.label, outcome: 'done' });
      seen.push(follower);
      continue;
    }
    seen.push(follower);
    const refusal = refusalAt(follower.evidence, item.family) ?? refusalOfFirst(follower.evidence, context.unseen);
    if (refusal !== undefined) {
      outcomes.push({ place: place.label, outcome: 'failed', message: refusalWords(refusal, place.phrase) });
    } else if (context.settings.dryRun) {
      outcomes.push({ place: place.label, outcome: 'planned', message: 'would be given the value of the PAT in use' });
      copied++;
    } else if (context.world.isStopping()) {
      outcomes.push({ place: place.label, outcome: 'failed', message: 'The job was cancelled before its turn.' });
    } else {
      try {
        value ??= await source.sight.read?.();
        if (value === undefined) throw new Error(`${source.place.phrase} cannot be read back`);
        context.world.registerSecret(value);
        const delivered = await follower.sight.deliver({
          ...parcelOf(item, { pat: current.pat, token: value }, copyDeadline(context, item)),
        });
        if (delivered.kind === 'delivered') {
          outcomes.push({ place: place.label, outcome: 'done', message: 'was given the value of the PAT in use' });
          seen[seen.length - 1] = standingNow(follower, delivered.after, current);
          copied++;
        } else outcomes.push({ place: place.label, outcome: 'failed', message: whyNotCopied(delivered) });
      } catch (error) {
        outcomes.push({ place: place.label, outcome: 'failed', message: sentenceOf(error) });
      }
    }
  }
  for (const { place, error } of item.unseen) {
    outcomes.push({ place: place.label, outcome: 'failed', message: sentenceOf(error) });
  }
  const observation = {
    kind: 'places',
    source: source.evidence,
    followers: seen.slice(1).map(({ evidence }) => evidence),
  } as const;
  return { after: { ...item, seen, observation }, outcomes, copied };
}

/**
 * I2: the record says since when it stands there, by a clock that an answer told. A machine that has slept since then would
 * write a time long gone.
 */
function copyDeadline(context: RunContext, item: FamilyInRun): Parcel['checkTime'] {
  const check = deliveryDeadline(context, { item });
  return (told) => {
    try {
      check(told);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const message =
        'More than 30 minutes have passed since the copy was begun, so it was given up. The next run makes it.';
      throw new ServiceError(message, { outcome: 'unsent', code: 'TooLate' });
    }
  };
}
