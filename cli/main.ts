import { InputProblems } from '../src/settings/input-reading.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { commandHelp, generalHelp } from './help.ts';
import type { Process } from './process.ts';
import { renewOrReport } from './renew.ts';
import { Screen } from './screen.ts';
import { signIn } from './sign-in.ts';

/** The whole command. Never throws. */
export async function main(process: Process): Promise<ExitCode> {
  const asked = readArguments(process.args);
  const screen = new Screen({ ...process, json: asked.kind === 'command' && asked.own.has('json') });
  process.stopping.addEventListener('abort', () => screen.note('Stopping: what has begun is finished first.'));
  const code = await answer(process, asked, screen).catch((error: unknown) => unexpected(screen, asked, error));
  await screen.flushed();
  return process.stopping.aborted ? (process.stopping.reason as ExitCode) : code;
}

async function answer(process: Process, asked: Arguments, screen: Screen): Promise<ExitCode> {
  switch (asked.kind) {
    case 'version':
      screen.result(process.version);
      return exitCodes.done;
    case 'help':
      process.stdout.write(asked.command === undefined ? generalHelp() : commandHelp(asked.command));
      return exitCodes.done;
    case 'problem':
      screen.error(
        `${asked.sentence}\nSee: renew-pats ${asked.command === undefined ? '' : `${asked.command} `}--help`,
      );
      return exitCodes.wrongInputs;
    case 'command':
      break;
  }
  try {
    return asked.command === 'sign-in'
      ? await signIn(process, asked, screen)
      : await renewOrReport(process, asked, screen);
  } catch (error) {
    if (!(error instanceof InputProblems)) throw error;
    screen.error(`${error.message}\nSee: renew-pats ${asked.command} --help`);
    return exitCodes.wrongInputs;
  }
}

/** Not expected: the kind of error and where it arose, never its contents. */
function unexpected(screen: Screen, asked: Arguments, error: unknown): ExitCode {
  const name = error instanceof Error ? error.name : typeof error;
  screen.error(`The command failed in an unexpected way (${name}). Run it with --verbose and report what it says.`);
  if (asked.kind === 'command' && asked.own.has('verbose') && error instanceof Error) {
    const where = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    screen.note(where.join('\n'), 'dim');
  }
  return exitCodes.unexpected;
}
