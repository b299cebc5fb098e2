import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { inPool } from '../src/pool.ts';

describe('a pool', () => {
  it('gives results in the items’ order, whichever is done first', async () => {
    const results = await inPool([3, 1, 2], 3, async (turns) => {
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      return `after ${turns}`;
    });
    assert.deepEqual(results, ['after 3', 'after 1', 'after 2']);
  });

  it('handles so many at once, and no more', async () => {
    let running = 0;
    let most = 0;
    await inPool(Array.from({ length: 20 }), 4, async () => {
      most = Math.max(most, ++running);
      await setImmediate();
      running--;
    });
    assert.equal(most, 4);
  });

  it('is done at once with nothing', async () => {
    assert.deepEqual(await inPool([], 8, async () => 'never'), []);
  });

  it('stops at a fault of the program', async () => {
    const fault = new Error('a fault');
    await assert.rejects(
      inPool([1], 1, async () => {
        throw fault;
      }),
      fault,
    );
  });
});
