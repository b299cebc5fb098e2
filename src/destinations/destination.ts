import type { AzureDevOps } from '../services/azure-devops.ts';
import type { SecretStore } from '../services/secret-store.ts';
import type { WantedPlace } from './places.ts';
import type { Place } from './port.ts';

/** What destinations talk to. */
export interface DestinationServices {
  /** Undefined: no vault was asked for. */
  readonly vault: SecretStore | undefined;
  /** Azure DevOps, as the service account. */
  readonly devOps: AzureDevOps;
}

/** Whose value a place is wanted for. */
export interface WantedFor {
  readonly organization: string;
  /** The family's plain name. Untrusted text. */
  readonly name: string;
}

/** A kind of place: one folder, and one line below. */
export interface Destination<Kind extends WantedPlace['kind']> {
  readonly kind: Kind;
  /** The place, or why there is none, as a sentence with what to do. Sends nothing. */
  readonly placeOf: (
    wanted: Extract<WantedPlace, { kind: Kind }>,
    services: DestinationServices,
    wantedFor: WantedFor,
  ) => Place | string;
}
