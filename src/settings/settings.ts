import { parseVariableGroup, type VariableGroup } from '../destinations/places.ts';
import { unknownPlaceholders } from '../renewal/destination-name.ts';
import type { Instant } from '../renewal/instant.ts';
import type { Mode, RenewalPolicy } from '../renewal/policy.ts';
import type { Rule } from '../renewal/rules.ts';
import type { ServiceConnection } from '../services/service-connection.ts';
import { readHandedOver } from './handed-over.ts';
import { InputProblems, InputReading, quoted } from './input-reading.ts';
import type { Inputs } from './inputs.ts';
import { readOrganizations } from './organizations.ts';
import { readRules } from './pats.ts';
import { connectionOf, readSignIn, type SignIn, vaultUrlOf } from './sign-in.ts';

/** Everything a run is asked to do, checked. */
export interface Settings {
  readonly mode: Mode;
  /** Names of organizations, each once. */
  readonly organizations: readonly string[];
  readonly signIn: SignIn;
  readonly rules: readonly Rule[];
  readonly policy: RenewalPolicy;
  readonly vault: VaultSettings | undefined;
  /** Whether some values are put somewhere: an input or a rule names a place. Else they are handed over. */
  readonly hasPlaces: boolean;
  /** Where the values of rules without a place go, besides the vault. */
  readonly variableGroup: VariableGroup | undefined;
  /** Whether the value of a variable or connection that this task has not written yet may be replaced. */
  readonly takeOver: boolean;
  /**
   * Ids of PATs whose values were handed over in this job. *revoke*: they have been stored since (the input). *advanced*: an
   * earlier attempt of the step handed them over (the job's variable). Otherwise empty.
   */
  readonly handedOver: readonly string[];
  /** With a place for the values: also set output variables. Without one they are always set. */
  readonly setOutputVariables: boolean;
  /** Days, 0 to 365. */
  readonly warnDays: number;
  /** Days, 0 to 365: what is in use and ends within so many fails the step; undefined: nothing does. */
  readonly failDays: number | undefined;
  readonly dryRun: boolean;
  /** PATs handled at once, 1 to 32. */
  readonly concurrency: number;
  /** When the pipeline's run started, by Azure DevOps' clock; undefined where it does not say so. */
  readonly pipelineStart: Instant | undefined;
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
  const rules = readRules(read, mode);
  const hasPlaces =
    read.isGiven('keyVault') ||
    read.isGiven('variableGroup') ||
    rules.some((rule) => rule.kind === 'include' && rule.places.length > 0);
  const settings: Settings = {
    mode: mode ?? 'report',
    organizations: readOrganizations(read),
    signIn,
    rules,
    policy: {
      lifetimeDays: lifetimeDays ?? 1,
      renewBeforeDays,
      revokeAfterHours:
        (mode === 'advanced' || mode === 'revoke' || (mode === 'report' && hasPlaces)
          ? read.whole('revokeAfterHours', 0, 8760)
          : undefined) ?? 48,
      includeExpired: mode === 'advanced' && read.flag('includeExpired'),
      allOrgs: (changesDates ? read.choice('allOrgs', ['keep', 'false', 'true']) : undefined) ?? 'keep',
    },
    vault: readVault(read, vaultUrl, connection),
    hasPlaces,
    variableGroup: readVariableGroup(read),
    takeOver: mode === 'advanced' && hasPlaces && read.flag('takeOver'),
    handedOver: readHandedOver(read, inputs, mode),
    setOutputVariables: mode === 'advanced' && hasPlaces && read.flag('setOutputVariables'),
    warnDays: read.whole('warnDays', 0, 365) ?? 14,
    failDays: read.whole('failDays', 0, 365),
    dryRun: read.flag('dryRun'),
    concurrency: read.whole('concurrency', 1, 32) ?? 8,
    pipelineStart: instantOf(inputs.variable?.('System.PipelineStartTime')),
    doubts: [],
  };
  checkVaultIsNamed(read, mode, signIn);
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
  const unknown = [...new Set(unknownPlaceholders(secretNameTemplate))];
  if (unknown.length > 0) {
    read.problem(
      'secretName',
      `${unknown.map(quoted).join(', ')} stands for nothing; only {pat} and {organization} do.`,
    );
  }
  return url === undefined ? undefined : { url, connection, secretNameTemplate };
}

/** A connection that opens nothing: the vault's name was lost, and the values would go elsewhere or be taken for revoked. */
function checkVaultIsNamed(read: InputReading, mode: Mode | undefined, signIn: SignIn): void {
  if (mode !== 'advanced' && mode !== 'revoke') return;
  if (read.isGiven('keyVault') || !read.isGiven('azureSubscription') || signIn.kind === 'refreshToken') return;
  read.problem(
    'keyVault',
    'it is empty, and the input azureSubscription is given: a template expression or a variable that holds nothing? Name the vault, or ' +
      'leave azureSubscription empty if the values belong into none.',
  );
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

function readVariableGroup(read: InputReading): VariableGroup | undefined {
  const text = read.text('variableGroup');
  if (text === undefined) return undefined;
  const group = parseVariableGroup(text);
  return typeof group === 'string' ? read.problem('variableGroup', `${group}.`) : group;
}

/** As Azure DevOps writes it: `2026-11-25 04:00:00+00:00`. Without a zone it would be a time of the agent's own. */
function instantOf(text: string | undefined): Instant | undefined {
  const [, day, time] =
    /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))$/.exec(text?.trim() ?? '') ?? [];
  const instant = Date.parse(`${day}T${time}`);
  return Number.isNaN(instant) ? undefined : instant;
}
