import assert from 'node:assert/strict';
import { createHttp, retryAfter } from '../../src/services/http.ts';
import { createNetwork } from '../../src/services/network.ts';

describe('Retry-After', () => {
  const date = 'Mon, 05 Oct 2026 04:00:00 GMT';
  const cases: readonly { name: string; given: Record<string, string>; expected: number | undefined }[] = [
    { name: 'is none without the header', given: {}, expected: undefined },
    { name: 'is none if it is empty', given: { 'retry-after': ' ' }, expected: undefined },
    { name: 'is given in seconds', given: { 'retry-after': '30' }, expected: 30_000 },
    { name: 'is given in fractions of a second', given: { 'retry-after': '0.5' }, expected: 500 },
    { name: 'may be 0', given: { 'retry-after': '0' }, expected: 0 },
    { name: 'is never less than 0', given: { 'retry-after': '-5' }, expected: 0 },
    {
      name: 'may be a date, counted from the answer’s own',
      given: { 'retry-after': 'Mon, 05 Oct 2026 04:01:00 GMT', date },
      expected: 60_000,
    },
    { name: 'that has passed is 0', given: { 'retry-after': 'Mon, 05 Oct 2026 03:59:00 GMT', date }, expected: 0 },
    {
      name: 'as a date needs the answer’s own',
      given: { 'retry-after': 'Mon, 05 Oct 2026 04:01:00 GMT' },
      expected: undefined,
    },
    { name: 'is none if it is no number and no date', given: { 'retry-after': 'soon', date }, expected: undefined },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.equal(retryAfter(given), expected));
});

describe('The one HTTP stack', () => {
  it('lets 32 requests at once hear of a cancellation, without a warning of Node.js in the log', async () => {
    const warnings: string[] = [];
    const hear = (warning: Error) => warnings.push(warning.message);
    process.on('warning', hear);
    const { signal } = new AbortController();
    createHttp({
      network: createNetwork({ proxy: undefined, caFile: undefined, clientCertificate: undefined }),
      concurrency: 32,
      sleep: async () => {},
      now: () => 0,
      stopping: signal,
    });
    for (let request = 0; request < 32; request++) signal.addEventListener('abort', () => {});
    await new Promise(setImmediate);
    process.off('warning', hear);
    assert.deepEqual(warnings, []);
  });
});
