import { InputProblems } from '../src/settings/input-reading.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { completionFor } from './completion.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { commandHelp, generalHelp } from './help.ts';
import type { Process } from './process.ts';
import { renewOrReport } from './renew.ts';
import { type OutputFormat, Screen } from './screen.ts';
import { signIn } from './sign-in.ts';
import { status } from './status.ts';

/** The whole command. Never throws. */
export async function main(process: Process): Promise<ExitCode> {
  const asked = readArguments(process.args);
  const isQuiet = asked.kind === 'command' && asked.own.has('quiet');
  const screen = new Screen({ ...process, format: formatOf(asked), isQuiet });
  process.stopping.addEventListener('abort', () => screen.aside('Stopping: what has begun is finished first.'));
  const code = await answer(process, asked, screen).catch((error: unknown) => unexpected(screen, asked, error));
  await screen.flushed();
  return process.stopping.aborted ? (process.stopping.reason as ExitCode) : code;
}

function formatOf(asked: Arguments): OutputFormat {
  if (asked.kind !== 'command') return 'table';
  return asked.own.has('json') ? 'json' : ((asked.own.get('output') as OutputFormat | undefined) ?? 'table');
}

async function answer(process: Process, asked: Arguments, screen: Screen): Promise<ExitCode> {
  switch (asked.kind) {
    case 'version':
      screen.result(process.version);
      return exitCodes.done;
    case 'help':
      process.stdout.write(asked.command === undefined ? generalHelp() : commandHelp(asked.command));
      return exitCodes.done;
    case 'completion':
      process.stdout.write(completionFor(asked.shell));
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
    const carryOut = { 'sign-in': signIn, status, renew: renewOrReport, report: renewOrReport }[asked.command];
    return await carryOut(process, asked, screen);
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
