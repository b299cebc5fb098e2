import type { InputName, Inputs } from './inputs.ts';
import type { RenewalPolicy } from './renewal/policy.ts';
import { parseRules, type Rule, secretNamePattern } from './renewal/rules.ts';
import type { ServiceConnection } from './services/service-connection.ts';

export type Mode = 'simple' | 'advanced' | 'revoke' | 'report';

/** Everything a run is asked to do, checked. */
export interface Settings {
  readonly mode: Mode;
  /** Names of organizations, each once. */
  readonly organizations: readonly string[];
  readonly signIn: SignIn;
  readonly rules: readonly Rule[];
  readonly policy: RenewalPolicy;
  readonly vault: VaultSettings | undefined;
  /** With a vault: also set output variables. Without one they are always set. */
  readonly setOutputVariables: boolean;
  /** Days, 0 to 365. */
  readonly warnDays: number;
  readonly dryRun: boolean;
  /** PATs handled at once, 1 to 32. */
  readonly concurrency: number;
}

export type SignIn = {
  /** Such as `https://login.microsoftonline.com`, without a slash at the end. */
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly clientId: string;
} & (
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'refreshToken';
      readonly secret: { readonly vaultUrl: string; readonly name: string };
      readonly connection: ServiceConnection;
    }
);

export interface VaultSettings {
  /** Such as `https://contoso-vault.vault.azure.net`. */
  readonly url: string;
  /** Undefined: the service account's own identity opens the vault. */
  readonly connection: ServiceConnection | undefined;
  readonly secretNameTemplate: string;
}

