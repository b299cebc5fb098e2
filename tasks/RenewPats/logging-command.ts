/**
 * Writes a logging command without the task library: secrets have to be registered before that library is loaded,
 * because it writes what it reads to the debug log.
 * @param data one line
 */
export function writeCommand(command: string, data: string): void {
  process.stdout.write(`${commandLine(command, data)}\n`);
}

export function commandLine(command: string, data: string): string {
  return `##vso[${command}]${escaped(data)}`;
}

/**
 * Only what the agent would read as an escape of its own is escaped. With System.Debug the agent repeats the command as
 * it has read it, unescaped and masked. Source: microsoft/azure-pipelines-agent since 3.220.1, WorkerCommandManager.cs;
 * no older one runs this task.
 */
function escaped(data: string): string {
  return data.replaceAll(/%(?=3B|0D|0A|5D|AZP25)/gi, '%AZP25');
}

let brokenBy: Error | undefined;
// The error event may come before the write that is asked about, and its callback then says nothing of it.
process.stdout.on('error', (error) => {
  brokenBy ??= error;
});

/** Resolves when everything written so far has left the process; rejects if nobody reads any more. */
export function flushed(): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write('', (error) => {
      const cause = error ?? brokenBy;
      if (cause) reject(cause);
      else resolve();
    });
  });
}
