import type { Random } from './random.ts';

export type Claims = Readonly<Record<string, unknown>>;

const BASE_64_URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A token of the right shape with a made-up signature: the services know their tokens by heart and check no signature. */
export function writeToken(random: Random, claims: Claims): string {
  return `${encode({ typ: 'JWT', alg: 'RS256', kid: 'simulated' })}.${encode(claims)}.${random.text(43, BASE_64_URL)}`;
}

export function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** Header and claims of a token, unverified; undefined if it is none. */
export function readToken(token: string): { readonly header: Claims; readonly claims: Claims } | undefined {
  const [header, claims, signature] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined) return undefined;
  const parts = [decode(header), decode(claims)] as const;
  return parts[0] === undefined || parts[1] === undefined ? undefined : { header: parts[0], claims: parts[1] };
}

function decode(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}
