import type { Entra } from './entra.ts';
import { writeToken } from './json-web-token.ts';
import type { Surroundings } from './surroundings.ts';

/** An Azure Resource Manager service connection with workload identity federation. */
export interface ServiceConnection {
  readonly id: string;
  readonly organization: string;
  readonly organizationId: string;
  /** What its assertions call it, `sc://organization/project/name`: a renamed organization does not change it. */
  readonly subject: string;
}

const AUDIENCE = 'api://AzureADTokenExchange';

/** What a pipeline's job has of Azure DevOps: its own token (System.AccessToken) and tokens for service connections. */
export class Pipelines {
  readonly #world: Surroundings;
  readonly #entra: Entra;
  readonly #connections = new Map<string, ServiceConnection>();
  readonly #organizationByJobToken = new Map<string, string>();

  constructor(world: Surroundings, entra: Entra) {
    this.#world = world;
    this.#entra = entra;
  }

  putConnection(connection: ServiceConnection): void {
    this.#connections.set(connection.id.toLowerCase(), connection);
  }

  connection(id: string): ServiceConnection | undefined {
    return this.#connections.get(id.toLowerCase());
  }

  /** The organization is called otherwise from now on. */
  rename(from: string, to: string): void {
    for (const connection of this.#connections.values())
      if (connection.organization.toLowerCase() === from.toLowerCase())
        this.putConnection({ ...connection, organization: to });
    for (const [token, organization] of this.#organizationByJobToken)
      if (organization === from.toLowerCase()) this.#organizationByJobToken.set(token, to.toLowerCase());
  }

  /** A System.AccessToken for a job in this organization. */
  newJobToken(organization: string): string {
    const token = writeToken(this.#world.random, {
      nameid: this.#world.random.guid(),
      scp: `app_token JobService:${this.#world.random.guid()}`,
      iss: 'app.vstoken.visualstudio.com',
      aud: `app.vstoken.visualstudio.com|vso:${this.#world.random.guid()}`,
    });
    this.#organizationByJobToken.set(token, organization.toLowerCase());
    return token;
  }

  isJobToken(token: string, organization: string): boolean {
    return this.#organizationByJobToken.get(token) === organization.toLowerCase();
  }

  knowsJobToken(token: string): boolean {
    return this.#organizationByJobToken.has(token);
  }

  /** The assertion with which a job signs in as the connection's application; valid for ten minutes. */
  newOidcToken(connection: ServiceConnection): string {
    const issuedAt = Math.floor(this.#world.now / 1000);
    const { issuer, subject, audience } = federationOf(connection);
    const token = writeToken(this.#world.random, {
      jti: this.#world.random.guid(),
      iss: issuer,
      sub: subject,
      aud: audience,
      iat: issuedAt,
      exp: issuedAt + 600,
    });
    this.#entra.trustAssertion(token);
    return token;
  }

  fork(world: Surroundings, entra: Entra): Pipelines {
    const copy = new Pipelines(world, entra);
    for (const [id, connection] of this.#connections) copy.#connections.set(id, connection);
    for (const [token, organization] of this.#organizationByJobToken)
      copy.#organizationByJobToken.set(token, organization);
    return copy;
  }
}

/** What the app registration's federated credential has to say to match the connection. */
export function federationOf(connection: ServiceConnection): {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
} {
  return {
    issuer: `https://vstoken.dev.azure.com/${connection.organizationId}`,
    subject: connection.subject,
    audience: AUDIENCE,
  };
}
