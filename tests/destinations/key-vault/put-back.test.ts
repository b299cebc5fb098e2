import assert from 'node:assert/strict';
import type { Occupant } from '../../../src/renewal/log.ts';
import { looking, parcelOf } from '../conformance.ts';
import { vaultStage } from './stage.ts';

/** A value of a PAT's shape that the task has not made. */
const handmade = (letter: string) => `${letter.repeat(76)}AZDO${letter.repeat(4)}`;
const somebodys = { kind: 'unrecorded', value: 'pat' } as const;

/** A secret, and what is done to it, one thing after another. */
function secret() {
  const stage = vaultStage();
  const look = () => stage.openRun().look(looking(stage.owner));
  const byHand = (value: string) => {
    stage.advance(1);
    stage.putByHand(value);
  };
  const deliver = async () => {
    stage.advance(1);
    const made = stage.make();
    const delivered = await (await look()).deliver(parcelOf(made));
    assert.equal(delivered.kind, 'delivered');
    return made.token;
  };
  const disable = async (index: number) => {
    const sight = await look();
    await sight.discard?.([sight.log[index]?.key ?? '']);
  };
  const occupant = async (): Promise<Occupant> => (await look()).occupant;
  return { byHand, deliver, disable, occupant };
}

describe('A value that somebody has put back into a secret', () => {
  it('is told from a new one', async () => {
    const { byHand, deliver, occupant } = secret();
    byHand(handmade('a'));
    assert.deepEqual(await occupant(), somebodys, 'first of all it is nothing that was there before');
    await deliver();
    byHand(handmade('b'));
    assert.deepEqual(await occupant(), somebodys);
    byHand(handmade('a'));
    assert.deepEqual(await occupant(), { ...somebodys, putBack: 1 });
  });

  it('is one that the task itself delivered, too', async () => {
    const { byHand, deliver, occupant } = secret();
    const old = await deliver();
    await deliver();
    byHand(`${old}\n`);
    assert.deepEqual(await occupant(), { ...somebodys, putBack: 1 }, 'a line break is no part of it');
  });

  it('is counted: each time after a delivery', async () => {
    const { byHand, deliver, occupant } = secret();
    byHand(handmade('a'));
    for (const putBack of [1, 2, 3]) {
      await deliver();
      byHand(handmade('a'));
      assert.deepEqual(await occupant(), { ...somebodys, putBack });
    }
  });

  it('is counted also where the first one cannot be read any more', async () => {
    const { byHand, deliver, disable, occupant } = secret();
    byHand(handmade('a'));
    await deliver();
    byHand(handmade('a'));
    await deliver();
    await disable(0);
    byHand(handmade('a'));
    assert.deepEqual(await occupant(), { ...somebodys, putBack: 2 });
  });

  it('counts for nothing where no version that holds it can be read', async () => {
    const { byHand, deliver, disable, occupant } = secret();
    byHand(handmade('a'));
    await deliver();
    await disable(0);
    byHand(handmade('a'));
    assert.deepEqual(await occupant(), somebodys);
  });

  it('counts for nothing where the task has delivered nothing yet', async () => {
    const { byHand, occupant } = secret();
    byHand(handmade('a'));
    byHand(handmade('a'));
    assert.deepEqual(await occupant(), somebodys);
  });
});
