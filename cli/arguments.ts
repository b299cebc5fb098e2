import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { InputName } from '../src/settings/inputs.ts';
import { type CommandName, flagOf, inputOptions, type OwnFlag, ownOptions } from './options.ts';

/** What a command line asks for. */
export type Arguments =
  | { readonly kind: 'help'; readonly command: CommandName | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'problem'; readonly command: CommandName | undefined; readonly sentence: string }
  | {
      readonly kind: 'command';
      readonly command: CommandName;
      readonly inputs: ReadonlyMap<InputName, string>;
      readonly own: ReadonlyMap<OwnFlag, string>;
    };

const commands: readonly CommandName[] = ['sign-in', 'renew', 'report'];

export function readArguments(args: readonly string[]): Arguments {
  const [first, ...rest] = args;
  if (first === '--version') return { kind: 'version' };
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help', command: undefined };
  if (first === 'help') return { kind: 'help', command: commands.find((name) => name === rest[0]) };
  const command = commands.find((name) => name === first);
  if (command === undefined) {
    const sentence = `There is no command ${JSON.stringify(first.slice(0, 40))}. The commands are: ${commands.join(', ')}.`;
    return { kind: 'problem', command: undefined, sentence };
  }
  // What follows such a flag is a secret: nothing of it may be repeated.
  if (rest.some((argument) => /^--(?:password|refresh-token|client-secret)(?:=|$)/.test(argument))) {
    const sentence =
      'Secrets are never flags: everybody on the machine can read a command line. Set RENEWPATS_PASSWORD, or use ' +
      '--password-stdin, or type the password when asked. Change the one that was just typed.';
    return { kind: 'problem', command, sentence };
  }
  return readFlags(command, rest);
}

function readFlags(command: CommandName, args: readonly string[]): Arguments {
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
    return own.has('help') ? { kind: 'help', command } : { kind: 'command', command, inputs, own };
  } catch (error) {
    return { kind: 'problem', command, sentence: sentenceOf(error) };
  }
}

function parserOptions(command: CommandName): NonNullable<ParseArgsConfig['options']> {
  const inputs = inputOptions.filter((option) => option.commands.includes(command));
  const own = ownOptions.filter((option) => option.commands.includes(command));
  return {
    ...Object.fromEntries(
      inputs.map(({ input, value }) => [flagOf(input), { ...typeOf(value), multiple: input === 'pats' }]),
    ),
    ...Object.fromEntries(own.map(({ flag, value }) => [flag, typeOf(value)])),
    help: { type: 'boolean', short: 'h' },
  };
}

function typeOf(value: string | undefined): { type: 'string' | 'boolean' } {
  return { type: value === undefined ? 'boolean' : 'string' };
}

/** Rules that are given one by one are lines of one input. */
function textOf(value: string | boolean | (string | boolean)[]): string {
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/** Of the parser's own errors: only those that repeat a flag's name are shown, never a value. */
function sentenceOf(error: unknown): string {
  const code = error instanceof Object && 'code' in error ? error.code : undefined;
  const flag = /'-{1,2}[\w-]+/.exec(error instanceof Error ? error.message : '')?.[0]?.slice(1);
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no flag ${flag ?? 'of that name'}.`;
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
    return `The flag ${flag ?? ''} is used in a way it is not meant for: see its value in the help. A value that begins with - follows an equals sign.`;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
    return 'There is an argument that belongs to no flag. Values with blanks need quotes.';
  throw error;
}
