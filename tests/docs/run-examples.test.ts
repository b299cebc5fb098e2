import assert from 'node:assert/strict';
import { contoso, type Desk, openDesk } from './desk.ts';
import { examples, mappings } from './pages.ts';

/** Its last step is for runs that did not go well. */
const forTrouble = 'examples/tell-a-chat.yml';

describe('An example, with its steps and conditions', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await openDesk(contoso());
  });

  afterEach(() => desk.close());

  for (const { where, content } of examples()) {
    it(`renews what it should, and ends well: ${where}`, async () => {
      const { results, steps } = await desk.run(content);

      const last = where === forTrouble ? steps.at(-1) : undefined;
      for (const step of steps) assert.equal(step.result, step === last ? 'Skipped' : 'Succeeded', step.log);
      assert.ok(Object.values(results).every((result) => result === 'Succeeded'));
      const renews = [...mappings(content)].some(({ mode }) => mode === 'simple' || mode === 'advanced');
      const renewed = steps.map(({ outputs }) => Number(outputs.get('renewedCount')?.value ?? 0));
      assert.equal(
        renewed.some((count) => count > 0),
        renews,
      );
    });
  }
});
