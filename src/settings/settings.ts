import type { RenewalPolicy } from '../renewal/policy.ts';
import { parseRules, type Rule } from '../renewal/rules.ts';
import type { ServiceConnection } from '../services/service-connection.ts';
import { asHttps, InputProblems, InputReading, quoted } from './input-reading.ts';
import type { Inputs } from './inputs.ts';
import { connectionOf, readSignIn, type SignIn, vaultUrlOf } from './sign-in.ts';

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
  /** What is allowed, and may be a slip all the same. */
  readonly doubts: readonly string[];
}

export interface VaultSettings {
  /** Such as `https://contoso-vault.vault.azure.net`. */
  readonly url: string;
  /** Undefined: the service account's own identity opens the vault. */
  readonly connection: ServiceConnection | undefined;
  readonly secretNameTemplate: string;
}

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
        (mode === 'advanced' || mode === 'revoke' || (mode === 'report' && read.isGiven('keyVault'))
          ? read.whole('revokeAfterHours', 0, 8760)
          : undefined) ?? 48,
      includeExpired: mode === 'advanced' && read.flag('includeExpired'),
      allOrgs: (changesDates ? read.choice('allOrgs', ['keep', 'false', 'true']) : undefined) ?? 'keep',
    },
    vault: readVault(read, vaultUrl, connection),
    setOutputVariables: mode === 'advanced' && read.isGiven('keyVault') && read.flag('setOutputVariables'),
    warnDays: read.whole('warnDays', 0, 365) ?? 14,
    dryRun: read.flag('dryRun'),
    concurrency: read.whole('concurrency', 1, 32) ?? 8,
    doubts: mode === 'advanced' ? doubtsAbout(read) : [],
  };
  if (read.problems.length > 0) throw new InputProblems(read.problems);
  return settings;
}

/** What belongs to a vault is checked although the vault's own name is wrong: all problems are told at once. */
function readVault(
  read: InputReading,
  url: string | undefined,
  connection: ServiceConnection | undefined,
): VaultSettings | undefined {
  if (!read.isGiven('keyVault')) return undefined;
  const secretNameTemplate = read.text('secretName') ?? '{pat}';
  return url === undefined ? undefined : { url, connection, secretNameTemplate };
}

/** A connection without a vault: where the refresh token's secret is a URL, that is what it opens. */
function doubtsAbout(read: InputReading): readonly string[] {
  const hasNoUse =
    read.isGiven('azureSubscription') && !read.isGiven('keyVault') && !read.isGiven('refreshTokenSecret');
  return hasNoUse
    ? [
        'The input azureSubscription is given, and keyVault is not: new values go into output variables only. If they belong ' +
          'into a vault, name it in the input keyVault.',
      ]
    : [];
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
