import { join } from 'node:path';
import { type JobSettings, predefinedSecrets, predefinedVariables } from './job-variables.ts';
import { SecretMasker } from './secret-masker.ts';
import { secretsOf } from './service-connection.ts';
import type { JobOptions } from './task-job.ts';
import { mergeResults, parseTaskResult, type TaskResult } from './task-result.ts';
import { expandMacros, Variables } from './variables.ts';
import type { WorkFolders } from './work-folders.ts';

/** What an agent holds for all steps of a job: the variables, and what it must not show. */
export interface JobContext {
  readonly options: JobOptions;
  readonly folders: WorkFolders;
  readonly settings: JobSettings;
  readonly variables: Variables;
  readonly masker: SecretMasker;
  /** What a step's process inherits. */
  readonly inherited: Readonly<Record<string, string>>;
  /** Fills in `$(name)` from the variables, then from the agent's own environment. */
  readonly expand: (text: string) => string;
  /** The job so far: `Agent.JobStatus`. */
  readonly status: () => TaskResult;
  readonly addResult: (result: TaskResult) => void;
}

const jobStatus = 'Agent.JobStatus';

export function prepareJob(options: JobOptions, folders: WorkFolders): JobContext {
  const settings: JobSettings = {
    hostType: options.hostType ?? 'build',
    collectionUri: options.collectionUri ?? 'https://dev.azure.com/contoso/',
    accessToken: options.accessToken ?? 'the-access-token-of-the-simulated-job',
    agentVersion: options.agentVersion ?? '4.272.0',
    isDebug: options.debug ?? false,
    hasReadOnlyVariables: options.readOnlyVariables ?? false,
    // What is no address, the agent drops without a word to the task.
    ...(options.proxy && URL.canParse(options.proxy.url) ? { proxy: options.proxy } : {}),
    ...(options.caInfo === undefined ? {} : { caInfo: certificates(options.caInfo, options, folders) }),
  };
  const masker = jobMasker(options, settings);
  const variables = jobVariables(options, settings, folders, masker);
  const agentEnvironment = options.agentEnvironment ?? essentialEnvironment();
  const status = () => parseTaskResult(variables.get(jobStatus)?.value ?? '') ?? 'Succeeded';
  return {
    options,
    folders,
    settings,
    variables,
    masker,
    inherited: options.inContainer ? essentialEnvironment() : agentEnvironment,
    expand: (text) => expandMacros(variables.expand(text), (name) => agentEnvironment[name]),
    status,
    addResult: (result) => variables.set(jobStatus, mergeResults(status(), result)),
  };
}

/** The agent names its own file, which a container does not have. */
function certificates(file: string, { inContainer }: JobOptions, folders: WorkFolders): string {
  return inContainer && file !== '' ? join(folders.root, 'only-on-the-host', 'ca.pem') : file;
}

function jobVariables(
  options: JobOptions,
  settings: JobSettings,
  folders: WorkFolders,
  masker: SecretMasker,
): Variables {
  const variables = new Variables((secret) => masker.add(secret));
  for (const [name, value] of Object.entries(predefinedVariables(settings, folders))) {
    variables.set(name, value, { isReadOnly: true });
  }
  for (const [name, value] of Object.entries(predefinedSecrets(settings))) {
    variables.set(name, value, { isReadOnly: true, isSecret: true });
  }
  for (const [name, given] of Object.entries(options.variables ?? {})) {
    if (typeof given === 'string') variables.set(name, given);
    else variables.set(name, given.value, { isSecret: given.secret ?? false, isReadOnly: given.readOnly ?? false });
  }
  return variables;
}

function jobMasker(options: JobOptions, { accessToken }: JobSettings): SecretMasker {
  const masker = new SecretMasker();
  masker.addJobSecret(accessToken);
  for (const given of Object.values(options.variables ?? {})) {
    if (typeof given !== 'string' && given.secret) masker.addJobSecret(given.value);
  }
  for (const connection of Object.values(options.endpoints ?? {})) {
    for (const secret of secretsOf(connection)) masker.add(secret);
  }
  return masker;
}

/** Without these, programs do not run. Nothing else of this machine reaches a task, or runs would differ from desk to desk. */
function essentialEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot']) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
