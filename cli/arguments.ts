import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { InputName } from '../src/settings/inputs.ts';
import { type Shell, shells } from './completion.ts';
import { nearMiss } from './near-miss.ts';
import {
  type CommandName,
  commandOptions,
  flagOf,
  flagsOf,
  inputOptions,
  type OwnFlag,
  ownOptions,
} from './options.ts';

/** What a command line asks for. */
export type Arguments =
  | { readonly kind: 'help'; readonly command: CommandName | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'completion'; readonly shell: Shell }
  | { readonly kind: 'problem'; readonly command: CommandName | undefined; readonly sentence: string }
  | {
      readonly kind: 'command';
      readonly command: Exclude<CommandName, 'completion'>;
      readonly inputs: ReadonlyMap<InputName, string>;
      readonly own: ReadonlyMap<OwnFlag, string>;
    };

const commands = commandOptions.map(({ name }) => name);

export function readArguments(args: readonly string[]): Arguments {
  const [first, ...rest] = args;
  if (first === '--version' || first === '-v') return { kind: 'version' };
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help', command: undefined };
  if (first === 'help') return readHelp(rest[0]);
  const command = commands.find((name) => name === first);
  if (command === undefined) return noSuchCommand(first);
  if (command === 'completion') return readShell(rest);
  // What follows such a flag is a secret: nothing of it may be repeated.
  if (rest.some((argument) => /^--(?:password|refresh-token|client-secret)(?:=|$)/.test(argument))) {
    const sentence =
      'Secrets are never flags: everybody on the machine can read a command line. Set RENEWPATS_PASSWORD, or use ' +
      '--password-stdin, or type the password when asked. Change the one that was just typed.';
    return { kind: 'problem', command, sentence };
  }
  return readFlags(command, rest);
}

function readHelp(about: string | undefined): Arguments {
  const command = commands.find((name) => name === about);
  return about === undefined || command !== undefined ? { kind: 'help', command } : noSuchCommand(about);
}

function noSuchCommand(typed: string): Arguments {
  const meant = nearMiss(typed, commands);
  const named = JSON.stringify(typed.slice(0, 40));
  const rest =
    meant !== undefined
      ? `Did you mean renew-pats ${meant}?`
      : typed.startsWith('-')
        ? `The command comes first: ${commands.join(', ')}.`
        : `The commands are: ${commands.join(', ')}.`;
  return { kind: 'problem', command: undefined, sentence: `There is no command ${named}. ${rest}` };
}

function readShell([asked, ...others]: readonly string[]): Arguments {
  const command = 'completion';
  if (asked === '--help' || asked === '-h') return { kind: 'help', command };
  const shell = shells.find((one) => one === asked);
  if (shell !== undefined && others.length === 0) return { kind: 'completion', shell };
  return { kind: 'problem', command, sentence: `Name one shell: ${shells.join(', ')}.` };
}

function readFlags(command: Exclude<CommandName, 'completion'>, args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({ args: [...args], options: parserOptions(command), allowNegative: true });
    const inputs = new Map<InputName, string>();
    for (const { input, commands: where } of inputOptions) {
      const value = values[flagOf(input)];
      if (where.includes(command) && value !== undefined) inputs.set(input, textOf(value));
    }
    const own = new Map<OwnFlag, string>();
    for (const { flag } of ownOptions) {
      const value = values[flag];
      if (value !== undefined && value !== false) own.set(flag, textOf(value));
    }
    if (own.has('help')) return { kind: 'help', command };
    const sentence = outputProblem(own);
    return sentence === undefined ? { kind: 'command', command, inputs, own } : { kind: 'problem', command, sentence };
  } catch (error) {
    return { kind: 'problem', command, sentence: sentenceOf(error, command) };
  }
}

function outputProblem(own: ReadonlyMap<OwnFlag, string>): string | undefined {
  const format = own.get('output');
  const formats = ownOptions.find(({ flag }) => flag === 'output')?.choices ?? [];
  if (format !== undefined && !formats.includes(format)) {
    return `--output: ${JSON.stringify(format.slice(0, 40))} is not one of ${formats.join(', ')}.`;
  }
  if (own.has('json') && format !== undefined && format !== 'json') return `--json and --output ${format} disagree.`;
  return undefined;
}

function parserOptions(command: CommandName): NonNullable<ParseArgsConfig['options']> {
  const flags = flagsOf(command).map(({ name, value }) => [name, { ...typeOf(value), multiple: name === 'pats' }]);
  const output = { output: { type: 'string', short: 'o' } } as const;
  return { ...Object.fromEntries(flags), ...output, help: { type: 'boolean', short: 'h' } };
}

function typeOf(value: string | undefined): { type: 'string' | 'boolean' } {
  return { type: value === undefined ? 'boolean' : 'string' };
}

/** Rules that are given one by one are lines of one input. */
function textOf(value: string | boolean | (string | boolean)[]): string {
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/** Of the parser's own errors: only those that repeat a flag's name are shown, never a value. */
function sentenceOf(error: unknown, command: CommandName): string {
  const code = error instanceof Object && 'code' in error ? error.code : undefined;
  const flag = /'-{1,2}[\w-]+/.exec(error instanceof Error ? error.message : '')?.[0]?.slice(1);
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return noSuchFlag(flag, command);
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return misused(flag, command);
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
    return 'There is an argument that belongs to no flag. Values with blanks need quotes.';
  throw error;
}

function misused(flag: string | undefined, command: CommandName): string {
  const isSwitch = flagsOf(command).some(({ name, value }) => `--${name}` === flag && value === undefined);
  if (isSwitch) return `The flag ${flag} takes no value: it is given, or left out.`;
  return `The flag ${flag ?? ''} needs a value. A value that begins with - follows an equals sign.`;
}

function noSuchFlag(flag: string | undefined, command: CommandName): string {
  if (flag === undefined) return 'There is no flag of that name.';
  const bare = flag.replace(/^-+/, '');
  if (flag === '-v') return 'There is no flag -v here: --verbose tells of each request, renew-pats -v the version.';
  const others = commands.filter((one) => flagsOf(one).some(({ name }) => name === bare));
  if (others.length > 0) return `${flag} is no flag of ${command}. It belongs to ${others.join(' and ')}.`;
  const meant = nearMiss(
    bare,
    flagsOf(command).map(({ name }) => name),
  );
  return `There is no flag ${flag}.${meant === undefined ? '' : ` Did you mean --${meant}?`}`;
}
