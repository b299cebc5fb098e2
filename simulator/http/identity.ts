import type { World } from '../world.ts';
import { credentialsOf, type HttpRequest } from './exchange.ts';

/** Who sends a request, by the credentials it carries; for assertions and faults. */
export type Identity =
  | { readonly kind: 'none' }
  | { readonly kind: 'user'; readonly upn: string }
  | { readonly kind: 'application'; readonly clientId: string }
  | { readonly kind: 'pat'; readonly authorizationId: string }
  | { readonly kind: 'jobToken' }
  | { readonly kind: 'unknown' };

export function identityOf(world: World, request: HttpRequest): Identity {
  const credentials = credentialsOf(request);
  switch (credentials.kind) {
    case 'none':
      return { kind: 'none' };
    case 'malformed':
      return { kind: 'unknown' };
    case 'basic': {
      const pat = world.pats.byValue(credentials.password);
      return pat === undefined ? { kind: 'unknown' } : { kind: 'pat', authorizationId: pat.authorizationId };
    }
    case 'bearer': {
      if (world.pipelines.knowsJobToken(credentials.token)) return { kind: 'jobToken' };
      const token = world.entra.accessToken(credentials.token);
      if (token === undefined) return { kind: 'unknown' };
      if (token.kind === 'application') return { kind: 'application', clientId: token.clientId };
      return { kind: 'user', upn: world.entra.accountById(token.subjectId)?.upn ?? '' };
    }
  }
}
