import assert from 'node:assert/strict';
import { runJob } from '../../simulator/agent/run-job.ts';
import { runTask, type TaskJob, type TaskResult, type TaskRun } from '../../simulator/agent/run-task.ts';
import type { ScriptStep, TaskStep } from '../../simulator/agent/task-job.ts';
import {
  createWorld,
  type Faults,
  type OrganizationSpec,
  type Pat,
  type PatSpec,
  type PublishedContract,
  type RecordedRequest,
  readPublishedContract,
  type SecretSpec,
  type SecretVersion,
  type Simulator,
  startSimulator,
  type VaultSpec,
  type World,
  type WorldSpec,
} from '../../simulator/index.ts';
import { inThisProcess } from './in-this-process.ts';
import { packagedTask } from './packaged-task.ts';
import { type Report, type ReportedPat, reportProblems } from './report-contract.ts';
import { leaks, secretsOf } from './secrecy.ts';

/** The service account's password: every kind of character that some encoding would change. */
export const password = 'pa ss&w%rd"1+\\é';
export const account = 'renew@contoso.com';
export const tenantId = '6f1d1c6e-3a7e-4a52-9d0a-6f7a1f2b7c11';
export const vaultHost = 'contoso-vault.vault.azure.net';

export const start = Date.parse('2026-11-23T04:00:00Z');
const hour = 3_600_000;

/** So many days from the start of the story; negative: before it. */
export const inDays = (days: number): string => inHours(24 * days);
export const inHours = (hours: number): string => new Date(start + hours * hour).toISOString();

/** `2026-11-23T04:00Z`: the task reckons with the services' time, which goes on while it runs. */
export const minuteOf = (when: string | number | undefined): string =>
  `${new Date(Math.round(new Date(when ?? Number.NaN).getTime() / 60_000) * 60_000).toISOString().slice(0, 16)}Z`;

/** What the company has, beside an account, an organization `contoso` and a vault `contoso-vault`. */
export interface Company extends Omit<WorldSpec, 'vaults'> {
  /** Of contoso. */
  readonly pats?: readonly PatSpec[];
  readonly organization?: Omit<OrganizationSpec, 'pats'>;
  /** In contoso-vault. */
  readonly secrets?: Readonly<Record<string, SecretSpec | readonly SecretSpec[]>>;
  readonly vault?: Omit<VaultSpec, 'secrets'>;
  readonly proxyCredentials?: { readonly username: string; readonly password: string };
}

export type TaskInputs = Readonly<Record<string, string>>;
export type Job = Partial<Omit<TaskJob, 'inputs' | 'taskFolder' | 'nodePath'>>;

/** A company's cloud and an agent in front of it. */
export interface Situation {
  readonly simulator: Simulator;
  readonly world: World;
  readonly faults: Faults;
  /** Runs the task, and holds the run to what every run must hold. */
  run(inputs?: TaskInputs, job?: Job): Promise<StepRun>;
  /** Runs a job of several steps: the task with some inputs, or a script. Each one's `requests` are the job's. */
  runSteps(
    steps: readonly (Omit<TaskStep, 'taskFolder'> | ScriptStep)[],
    job?: Job,
  ): Promise<{ readonly result: TaskResult; readonly steps: readonly StepRun[] }>;
  /** Every PAT that was ever made in contoso, or in another organization, under this name; oldest first. */
  named(displayName: string, organization?: string): readonly Pat[];
  /** The one active PAT of this name. */
  active(displayName: string, organization?: string): Pat;
  /** The names of all active PATs. */
  activeNames(organization?: string): readonly string[];
  isActive(pat: Pat): boolean;
  /** All versions of a secret in contoso-vault, in the order in which they were set. */
  versions(secret: string): readonly SecretVersion[];
  /** What consumers without a version get. */
  newest(secret: string): SecretVersion;
  close(): Promise<void>;
}

/** One run of the task, as a person and as the services saw it. */
export interface StepRun {
  readonly result: TaskResult;
  readonly report: Report;
  /** The lines of the report. */
  readonly pats: readonly ReportedPat[];
  /** The report's one line of this name. */
  line(displayName: string): ReportedPat;
  readonly outputs: Readonly<Record<string, string>>;
  /** Names of outputs whose values are secret. */
  readonly secretOutputs: readonly string[];
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
  /** What is merely good to know: it is in the log, and no issue of the step. */
  readonly notices: readonly string[];
  readonly summary: string;
  /** What the step leaves for the later steps of its job: ids of the PATs whose values were handed over. */
  readonly handedOver: string | undefined;
  /** What the services received during this run. */
  readonly requests: readonly RecordedRequest[];
  /** Requests that change something in the PAT API or in a place. */
  readonly writes: readonly RecordedRequest[];
  /** The same in a word each: `PUT pats.update`. */
  readonly written: readonly string[];
  /** How often each operation was called; those that were not are absent. */
  readonly operations: Readonly<Record<string, number>>;
  readonly raw: TaskRun;
}

