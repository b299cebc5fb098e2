/** A protected resource, by any of the names under which tokens for it are asked. */
export interface Resource {
  readonly name: 'azureDevOps' | 'keyVault' | 'azureManagement' | 'graph';
  /** `aud` of its tokens. */
  readonly audience: string;
  readonly identifiers: readonly string[];
}

/** Resources of the public cloud, and Key Vault's of the national clouds. */
export const resources: readonly Resource[] = [
  {
    name: 'azureDevOps',
    audience: '499b84ac-1321-427f-aa17-267ca6975798',
    identifiers: ['499b84ac-1321-427f-aa17-267ca6975798', 'https://app.vssps.visualstudio.com'],
  },
  {
    name: 'keyVault',
    audience: 'https://vault.azure.net',
    identifiers: ['https://vault.azure.net', 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093'],
  },
  { name: 'keyVault', audience: 'https://vault.usgovcloudapi.net', identifiers: ['https://vault.usgovcloudapi.net'] },
  { name: 'keyVault', audience: 'https://vault.azure.cn', identifiers: ['https://vault.azure.cn'] },
  {
    name: 'azureManagement',
    audience: 'https://management.azure.com/',
    identifiers: ['https://management.azure.com', 'https://management.core.windows.net'],
  },
  { name: 'graph', audience: 'https://graph.microsoft.com', identifiers: ['https://graph.microsoft.com'] },
];

/** The scopes of OpenID Connect, which belong to no resource. */
const OPENID = new Set(['openid', 'profile', 'offline_access', 'email']);

export type WantedScopes =
  | { readonly kind: 'resource'; readonly resource: Resource; readonly permissions: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknownResource'; readonly name: string }
  | { readonly kind: 'severalResources' }
  | { readonly kind: 'malformed'; readonly scope: string };

/** Reads `scope`: `<resource>/.default`, or `<resource>/<permission>` any number of times, and OpenID Connect's own. */
export function readScopes(scope: string): WantedScopes {
  let found: Resource | undefined;
  const permissions: string[] = [];
  for (const part of scope.split(' ')) {
    if (part === '' || OPENID.has(part)) continue;
    const slash = part.lastIndexOf('/');
    if (slash <= 0) return { kind: 'malformed', scope: part };
    // `https://vault.azure.net//.default` names the resource with its trailing slash.
    const name = part.slice(0, slash).replace(/\/+$/, '').toLowerCase();
    const resource = resources.find((each) => each.identifiers.includes(name));
    if (resource === undefined) return { kind: 'unknownResource', name };
    if (found !== undefined && found !== resource) return { kind: 'severalResources' };
    found = resource;
    permissions.push(part.slice(slash + 1));
  }
  return found === undefined ? { kind: 'none' } : { kind: 'resource', resource: found, permissions };
}
