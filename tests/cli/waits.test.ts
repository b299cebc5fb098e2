import assert from 'node:assert/strict';
import { Screen } from '../../cli/screen.ts';
import { Waits } from '../../cli/waits.ts';

/** A terminal, and pauses that end when the test says so. */
function situation() {
  let shown = '';
  const stderr = { isTTY: true, write: (text: string) => (shown += text) };
  const screen = new Screen({ stdout: { write: () => {} }, stderr, environment: {}, format: 'table', isQuiet: false });
  const pauses: (() => void)[] = [];
  const sleep = () => new Promise<void>((resolve) => pauses.push(resolve));
  const waits = new Waits(screen, false);
  const trace = (result: string) =>
    waits.heard({ method: 'GET', host: 'dev.azure.com', path: '/', result, milliseconds: 1 });
  return { waits, sleep, trace, end: () => pauses.shift()?.(), line: () => shown.split('\r\u001b[K').at(-1) ?? '' };
}

describe('what a long run waits for', () => {
  it('is told while it lasts, with its end: a limit, a service that fails', async () => {
    const { waits, sleep, trace, end, line } = situation();
    for (const [result, expected] of [
      ['429', /^dev\.azure\.com limits requests: goes on at \d\d:\d\d:\d\d$/],
      ['503', /^dev\.azure\.com does not answer as it should \(503\): goes on at/],
      ['ECONNRESET', /^dev\.azure\.com does not answer as it should \(ECONNRESET\): goes on at/],
    ] as const) {
      trace(result);
      const pause = waits.telling(sleep)(60_000);
      assert.match(line(), expected);
      end();
      await pause;
      assert.equal(line(), '');
    }
  });

  it('is not told where it is short, or where the service answers again', () => {
    const { waits, sleep, trace, line } = situation();
    trace('429');
    void waits.telling(sleep)(500);
    trace('200');
    void waits.telling(sleep)(60_000);
    assert.equal(line(), '');
  });

  it('is told too where a service asks for a pause with a good answer', () => {
    const { waits, sleep, trace, line } = situation();
    trace('200');
    void waits.telling(sleep, 'a service asks for a pause')(60_000);
    assert.match(line(), /^a service asks for a pause: goes on at/);
  });

  it('stays told until the last request that waits goes on', async () => {
    const { waits, sleep, trace, end, line } = situation();
    trace('429');
    const pauses = [waits.telling(sleep)(60_000), waits.telling(sleep)(60_000)];
    end();
    await pauses[0];
    assert.match(line(), /limits requests/);
    end();
    await pauses[1];
    assert.equal(line(), '');
  });
});