/**
 * @param nodePath the Node.js that runs the packaged task, as an agent does; undefined: the task's program runs in this
 *   process, unless a job is about the process
 */
export async function situation(company: Company, nodePath?: string): Promise<Situation> {
  const { pats, organization, organizations, secrets, vault, proxyCredentials, ...rest } = company;
  const world = createWorld({
    tenant: { id: tenantId, domains: ['contoso.onmicrosoft.com'] },
    accounts: [{ upn: account, password }],
    organizations: organizations ?? { contoso: { ...organization, pats: pats ?? [] } },
    vaults: { 'contoso-vault': { ...vault, secrets: secrets ?? {} } },
    now: start,
    ...rest,
  });
  return situationIn(world, nodePath, proxyCredentials);
}

/** An agent in front of a cloud that is there already: a copy of another one, say. */
export async function situationIn(
  world: World,
  nodePath?: string,
  proxyCredentials?: Company['proxyCredentials'],
): Promise<Situation> {
  const simulator = await startSimulator({ world, ...(proxyCredentials && { proxyCredentials }) });
  const named = (displayName: string, of = 'contoso') => world.pats.named(of, displayName);
  const isActive = (pat: Pat) => {
    const now = world.pats.byId(pat.authorizationId);
    return now !== undefined && world.pats.status(now) === 'active';
  };
  return {
    simulator,
    world,
    faults: simulator.faults,
    run: (inputs = {}, job = {}) => runStep(simulator, nodePath, inputs, job),
    runSteps: async (steps, job = {}) => {
      const first = simulator.requests.length;
      const { inputs: _, taskFolder, ...shared } = jobOf(simulator, nodePath, {}, job);
      const done = await runJob({
        ...shared,
        steps: steps.map((step) => ('script' in step ? step : { taskFolder, ...step })),
      });
      const requests = simulator.requests.slice(first);
      return { result: done.result, steps: done.steps.map((raw) => stepRun(raw, requests)) };
    },
    named,
    active: (displayName, of) => {
      const found = named(displayName, of).filter(isActive);
      assert.equal(found.length, 1, `active PATs named "${displayName}"`);
      return found[0] as Pat;
    },
    activeNames: (of = 'contoso') =>
      [...world.pats.all()]
        .filter((pat) => pat.organization === of && isActive(pat))
        .map((pat) => pat.displayName)
        .sort(),
    isActive,
    versions: (secret) => world.vaults.secret(vaultHost, secret)?.versions ?? [],
    newest: (secret) => {
      const version = world.vaults.newest(vaultHost, secret);
      assert.ok(version, `secret "${secret}"`);
      return version;
    },
    close: () => simulator.close(),
  };
}

/** What a job has to do with the process of a step: its environment, its end, and its output. */
const ofTheProcess: readonly (keyof Job)[] = [
  ...(['env', 'proxy', 'caInfo', 'inContainer', 'agentEnvironment', 'agentVersion', 'target'] as const),
  ...(['signal', 'timeout', 'powerCut', 'patience', 'readerGoesAwayAfter'] as const),
];

function jobOf(simulator: Simulator, nodePath: string | undefined, inputs: TaskInputs, given: Job): TaskJob {
  const { variables, proxy, ...rest } = given;
  const isProcess = nodePath !== undefined || ofTheProcess.some((name) => given[name] !== undefined);
  return {
    ...(isProcess ? { taskFolder: packagedTask(), nodePath: nodePath ?? process.execPath } : inThisProcess),
    inputs,
    variables: {
      sa_username: account,
      sa_password: { value: password, secret: true },
      tenantid: 'contoso.onmicrosoft.com',
      ...variables,
    },
    proxy: { url: simulator.proxyUrl, ...proxy },
    caInfo: simulator.caFile,
    ...rest,
  };
}

async function runStep(
  simulator: Simulator,
  nodePath: string | undefined,
  inputs: TaskInputs,
  given: Job,
): Promise<StepRun> {
  const job = jobOf(simulator, nodePath, inputs, given);
  const first = simulator.requests.length;
  const raw = await runTask(job);
  const requests = simulator.requests.slice(first);
  const run = stepRun(raw, requests);
  await holdToTheContract(run, simulator, job);
  return run;
}

