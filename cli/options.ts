import type { InputName } from '../src/settings/inputs.ts';

export type CommandName = 'sign-in' | 'status' | 'renew' | 'report' | 'completion';

export interface CommandOption {
  readonly name: CommandName;
  /** One line. */
  readonly help: string;
}

/** In the order of the help. */
export const commandOptions: readonly CommandOption[] = [
  { name: 'sign-in', help: 'A person signs in once; the refresh token goes into the vault.' },
  { name: 'status', help: 'Who is signed in, and until when. Sends no token anywhere.' },
  { name: 'report', help: 'List every PAT and when it ends. Changes nothing.' },
  { name: 'renew', help: 'Renew the service account’s PATs.' },
  { name: 'completion', help: 'Print a completion script: bash, zsh or powershell.' },
];

/** A flag that sets one of the engine's inputs. */
export interface InputOption {
  readonly input: InputName;
  /** What stands for the value in the help; undefined: a switch. */
  readonly value: string | undefined;
  /** One line, short enough to stand beside the flag in 80 columns. */
  readonly help: string;
  /** The values there are, where they can be listed. */
  readonly choices?: readonly string[];
  readonly commands: readonly CommandName[];
}

const signing: readonly CommandName[] = ['sign-in', 'status', 'renew', 'report'];
const runs: readonly CommandName[] = ['renew', 'report'];
const renew: readonly CommandName[] = ['renew'];

/** In the order of the help. The password has no flag: what stands on a command line is seen by everybody. */
export const inputOptions: readonly InputOption[] = [
  {
    input: 'mode',
    value: 'MODE',
    choices: ['simple', 'advanced', 'revoke'],
    commands: renew,
    help: 'simple, advanced or revoke. Default: simple.',
  },
  { input: 'organization', value: 'NAME', commands: runs, help: 'Name or URL; several: separated by commas.' },
  { input: 'tenantId', value: 'ID', commands: signing, help: 'The Entra tenant: GUID or domain.' },
  { input: 'clientId', value: 'GUID', commands: signing, help: 'Public client to sign in with (an app of yours).' },
  {
    input: 'signIn',
    value: 'HOW',
    choices: ['password', 'refresh-token'],
    commands: runs,
    help: 'password or refresh-token. Default: password.',
  },
  { input: 'username', value: 'UPN', commands: signing, help: 'The service account; anybody else is refused.' },
  {
    input: 'refreshTokenSecret',
    value: 'NAME',
    commands: signing,
    help: 'Secret with the refresh token: name or URL.',
  },
  { input: 'keyVault', value: 'NAME', commands: signing, help: 'The Key Vault: its name or URL.' },
  { input: 'variableGroup', value: 'GROUP', commands: runs, help: 'project/group for new values, too.' },
  { input: 'takeOver', value: undefined, commands: renew, help: 'Replace values that are not ours yet: see below.' },
  {
    input: 'azureSubscription',
    value: 'WHO',
    choices: ['environment', 'managed-identity'],
    commands: signing,
    help: 'Vault by environment or managed-identity.',
  },
  { input: 'pats', value: 'RULE', commands: runs, help: 'Which PATs; once for each rule. Default: *.' },
  { input: 'lifetimeDays', value: 'DAYS', commands: renew, help: 'How long a renewed PAT lives, 1-365. Default: 60.' },
  { input: 'renewBeforeDays', value: 'DAYS', commands: renew, help: 'Renew only what ends within so many days.' },
  {
    input: 'revokeAfterHours',
    value: 'HOURS',
    commands: renew,
    help: 'How long replaced PATs still work. Default: 48.',
  },
  {
    input: 'allOrgs',
    value: 'WHICH',
    choices: ['keep', 'false', 'true'],
    commands: renew,
    help: 'Valid in all organizations? Default: keep.',
  },
  { input: 'includeExpired', value: undefined, commands: renew, help: 'advanced: also replace expired PATs.' },
  { input: 'secretName', value: 'TEMPLATE', commands: runs, help: 'Where a rule names no secret. Default: {pat}.' },
  { input: 'warnDays', value: 'DAYS', commands: runs, help: 'Warn of PATs that end so soon. Default: 14.' },
  { input: 'failDays', value: 'DAYS', commands: runs, help: 'Exit code 1 if a PAT in use ends so soon.' },
  { input: 'dryRun', value: undefined, commands: renew, help: 'Say what would be done; write nothing anywhere.' },
  { input: 'concurrency', value: 'NUMBER', commands: runs, help: 'PATs handled at once, 1 to 32. Default: 8.' },
  { input: 'authorityHost', value: 'URL', commands: signing, help: 'Sign-in host of a national cloud.' },
];

