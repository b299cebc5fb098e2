import { day, toIso } from '../src/renewal/instant.ts';
import { plainText } from '../src/report/plain-text.ts';
import { dateAndTimeLeft } from '../src/report/time-left.ts';
import { ServiceError } from '../src/services/service-error.ts';
import { InputProblems } from '../src/settings/input-reading.ts';
import { readFirstSignIn } from '../src/settings/sign-in.ts';
import { lookUpSignIn, type StoredSignInState } from '../src/sign-in/look-up-sign-in.ts';
import { openVaultAs } from '../src/sign-in/open-vault.ts';
import { signInCommand } from '../src/sign-in/refresh-token.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { inputsOf } from './inputs.ts';
import type { Command, Process } from './process.ts';
import type { Screen } from './screen.ts';
import { surroundingsOf } from './surroundings.ts';

/** So long before its end a token that runs should have made young again is worth a word. */
const warnBefore = 30 * day;

/** `renew-pats status`. @throws InputProblems */
export async function status(process: Process, asked: Command, screen: Screen): Promise<ExitCode> {
  const settings = readFirstSignIn(inputsOf(process, asked, ''));
  const { connection, secret, authorityHost } = settings;
  if (connection === undefined) {
    throw new InputProblems([
      'Input azureSubscription: nobody signs in here, so it must say who opens the vault: environment or managed-identity.',
    ]);
  }
  const surroundings = surroundingsOf(process, asked, screen, { concurrency: 1 });
  try {
    const store = await openVaultAs(surroundings, secret.vaultUrl, connection, authorityHost);
    const state = await lookUpSignIn({ store, name: secret.name });
    return tell(screen, state, {
      vault: store.name,
      secret: secret.name,
      now: store.now(),
      command: signInCommand(settings),
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    screen.error(error.message);
    return exitCodes.notSignedIn;
  }
}

interface Place {
  readonly vault: string;
  readonly secret: string;
  readonly now: number;
  /** What a person has to type to sign in. */
  readonly command: string;
}

function tell(screen: Screen, state: StoredSignInState, { vault, secret, now, command }: Place): ExitCode {
  const where = `${vault}/${secret}`;
  const stored = state.kind === 'stored' ? state : undefined;
  const dates = [stored?.storedOn, stored?.expiresOn].map((at) => (at === undefined ? undefined : toIso(at)));
  const [storedOn = null, expiresOn = null] = dates;
  const isOver = stored?.expiresOn !== undefined && stored.expiresOn <= now;
  const isSignedIn = stored !== undefined && !isOver;
  const username = stored?.username ?? null;
  screen.data({
    json: () => `${JSON.stringify({ signedIn: isSignedIn, username, vault, secret, storedOn, expiresOn }, null, 2)}\n`,
    rows: () => [[String(isSignedIn), username ?? '', vault, secret, storedOn ?? '', expiresOn ?? '']],
  });
  if (!isSignedIn) {
    screen.error(`Nobody is signed in: ${whyNot(state, where)} Sign in with: ${command}`);
    return exitCodes.notSignedIn;
  }
  screen.result(plainText(`${username ?? 'An account'} is signed in. Its refresh token is in ${where}.`), 'green');
  const left = stored.expiresOn === undefined ? undefined : dateAndTimeLeft(stored.expiresOn, now);
  screen.result(
    `Stored ${dateAndTimeLeft(stored.storedOn, now)}; ${left === undefined ? 'no end is noted' : `lives until ${left}`}.`,
  );
  if (stored.expiresOn !== undefined && stored.expiresOn - now < warnBefore) {
    screen.warning(`No run has used the token for long. Let one run before it ends, or sign in again with: ${command}`);
  }
  return exitCodes.done;
}

function whyNot(state: StoredSignInState, where: string): string {
  switch (state.kind) {
    case 'none':
      return `there is no secret ${where}.`;
    case 'disabled':
      return `the newest version of ${where} is disabled.`;
    case 'other content':
      return `${where} holds something that no sign-in has stored there.`;
    case 'stored':
      return `the refresh token in ${where} has ended.`;
  }
}
