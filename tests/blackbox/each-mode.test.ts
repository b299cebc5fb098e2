import assert from 'node:assert/strict';
import { describePackagedTask } from './on-each-node.ts';
import { inDays, minuteOf } from './situation.ts';

const company = { pats: [{ displayName: 'Build feed' }] };
const vault = { keyVault: 'contoso-vault' };
const grace = { hours: 48, minutes: 2 };

describePackagedTask('The package as it is shipped', (given) => {
  it('extends, in mode simple', async () => {
    const { run, active } = await given(company);
    const { result, outputs } = await run();
    assert.deepEqual([result, outputs.renewedCount], ['Succeeded', '1']);
    assert.equal(minuteOf(active('Build feed').validTo), minuteOf(inDays(60)));
  });

  it('replaces, delivers to a vault, and revokes when the grace is over, in modes advanced and revoke', async () => {
    const { run, active, newest, world } = await given(company);
    assert.equal((await run({ ...vault, mode: 'advanced' })).result, 'Succeeded');
    world.advance(grace);
    const { result, outputs } = await run({ ...vault, mode: 'revoke' });
    assert.deepEqual([result, outputs.revokedCount], ['Succeeded', '1']);
    assert.equal(newest('Build-feed').value, active('Build feed').value);
  });

  it('hands a value over, and gives it its name once it is confirmed', async () => {
    const { run, named } = await given(company);
    const { outputs, handedOver = '' } = await run({ mode: 'advanced' });
    await run({ mode: 'revoke', handedOver });
    const made = named('Build feed').find(({ authorizationId }) => authorizationId === handedOver);
    assert.equal(outputs.PAT_BUILD_FEED, made?.value);
  });

  it('lists, and writes nothing, in mode report', async () => {
    const { run } = await given(company);
    const { written, line } = await run({ mode: 'report' });
    assert.deepEqual(written, []);
    assert.equal(minuteOf(line('Build feed').validTo), minuteOf(inDays(10)));
  });
});
