import type { Account } from '../entra-records.ts';
import type { Organization } from '../organization.ts';
import type { World } from '../world.ts';
import { bareUnauthorized, expiredPat, notSignedIn, unauthorized } from './devops-refusals.ts';
import { credentialsOf, type HttpAnswer, type HttpRequest } from './exchange.ts';

export type Caller =
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'refused'; readonly answer: HttpAnswer };

/** Who calls the organization: with an Entra token, or with a PAT whose scopes allow the call. */
export function callerOf(
  world: World,
  request: HttpRequest,
  organization: Organization,
  scopeAllows: (scope: string) => boolean,
): Caller {
  const refused = (answer: HttpAnswer): Caller => ({ kind: 'refused', answer });
  const credentials = credentialsOf(request);
  switch (credentials.kind) {
    case 'none':
      return refused(notSignedIn(world, request, organization.name));
    case 'malformed':
      return refused(bareUnauthorized(world, organization.name));
    case 'bearer': {
      const token = world.entra.accessToken(credentials.token);
      if (token === undefined || token.resource !== 'azureDevOps')
        return refused(notSignedIn(world, request, organization.name));
      const account = world.entra.accountById(token.subjectId);
      return account !== undefined && organization.members.has(account.id)
        ? { kind: 'account', account }
        : refused(unauthorized(world, organization.name, token.subjectId));
    }
    case 'basic': {
      const use = world.pats.use(organization.name, credentials.password);
      if (use.kind === 'expired') return refused(expiredPat(world, organization.name));
      const account = use.kind === 'accepted' ? world.entra.accountById(use.pat.accountId) : undefined;
      return use.kind === 'accepted' && account !== undefined && scopeAllows(use.pat.scope)
        ? { kind: 'account', account }
        : refused(bareUnauthorized(world, organization.name));
    }
  }
}
