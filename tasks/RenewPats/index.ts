import { flushed } from './logging-command.ts';
import { main } from './main.ts';
import { takeSecrets } from './secrets.ts';

// First of all: what is secret leaves the environment before the task library is loaded, which reads and prints it.
const secrets = takeSecrets(process.env);

void import('azure-pipelines-task-lib/task.js')
  .then((library) => main(library, secrets))
  .then(flushed)
  // A failure is told by a logging command: any other exit code reads as a broken agent.
  .then(() => process.exit(0));
