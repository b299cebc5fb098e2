import { AuthError, type INetworkModule } from '@azure/msal-node';
import { ServiceError } from './service-error.ts';

/** What MSAL wants to be sent. */
export interface MsalRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What it gets: a success only. */
export interface MsalAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

interface RequestOptions {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** MSAL's way to the network is ours; what went wrong on it is kept here, because MSAL hides it. */
export abstract class MsalNetwork implements INetworkModule {
  #failure: ServiceError | undefined;

  /** @throws ServiceError for anything but a success */
  protected abstract exchange(request: MsalRequest): Promise<MsalAnswer>;

  /** The sentence for an error of MSAL's own: from its code alone, because its text may hold what was sent. */
  protected abstract ownWords(error: unknown): ServiceError;

  /** Runs one of MSAL's calls; throws our error in place of MSAL's. */
  async ask<T>(call: () => Promise<T | null>): Promise<T> {
    this.#failure = undefined;
    try {
      const result = await call();
      if (result !== null) return result;
    } catch (error) {
      if (this.#failure !== undefined) throw this.#failure;
      if (error instanceof ServiceError) throw error;
      throw this.ownWords(error);
    }
    throw new ServiceError('Entra answered without an access token. Run again later.', { outcome: 'unknown' });
  }

  sendGetRequestAsync<T>(url: string, options?: RequestOptions) {
    return this.#send<T>({ method: 'GET', url, headers: options?.headers ?? {}, body: undefined });
  }

  sendPostRequestAsync<T>(url: string, options?: RequestOptions) {
    return this.#send<T>({ method: 'POST', url, headers: options?.headers ?? {}, body: options?.body });
  }

  async #send<T>(request: MsalRequest) {
    try {
      const answer = await this.exchange(request);
      return { ...answer, body: answer.body as T };
    } catch (error) {
      if (error instanceof ServiceError) this.#failure = error;
      throw new AuthError('network_error', 'see the cause kept beside it');
    }
  }
}
