/**
 * Writes a logging command without the task library: secrets have to be registered before that library is loaded,
 * because it writes what it reads to the debug log.
 * The escaping is the agent's (Microsoft.VisualStudio.Services.Agent, CommandStringConvertor).
 */
export function writeCommand(command: string, data: string): void {
  const escaped = data.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  process.stdout.write(`##vso[${command}]${escaped}\n`);
}

/** Resolves when everything written so far has left the process. */
export function flushed(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => resolve());
  });
}
