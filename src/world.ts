import type { PlaceOf } from './destinations/registry.ts';
import type { Instant } from './renewal/instant.ts';
import type { Proof } from './services/connection-data.ts';
import type { PatApi } from './services/pat-api.ts';

/** What a run talks to, after sign-in. */
export interface World {
  readonly organization: (name: string) => Organization;
  /** The places where values can be put. */
  readonly placeOf: PlaceOf;
  readonly variables: OutputVariables;
  /** Makes a value unreadable in the log, in every form in which it travels. */
  readonly registerSecret: (value: string) => void;
  /** True once the job has been cancelled: nothing new is begun. */
  readonly isStopping: () => boolean;
  /** Milliseconds since some instant: for durations only. */
  readonly elapsed: () => number;
  /** The agent's wall clock, in milliseconds since 1970: it goes on while a machine sleeps. For durations only. */
  readonly wall: () => number;
  readonly progress: (done: number, total: number) => void;
  /** Called once for each PAT whose value stands at all of its places; what it throws is not the run's business. */
  readonly delivered?: ((delivery: Delivery) => void) | undefined;
}

/** A new PAT that consumers can read now. Never its value. */
export interface Delivery {
  readonly organization: string;
  /** The family's plain name. Untrusted text. */
  readonly displayName: string;
  /** Of the new PAT. */
  readonly authorizationId: string;
  /** As the report names them: `<vault>/<secret>`. */
  readonly places: readonly string[];
  readonly validTo: Instant;
  /** When the PAT that it replaces ends; undefined where it replaces none. */
  readonly previousValidTo: Instant | undefined;
}

/** One organization, as the service account sees it. */
export interface Organization {
  readonly name: string;
  readonly pats: PatApi;
  /** Asked once a run, when somebody needs it. @throws ServiceError */
  readonly accountId: () => Promise<string>;
  /** @throws ServiceError if there was no answer */
  readonly prove: (token: string) => Promise<Proof>;
}

/** What the later steps of the job are given. Both resolve when it has been written out; a failed write rejects. */
export interface OutputVariables {
  /** Sets a secret output variable. */
  readonly set: (name: string, value: string) => Promise<void>;
  /** Names the PATs whose values have been handed over in this job, earlier attempts included. */
  readonly handOver: (authorizationIds: readonly string[]) => Promise<void>;
  /** Whether a variable of that name certainly cannot be set. */
  readonly isReadOnly: (name: string) => boolean;
}
