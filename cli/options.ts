import type { InputName } from '../src/settings/inputs.ts';

export type CommandName = 'sign-in' | 'renew' | 'report';

/** A flag that sets one of the task's inputs. */
export interface InputOption {
  readonly input: InputName;
  /** What stands for the value in the help; undefined: a switch. */
  readonly value: string | undefined;
  readonly help: string;
  readonly commands: readonly CommandName[];
}

const all: readonly CommandName[] = ['sign-in', 'renew', 'report'];
const runs: readonly CommandName[] = ['renew', 'report'];
const renew: readonly CommandName[] = ['renew'];

/** In the order of the help. The password has no flag: what stands on a command line is seen by everybody. */
export const inputOptions: readonly InputOption[] = [
  {
    input: 'mode',
    value: 'simple|advanced|revoke',
    commands: renew,
    help: 'simple: push the end of each PAT out (default). advanced: replace PATs and store the new values in the vault. revoke: only revoke what was superseded long enough ago.',
  },
  {
    input: 'organization',
    value: 'NAME[,NAME…]',
    commands: runs,
    help: 'The organization, or its URL; several separated by commas.',
  },
  {
    input: 'tenantId',
    value: 'ID',
    commands: all,
    help: 'The Entra tenant: GUID or domain.',
  },
  {
    input: 'clientId',
    value: 'GUID',
    commands: all,
    help: 'The public client to sign in with. Default: Azure PowerShell’s; an app registration of your own is better.',
  },
  {
    input: 'signIn',
    value: 'password|refresh-token',
    commands: runs,
    help: 'How the service account signs in. Default: password.',
  },
  {
    input: 'username',
    value: 'UPN',
    commands: all,
    help: 'The service account. With sign-in: who is expected to sign in; anybody else is refused.',
  },
  {
    input: 'refreshTokenSecret',
    value: 'URL|NAME',
    commands: all,
    help: 'The secret that holds the refresh token: https://<vault>/secrets/<name>, or a name in --key-vault.',
  },
  {
    input: 'keyVault',
    value: 'NAME|URL',
    commands: all,
    help: 'The vault for the values of new PATs. --mode advanced needs a place for each: this, --variable-group, or its rule’s.',
  },
  {
    input: 'variableGroup',
    value: 'PROJECT/GROUP',
    commands: runs,
    help: 'A variable group for the values of new PATs: each becomes the secret variable PAT_<NAME>. With --key-vault: both.',
  },
  {
    input: 'takeOver',
    value: undefined,
    commands: renew,
    help: 'advanced: also replace the value of a variable or a service connection that has not been written by this yet.',
  },
  {
    input: 'azureSubscription',
    value: 'environment|managed-identity',
    commands: all,
    help: 'Who opens the vault. environment: the application of AZURE_TENANT_ID, AZURE_CLIENT_ID and one of AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN_FILE. managed-identity: this machine’s (AZURE_CLIENT_ID chooses one of several). Default: the account that signs in; --sign-in refresh-token needs one of the two.',
  },
  {
    input: 'pats',
    value: 'RULE',
    commands: runs,
    help: 'Which PATs: glob, !glob (leave out) or "glob => place, place …" (a secret’s name, group:project/group/variable, connection:project/name); may be given several times, the last matching rule wins. Default: *.',
  },
  {
    input: 'lifetimeDays',
    value: 'DAYS',
    commands: renew,
    help: 'How long a renewed PAT lives, 1 to 365. Default: 60.',
  },
  {
    input: 'renewBeforeDays',
    value: 'DAYS',
    commands: renew,
    help: 'Renew only what ends within so many days. Default: renew on every run.',
  },
  {
    input: 'revokeAfterHours',
    value: 'HOURS',
    commands: renew,
    help: 'How long a superseded PAT keeps working, 0 to 8760. Default: 48.',
  },
  {
    input: 'allOrgs',
    value: 'keep|false|true',
    commands: renew,
    help: 'Whether a PAT is valid in all organizations. Default: keep.',
  },
  {
    input: 'includeExpired',
    value: undefined,
    commands: renew,
    help: 'advanced: also replace PATs that have expired.',
  },
  {
    input: 'secretName',
    value: 'TEMPLATE',
    commands: runs,
    help: 'Secret name for PATs whose rule names none; {pat} and {organization} are replaced. Default: {pat}.',
  },
  {
    input: 'warnDays',
    value: 'DAYS',
    commands: runs,
    help: 'Warn about PATs that end within so many days. Default: 14.',
  },
  {
    input: 'failDays',
    value: 'DAYS',
    commands: runs,
    help: 'Fail, after everything else, if a PAT that is in use ends within so many days. Default: never.',
  },
  { input: 'dryRun', value: undefined, commands: renew, help: 'Say what would be done; write nothing anywhere.' },
  { input: 'concurrency', value: 'NUMBER', commands: runs, help: 'PATs handled at once, 1 to 32. Default: 8.' },
  {
    input: 'authorityHost',
    value: 'URL',
    commands: all,
    help: 'Sign-in host of a national cloud. Default: https://login.microsoftonline.com.',
  },
];

/** A flag of the command itself. */
export interface OwnOption {
  readonly flag: OwnFlag;
  readonly value: string | undefined;
  readonly help: string;
  readonly commands: readonly CommandName[];
}

export type OwnFlag = 'browser' | 'replace' | 'password-stdin' | 'json' | 'ca-file' | 'verbose' | 'help';

export const ownOptions: readonly OwnOption[] = [
  {
    flag: 'browser',
    value: undefined,
    commands: ['sign-in'],
    help: 'Sign in with a browser on this machine (authorization code with PKCE on localhost), where device codes are blocked.',
  },
  {
    flag: 'replace',
    value: undefined,
    commands: ['sign-in'],
    help: 'Store the token even if the secret holds something that this command has not stored there.',
  },
  { flag: 'password-stdin', value: undefined, commands: runs, help: 'Read the password from the standard input.' },
  { flag: 'json', value: undefined, commands: all, help: 'Print JSON on the standard output, and nothing else there.' },
  {
    flag: 'ca-file',
    value: 'FILE',
    commands: all,
    help: 'Certificate authorities (PEM) to trust besides the built-in ones; NODE_EXTRA_CA_CERTS works as well.',
  },
  {
    flag: 'verbose',
    value: undefined,
    commands: all,
    help: 'A line for each request: method, host, path, status, time.',
  },
  { flag: 'help', value: undefined, commands: all, help: 'Show this text.' },
];

/** `tenantId` → `tenant-id` */
export function flagOf(input: InputName): string {
  return input.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `tenantId` → `RENEWPATS_TENANT_ID` */
export function variableOf(input: InputName): string {
  return `RENEWPATS_${flagOf(input).replaceAll('-', '_').toUpperCase()}`;
}
