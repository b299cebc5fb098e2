/**
 * Writes a logging command without the task library: secrets have to be registered before that library is loaded,
 * because it writes what it reads to the debug log.
 * @param data one line that holds none of the agent's escapes (`%0A`, `%3B` …), because nothing is escaped here
 */
export function writeCommand(command: string, data: string): void {
  process.stdout.write(`##vso[${command}]${data}\n`);
}

/** Resolves when everything written so far has left the process. */
export function flushed(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => resolve());
  });
}
