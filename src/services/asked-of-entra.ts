import { SecretMask } from '../secrecy/secret-mask.ts';

/** What a request to the token endpoint was about, for the sentence on its refusal. */
export interface AskedOfEntra {
  /** Whose token was asked for, such as `Azure Key Vault`; undefined: not known. */
  readonly service: string | undefined;
  /** Takes out of a text what was sent: an answer may repeat it. */
  readonly hide: (text: string) => string;
}

export const nothingAsked: AskedOfEntra = { service: undefined, hide: (text) => text };

/** Fields of a token request that are secret. */
const secretFields = ['password', 'refresh_token', 'client_secret', 'client_assertion', 'device_code', 'code'];

/** @param body of a token request: a form */
export function askedOfEntra(body: string | undefined): AskedOfEntra {
  if (body === undefined) return nothingAsked;
  const form = new URLSearchParams(body);
  const mask = new SecretMask();
  for (const name of secretFields) mask.add(form.get(name) ?? '');
  return { service: serviceOf(form.get('scope') ?? ''), hide: (text) => mask.hide(text) };
}

function serviceOf(scope: string): string | undefined {
  // Vaults of every cloud: vault.azure.net, vault.usgovcloudapi.net, vault.azure.cn.
  if (/(?:^| )https:\/\/vault\./.test(scope)) return 'Azure Key Vault';
  return /(?:^| )499b84ac-1321-427f-aa17-267ca6975798\//.test(scope) ? 'Azure DevOps' : undefined;
}