/** All that is wrong with the inputs, one sentence each. */
export class InputProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      problems.length === 1
        ? (problems[0] ?? '')
        : `${problems.length} inputs need attention:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
    this.name = 'InputProblems';
    this.problems = problems;
  }
}

/** What an empty input means. Those that are variables are looked up in the pipeline. */
export const defaults: Readonly<Partial<Record<InputName, string>>> = {
  mode: 'simple',
  organization: '$(System.CollectionUri)',
  signIn: 'password',
  username: '$(sa_username)',
  password: '$(sa_password)',
  tenantId: '$(tenantid)',
  clientId: '1950a258-227b-4e31-a9cf-717495945fc2',
  lifetimeDays: '60',
  revokeAfterHours: '48',
  pats: '*',
  allOrgs: 'keep',
  includeExpired: 'false',
  secretName: '{pat}',
  setOutputVariables: 'false',
  warnDays: '14',
  dryRun: 'false',
  concurrency: '8',
  authorityHost: 'https://login.microsoftonline.com',
};

/**
 * Reads and checks every input that the chosen settings use; sends nothing.
 * @throws InputProblems with all problems at once
 */
export function readSettings(inputs: Inputs): Settings {
  const read = new InputReading(inputs);
  const mode = read.choice('mode', ['simple', 'advanced', 'revoke', 'report']);
  const changesDates = mode === 'simple' || mode === 'advanced';
  const connection = connectionOf(read);
  const authorityHost = read.httpsUrl('authorityHost')?.origin ?? '';
  const vaultUrl = vaultUrlOf(read, read.text('keyVault'), 'keyVault', connection, authorityHost);
  const signIn = readSignIn(read, { vaultUrl, connection, authorityHost });
  const lifetimeDays = changesDates ? read.whole('lifetimeDays', 1, 365) : undefined;
  const renewBeforeDays = changesDates ? readRenewBefore(read, lifetimeDays) : undefined;
  const settings: Settings = {
    mode: mode ?? 'report',
    organizations: readOrganizations(read),
    signIn,
    rules: readRules(read),
    policy: {
      lifetimeDays: lifetimeDays ?? 1,
      renewBeforeDays,
      revokeAfterHours:
        (mode === 'advanced' || mode === 'revoke' ? read.whole('revokeAfterHours', 0, 8760) : undefined) ?? 48,
      includeExpired: mode === 'advanced' && read.flag('includeExpired'),
      allOrgs: (changesDates ? read.choice('allOrgs', ['keep', 'false', 'true']) : undefined) ?? 'keep',
    },
    vault:
      vaultUrl === undefined
        ? undefined
        : { url: vaultUrl, connection, secretNameTemplate: read.text('secretName') ?? '{pat}' },
    setOutputVariables: mode === 'advanced' && vaultUrl !== undefined && read.flag('setOutputVariables'),
    warnDays: read.whole('warnDays', 0, 365) ?? 14,
    dryRun: mode !== 'report' && read.flag('dryRun'),
    concurrency: read.whole('concurrency', 1, 32) ?? 8,
  };
  if (read.problems.length > 0) throw new InputProblems(read.problems);
  return settings;
}

/** Reads one input after the other and collects what is wrong. */
class InputReading {
  readonly problems: string[] = [];
  readonly #inputs: Inputs;

  constructor(inputs: Inputs) {
    this.#inputs = inputs;
  }

  problem(name: InputName, sentence: string): undefined {
    const problem = `Input ${name}: ${sentence}`;
    if (!this.problems.includes(problem)) this.problems.push(problem);
    return undefined;
  }

  isGiven(name: InputName): boolean {
    return this.#inputs.read(name).trim() !== '';
  }

  /** The text, its default if empty; undefined if there is none, or it names a variable that is not there. */
  text(name: InputName): string | undefined {
    const given = this.#inputs.read(name);
    // A password keeps the blanks that it may have.
    const trimmed = name === 'password' ? given : given.trim();
    const text = trimmed === '' ? (defaults[name] ?? '') : trimmed;
    return text === '' ? undefined : this.#expanded(name, text);
  }

  required(name: InputName, what: string): string | undefined {
    const before = this.problems.length;
    const text = this.text(name);
    if (text === undefined && this.problems.length === before) this.problem(name, `${what} is needed and missing.`);
    return text;
  }

  choice<T extends string>(name: InputName, allowed: readonly [T, ...T[]]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const chosen = allowed.find((value) => value === text);
    return chosen ?? this.problem(name, `${quoted(text)} is not one of ${allowed.join(', ')}.`);
  }

  flag(name: InputName): boolean {
    const text = this.text(name)?.toLowerCase();
    if (text === 'true') return true;
    if (text !== 'false' && text !== undefined) this.problem(name, `${quoted(text)} is neither true nor false.`);
    return false;
  }

  whole(name: InputName, from: number, to: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= from && number <= to) return number;
    return this.problem(name, `${quoted(text)} is not a whole number from ${from} to ${to}.`);
  }

  httpsUrl(name: InputName): URL | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const url = asHttps(text);
    return typeof url === 'string' ? this.problem(name, url) : url;
  }

  serviceConnection(name: InputName, id: string): ServiceConnection | undefined {
    const found = this.#inputs.serviceConnection(id);
    return typeof found === 'string' ? this.problem(name, found) : found;
  }

  /** The agent leaves `$(name)` as it is when the pipeline has no such variable. */
  #expanded(name: InputName, text: string): string | undefined {
    const whole = /^\$\(([^()]+)\)$/.exec(text.trim())?.[1];
    const found = whole === undefined ? undefined : this.#lookUp(whole);
    if (found !== undefined && found !== '') return found;
    // Inside a password or a rule, $(…) may be meant as it stands.
    const anywhere = name === 'password' || name === 'pats' ? whole : /\$\(([^()]+)\)/.exec(text)?.[1];
    const lines = name === 'pats' ? /^[ \t]*!?[ \t]*\$\(([^()]+)\)[ \t]*$/m.exec(text)?.[1] : undefined;
    const missing = anywhere ?? lines;
    if (missing === undefined) return text;
    return this.problem(
      name,
      `it reads ${quoted(`$(${missing})`)}, so the pipeline has no variable ${missing}. Define it (a secret one too is ` +
        'seen only if its variable group is linked to this pipeline), or give the input a value.',
    );
  }

  #lookUp(variable: string): string | undefined {
    const found = this.#inputs.variable(variable);
    if (found !== undefined && found !== '') return found;
    // Classic releases on some servers know the collection by its older name only.
    return variable.toLowerCase() === 'system.collectionuri'
      ? this.#inputs.variable('System.TeamFoundationCollectionUri')
      : undefined;
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

/** An https URL, or a sentence that says why it is none. A host without a scheme is taken as https. */
function asHttps(text: string): URL | string {
  if (/^http:\/\//i.test(text)) return `${quoted(text)} would send secrets in the clear. Use https://.`;
  const url = tryUrl(text);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    return `${quoted(text)} is not an https:// address.`;
  }
  return url;
}

