import assert from 'node:assert/strict';
import { describePackagedTask } from './on-each-node.ts';
import { account, vaultHost } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
const revoke = { mode: 'revoke', keyVault: 'contoso-vault' };

describePackagedTask('Mode revoke with a vault', (given) => {
  it('revokes what was superseded long enough ago, and renews nothing, however due it is', async () => {
    const { run, world, active, newest } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run({ ...advanced, lifetimeDays: '3' });
    const { value } = newest('Build-feed');
    world.advance({ hours: 49 });
    const done = await run(revoke);
    assert.deepEqual(done.written, ['DELETE pats.revoke']);
    assert.equal(active('Build feed').value, value);
    assert.deepEqual(
      [done.outputs.renewedCount, done.outputs.revokedCount, done.result],
      ['0', '1', 'SucceededWithIssues'],
    );
    assert.match(done.warnings.join('\n'), /"Build feed" \(contoso\) ends on 2026-11-26.*renew it with mode advanced/);
  });

  it('leaves everything alone that the task never delivered', async () => {
    const { run } = await given({
      pats: [{ displayName: 'Build feed' }, { displayName: 'Build feed' }, { displayName: 'Deploy' }],
      secrets: { Deploy: { value: { pat: 'Deploy' } } },
    });
    const { written, result, warnings } = await run({ ...revoke, revokeAfterHours: '0', warnDays: '5' });
    assert.deepEqual([written, result], [[], 'SucceededWithIssues']);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /"Deploy" \(contoso\).*contoso-vault\/Deploy holds was not written by this task/);
  });

  it('revokes nothing when somebody put another value on top, and warns', async () => {
    const { run, world } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run(advanced);
    world.advance({ hours: 49 });
    const person = world.entra.accountByUpn(account)?.id ?? '';
    world.vaults.setSecret(vaultHost, person, 'Build-feed', { value: 'a-value-that-somebody-put-there' });
    const { written, warnings } = await run(revoke);
    assert.deepEqual(written, []);
    assert.ok(
      warnings.some(
        (warning) => warning.includes('contoso-vault/Build-feed') && warning.includes('not written by this task'),
      ),
    );
  });

  it('revokes nothing when the recorded PAT is not active any more, and warns', async () => {
    const { run, world, named } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run(advanced);
    world.advance({ hours: 49 });
    const made = named('Build feed')[1];
    assert.ok(made);
    world.pats.revoke('contoso', made.accountId, made.authorizationId);
    const { written, warnings } = await run(revoke);
    assert.deepEqual(written, []);
    assert.ok(warnings.some((warning) => warning.includes('"Build feed"')));
  });

  it('does not revoke a PAT that another secret’s record names', async () => {
    const { run, world, named, isActive } = await given({
      pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy' }],
    });
    await run({ ...advanced, pats: 'Deploy' });
    world.advance({ minutes: 1 });
    await run({ ...advanced, pats: 'Build feed' });
    const [feed] = named('Build feed');
    const moved = named('Deploy')[1];
    assert.ok(feed && moved);
    // A person gives the PAT that secret Deploy holds the other one's name.
    const { accountId, authorizationId } = moved;
    world.pats.update('contoso', accountId, { authorizationId, displayName: 'Build feed' });
    world.advance({ hours: 49 });
    await run(revoke);
    assert.deepEqual([isActive(feed), isActive(moved)], [false, true]);
  });
});
