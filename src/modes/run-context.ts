import type { Member } from '../renewal/family.ts';
import type { Instant } from '../renewal/instant.ts';
import type { Circumstances } from '../renewal/plan.ts';
import type { PatEntry } from '../report/run-report.ts';
import type { Telling } from '../report/tellings.ts';
import type { Settings } from '../settings/settings.ts';
import type { World } from '../world.ts';
import type { SelectedFamily } from './selection.ts';
import type { StorageGate } from './storage-gate.ts';

/** What the steps of one run share. */
export interface RunContext {
  readonly settings: Settings;
  readonly world: World;
  /** Tells a person of something that goes wrong by itself unless they act. */
  readonly warn: (telling: Telling | string) => void;
  /** Tells of something that is good to know. */
  readonly notice: (telling: Telling | string) => void;
  /** Lets no PAT be made that could not be stored. */
  readonly storage: StorageGate;
  /** Organizations that could not be read. */
  readonly unseen: readonly string[];
  /** By place: the active PAT that no rule selects, and whose value would stand there. */
  readonly leftOutAt: ReadonlyMap<string, string>;
  readonly handedOver: HandedOver;
}

/** Ids of the PATs whose values have been handed over in this job: before, and by this run. In lower case. */
export interface HandedOver {
  readonly before: ReadonlySet<string>;
  /** Tells the later steps of one more, and of all before it. Resolves when it has been written out. */
  readonly add: (authorizationId: string) => Promise<void>;
}

/** What a mode did about one family. */
export interface FamilyResult extends FamilyOutcome {
  readonly selected: SelectedFamily;
}

export interface FamilyOutcome {
  readonly entries: readonly PatEntry[];
  /** What consumers may be given after the run: the earliest end of these is `nextExpiry`. */
  readonly currents: readonly Member[];
}

export function circumstancesOf(
  { settings, unseen, handedOver }: RunContext,
  { listing }: SelectedFamily,
  owner: Circumstances['owner'],
): Circumstances {
  const now: Instant = listing.organization.pats.now();
  return {
    owner,
    now,
    isListed: (id) => listing.byId.has(id),
    pipelineStart: settings.pipelineStart,
    handedOver: handedOver.before,
    unseen,
  };
}
