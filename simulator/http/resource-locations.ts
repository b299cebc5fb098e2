import { type HttpAnswer, type HttpRequest, json } from './exchange.ts';

/** `OPTIONS /{organization}/_apis`: Microsoft's client libraries ask it first, to learn which paths there are. */
export function isResourceLocations(request: HttpRequest): boolean {
  return request.method === 'OPTIONS' && /^\/[^/]+\/_apis\/?$/i.test(request.path);
}

interface ResourceLocation {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  /** The newest version that is out of preview, or `0.0`. */
  readonly releasedVersion: string;
}

/** Those of `dev.azure.com` that are simulated, with the ids that Microsoft's client libraries hold. */
const locations: readonly ResourceLocation[] = [
  {
    id: '00d9565f-ed9c-4a06-9a50-00e7896ccab4',
    area: 'Location',
    resourceName: 'ConnectionData',
    routeTemplate: '_apis/{resource}',
    releasedVersion: '0.0',
  },
  {
    id: 'f5b09dd5-9d54-45a1-8b5a-1c8287d634cc',
    area: 'distributedtask',
    resourceName: 'variablegroups',
    routeTemplate: '{project}/_apis/{area}/{resource}/{groupId}',
    releasedVersion: '7.1',
  },
  {
    id: 'e85f1c62-adfc-4b74-b618-11a150fb195e',
    area: 'serviceendpoint',
    resourceName: 'endpoints',
    routeTemplate: '{project}/_apis/{area}/{resource}/{endpointId}',
    releasedVersion: '7.1',
  },
];

export function resourceLocations(): HttpAnswer {
  const value = locations.map((each) => ({ ...each, resourceVersion: 1, minVersion: '1.0', maxVersion: '7.2' }));
  return json(200, { count: value.length, value });
}
