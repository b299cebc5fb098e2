import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Pauses, type RetryOptions, retrying } from '../../src/services/retry.ts';
import { type Outcome, ServiceError, type ServiceErrorDetails } from '../../src/services/service-error.ts';

const failure = (outcome: Outcome, rest: Partial<ServiceErrorDetails> = {}) =>
  new ServiceError(`it failed: ${outcome}`, { outcome, transient: true, ...rest });

/** What came of a call whose attempts end as told, and what was waited between them. */
async function call(
  answers: readonly (Error | string)[],
  {
    repeat = 'always',
    random = 0,
    stopAfter = Number.POSITIVE_INFINITY,
    ...rest
  }: Partial<RetryOptions> & {
    readonly random?: number;
    /** The job is cancelled during that pause; 0: before the first. */
    readonly stopAfter?: number;
  } = {},
) {
  const waits: number[] = [];
  const pauses: Pauses = {
    sleep: async (milliseconds) => void waits.push(milliseconds),
    random: () => random,
    isStopping: () => waits.length >= stopAfter,
  };
  let tried = 0;
  const attempt = async () => {
    const answer = answers[tried++];
    if (typeof answer !== 'string') throw answer ?? new Error('one attempt too many');
    return answer;
  };
  const result = await retrying(pauses, { repeat, ...rest }, attempt).catch((error: unknown) => error);
  return { result, tried, waits };
}

const outcomeOf = (result: unknown) => result instanceof ServiceError && result.outcome;

describe('a call', () => {
  it('that succeeds is made once', async () => {
    assert.deepEqual(await call(['done']), { result: 'done', tried: 1, waits: [] });
  });

  it('that fails for a passing reason is made again, after growing pauses', async () => {
    const unavailable = failure('unknown');
    assert.deepEqual(await call([unavailable, unavailable, unavailable, 'done']), {
      result: 'done',
      tried: 4,
      waits: [250, 500, 1000],
    });
  });

  it('is given up after the fourth attempt', async () => {
    const { tried, result } = await call(Array.from({ length: 5 }, () => failure('refused')));
    assert.equal(tried, 4);
    assert.equal(outcomeOf(result), 'refused');
  });

  it('that fails for good is not made again', async () => {
    const { tried } = await call([failure('refused', { transient: false }), 'done']);
    assert.equal(tried, 1);
  });

  it('that fails by a fault of the program is not made again', async () => {
    const fault = new TypeError('a fault');
    assert.deepEqual(await call([fault, 'done']), { result: fault, tried: 1, waits: [] });
  });

  it('waits between half the pause and the whole of it, so that many agents do not come at once', async () => {
    const { waits } = await call([failure('refused'), 'done'], { random: 0.999 });
    assert.deepEqual(waits.map(Math.round), [500]);
  });

  const retryAfters = [
    { name: 'as long as the service asks', retryAfter: 7000, expected: 7000 },
    { name: 'not at all if the service says 0', retryAfter: 0, expected: 0 },
    { name: 'five minutes at most', retryAfter: 600_000, expected: 300_000 },
  ];
  for (const { name, retryAfter, expected } of retryAfters) {
    it(`waits ${name}`, async () => {
      const { waits } = await call([failure('refused', { retryAfter }), 'done'], { random: 0.5 });
      assert.deepEqual(waits, [expected]);
    });
  }
});

describe('a call within a call', () => {
  it('is tried again by itself, and not by the one around it', async () => {
    const pauses: Pauses = { sleep: async () => {}, random: () => 0, isStopping: () => false };
    let tried = 0;
    const within = () =>
      retrying(pauses, { repeat: 'always' }, async () => {
        tried++;
        throw failure('refused', { status: 429, retryAfter: 1 });
      });
    const error = await retrying(pauses, { repeat: 'always' }, within).catch((thrown: unknown) => thrown);
    assert.equal(tried, 20);
    assert.equal(outcomeOf(error), 'refused');
  });
});

describe('a call that is throttled', () => {
  it('for longer than fifteen minutes in one is given up at once', async () => {
    const { result, tried, waits } = await call([
      failure('refused', { status: 429, retryAfter: 30 * 3_600_000 }),
      'done',
    ]);
    assert.deepEqual([outcomeOf(result), tried, waits], ['refused', 1, []]);
  });

  const throttled = (retryAfter?: number) => failure('refused', { status: 429, retryAfter });
  const times = (count: number, error: Error) => Array.from({ length: count }, () => error);

  it('does not fail for it: all calls together are too many, not this one', async () => {
    const { result, waits } = await call([...times(19, throttled(10_000)), 'done']);
    assert.equal(result, 'done');
    assert.deepEqual(waits, Array(19).fill(10_000));
  });

  it('waits ten seconds at most where the service does not say how long', async () => {
    const { result, waits } = await call([...times(8, throttled()), 'done']);
    assert.equal(result, 'done');
    assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
  });

  it('has as many failures of its own as any other', async () => {
    const own = failure('unknown');
    const { tried, result } = await call([own, throttled(1), own, throttled(1), own, throttled(1), own, 'done']);
    assert.equal(tried, 7);
    assert.equal(outcomeOf(result), 'unknown');
  });

  it('is given up after fifteen minutes of waiting', async () => {
    const { waits, result } = await call(times(9, throttled(300_000)));
    assert.deepEqual(waits, [300_000, 300_000, 300_000]);
    assert.equal(outcomeOf(result), 'refused');
  });

  it('is given up after the twentieth refusal, however short the pauses', async () => {
    assert.equal((await call(times(30, throttled(1)))).tried, 20);
  });

  it('is given up after a minute of waiting where the service does not say how long', async () => {
    const { waits, result } = await call(times(30, throttled()));
    assert.ok(waits.reduce((sum, wait) => sum + wait, 0) <= 60_000);
    assert.equal(outcomeOf(result), 'refused');
  });

  it('is given up after the fourth attempt if it need not wait', async () => {
    assert.equal((await call(times(9, throttled(0)))).tried, 4);
  });
});

