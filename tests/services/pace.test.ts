import assert from 'node:assert/strict';
import { type Heard, Pace, type Turn } from '../../src/services/pace.ts';
import { VirtualTime } from '../performance/virtual-time.ts';

const fine: Heard = { status: 200, retryAfter: undefined };
const refusal: Heard = { status: 429, retryAfter: 7000 };

/** A host with so many requests that want to go to it. */
function host(requests: number) {
  const time = new VirtualTime();
  let isStopping = false;
  const pace = new Pace({ ...time, most: 64, isStopping: () => isStopping });
  const underWay: Turn[] = [];
  let gone = 0;
  for (let i = 0; i < requests; i++) {
    void pace.enter().then((turn) => {
      underWay.push(turn);
      gone++;
    });
  }
  const settled = () => time.pass(Promise.resolve());
  const answer = async (heard: Heard | undefined, count = underWay.length) => {
    for (const turn of underWay.splice(0, count)) pace.leave(turn, heard);
    await settled();
  };
  return {
    answer,
    settled,
    wait: (milliseconds: number) => time.pass(time.sleep(milliseconds)),
    stop: () => {
      isStopping = true;
    },
    /** How many are under way. */
    atOnce: () => underWay.length,
    gone: () => gone,
  };
}

describe('The pace of a host', () => {
  it('is nobody’s business until the host refuses: as many requests as there are workers go at once', async () => {
    const { atOnce, settled } = host(32);
    await settled();
    assert.equal(atOnce(), 32);
  });

  it('rests after refusals, however many at once, for as long as they say; then half as many go as before, one more each round', async () => {
    const { answer, wait, atOnce, settled } = host(200);
    await settled();
    await answer(refusal);
    await wait(6999);
    assert.equal(atOnce(), 0);
    await wait(1);
    assert.equal(atOnce(), 1, 'one asks whether the host still refuses');
    await answer(fine);
    assert.equal(atOnce(), 32);
    await answer(fine);
    assert.equal(atOnce(), 33);
    await answer(fine);
    assert.equal(atOnce(), 34);
  });

  it('stays as it is when the host refuses again right after the pause: the pause was too short, not the pace too high', async () => {
    const { answer, wait, atOnce, settled } = host(64 + 40);
    await settled();
    for (let refusals = 0; refusals < 5; refusals++) {
      await answer(refusal);
      await wait(7001);
      assert.equal(atOnce(), 1);
    }
    await answer(fine);
    assert.equal(atOnce(), 32);
  });

  const answers: readonly { name: string; heard: Heard | undefined; rests: boolean }[] = [
    { name: 'a 503 that says when to come again', heard: { status: 503, retryAfter: 7000 }, rests: true },
    { name: 'a 503 that does not', heard: { status: 503, retryAfter: undefined }, rests: false },
    { name: 'a 429 that does not say when', heard: { status: 429, retryAfter: undefined }, rests: true },
    { name: 'a 200 that asks for a pause', heard: { status: 200, retryAfter: 7000 }, rests: true },
    { name: 'any other refusal', heard: { status: 403, retryAfter: 7000 }, rests: false },
    { name: 'no answer', heard: undefined, rests: false },
  ];
  for (const { name, heard, rests } of answers) {
    it(`${rests ? 'rests' : 'goes on'} after ${name}`, async () => {
      const { answer, atOnce, settled } = host(65);
      await settled();
      await answer(heard);
      assert.equal(atOnce(), rests ? 0 : 1);
    });
  }

  it('holds nothing back of a job that is cancelled', async () => {
    const { answer, stop, gone, settled } = host(100);
    await settled();
    stop();
    await answer(fine, 1);
    assert.equal(gone(), 100);
  });
});
