import { json, type Service } from './exchange.ts';

export const METADATA_HOST = '169.254.169.254';

/** The instance metadata service of a virtual machine: tokens for its managed identity, in plain HTTP. */
export const instanceMetadataService: Service = {
  operation(request) {
    return request.path === '/metadata/identity/oauth2/token' && request.method === 'GET' ? 'imds.token' : 'unknown';
  },

  answer(world, request) {
    if (this.operation(request) === 'unknown') return json(404, { error: 'Not found' });
    if (request.headers.metadata?.toLowerCase() !== 'true')
      return json(400, { error: 'invalid_request', error_description: 'Required metadata header not specified' });
    const resource = request.query.get('resource') ?? '';
    const clientId = request.query.get('client_id') ?? undefined;
    const answer = world.entra.managedIdentityToken(resource.replace(/\/+$/, ''), clientId);
    if (answer.kind === 'refused')
      return json(400, { error: 'invalid_request', error_description: 'Identity not found' });
    const seconds = Math.floor((answer.access.expires - world.now) / 1000);
    return json(200, {
      access_token: answer.access.token,
      client_id: answer.access.clientId,
      expires_in: String(seconds),
      expires_on: String(Math.floor(answer.access.expires / 1000)),
      ext_expires_in: String(seconds),
      not_before: String(Math.floor(world.now / 1000)),
      resource,
      token_type: 'Bearer',
    });
  },
};
