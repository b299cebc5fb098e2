import type { World } from '../world.ts';

export interface HttpRequest {
  readonly method: string;
  /** Without a port, in lower case. */
  readonly host: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/** One service: which operation a request asks for, and the answer to it. */
export interface Service {
  /** Such as `pats.create`; `unknown` if the service has no such operation. */
  operation(request: HttpRequest): string;
  answer(world: World, request: HttpRequest): HttpAnswer;
}

export function json(status: number, body: unknown, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function html(status: number, body: string, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}

export function empty(status: number, headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return { status, headers, body: '' };
}

/** The body as a JSON object, or undefined if it is none. */
export function readJson(request: HttpRequest): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(request.body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  /** The user name may be anything; the password is the PAT. */
  | { readonly kind: 'basic'; readonly password: string }
  | { readonly kind: 'malformed' };

export function credentialsOf(request: HttpRequest): Credentials {
  const header = request.headers.authorization;
  if (header === undefined) return { kind: 'none' };
  const bearer = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
  if (bearer !== undefined) return { kind: 'bearer', token: bearer };
  const encoded = /^Basic\s+(\S+)$/i.exec(header)?.[1];
  if (encoded === undefined) return { kind: 'malformed' };
  const decoded = Buffer.from(encoded, 'base64');
  // Base64 that is not canonical is refused (microsoft/azure-devops-mcp#1452).
  if (decoded.toString('base64') !== encoded) return { kind: 'malformed' };
  const text = decoded.toString();
  const colon = text.indexOf(':');
  return colon === -1 ? { kind: 'malformed' } : { kind: 'basic', password: text.slice(colon + 1) };
}
