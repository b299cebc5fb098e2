/**
 * Aborted when the job is cancelled: the agent sends SIGINT, SIGTERM 7.5 seconds later, and kills 2.5 seconds after that.
 * On Windows these are Ctrl+C and Ctrl+Break, which Node.js calls SIGBREAK.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}
