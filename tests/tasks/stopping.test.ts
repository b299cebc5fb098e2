import assert from 'node:assert/strict';
import { stopSignal } from '../../tasks/RenewPats/stopping.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;

describe('the task stops', () => {
  // Of this process: the test runner's own.
  const before = new Map(signals.map((signal) => [signal, process.listeners(signal)]));

  afterEach(() => {
    for (const [signal, listeners] of before) {
      process.removeAllListeners(signal);
      for (const listener of listeners) process.on(signal, listener);
    }
  });

  // On Linux and macOS nobody can send SIGBREAK, and listening for it does no harm.
  for (const signal of signals) {
    it(`on ${signal}`, () => {
      for (const each of signals) process.removeAllListeners(each);
      const stopping = stopSignal();
      assert.equal(stopping.aborted, false);
      process.emit(signal);
      assert.equal(stopping.aborted, true);
    });
  }
});
