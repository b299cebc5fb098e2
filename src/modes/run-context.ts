import type { Member } from '../renewal/family.ts';
import type { PatEntry } from '../report/run-report.ts';
import type { Settings } from '../settings/settings.ts';
import type { World } from '../world.ts';
import type { SelectedFamily } from './selection.ts';
import type { StorageGate } from './storage-gate.ts';

/** What the steps of one run share. */
export interface RunContext {
  readonly settings: Settings;
  readonly world: World;
  /** Tells a person of something to look at. */
  readonly warn: (sentence: string) => void;
  /** Notes what consumers are given after the run: the earliest end of these is `nextExpiry`. */
  readonly noteCurrent: (member: Member) => void;
  /** Lets no PAT be made that could not be stored. */
  readonly storage: StorageGate;
}

/** What a mode did about one family. */
export interface FamilyResult {
  readonly selected: SelectedFamily;
  readonly entries: readonly PatEntry[];
}
