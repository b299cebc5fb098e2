import assert from 'node:assert/strict';
import { devOpsLimit, hastened, limitRequests, vaultLimit } from '../../simulator/rate-limiter.ts';
import { describePackagedTask } from '../blackbox/on-each-node.ts';

const pats = Array.from({ length: 60 }, (_, index) => ({ displayName: `Feed ${index}` }));
/** A tenth of the units, in a five-hundredth of the time. */
const devOps = { ...hastened(devOpsLimit, 500), units: 20 };
const vault = { ...vaultLimit, units: 40, windowMs: 500 };

describePackagedTask('Under a limit', (given) => {
  it('of Azure DevOps every PAT is extended, and fewer requests are refused than are carried out', async () => {
    const here = await given({ pats });
    here.faults.use(limitRequests(devOps, ({ host }) => host === 'vssps.dev.azure.com'));
    const { outputs, requests, result } = await here.run();
    assert.deepEqual([result, outputs.renewedCount, outputs.failedCount], ['Succeeded', '60', '0']);
    const refused = requests.filter(({ status }) => status === 429).length;
    // A slow machine stays below the limit by itself: tests/performance/pace.test.ts reaches it in a time of its own.
    assert.ok(refused < 60, `${refused} refusals`);
  });

  it('of Azure DevOps and of a vault every PAT is replaced once, and its value stored once', async () => {
    const here = await given({ pats });
    here.faults.use(limitRequests(devOps, ({ host }) => host.endsWith('dev.azure.com')));
    here.faults.use(limitRequests(vault, ({ host }) => host.includes('.vault.')));
    const { outputs, requests, result } = await here.run({ mode: 'advanced', keyVault: 'contoso-vault' });
    assert.deepEqual([result, outputs.renewedCount, outputs.failedCount], ['Succeeded', '60', '0']);
    const carriedOut = (operation: string) =>
      requests.filter((request) => request.operation === operation && request.applied).length;
    assert.deepEqual(['pats.create', 'vault.setSecret'].map(carriedOut), [60, 60]);
  });
});
