import { AuthError } from '@azure/msal-node';
import { askedOfEntra } from './asked-of-entra.ts';
import { isRecord, parseJson } from './azure-devops.ts';
import { entraError, entraRefusal, type SignInSubject } from './entra-errors.ts';
import type { Send } from './http.ts';
import { type MsalAnswer, MsalNetwork, type MsalRequest } from './msal-network.ts';
import { type Pauses, retrying } from './retry.ts';
import { ServiceError } from './service-error.ts';

/** What every sign-in needs. */
export interface EntraOptions {
  readonly send: Send;
  readonly pauses: Pauses;
  /** Called with each token before anything is done with it. */
  readonly registerSecret: (value: string) => void;
}

/** Seconds between two polls for a device code, where the answer names none; MSAL would poll without any pause. */
const usualInterval = 5;
/** Each `slow_down` adds so much to the pause, for good. Source: RFC 8628, section 3.5. */
const slowDownBy = 5_000;

/**
 * Entra, for MSAL, on our HTTP stack: proxy, certificates, time-outs and retries as everywhere. What may be repeated is
 * repeated here, below MSAL, because MSAL answers from memory after a 429 or 5xx.
 */
export class TokenEndpoint extends MsalNetwork {
  readonly #options: EntraOptions;
  readonly subject: SignInSubject;
  #slower = 0;
  /** The newest one that was given out. */
  refreshToken: string | undefined;

  constructor(options: EntraOptions, subject: SignInSubject) {
    super();
    this.#options = options;
    this.subject = subject;
  }

  protected override exchange(request: MsalRequest): Promise<MsalAnswer> {
    // A lost answer may have been a refusal, and a refused password must not be sent again.
    const repeat = /(?:^|&)grant_type=password(?:&|$)/.test(request.body ?? '') ? 'if answered' : 'always';
    return retrying(this.#options.pauses, { repeat }, async () => {
      const answer = await this.#options.send(request);
      const json = parseJson(answer.body);
      const pending = await this.#whilePending(json);
      if (pending === undefined && (answer.status !== 200 || json === undefined)) {
        throw entraError(answer, this.subject, askedOfEntra(request.body));
      }
      this.#register(json);
      return { status: answer.status, headers: { ...answer.headers }, body: pending ?? withInterval(json) };
    });
  }

  /**
   * Nobody has typed the device code in yet: that is no failure, and MSAL has to hear of it to go on asking. It does not
   * know `slow_down`, so the longer pause is made here.
   */
  async #whilePending(json: unknown): Promise<{ readonly error: string } | undefined> {
    const error = isRecord(json) ? json.error : undefined;
    if (error !== 'authorization_pending' && error !== 'slow_down') return undefined;
    if (error === 'slow_down') this.#slower += slowDownBy;
    if (this.#slower > 0) await this.#options.pauses.sleep(this.#slower);
    return { error: 'authorization_pending' };
  }

  protected override ownWords(error: unknown): ServiceError {
    const { who, host } = this.subject;
    const code = error instanceof AuthError ? error.errorCode : 'unexpected';
    // What the sign-in page sent back with the browser comes as MSAL's own error.
    const told = error instanceof AuthError ? error.errorMessage : '';
    if (/AADSTS\d+/.test(told)) return entraRefusal({ error: code, error_description: told }, 400, this.subject);
    if (code === 'device_code_expired') {
      return new ServiceError(`Nobody entered the code in time, so ${who} is not signed in. Start again.`, {
        outcome: 'refused',
        code,
      });
    }
    return new ServiceError(
      `The sign-in of ${who} at ${host} failed (${code}). Check the inputs tenantId, clientId and authorityHost.`,
      { outcome: 'unknown', code },
    );
  }

  #register(json: unknown): void {
    if (!isRecord(json)) return;
    for (const name of ['access_token', 'refresh_token', 'id_token', 'device_code']) {
      const value = json[name];
      if (typeof value !== 'string' || value === '') continue;
      this.#options.registerSecret(value);
      if (name === 'refresh_token') this.refreshToken = value;
    }
  }
}

function withInterval(json: unknown): unknown {
  return isRecord(json) && 'device_code' in json && !('interval' in json) ? { ...json, interval: usualInterval } : json;
}
