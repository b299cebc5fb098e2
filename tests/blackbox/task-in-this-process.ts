import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { TaskCommand } from 'azure-pipelines-task-lib/taskcommand.js';
import type { ProcessEnd, ProcessStart } from '../../simulator/agent/task-process.ts';
import { createNetwork, type Network } from '../../src/services/network.ts';
import type { Host } from '../../tasks/RenewPats/host.ts';
import { commandLine } from '../../tasks/RenewPats/logging-command.ts';
import { main } from '../../tasks/RenewPats/main.ts';
import { variablesOf } from '../../tasks/RenewPats/password-arrival.ts';
import { environmentName, secretRegistry, takeSecrets } from '../../tasks/RenewPats/secrets.ts';

/**
 * The step's whole program, from the environment that the agent has filled to the lines that it reads, without a process of
 * its own: no program is loaded, and no authorities are read anew. Only the task library is another one.
 */
export async function runInThisProcess({ environment: given, onLine }: ProcessStart): Promise<ProcessEnd> {
  const environment: NodeJS.ProcessEnv = { ...given };
  const print = (text: string) => {
    for (const line of text.split('\n')) onLine(line);
  };
  const registerSecret = secretRegistry((form) => print(commandLine('task.setsecret', form)));
  const networks: Network[] = [];
  const secrets = takeSecrets(environment, registerSecret);
  await main({
    task: taskLibrary(environment, print),
    environment,
    secrets,
    variables: variablesOf(environment, secrets),
    registerSecret,
    print,
    flushed: async () => {},
    openNetwork: (settings) => {
      const network = createNetwork(settings, contextOnce);
      networks.push(network);
      return network;
    },
    stopping: new AbortController().signal,
  });
  for (const { agentFor } of networks) agentFor('https://any.host').destroy();
  return { kind: 'exited', exitCode: 0 };
}

let known: { readonly authorities: string; readonly context: SecureContext } | undefined;

/** Node's own authorities are more than a hundred: to read them is most of what a run's connections cost. */
function contextOnce(options: SecureContextOptions = {}): SecureContext {
  const authorities = String(options.ca);
  if (known?.authorities !== authorities) known = { authorities, context: createSecureContext(options) };
  return known.context;
}

/** What azure-pipelines-task-lib makes of the same calls, for one run among others. */
function taskLibrary(environment: NodeJS.ProcessEnv, print: (line: string) => void): Host['task'] {
  const command: Host['task']['command'] = (name, properties, message) =>
    print(new TaskCommand(name, properties, message).toString());
  return {
    command,
    getInput: (name) => environment[`INPUT_${environmentName(name)}`]?.trim(),
    debug: (message) => command('task.debug', null, message),
    warning: (message) => command('task.issue', { type: 'warning' }, message),
    error: (message) => command('task.issue', { type: 'error' }, message),
    setProgress: (percent, operation) => command('task.setprogress', { value: `${percent}` }, operation),
    setVariable: (variable, value, isSecret, isOutput) =>
      command('task.setvariable', { variable, isOutput: `${isOutput}`, isSecret: `${isSecret}` }, value),
    addAttachment: (type, name, path) => command('task.addattachment', { type, name }, path),
    uploadSummary: (path) => command('task.uploadsummary', null, path),
  };
}
