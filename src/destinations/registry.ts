import type { AzureDevOps } from '../services/azure-devops.ts';
import type { SecretStore } from '../services/secret-store.ts';
import { keyVault } from './key-vault/destination.ts';
import type { WantedPlace } from './places.ts';
import type { Place } from './port.ts';
import { serviceConnection } from './service-connection/destination.ts';
import { variableGroup } from './variable-group/destination.ts';

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

const destinations: { readonly [Kind in WantedPlace['kind']]: Destination<Kind> } = {
  secret: keyVault,
  group: variableGroup,
  connection: serviceConnection,
};

export type PlaceOf = (wanted: WantedPlace, wantedFor: WantedFor) => Place | string;

export function openPlaces(services: DestinationServices): PlaceOf {
  return (wanted, wantedFor) => destinations[wanted.kind].placeOf(wanted as never, services, wantedFor);
}
