import { toIso } from '../src/renewal/instant.ts';
import { plainText } from '../src/report/plain-text.ts';
import { dateAndTimeLeft } from '../src/report/time-left.ts';
import type { Interaction } from '../src/services/entra.ts';
import { ServiceError } from '../src/services/service-error.ts';
import { readFirstSignIn } from '../src/settings/sign-in.ts';
import { signInOnce } from '../src/sign-in/first-sign-in.ts';
import { openBrowser } from './browser.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { inputsOf } from './inputs.ts';
import type { Command, Process } from './process.ts';
import type { Screen } from './screen.ts';
import { surroundingsOf } from './surroundings.ts';

/** `renew-pats sign-in`. @throws InputProblems */
export async function signIn(process: Process, asked: Command, screen: Screen): Promise<ExitCode> {
  const settings = readFirstSignIn(inputsOf(process, asked, ''));
  const surroundings = surroundingsOf(process, asked, screen, { concurrency: 1 });
  const interaction: Interaction = asked.own.has('browser')
    ? {
        kind: 'browser',
        open: async (url) => {
          screen.note(
            `Sign in as the service account in the browser. If none opens, open this address on this machine:\n${url}`,
          );
          await openBrowser(url, process.environment, process.platform);
        },
      }
    : { kind: 'device code', show: (message) => screen.note(`${message}\nSign in as the service account.`) };
  try {
    const signingIn = signInOnce(settings, surroundings, interaction, asked.own.has('replace'));
    const stored = await Promise.race([signingIn, stopped(process.stopping)]);
    if (stored === undefined) {
      screen.error('Interrupted.');
      return exitCodes.interrupted;
    }
    const { username, vault, secret, expiresOn, warnings } = stored;
    const ends = dateAndTimeLeft(expiresOn, Date.now());
    screen.data({
      json: () => `${JSON.stringify({ username, vault, secret, expiresOn: toIso(expiresOn) }, null, 2)}\n`,
      rows: () => [[username ?? '', vault, secret, toIso(expiresOn)]],
    });
    screen.result(
      plainText(`Signed in as ${username ?? 'the account'}. Its refresh token is in ${vault}/${secret}.`),
      'green',
    );
    screen.result(`It lives until ${ends}, and each run that uses it makes that 90 days again.`);
    for (const warning of warnings) screen.warning(warning);
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    screen.error(`${error.message} Nothing was stored.`);
    return exitCodes.notSignedIn;
  }
}

function stopped(stopping: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (stopping.aborted) resolve(undefined);
    stopping.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
