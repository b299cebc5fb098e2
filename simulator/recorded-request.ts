import type { HttpAnswer, HttpRequest } from './http/exchange.ts';
import type { Identity } from './http/identity.ts';

/** A request that has come in. */
export interface SeenRequest extends HttpRequest {
  /** Its place among all requests, from 1. */
  readonly ordinal: number;
  /** Such as `pats.create`. */
  readonly operation: string;
  /** Its place among the requests for this operation, from 1. */
  readonly operationOrdinal: number;
  readonly identity: Identity;
  /** The services' time, in milliseconds. */
  readonly at: number;
}

/** A request and what became of it. */
export interface RecordedRequest extends SeenRequest {
  /** Was it carried out? */
  readonly applied: boolean;
  /** What the client was sent; undefined while it waits, or if the connection was closed. */
  readonly answer: HttpAnswer | undefined;
  readonly status: number | undefined;
}
