import type { Destination } from '../destination.ts';
import { connectionPlace } from './service-connection.ts';

/** Tokens of service connections of the PAT's own organization. */
export const serviceConnection: Destination<'connection'> = {
  kind: 'connection',
  placeOf: ({ project, name }, { devOps }, { organization }) =>
    connectionPlace(devOps, { organization, project, name }),
};
