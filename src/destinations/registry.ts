import type { Destination, DestinationServices, WantedFor } from './destination.ts';
import { keyVault } from './key-vault/destination.ts';
import type { WantedPlace } from './places.ts';
import type { Place } from './port.ts';
import { serviceConnection } from './service-connection/destination.ts';
import { variableGroup } from './variable-group/destination.ts';

const destinations: { readonly [Kind in WantedPlace['kind']]: Destination<Kind> } = {
  secret: keyVault,
  group: variableGroup,
  connection: serviceConnection,
};

export type PlaceOf = (wanted: WantedPlace, wantedFor: WantedFor) => Place | string;

export function openPlaces(services: DestinationServices): PlaceOf {
  return (wanted, wantedFor) => destinations[wanted.kind].placeOf(wanted as never, services, wantedFor);
}
