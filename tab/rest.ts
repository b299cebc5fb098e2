import type { Host } from './host.ts';

export interface Answer {
  readonly text: string;
  /** Asks for the next page of a list; undefined on the last one. */
  readonly continuation: string | undefined;
}

/**
 * Asks the REST API of builds, with the reader's token.
 * @param path after the API's own address, encoded
 * @throws Error with a sentence for the reader
 */
export async function get(host: Host, path: string, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const asked = new URLSearchParams({ ...query, 'api-version': '7.1' });
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(`${await host.apiUrl()}${path}?${asked}`, {
      headers: {
        Authorization: `Bearer ${await host.accessToken()}`,
        Accept: path.endsWith('.json') ? 'application/octet-stream' : 'application/json',
      },
      redirect: 'manual',
    });
    text = await answer.text();
  } catch {
    throw new Error('Azure DevOps could not be reached.');
  }
  // A session that has ended is answered with the sign-in page, or sent to it, rather than refused.
  if (answer.type === 'opaqueredirect' || answer.status === 203 || /^\s*<(?:!doctype|html)/i.test(text))
    throw new Error('Azure DevOps answered with its sign-in page: reload this page to sign in again.');
  if (!answer.ok) throw new Error(`Azure DevOps answered with status ${answer.status}${meaningOf(answer.status)}.`);
  return { text, continuation: answer.headers.get('x-ms-continuationtoken') ?? undefined };
}

/** @throws Error if what is meant to be a list of JSON is none */
export function itemsOf({ text }: Answer): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error('Azure DevOps answered with something that is no list.');
  }
  const { value } = Object(parsed) as { value?: unknown };
  return Array.isArray(value) ? value : [];
}

function meaningOf(status: number): string {
  if (status === 401 || status === 403) return ': you may not read it';
  return status === 404 ? ': it is not there any more' : '';
}
