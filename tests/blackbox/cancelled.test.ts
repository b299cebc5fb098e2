import assert from 'node:assert/strict';
import { describePackagedTask } from './on-each-node.ts';
import type { Situation } from './situation.ts';

const pats = [{ displayName: 'A' }, { displayName: 'B' }, { displayName: 'C' }];
const advanced = { mode: 'advanced', keyVault: 'contoso-vault', concurrency: '1' };

/** Cancels the job while a request for this operation is under way; its answer comes after the task has heard of it. */
function cancelDuring({ faults }: Situation, operation: string): AbortSignal {
  const controller = new AbortController();
  faults.once(operation, { kind: 'delay', ms: 300 });
  faults.use({
    before: (request) => {
      if (request.operation === operation) controller.abort();
    },
  });
  return controller.signal;
}

describePackagedTask('A cancelled job', (given) => {
  it('finishes the request under way, begins nothing new, and tells which PATs had no turn', async () => {
    const here = await given({ pats });
    const { result, report, operations, outputs } = await here.run(
      { concurrency: '1' },
      { signal: cancelDuring(here, 'pats.update') },
    );
    assert.equal(result, 'Canceled');
    assert.equal(operations['pats.update'], 1);
    assert.deepEqual([outputs.renewedCount, outputs.skippedCount], ['1', '2']);
    const skipped = report.organizations[0]?.pats.filter(({ outcome }) => outcome === 'skipped') ?? [];
    assert.ok(skipped.every(({ message }) => /cancelled/.test(message ?? '')));
  });

  it('delivers the PAT that it has made, makes no other, and revokes nothing; the next run does the rest', async () => {
    const here = await given({ pats });
    const cancelled = await here.run(
      { ...advanced, revokeAfterHours: '0' },
      { signal: cancelDuring(here, 'pats.create') },
    );
    assert.equal(cancelled.result, 'Canceled');
    const { operations, outputs, pats: lines } = cancelled;
    assert.deepEqual(
      [operations['pats.create'], operations['vault.setSecret'], operations['pats.revoke']],
      [1, 1, undefined],
    );
    assert.equal(outputs.renewedCount, '1');
    assert.equal(lines.filter(({ message }) => /cancelled/.test(message ?? '')).length >= 2, true);
    const next = await here.run({ ...advanced, renewBeforeDays: '15', revokeAfterHours: '0' });
    assert.deepEqual([next.result, next.outputs.renewedCount, next.outputs.revokedCount], ['Succeeded', '2', '3']);
    assert.deepEqual(here.activeNames(), ['A', 'B', 'C']);
  });
});