function stepRun(raw: TaskRun, requests: readonly RecordedRequest[]): StepRun {
  const report = reportOf(raw);
  const pats = report?.organizations.flatMap((organization) => organization.pats) ?? [];
  const messages = (type: 'error' | 'warning') =>
    raw.issues.filter((issue) => issue.type === type).map(({ message }) => message);
  return {
    result: raw.result,
    get report() {
      assert.ok(report, 'the run has a report');
      return report;
    },
    pats,
    line: (displayName) => {
      const found = pats.filter((pat) => pat.displayName === displayName);
      assert.equal(found.length, 1, `lines about "${displayName}": ${JSON.stringify(found)}`);
      return found[0] as ReportedPat;
    },
    outputs: Object.fromEntries([...raw.outputs].map(([name, { value }]) => [name, value])),
    secretOutputs: [...raw.outputs].filter(([, { isSecret }]) => isSecret).map(([name]) => name),
    warnings: messages('warning'),
    errors: messages('error'),
    notices: raw.log.split('\n').flatMap((line) => (line.startsWith('Note: ') ? [line.slice('Note: '.length)] : [])),
    handedOver: raw.variables.get('RenewPats.HandedOver')?.value,
    summary: raw.summaries[0]?.text ?? '',
    requests,
    writes: requests.filter(isWrite),
    written: requests.filter(isWrite).map(({ method, operation }) => `${method} ${operation}`),
    operations: countedBy(requests.map(({ operation }) => operation)),
    raw,
  };
}

function countedBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function reportOf(raw: TaskRun): Report | undefined {
  const path = raw.outputs.get('reportPath')?.value;
  if (path === undefined) return undefined;
  const [, text] = [...raw.files].find(([name]) => path.replaceAll('\\', '/').endsWith(`/${name}`)) ?? [];
  assert.ok(text, 'the file that the output reportPath names is there');
  return JSON.parse(text);
}

/** I4 speaks of these: anything but GET, to the PAT API or to a place that keeps values. */
function isWrite({ host, method, operation }: RecordedRequest): boolean {
  const isPlace = host.includes('.vault.') || /^(?:groups|endpoints)\./.test(operation);
  return method !== 'GET' && (host === 'vssps.dev.azure.com' || isPlace);
}

async function holdToTheContract(run: StepRun, simulator: Simulator, job: TaskJob): Promise<void> {
  const { raw, outputs } = run;
  assert.deepEqual(leaks(raw, secretsOf(simulator, job)), [], 'nothing secret shows');
  assert.deepEqual((await publishedContract())?.requestProblems(run.requests) ?? [], [], 'requests fit the OpenAPI');
  if (raw.result !== 'Canceled' && !job.powerCut?.aborted) assert.equal(raw.exitCode, 0, raw.rawOutput);
  if (outputs.reportPath === undefined) return;

  assert.deepEqual(reportProblems(run.report), []);
  const { counts, warnings, unreachable, failure } = run.report;
  for (const kept of [run.errors, run.warnings])
    assert.ok(kept.length <= 10 * raw.attempts.length, 'the agent keeps ten');
  for (const told of run.notices) assert.ok(!run.warnings.includes(told), 'a notice is no issue');
  // A password in the open is told of as a warning by every run, and goes wrong by nobody's waiting.
  const issues = [...run.errors, ...run.warnings.filter((warning) => !warning.includes('padlock'))];
  if (raw.result === 'Succeeded' && raw.attempts.length === 1) assert.deepEqual(issues, []);
  if (raw.result === 'SucceededWithIssues') assert.ok(run.warnings.length > 0 && warnings.length > 0);
  if (raw.result === 'Failed') assert.ok(run.errors.length > 0);
  const mustFail = counts.failed > 0 || unreachable.length > 0 || failure !== undefined;
  const told = [outputs.renewedCount, outputs.revokedCount, outputs.skippedCount, outputs.failedCount];
  assert.deepEqual(told, [counts.renewed, counts.revoked, counts.skipped, counts.failed].map(String));
  assert.equal(raw.summaries.length, raw.attempts.length, 'one summary is attached by each attempt');
  if (mustFail && !['Canceled', 'Abandoned'].includes(raw.result)) assert.equal(raw.result, 'Failed');
  if (run.report.dryRun || run.report.mode === 'report') {
    assert.deepEqual(run.written, [], 'nothing is written');
  }
}

let contract: Promise<PublishedContract> | undefined;

/** The published description, where RENEWPATS_OPENAPI names the folder that holds it. */
function publishedContract(): Promise<PublishedContract> | undefined {
  const folder = process.env.RENEWPATS_OPENAPI;
  if (folder === undefined || folder === '') return undefined;
  contract ??= readPublishedContract(folder);
  return contract;
}
