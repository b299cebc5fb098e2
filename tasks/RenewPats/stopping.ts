/** Aborted when the job is cancelled: the agent sends SIGINT, SIGTERM 7.5 seconds later, and kills 2.5 seconds after that. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

/** Waits, but no longer than until the job is cancelled. */
export function sleepUnless(stopping: AbortSignal): (milliseconds: number) => Promise<void> {
  return (milliseconds) =>
    new Promise((resolve) => {
      if (stopping.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        stopping.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      stopping.addEventListener('abort', done, { once: true });
    });
}
