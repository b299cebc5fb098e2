import axios, { type AxiosInstance } from 'axios';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { AZURE_POWERSHELL, type Simulator } from '../../simulator/index.ts';

export const DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798';
export const VAULT = 'https://vault.azure.net';

/** Connections through the simulator's proxy that trust its CA. */
export function agentOf(simulator: Simulator): HttpsProxyAgent<string> {
  const agent = new HttpsProxyAgent(simulator.proxyUrl, { keepAlive: true });
  // The constructor's options are for the connection to the proxy; these are for the host behind it.
  Object.assign(agent.options, { ca: simulator.caPem });
  return agent;
}

/** An HTTP client as it stands behind a company's proxy: every answer comes back as it is, no redirect is followed. */
export function clientOf(simulator: Simulator): AxiosInstance {
  return axios.create({
    proxy: false,
    httpsAgent: agentOf(simulator),
    maxRedirects: 0,
    validateStatus: () => true,
  });
}

/** Signs the world's first account in with its password and returns the access token for `resource`. */
export async function signIn(
  simulator: Simulator,
  resource: string,
  upn = 'svc-pats@contoso.example',
): Promise<string> {
  const account = simulator.world.entra.accountByUpn(upn);
  const form = new URLSearchParams({
    grant_type: 'password',
    client_id: AZURE_POWERSHELL,
    username: upn,
    password: account?.password ?? '',
    scope: `${resource}/.default openid profile offline_access`,
  });
  const answer = await clientOf(simulator).post(
    `https://login.microsoftonline.com/${account?.tenantId}/oauth2/v2.0/token`,
    form,
  );
  return answer.data.access_token;
}

/** The PAT API of an organization, called with `token`. */
export function patsOf(simulator: Simulator, token: string, organization = 'contoso'): AxiosInstance {
  const client = clientOf(simulator);
  client.defaults.baseURL = `https://vssps.dev.azure.com/${organization}/_apis/tokens/pats`;
  client.defaults.params = { 'api-version': '7.2-preview.1' };
  client.defaults.headers.common.Authorization = `Bearer ${token}`;
  return client;
}

/** A vault's data plane, called with `token`. */
export function vaultOf(simulator: Simulator, token: string, host: string): AxiosInstance {
  const client = clientOf(simulator);
  client.defaults.baseURL = `https://${host}`;
  client.defaults.params = { 'api-version': '2025-07-01' };
  client.defaults.headers.common.Authorization = `Bearer ${token}`;
  return client;
}

/** What an organization has at dev.azure.com, called with `token`. */
export function devopsOf(simulator: Simulator, token: string, version: string): AxiosInstance {
  const client = clientOf(simulator);
  client.defaults.baseURL = 'https://dev.azure.com/contoso';
  client.defaults.params = { 'api-version': version };
  client.defaults.headers.common.Authorization = `Bearer ${token}`;
  return client;
}