describe('a call that must not be made again when its answer was lost', () => {
  it('is not', async () => {
    const { tried } = await call([failure('unknown'), 'done'], { repeat: 'if answered' });
    assert.equal(tried, 1);
  });

  it('is made again after an error of the service, and when it was not sent', async () => {
    const { tried } = await call([failure('unknown', { status: 503 }), failure('unsent'), 'done'], {
      repeat: 'if answered',
    });
    assert.equal(tried, 3);
  });
});

describe('a call that must not be done twice', () => {
  it('is not made again when its fate is unknown (I9)', async () => {
    const { tried, result } = await call([failure('unknown'), 'done'], { repeat: 'if not done' });
    assert.equal(tried, 1);
    assert.equal(outcomeOf(result), 'unknown');
  });

  for (const outcome of ['unsent', 'refused'] as const) {
    it(`is made again when it certainly had no effect: ${outcome}`, async () => {
      const { result } = await call([failure(outcome), 'done'], { repeat: 'if not done' });
      assert.equal(result, 'done');
    });
  }
});

describe('what is known of a call that failed in the end', () => {
  const known: readonly { name: string; attempts: readonly Outcome[]; expected: Outcome }[] = [
    {
      name: 'unknown if any attempt’s fate is, though the last was refused',
      attempts: ['unknown', 'refused'],
      expected: 'unknown',
    },
    { name: 'unknown if the last one’s fate is', attempts: ['refused', 'unknown'], expected: 'unknown' },
    { name: 'refused if the service said no once', attempts: ['refused', 'unsent'], expected: 'refused' },
    { name: 'unsent if no attempt reached the service', attempts: ['unsent', 'unsent'], expected: 'unsent' },
  ];
  for (const { name, attempts, expected } of known) {
    it(`is: ${name}`, async () => {
      const last = attempts.length - 1;
      const { result } = await call(attempts.map((outcome, index) => failure(outcome, { transient: index < last })));
      assert.equal(outcomeOf(result), expected);
    });
  }

  it('keeps the last failure’s sentence, code and status', async () => {
    const last = new ServiceError('No.', { outcome: 'refused', code: 'ForbiddenByRbac', status: 403 });
    const { result } = await call([failure('unknown'), last]);
    assert.ok(result instanceof ServiceError);
    assert.deepEqual({ ...result, message: result.message }, { ...last, message: 'No.', outcome: 'unknown' });
  });

  it('is never better than the worst of its attempts', async () => {
    const outcomes = fc.constantFrom<Outcome>('unsent', 'refused', 'unknown');
    const rank = (outcome: unknown) => ['unsent', 'refused', 'unknown'].indexOf(String(outcome));
    await fc.assert(
      fc.asyncProperty(fc.array(outcomes, { minLength: 4, maxLength: 4 }), async (attempts) => {
        const { result } = await call(attempts.map((outcome) => failure(outcome)));
        assert.equal(rank(outcomeOf(result)), Math.max(...attempts.map(rank)));
      }),
    );
  });
});

describe('a call with a last moment', () => {
  const tooLate = new ServiceError('Too late.', { outcome: 'unsent', code: 'TooLate' });

  it('is not made at all after it', async () => {
    const { tried, result } = await call(['done'], {
      beforeEach: () => {
        throw tooLate;
      },
    });
    assert.equal(tried, 0);
    assert.equal(outcomeOf(result), 'unsent');
  });

  it('is not made again after it, and keeps what is known of the attempts before', async () => {
    let left = 1;
    const { tried, result } = await call([failure('unknown'), 'done'], {
      beforeEach: () => {
        if (left-- === 0) throw tooLate;
      },
    });
    assert.equal(tried, 1);
    assert.ok(result instanceof ServiceError);
    assert.deepEqual([result.code, result.outcome], ['TooLate', 'unknown']);
  });
});

describe('a call of a job that is cancelled', () => {
  it('is not made again', async () => {
    const { tried, waits } = await call([failure('refused'), 'done'], { stopAfter: 0 });
    assert.deepEqual({ tried, waits }, { tried: 1, waits: [] });
  });

  it('is made once more, at once, if it finishes what has begun', async () => {
    const attempts = [failure('refused'), failure('refused'), 'done'];
    const { tried, waits } = await call(attempts, { stopAfter: 0, finishes: true });
    assert.deepEqual({ tried, waits }, { tried: 2, waits: [] });
  });

  it('is not made again when the cancellation comes during the pause', async () => {
    const { tried, result } = await call([failure('unknown'), 'done'], { stopAfter: 1 });
    assert.equal(tried, 1);
    assert.equal(outcomeOf(result), 'unknown');
  });
});
