import assert from 'node:assert/strict';
import { type Entering, StorageGate } from '../../src/modes/storage-gate.ts';
import { inPool } from '../../src/pool.ts';

const refuses = () => Promise.reject(new Error('No.'));
const accepts = () => Promise.resolve();

const at = (check: Entering['check'], more: Partial<Entering> = {}): Entering => ({
  store: 'vault:kv1',
  check,
  isAskedFirst: false,
  phrase: 'secret kv1/build',
  ...more,
});

/** Twelve PATs, so many at once; says how many were made, and how many for nothing. */
async function make(
  workers: number,
  secrets: readonly { readonly takesValue: boolean; readonly check?: () => Promise<void> }[],
) {
  const gate = new StorageGate(workers);
  let made = 0;
  let forNothing = 0;
  await inPool(secrets, workers, async ({ takesValue, check }) => {
    const passage = await gate.enter(at(check));
    if (passage.kind === 'closed') return;
    made++;
    await new Promise((resolve) => setImmediate(resolve));
    if (!takesValue) forNothing++;
    passage.leave(takesValue ? undefined : 'No.');
  });
  return { made, forNothing };
}

const twelve = <T>(secret: (index: number) => T): readonly T[] => Array.from({ length: 12 }, (_, i) => secret(i));

describe('The gate before a store', () => {
  for (const workers of [1, 2, 5, 32]) {
    describe(`with ${workers} at once`, () => {
      it('lets all through while the store takes values', async () => {
        assert.deepEqual(
          await make(
            workers,
            twelve(() => ({ takesValue: true })),
          ),
          { made: 12, forNothing: 0 },
        );
      });

      it('lets no more be made for nothing than are made at once, whatever a check says', async () => {
        for (const check of [undefined, accepts, refuses]) {
          const secrets = twelve(() => ({ takesValue: false, ...(check && { check }) }));
          const { forNothing } = await make(workers, secrets);
          assert.ok(forNothing >= 1 && forNothing <= workers, `${forNothing}`);
        }
      });
    });
  }

  it('lets those through whose check is passed, and those that have nothing to ask yet; not those that fail it', async () => {
    const secrets = twelve((index) => ({
      takesValue: index % 3 === 1,
      check: index % 3 === 1 ? accepts : refuses,
    }));
    assert.deepEqual(await make(2, secrets), { made: 5, forNothing: 1 });
    const unknown = twelve((index) => ({ takesValue: index > 0 }));
    assert.deepEqual(await make(2, unknown), { made: 12, forNothing: 1 });
  });

  it('waits for those under way before it risks another one', async () => {
    const gate = new StorageGate(2);
    const [first, second] = [await gate.enter(at(undefined)), await gate.enter(at(undefined))];
    assert.ok(first.kind === 'open' && second.kind === 'open');
    first.leave('No.');
    const third = gate.enter(at(accepts));
    second.leave(undefined);
    assert.equal((await third).kind, 'open');
  });

  it('risks no further PAT on a check that was passed for nothing, however many are made at once', async () => {
    const gate = new StorageGate(5);
    for (const check of [undefined, accepts]) {
      const passage = await gate.enter(at(check));
      assert.ok(passage.kind === 'open');
      passage.leave('No.');
    }
    for (const check of [undefined, accepts]) assert.equal((await gate.enter(at(check))).kind, 'closed');
  });

  it('nor on one for which others wait', async () => {
    const gate = new StorageGate(2);
    const first = await gate.enter(at(undefined));
    assert.ok(first.kind === 'open');
    first.leave('No.');
    const second = await gate.enter(at(accepts));
    const third = gate.enter(at(accepts));
    assert.ok(second.kind === 'open');
    second.leave('No.');
    assert.equal((await third).kind, 'closed');
  });

  it('but on as many as are made at once while nothing could be asked', async () => {
    const gate = new StorageGate(5);
    for (let made = 0; made < 5; made++) {
      const passage = await gate.enter(at(undefined));
      assert.ok(passage.kind === 'open', `after ${made}`);
      passage.leave('No.');
    }
    assert.equal((await gate.enter(at(undefined))).kind, 'closed');
  });

  it('and a check that was passed and did not deceive lowers nothing', async () => {
    const gate = new StorageGate(3);
    const trouble = ['No.', undefined, 'No.'];
    for (const [index, told] of trouble.entries()) {
      const passage = await gate.enter(at(index === 1 ? accepts : undefined));
      assert.ok(passage.kind === 'open');
      passage.leave(told);
    }
    assert.equal((await gate.enter(at(undefined))).kind, 'open');
  });

  it('tells what the store said, and what the next run does', async () => {
    const gate = new StorageGate(1);
    const first = await gate.enter(at(undefined));
    assert.ok(first.kind === 'open');
    first.leave('The vault is closed. (ForbiddenByFirewall)');
    const second = await gate.enter(at(undefined));
    assert.ok(second.kind === 'closed');
    assert.match(
      second.why,
      /Nothing was made.*ForbiddenByFirewall.*not touched, nothing was stored, and the next run tries again\./,
    );
  });

  it('lets the trouble of one store say nothing about another', async () => {
    const gate = new StorageGate(1);
    const first = await gate.enter(at(undefined));
    assert.ok(first.kind === 'open');
    first.leave('No.');
    assert.equal((await gate.enter(at(undefined))).kind, 'closed');
    assert.equal((await gate.enter(at(undefined, { store: 'group:Tools/feeds' }))).kind, 'open');
  });

  describe('asks first where an earlier run made one for nothing', () => {
    const asked = (check: Entering['check']) => new StorageGate(5).enter(at(check, { isAskedFirst: true }));

    it('and lets through what takes writes, or what has nothing to ask yet', async () => {
      assert.equal((await asked(accepts)).kind, 'open');
      assert.equal((await asked(undefined)).kind, 'open');
    });

    it('and says which place does not', async () => {
      const passage = await asked(refuses);
      assert.ok(passage.kind === 'closed');
      assert.match(passage.why, /Nothing was made for it, because secret kv1\/build takes no new value: No\./);
    });

    it('but takes no such check for the store’s word: only one passed after a trouble that deceives ends it', async () => {
      const gate = new StorageGate(5);
      for (const isAskedFirst of [true, false]) {
        const passage = await gate.enter(at(accepts, { isAskedFirst }));
        assert.ok(passage.kind === 'open');
        passage.leave('No.');
      }
      assert.equal((await gate.enter(at(accepts))).kind, 'closed');
    });
  });
});
