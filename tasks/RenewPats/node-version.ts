import { writeSync } from 'node:fs';

/** Node.js' first number. */
const oldest = 20;

/**
 * Imported before everything else: on an older Node.js the rest is not even begun. An agent falls back to one on an old
 * system, and a container may bring its own. Written synchronously, as the process ends here.
 */
if (Number.parseInt(process.versions.node, 10) < oldest) {
  const message =
    `This task needs Node.js ${oldest} or 24, and was started with ${process.versions.node}; nothing was done. Agents fall ` +
    'back to an older one where the system’s C library is too old: use a newer image or container, or a newer agent.';
  writeSync(1, `##vso[task.logissue type=error]${message}\n##vso[task.complete result=Failed]${message}\n`);
  process.exit(0);
}