function tryUrl(text: string): URL | null {
  try {
    return new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    return null;
  }
}

function connectionOf(read: InputReading): ServiceConnection | undefined {
  // Only a vault, or the refresh token in one, needs the connection.
  if (!read.isGiven('keyVault') && read.text('signIn') !== 'refreshToken') return undefined;
  const id = read.text('azureSubscription');
  return id === undefined ? undefined : read.serviceConnection('azureSubscription', id);
}

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const domain = /^(?=.{4,255}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;

function readSignIn(
  read: InputReading,
  vault: { vaultUrl: string | undefined; connection: ServiceConnection | undefined; authorityHost: string },
): SignIn {
  const kind = read.choice('signIn', ['password', 'refreshToken']);
  const tenantId = read.required('tenantId', 'the Entra tenant (GUID or domain)') ?? '';
  if (tenantId !== '' && !guid.test(tenantId) && !domain.test(tenantId)) {
    read.problem('tenantId', `${quoted(tenantId)} is neither a GUID nor a domain such as contoso.onmicrosoft.com.`);
  }
  const clientId = read.text('clientId') ?? '';
  if (clientId !== '' && !guid.test(clientId)) read.problem('clientId', `${quoted(clientId)} is not a GUID.`);
  const common = { authorityHost: vault.authorityHost, tenantId, clientId };
  if (kind !== 'refreshToken') {
    const username = read.required('username', 'the service account (user principal name)') ?? '';
    const password = read.required('password', 'the service account’s password') ?? '';
    return { ...common, kind: 'password', username, password };
  }
  const secret = readRefreshTokenSecret(read, vault);
  if (!read.isGiven('azureSubscription')) {
    read.problem('azureSubscription', 'signIn refreshToken needs a service connection that may open the vault.');
  }
  const connection = vault.connection ?? noConnection;
  return { ...common, kind, secret, connection };
}

/** Stands where a problem has been reported already; settings with problems are never used. */
const noConnection: ServiceConnection = {
  id: '',
  name: '',
  tenantId: '',
  clientId: '',
  authorityHost: undefined,
  vaultSuffix: undefined,
  proof: { kind: 'managed identity' },
};

function readRefreshTokenSecret(
  read: InputReading,
  vault: { vaultUrl: string | undefined; connection: ServiceConnection | undefined; authorityHost: string },
) {
  const nothing = { vaultUrl: '', name: '' };
  const text = read.required('refreshTokenSecret', 'the secret that holds the refresh token');
  if (text === undefined) return nothing;
  if (secretNamePattern.test(text) && text.length <= 127) {
    if (!read.isGiven('keyVault')) {
      read.problem(
        'refreshTokenSecret',
        'a secret’s bare name needs the input keyVault; or give https://<vault>/secrets/<name>.',
      );
    }
    return { vaultUrl: vault.vaultUrl ?? '', name: text };
  }
  const url = asHttps(text);
  const name = typeof url === 'string' ? undefined : /^\/secrets\/([0-9A-Za-z-]{1,127})\/?$/.exec(url.pathname)?.[1];
  if (typeof url === 'string' || name === undefined || !/:\/\//.test(text)) {
    const sentence =
      typeof url === 'string' && /^http:/i.test(text)
        ? url
        : `${quoted(text)} is neither a secret’s name nor https://<vault>/secrets/<name>.`;
    read.problem('refreshTokenSecret', sentence);
    return nothing;
  }
  return { vaultUrl: url.origin, name };
}

function vaultUrlOf(
  read: InputReading,
  text: string | undefined,
  input: InputName,
  connection: ServiceConnection | undefined,
  authorityHost: string,
): string | undefined {
  if (text === undefined) return undefined;
  if (/^[a-z][a-z0-9-]{1,22}[a-z0-9]$/i.test(text)) {
    return `https://${text.toLowerCase()}.${connection?.vaultSuffix ?? vaultSuffixOf(authorityHost)}`;
  }
  const isAddress = /^[a-z]+:\/\//i.test(text) || text.includes('.');
  const url = isAddress ? asHttps(text) : `${quoted(text)} is not a vault’s name (3 to 24 letters, digits and -).`;
  if (typeof url === 'string') return read.problem(input, url);
  if (url.pathname !== '/' || url.search !== '') {
    return read.problem(
      input,
      `${quoted(text)} is not a vault’s address, such as https://contoso-vault.vault.azure.net.`,
    );
  }
  return url.origin;
}

/** The vaults' domain of the cloud that the sign-in host belongs to. */
function vaultSuffixOf(authorityHost: string): string {
  if (authorityHost.endsWith('.us')) return 'vault.usgovcloudapi.net';
  if (authorityHost.endsWith('.cn')) return 'vault.azure.cn';
  return 'vault.azure.net';
}

function readRenewBefore(read: InputReading, lifetimeDays: number | undefined): number | undefined {
  const days = read.whole('renewBeforeDays', 0, 365);
  if (days !== undefined && lifetimeDays !== undefined && days >= lifetimeDays) {
    return read.problem(
      'renewBeforeDays',
      `${days} must be less than lifetimeDays (${lifetimeDays}), or every PAT is always due.`,
    );
  }
  return days;
}

function readRules(read: InputReading): readonly Rule[] {
  const text = read.text('pats');
  if (text === undefined) return [];
  const parsed = parseRules(text);
  if (parsed.kind === 'rules') return parsed.rules;
  for (const problem of parsed.problems) read.problem('pats', `${problem}.`);
  return [];
}

function readOrganizations(read: InputReading): readonly string[] {
  const text = read.required('organization', 'the organization');
  const names = new Map<string, string>();
  for (const part of (text ?? '').split(',').map((piece) => piece.trim())) {
    if (part === '') continue;
    const name = organizationName(part);
    if (name.kind === 'problem') read.problem('organization', name.sentence);
    else names.set(name.name.toLowerCase(), name.name);
  }
  if (
    text !== undefined &&
    names.size === 0 &&
    !read.problems.some((problem) => problem.startsWith('Input organization'))
  ) {
    read.problem('organization', 'it names no organization.');
  }
  return [...names.values()];
}

type OrganizationName = { kind: 'name'; name: string } | { kind: 'problem'; sentence: string };

const organizationPattern = /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/i;

function organizationName(text: string): OrganizationName {
  if (organizationPattern.test(text)) return { kind: 'name', name: text };
  const wrong = (sentence: string): OrganizationName => ({ kind: 'problem', sentence });
  const url = asHttps(text);
  if (typeof url === 'string') {
    return wrong(/^http:/i.test(text) ? url : `${quoted(text)} is neither an organization’s name nor its address.`);
  }
  const first = url.pathname.split('/')[1] ?? '';
  const host = url.hostname.toLowerCase();
  const fromHost = /^([a-z0-9-]+)\.visualstudio\.com$/.exec(host)?.[1];
  const name = host === 'dev.azure.com' ? first : fromHost;
  if (name !== undefined && organizationPattern.test(name)) return { kind: 'name', name };
  return wrong(
    `${quoted(text)} is no organization of Azure DevOps Services, such as contoso or https://dev.azure.com/contoso/ ` +
      '(Azure DevOps Server has no API for PATs).',
  );
}
