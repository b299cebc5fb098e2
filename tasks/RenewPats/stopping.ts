/** Aborted when the job is cancelled: the agent sends SIGINT, SIGTERM 7.5 seconds later, and kills 2.5 seconds after that. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}
