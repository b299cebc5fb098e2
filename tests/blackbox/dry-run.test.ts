import assert from 'node:assert/strict';
import { describePackagedTask } from './on-each-node.ts';
import { inDays, inHours, minuteOf } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };

describePackagedTask('A dry run writes nothing anywhere and tells', (given) => {
  it('in mode simple which PATs would be extended, and until when', async () => {
    const { run } = await given({
      pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy', validTo: inDays(99) }],
    });
    const { line, outputs, result } = await run({ dryRun: 'true' });
    const { action, outcome, validTo, previousValidTo } = line('Build feed');
    assert.deepEqual([action, outcome], ['extend', 'planned']);
    assert.deepEqual([validTo, previousValidTo].map(minuteOf), [inDays(60), inDays(10)].map(minuteOf));
    assert.equal(line('Deploy').outcome, 'skipped');
    assert.deepEqual([outputs.renewedCount, outputs.nextExpiry, result], ['0', inDays(10), 'Succeeded']);
  });

  it('in mode advanced which PATs would be replaced, where their values would go, and which would be revoked when', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { line, secretOutputs } = await run({ ...advanced, dryRun: 'true', setOutputVariables: 'true' });
    const { action, outcome, destination, revokeAfter, newAuthorizationId } = line('Build feed');
    assert.deepEqual([action, outcome, destination], ['replace', 'planned', 'contoso-vault/Build-feed']);
    assert.equal(minuteOf(revokeAfter), minuteOf(inHours(48)));
    assert.equal(newAuthorizationId, undefined);
    assert.deepEqual(secretOutputs, []);
  });

  it('in mode advanced with output variables what would be made; nothing is handed over', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { pats, secretOutputs, handedOver } = await run({
      mode: 'advanced',
      revokeAfterHours: '0',
      dryRun: 'true',
    });
    assert.deepEqual(
      pats.map(({ action, outcome }) => [action, outcome]),
      [['replace', 'planned']],
      'only a later step with mode revoke supersedes and revokes',
    );
    assert.deepEqual([secretOutputs, handedOver], [[], undefined]);
  });

  it('in mode revoke which PATs would be revoked', async () => {
    const { run, world, named } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run(advanced);
    world.advance({ hours: 49 });
    const { pats, outputs } = await run({ ...advanced, mode: 'revoke', dryRun: 'true' });
    assert.deepEqual(
      pats
        .filter(({ outcome }) => outcome === 'planned')
        .map(({ action, authorizationId }) => [action, authorizationId]),
      [['revoke', named('Build feed')[0]?.authorizationId]],
    );
    assert.equal(outputs.revokedCount, '0');
  });

  it('and the run after it does what it told', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run({ ...advanced, revokeAfterHours: '0', dryRun: 'true' });
    const { outputs } = await run({ ...advanced, revokeAfterHours: '0' });
    assert.deepEqual([outputs.renewedCount, outputs.revokedCount], ['1', '1']);
    assert.equal(minuteOf(active('Build feed').validTo), minuteOf(inDays(60)));
  });
});
