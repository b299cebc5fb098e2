import './node-version.ts';
import { mkdirSync } from 'node:fs';
import { thisProcess } from './host.ts';
import { flushed, writeCommand } from './logging-command.ts';
import { main } from './main.ts';
import { variablesOf } from './password-arrival.ts';
import { takeSecrets } from './secrets.ts';

// When the agent has gone, nobody reads any more; what has been made is still delivered. Without a listener each write
// would be an error that nobody awaited, told by another write.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

// Our connections do not ask it; without it, Node does not say in the log that certificates are not checked.
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;

// First of all: what is secret leaves the environment before the task library is loaded, which reads and prints it.
const secrets = takeSecrets(process.env);
// The library takes the list of the variables away.
const variables = variablesOf(process.env, secrets);

// An agent makes it for each job, but a step before this one may have cleared it away; the library writes there at once.
const temporary = process.env.AGENT_TEMPDIRECTORY ?? '';

void Promise.resolve()
  .then(() => temporary === '' || mkdirSync(temporary, { recursive: true }))
  .then(() => import('azure-pipelines-task-lib/task.js'))
  .then((library) => {
    // The library's own handler would print what the error says, and let the run go on.
    process.removeAllListeners('uncaughtException').on('uncaughtException', giveUp);
    return main(thisProcess(library, secrets, variables));
  })
  .then(() => flushed().catch(() => undefined))
  // A failure is told by a logging command: any other exit code reads as a broken agent.
  .then(() => process.exit(0))
  .catch(giveUp);

let hasGivenUp = false;

/** For errors that nobody awaited: what they hold is not told. */
function giveUp(error: unknown): void {
  if (hasGivenUp) return;
  hasGivenUp = true;
  const kind = error instanceof Error ? error.name.replaceAll(/\W/g, '') : typeof error;
  const message = `The task failed in an unexpected way (${kind}). Run it again: it goes on from what it finds.`;
  writeCommand('task.logissue type=error', message);
  writeCommand('task.complete result=Failed', message);
  void flushed().finally(() => process.exit(0));
}
