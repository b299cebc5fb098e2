import { flushed, writeCommand } from './logging-command.ts';

/** Node.js' first number, below which the rest of the program is not even loaded. */
const oldest = 20;

const version = process.versions.node;
if (Number.parseInt(version, 10) >= oldest) void import('./start.ts');
else refuse();

/** An agent falls back to an older Node.js on an old system, and a container may bring its own. */
function refuse(): void {
  const message =
    `This task needs Node.js ${oldest} or 24, and was started with ${version}; nothing was done. Agents fall back to an older ` +
    'one where the system’s C library is too old: use a newer image or container, or a newer agent.';
  writeCommand('task.logissue type=error', message);
  writeCommand('task.complete result=Failed', message);
  void flushed().then(() => process.exit(0));
}
