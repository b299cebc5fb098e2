import type { Instant } from './renewal/instant.ts';
import type { Proof } from './services/connection-data.ts';
import type { PatApi } from './services/pat-api.ts';
import type { SecretStore } from './services/secret-store.ts';

/** What a run talks to, after sign-in. */
export interface World {
  readonly organization: (name: string) => Organization;
  /** Undefined: no vault was asked for, values go to output variables alone. */
  readonly vault: SecretStore | undefined;
  readonly variables: OutputVariables;
  /** Makes a value unreadable in the log, in every form in which it travels. */
  readonly registerSecret: (value: string) => void;
  /** True once the job has been cancelled: nothing new is begun. */
  readonly isStopping: () => boolean;
  /** Milliseconds since some instant: for durations only. */
  readonly elapsed: () => number;
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

export interface OutputVariables {
  /** Resolves when the value has been written out to the agent. */
  readonly set: (name: string, value: string) => Promise<void>;
}
