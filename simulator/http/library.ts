import type { Account } from '../entra-records.ts';
import type { JsonDocument } from '../json-document.ts';
import type { LibraryRefusal } from '../kept-document.ts';
import type { Organization } from '../organization.ts';
import type { Project } from '../projects.ts';
import type { World } from '../world.ts';
import { exception, unauthorized } from './devops-refusals.ts';
import { type HttpAnswer, type HttpRequest, json } from './exchange.ts';
import { identityId } from './identity-id.ts';

/** What variable groups and service connections have in common in their answers. */

/** The path's segments after the host, decoded. */
export function segmentsOf(request: HttpRequest): readonly string[] {
  return request.path.split('/').filter(Boolean).map(decodeURIComponent);
}

export function unknownProject(project: string): HttpAnswer {
  const message = `TF200016: The following project does not exist: ${project}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.`;
  return json(404, exception(message, 'ProjectDoesNotExistWithNameException'));
}

export function refusal(
  world: World,
  organization: Organization,
  refused: LibraryRefusal,
  about: { readonly account: Account; readonly what: string; readonly typeKey: string; readonly rightStatus: number },
): HttpAnswer {
  switch (refused.kind) {
    case 'missing':
      return json(404, exception(`${about.what} does not exist.`, `${about.typeKey}NotFoundException`));
    case 'noRight':
      switch (about.rightStatus) {
        case 401:
          return unauthorized(world, organization.name, about.account.id);
        case 404:
          return json(404, exception(`${about.what} does not exist.`, `${about.typeKey}NotFoundException`));
        case 500:
          return json(500, exception('TF400898: An Internal Error Occurred.', 'Exception'));
        default:
          return json(403, exception(`Access denied to ${about.what}.`, 'AccessDeniedException'));
      }
    case 'brokenOff':
      return json(500, exception('TF400898: An Internal Error Occurred.', 'Exception'));
    case 'invalid':
      return json(refused.status, exception(refused.message, refused.typeKey));
  }
}

/** An identity in an answer. */
export function identityRef(world: World, organization: Organization, accountId: string): JsonDocument {
  const account = world.entra.accountById(accountId);
  if (account === undefined) return { id: accountId };
  return {
    id: identityId(world, organization, account),
    displayName: account.displayName,
    uniqueName: account.upn,
  };
}

export function projectReferenceOf(project: Project | undefined): JsonDocument {
  return { id: project?.id, name: project?.name };
}

/** `count` and `value`, as every list of Azure DevOps comes. */
export function listOf(value: readonly unknown[]): HttpAnswer {
  return json(200, { count: value.length, value });
}
