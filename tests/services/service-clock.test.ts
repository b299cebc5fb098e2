import assert from 'node:assert/strict';
import { ServiceClock } from '../../src/services/service-clock.ts';

/** An answer that was given then. */
const answered = (date: string | undefined, status = 200) => ({ status, headers: date === undefined ? {} : { date } });

describe('a service’s clock', () => {
  const local = Date.parse('2026-10-05T04:00:00.500Z');
  const service = Date.parse('2026-10-05T03:55:00Z');
  const clockOf = () => {
    const agent = { now: local };
    return { agent, clock: new ServiceClock(() => agent.now) };
  };

  it('is the agent’s until the first answer', () => {
    assert.equal(clockOf().clock.now(), local);
  });

  it('is that of the service’s answers, however wrong the agent’s is', () => {
    const { clock } = clockOf();
    clock.observe(answered('Mon, 05 Oct 2026 03:55:00 GMT'));
    assert.equal(clock.now(), service);
  });

  it('runs on between answers', () => {
    const { agent, clock } = clockOf();
    clock.observe(answered('Mon, 05 Oct 2026 03:55:00 GMT'));
    agent.now += 1500;
    assert.equal(clock.now(), service + 1500);
  });

  for (const date of [undefined, '', 'yesterday']) {
    it(`is not changed by an answer without a date: ${date}`, () => {
      const { clock } = clockOf();
      clock.observe(answered('Mon, 05 Oct 2026 03:55:00 GMT'));
      clock.observe(answered(date));
      assert.equal(clock.now(), service);
    });
  }
  for (const status of [203, 302, 403, 502]) {
    it(`is not changed by an answer that may be a gateway’s: ${status}`, () => {
      const { clock } = clockOf();
      clock.observe(answered('Mon, 05 Oct 2026 03:55:00 GMT'));
      clock.observe(answered('Tue, 06 Oct 2026 12:00:00 GMT', status));
      assert.equal(clock.now(), service);
    });
  }

  it('is told by the first answer of the service’s own, and not before', () => {
    const { clock } = clockOf();
    const html = { status: 200, headers: { date: 'Tue, 06 Oct 2026 12:00:00 GMT', 'content-type': 'text/html' } };
    for (const answer of [
      answered(undefined),
      answered('soon'),
      answered('Tue, 06 Oct 2026 12:00:00 GMT', 502),
      html,
    ]) {
      clock.observe(answer);
      assert.equal(clock.isTold, false);
      assert.equal(clock.now(), local);
    }
    clock.observe(answered('Mon, 05 Oct 2026 03:55:00 GMT'));
    assert.equal(clock.isTold, true);
  });
});
