import type { Destination, DestinationServices, WantedFor } from './destination.ts';
import { keyVault } from './key-vault/destination.ts';
import type { WantedPlace } from './places.ts';
import type { Place } from './port.ts';
import { serviceConnection } from './service-connection/destination.ts';
import { variableGroup } from './variable-group/destination.ts';

export type Registry = { readonly [Kind in WantedPlace['kind']]: Destination<Kind> };

export const destinations: Registry = {
  secret: keyVault,
  group: variableGroup,
  connection: serviceConnection,
};

export type PlaceOf = (wanted: WantedPlace, wantedFor: WantedFor) => Place | string;

export function openPlaces(services: DestinationServices, registry = destinations): PlaceOf {
  return (wanted, wantedFor) => registry[wanted.kind].placeOf(wanted as never, services, wantedFor);
}
