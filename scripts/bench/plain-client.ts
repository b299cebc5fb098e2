import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** An account that has signed in, as far as a script by hand goes: no retries, no checks, no second look. */
export interface PlainClient {
  readonly list: (filter: string) => Promise<readonly ListedPat[]>;
  readonly change: (method: 'POST' | 'PUT' | 'DELETE', query: string, body?: unknown) => Promise<void>;
}

export interface ListedPat {
  readonly authorizationId: string;
  readonly displayName: string;
  readonly scope: string;
}

export async function signIn(): Promise<PlainClient> {
  const agent = new HttpsProxyAgent(process.env.AGENT_PROXYURL ?? '', { keepAlive: true });
  const send = (method: string, url: string, headers: Record<string, string>, body?: string) =>
    new Promise<string>((resolve, reject) => {
      const request = https.request(url, { method, headers, agent }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve(text));
      });
      request.on('error', reject).end(body);
    });
  const form = new URLSearchParams({
    client_id: '1950a258-227b-4e31-a9cf-717495945fc2',
    grant_type: 'password',
    username: process.env.INPUT_USERNAME ?? '',
    password: process.env.INPUT_PASSWORD ?? '',
    scope: '499b84ac-1321-427f-aa17-267ca6975798/.default',
  });
  const tokens = `https://login.microsoftonline.com/${process.env.INPUT_TENANTID}/oauth2/v2.0/token`;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const { access_token: token } = JSON.parse(await send('POST', tokens, type, String(form)));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const pats = `https://vssps.dev.azure.com/${process.env.INPUT_ORGANIZATION}/_apis/tokens/pats?api-version=7.2-preview.1`;
  return {
    list: async (filter) => {
      const found: ListedPat[] = [];
      for (let next = ''; ; ) {
        const page = `${pats}&$top=100&displayFilterOption=${filter}&continuationToken=${next}`;
        const { patTokens, continuationToken } = JSON.parse(await send('GET', page, headers));
        found.push(...patTokens);
        if (continuationToken === '') return found;
        next = continuationToken;
      }
    },
    change: async (method, query, body) => {
      await send(method, `${pats}${query}`, headers, body === undefined ? undefined : JSON.stringify(body));
    },
  };
}

/** 60 days from now, by the clock of the story that the simulator tells. */
export const newEnd = new Date(Date.parse('2026-11-23T04:00:00Z') + 60 * 86_400_000).toISOString();
