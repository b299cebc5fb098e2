import assert from 'node:assert/strict';
import { contoso, openDesk } from './desk.ts';
import { examples } from './pages.ts';

describe('The alert of examples/report-and-alert.yml', () => {
  const example = examples().find(({ where }) => where === 'examples/report-and-alert.yml');
  const owner = 'svc-pats@contoso.com';

  for (const { name, validTo, result } of [
    { name: 'is raised when a PAT ends soon', validTo: '2026-12-06T00:00:00Z', result: 'Failed' },
    {
      name: 'is not raised, and is a warning, a week before that',
      validTo: '2026-12-13T00:00:00Z',
      result: 'SucceededWithIssues',
    },
    { name: 'is not raised when all end later', validTo: '2026-12-20T00:00:00Z', result: 'Succeeded' },
  ]) {
    it(name, async () => {
      const desk = await openDesk(contoso({ contoso: { pats: [{ displayName: 'Build feed', owner, validTo }] } }));
      const { steps } = await desk.run(example?.content).finally(() => desk.close());

      assert.deepEqual(
        steps.map((step) => step.result),
        [result],
      );
    });
  }
});
