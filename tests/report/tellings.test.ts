import assert from 'node:assert/strict';
import { firstFew, type Telling, Tellings } from '../../src/report/tellings.ts';

const telling = (cause: string, about: string, rank: Telling['rank'] = 2): Telling => ({
  cause,
  about,
  sentence: `${about}: ${cause}.`,
  ofSeveral: (whom) => `${whom}: each ${cause}.`,
  rank,
});

describe('What a run tells', () => {
  it('is told once for each cause, with the names', () => {
    const tellings = new Tellings();
    for (const name of ['A', 'B', 'C']) tellings.add(telling('is late', name));
    tellings.add(telling('is early', 'D'));
    assert.deepEqual(tellings.sentences(), ['A, B and C: each is late.', 'D: is early.']);
  });

  it('counts the same thing once, however often it was said', () => {
    const tellings = new Tellings();
    tellings.add(telling('is late', 'A'));
    tellings.add(telling('is late', 'A'));
    assert.deepEqual(tellings.sentences(), ['A: is late.']);
  });

  it('comes in the order of urgency, and of the same urgency as it was told', () => {
    const tellings = new Tellings();
    tellings.add('first');
    tellings.add('second');
    tellings.add(telling('ends', 'A', 0));
    assert.deepEqual(tellings.sentences(), ['A: ends.', 'first', 'second']);
  });

  it('names the first few of a thousand, and how many more there are', () => {
    assert.equal(firstFew(Array.from({ length: 1000 }, (_, i) => `P${i}`)), 'P0, P1, P2, P3, P4 and 995 more');
  });

  it('come in the same order whoever was handled first: what ends sooner before what ends later, then by name', () => {
    const ending = (name: string, at?: number) => ({
      cause: at === undefined ? 'other' : `ends ${at > 10_000}`,
      about: name,
      sentence: `${name}.`,
      ofSeveral: (whom: string) => `${whom}.`,
      rank: 0 as const,
      ...(at === undefined ? {} : { at }),
    });
    const all = [ending('D'), ending('C', 20_000), ending('B', 9000), ending('A', 9001), ending('E', 3000)];
    const told = [all, [...all].reverse()].map((order) => {
      const tellings = new Tellings();
      for (const each of order) tellings.add(each);
      return tellings.sentences();
    });

    assert.deepEqual(told, [
      ['E, A and B.', 'C.', 'D.'],
      ['E, A and B.', 'C.', 'D.'],
    ]);
  });
});
