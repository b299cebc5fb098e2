import { setMaxListeners } from 'node:events';
import axios, { type AxiosInstance } from 'axios';
import { connectionError } from './connection-error.ts';
import type { Network } from './network.ts';
import { Pace } from './pace.ts';
import { ServiceError } from './service-error.ts';
import { realTimer, type Timer, Watch } from './time-limits.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** It begins something new: once the job has been cancelled it is not sent any more. */
  readonly begins?: boolean | undefined;
}

/** Any answer, whatever its status. Headers in lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What may be told of a request: never its headers, body or query. */
export interface RequestTrace {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** HTTP status, or the code of the error. */
  readonly result: string;
  readonly milliseconds: number;
}

/** Sends one request, once. @throws ServiceError if there is no answer */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HttpOptions {
  readonly network: Network;
  /** So many requests to one host at once, each on a connection of its own. */
  readonly concurrency: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds, monotonic or not: used for durations only. */
  readonly now: () => number;
  readonly trace?: (trace: RequestTrace) => void;
  /** Aborted when the job is cancelled: all that is left to do then has a few seconds in all. */
  readonly stopping?: AbortSignal;
  /** For the time limits of each request. */
  readonly timer?: Timer;
}

/** The agent kills the process 10 seconds after a cancellation; the report takes a moment, too. */
const timeLeftWhenStopping = 8_000;

/** The one HTTP stack: everything that the process sends goes through here. */
export function createHttp(options: HttpOptions): Send {
  const client = axios.create({
    proxy: false,
    maxRedirects: 0,
    responseType: 'text',
    // Bodies go and come as they are: by itself axios would quote some, and parse others.
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
    maxContentLength: 32 * 1024 * 1024,
  });
  let stoppedAt: number | undefined;
  const { stopping } = options;
  // As many listen as requests are under way: from the eleventh on Node.js 20 would warn of it in the log.
  if (stopping !== undefined) setMaxListeners(0, stopping);
  stopping?.addEventListener('abort', () => (stoppedAt ??= options.now()), { once: true });
  /** A third of what is left: however many requests follow one another, their sum stays within it. */
  const timeWhenStopping = () => {
    stoppedAt ??= options.now();
    return Math.max(0, stoppedAt + timeLeftWhenStopping - options.now()) / 3;
  };
  const paces = new Map<string, Pace>();
  const paceOf = (host: string) => {
    const known = paces.get(host);
    if (known !== undefined) return known;
    const { concurrency, sleep, now } = options;
    const pace = new Pace({ most: concurrency, sleep, now, isStopping: () => stopping?.aborted ?? false });
    paces.set(host, pace);
    return pace;
  };

  return async (request) => {
    const { host, pathname } = new URL(request.url);
    const pace = paceOf(host);
    const turn = await pace.enter();
    if (request.begins && stopping?.aborted) {
      pace.leave(turn, undefined);
      throw new ServiceError('The job was cancelled before this was sent.', { outcome: 'unsent', code: 'Cancelled' });
    }
    const started = options.now();
    const report = (result: string) =>
      options.trace?.({
        method: request.method,
        host,
        path: pathname,
        result,
        milliseconds: Math.round(options.now() - started),
      });
    const controller = new AbortController();
    const watch = new Watch(options.timer ?? realTimer, () => controller.abort());
    try {
      const answer = await sendOnce(client, request, {
        ...options,
        watch,
        signal: controller.signal,
        timeWhenStopping,
      });
      pace.leave(turn, { status: answer.status, retryAfter: retryAfter(answer.headers) });
      report(String(answer.status));
      return answer;
    } catch (error) {
      pace.leave(turn, undefined);
      const { isSent, late } = watch;
      const failure = connectionError(error, { host, viaProxy: options.network.viaProxy(request.url), isSent, late });
      report(failure.code ?? 'failed');
      throw failure;
    }
  };
}

interface Attempt {
  readonly network: Network;
  readonly stopping?: AbortSignal;
  readonly watch: Watch;
  readonly signal: AbortSignal;
  readonly timeWhenStopping: () => number;
}

async function sendOnce(client: AxiosInstance, request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
  const { network, stopping, watch, signal, timeWhenStopping } = attempt;
  const hurry = () => watch.hurry(timeWhenStopping());
  if (stopping?.aborted) hurry();
  else stopping?.addEventListener('abort', hurry, { once: true });
  try {
    const response = await client.request<unknown>({
      method: request.method,
      url: request.url,
      headers: { ...request.headers },
      data: request.body,
      transport: watch.transport,
      signal,
      httpsAgent: network.agentFor(request.url),
      httpAgent: network.plainAgentFor(request.url),
    });
    const headers = Object.entries(response.headers).map(
      ([name, value]) => [name.toLowerCase(), String(value)] as const,
    );
    const body = typeof response.data === 'string' ? response.data : '';
    // Some answers begin with a byte order mark, which JSON.parse refuses.
    return { status: response.status, headers: Object.fromEntries(headers), body: body.replace(/^\uFEFF/, '') };
  } finally {
    watch.end();
    stopping?.removeEventListener('abort', hurry);
  }
}

/** Milliseconds of a `Retry-After` in seconds (also fractions) or as a date. */
export function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  if (!Number.isNaN(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(value);
  const sent = Date.parse(headers.date ?? '');
  return Number.isNaN(until) || Number.isNaN(sent) ? undefined : Math.max(0, until - sent);
}
