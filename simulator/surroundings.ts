import type { Change } from './change.ts';
import type { Random } from './random.ts';
import type { Settings } from './settings.ts';

/** What each service's state needs of the world around it. */
export interface Surroundings {
  /** The services' time, in milliseconds since 1970. */
  readonly now: number;
  readonly random: Random;
  readonly settings: Settings;
  /** Tells the world's observers, after the state has changed. */
  changed(change: Change): void;
}
