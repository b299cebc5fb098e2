/** Waits, but no longer than until the run is being stopped. */
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
