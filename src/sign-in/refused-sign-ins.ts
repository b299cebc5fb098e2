import { signInWithPassword, type UserSession, type UserSignIn } from '../services/entra.ts';
import { isRefusal } from '../services/entra-errors.ts';
import { ServiceError } from '../services/service-error.ts';
import type { EntraOptions } from '../services/token-endpoint.ts';

/** A sign-in with a password, as one can be refused. */
export interface PasswordClaim extends Omit<UserSignIn, 'who'> {
  readonly username: string;
  readonly password: string;
}

/** What earlier attempts of the same step were refused, wherever that is remembered; never the password itself. */
export interface RefusedSignIns {
  /** The code with which Entra refused exactly this, such as `AADSTS50126`. */
  readonly find: (claim: PasswordClaim) => Promise<string | undefined>;
  readonly note: (claim: PasswordClaim, code: string) => Promise<void>;
}

/** For a front door that makes one attempt and no more. */
export const noRefusedSignIns: RefusedSignIns = { find: async () => undefined, note: async () => {} };

export interface PasswordSurroundings extends EntraOptions {
  readonly refusedSignIns: RefusedSignIns;
  /** What may be wrong with the password as it arrived, one sentence each; nothing of it. */
  readonly passwordDoubts: (password: string) => readonly string[];
}

/**
 * Signs in with a password that no earlier attempt was refused: each wrong one brings the account nearer to its lock. A
 * password that was corrected meanwhile is another one, and is tried.
 * @throws ServiceError with the AADSTS code
 */
export async function signInUnlessRefused(
  surroundings: PasswordSurroundings,
  claim: PasswordClaim,
): Promise<UserSession> {
  const { refusedSignIns } = surroundings;
  const { username, password, tenantId } = claim;
  const who = `account ${username}`;
  const code = await refusedSignIns.find(claim);
  if (code !== undefined) {
    throw new ServiceError(
      `The sign-in of ${who} in tenant ${tenantId} was refused in an earlier attempt, and the same password is not sent again, so ` +
        `that the account is not locked. The earlier attempt says why. Mend that, then start a new run. (${code})`,
      { outcome: 'refused', code },
    );
  }
  try {
    return await signInWithPassword(
      surroundings,
      { ...claim, who },
      { username, password },
      surroundings.passwordDoubts(password),
    );
  } catch (error) {
    if (error instanceof ServiceError && isRefusal(error)) await refusedSignIns.note(claim, error.code ?? '');
    throw error;
  }
}