/** A flag of the command itself. */
export interface OwnOption {
  readonly flag: OwnFlag;
  readonly value: string | undefined;
  readonly help: string;
  readonly choices?: readonly string[];
  /** Its value is the name of a file. */
  readonly isFile?: boolean;
  readonly commands: readonly CommandName[];
}

export type OwnFlag =
  | 'browser'
  | 'replace'
  | 'password-stdin'
  | 'deploy-hook'
  | 'strict'
  | 'output'
  | 'json'
  | 'quiet'
  | 'ca-file'
  | 'verbose'
  | 'help';

export const outputFormats = ['table', 'json', 'tsv', 'none'] as const;

export const ownOptions: readonly OwnOption[] = [
  { flag: 'browser', value: undefined, commands: ['sign-in'], help: 'With a browser here, where codes are blocked.' },
  { flag: 'replace', value: undefined, commands: ['sign-in'], help: 'Store it over whatever the secret holds.' },
  { flag: 'password-stdin', value: undefined, commands: runs, help: 'Read the password from standard input.' },
  { flag: 'deploy-hook', value: 'COMMAND', commands: renew, help: 'Run it after each delivery: see below.' },
  { flag: 'strict', value: undefined, commands: runs, help: 'Exit code 4 if anything needs a person.' },
  {
    flag: 'output',
    value: 'FORMAT',
    choices: outputFormats,
    commands: signing,
    help: 'Or -o: table, json, tsv, none. Default: table.',
  },
  { flag: 'json', value: undefined, commands: signing, help: 'The same as --output json.' },
  { flag: 'quiet', value: undefined, commands: signing, help: 'Only what needs a person: for cron, which mails.' },
  { flag: 'ca-file', value: 'FILE', isFile: true, commands: signing, help: 'More certificate authorities (PEM).' },
  { flag: 'verbose', value: undefined, commands: signing, help: 'A line a request: method, host, status, time.' },
  {
    flag: 'help',
    value: undefined,
    commands: [...signing, 'completion'],
    help: 'Show this text.',
  },
];

/** One flag as the help and the completions show it. */
export interface Flag {
  readonly name: string;
  readonly value: string | undefined;
  readonly help: string;
  readonly choices: readonly string[];
  readonly isFile: boolean;
}

/** All flags of a command, in the order of the help. */
export function flagsOf(command: CommandName): readonly Flag[] {
  const inputs = inputOptions.map((option) => ({ ...option, name: flagOf(option.input), isFile: false }));
  const own = ownOptions.map((option) => ({ ...option, name: option.flag, isFile: option.isFile ?? false }));
  return [...inputs, ...own]
    .filter(({ commands }) => commands.includes(command))
    .map(({ name, value, help, choices, isFile }) => ({ name, value, help, choices: choices ?? [], isFile }));
}

/** `tenantId` → `tenant-id` */
export function flagOf(input: InputName): string {
  return input.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `tenantId` → `RENEWPATS_TENANT_ID` */
export function variableOf(input: InputName): string {
  return `RENEWPATS_${flagOf(input).replaceAll('-', '_').toUpperCase()}`;
}
