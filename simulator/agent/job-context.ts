import { type JobSettings, predefinedSecrets, predefinedVariables } from './job-variables.ts';
import { SecretMasker } from './secret-masker.ts';
import { secretsOf } from './service-connection.ts';
import type { TaskJob } from './task-job.ts';
import { expandMacros, Variables } from './variables.ts';
import type { WorkFolders } from './work-folders.ts';

/** What an agent holds ready before the first step: the variables, and what it must not show. */
export interface JobContext {
  readonly settings: JobSettings;
  readonly variables: Variables;
  readonly masker: SecretMasker;
  readonly agentEnvironment: Readonly<Record<string, string>>;
  /** Fills in `$(name)` from the variables, then from the agent's own environment. */
  readonly expand: (text: string) => string;
}

export function prepareJob(job: TaskJob, folders: WorkFolders): JobContext {
  const settings: JobSettings = {
    hostType: job.hostType ?? 'build',
    collectionUri: job.collectionUri ?? 'https://dev.azure.com/contoso/',
    accessToken: job.accessToken ?? 'the-access-token-of-the-simulated-job',
    agentVersion: job.agentVersion ?? '4.272.0',
    isDebug: job.debug ?? false,
    ...(job.proxy === undefined ? {} : { proxy: job.proxy }),
    ...(job.caInfo === undefined ? {} : { caInfo: job.caInfo }),
  };
  const variables = jobVariables(job, settings, folders);
  const agentEnvironment = job.agentEnvironment ?? essentialEnvironment();
  return {
    settings,
    variables,
    masker: jobMasker(job, variables),
    agentEnvironment,
    expand: (text) => expandMacros(variables.expand(text), (name) => agentEnvironment[name]),
  };
}

function jobVariables(job: TaskJob, settings: JobSettings, folders: WorkFolders): Variables {
  const variables = new Variables();
  for (const [name, value] of Object.entries(predefinedVariables(settings, folders))) {
    variables.set(name, value, { isReadOnly: true });
  }
  for (const [name, value] of Object.entries(predefinedSecrets(settings))) {
    variables.set(name, value, { isReadOnly: true, isSecret: true });
  }
  for (const [name, given] of Object.entries(job.variables ?? {})) {
    if (typeof given === 'string') variables.set(name, given);
    else variables.set(name, given.value, { isSecret: given.secret });
  }
  variables.expandEachOther();
  return variables;
}

function jobMasker(job: TaskJob, variables: Variables): SecretMasker {
  const masker = new SecretMasker();
  for (const { isSecret, value } of variables) if (isSecret) masker.addJobSecret(value);
  for (const connection of Object.values(job.endpoints ?? {})) {
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
