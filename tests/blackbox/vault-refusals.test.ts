import assert from 'node:assert/strict';
import { describePackagedTask } from './on-each-node.ts';
import { account, inDays, password, type StepRun, vaultHost } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };

/** The PAT is refused with these words, and no write was sent for it. */
function assertRefused(run: StepRun, displayName: string, words: RegExp): void {
  const told = run.pats.filter((pat) => pat.displayName === displayName && pat.outcome === 'failed');
  assert.ok(told.length > 0, `"${displayName}" is refused`);
  for (const { message } of told) assert.match(message ?? '', words);
  assert.equal(run.result, 'Failed');
  assert.ok(run.errors.some((error) => error.includes(`"${displayName}"`)));
  const about = run.writes.filter(({ body }) => body.includes(JSON.stringify(displayName)));
  assert.deepEqual(about, []);
}

describePackagedTask('Mode advanced refuses before a PAT is made', (given) => {
  it('to cover somebody’s value that is no PAT; the other PATs are handled', async () => {
    const { run, newest, versions, named } = await given({
      pats: [{ displayName: 'Database' }, { displayName: 'Build feed' }],
      secrets: { Database: { value: 'a-connection-string-of-somebody' } },
    });
    const refused = await run(advanced);
    assertRefused(refused, 'Database', /somebody|not written by this task|no PAT/);
    assert.equal(newest('Database').value, 'a-connection-string-of-somebody');
    assert.equal(versions('Database').length, 1);
    assert.equal(named('Build feed').length, 2);
    assert.deepEqual([refused.outputs.renewedCount, refused.outputs.failedCount], ['1', '1']);
  });

  it('to cover a value that it may not read', async () => {
    const { run, named } = await given({
      pats: [{ displayName: 'Build feed' }],
      secrets: { 'Build-feed': { value: { pat: 'Build feed' } } },
      vault: { access: { [account]: ['list', 'set'] } },
    });
    assertRefused(await run(advanced), 'Build feed', /Key Vault Secrets Officer/);
    assert.equal(named('Build feed').length, 1);
  });

  it('to take over the record of another account', async () => {
    const other = 'other@contoso.com';
    const { run, newest, world } = await given({
      accounts: [
        { upn: account, password },
        { upn: other, password },
      ],
      pats: [{ displayName: 'Build feed' }, { displayName: 'Build feed', owner: other }],
    });
    await run(advanced);
    const { value } = newest('Build-feed');
    world.advance({ days: 55 });
    assertRefused(
      await run({ ...advanced, includeExpired: 'true' }, { variables: { sa_username: other } }),
      'Build feed',
      /"Build feed".*account/,
    );
    assert.equal(newest('Build-feed').value, value);
  });

  it('to give a secret away that holds another active PAT, after the rules were changed', async () => {
    const { run, newest, named, world, isActive } = await given({
      pats: [{ displayName: 'Build feed' }, { displayName: 'Wiki', scope: 'vso.wiki' }],
    });
    await run({ ...advanced, pats: 'Build feed => shared' });
    const { value } = newest('shared');
    world.advance({ hours: 49 });
    const refused = await run({ ...advanced, pats: 'Wiki => shared' });
    assertRefused(refused, 'Wiki', /holds another active PAT of this account, "Build feed"/);
    assert.deepEqual(
      refused.pats.map(({ displayName }) => displayName),
      ['Wiki'],
    );
    assert.equal(newest('shared').value, value);
    assert.deepEqual([...named('Build feed'), ...named('Wiki')].map(isActive), [true, true, true]);
    const left = await run({ mode: 'revoke', keyVault: 'contoso-vault', pats: 'Wiki => shared' });
    assert.deepEqual([left.result, left.written], ['SucceededWithIssues', []]);
    assert.match(left.warnings.join(), /"Wiki".*holds another PAT of this account, "Build feed"/);
  });

  it('to take over the record of another organization', async () => {
    const { run, newest } = await given({
      organizations: {
        contoso: { pats: [{ displayName: 'Build feed' }] },
        fabrikam: { pats: [{ displayName: 'Build feed' }] },
      },
    });
    await run(advanced);
    const { value } = newest('Build-feed');
    assertRefused(await run({ ...advanced, organization: 'fabrikam' }), 'Build feed', /organization "contoso"/);
    assert.equal(newest('Build-feed').value, value);
  });

  it('PATs of one name with different scopes, and names both', async () => {
    const { run, named } = await given({
      pats: [
        { displayName: 'Deploy', scope: 'vso.code' },
        { displayName: 'Deploy', scope: 'vso.build' },
      ],
    });
    const refused = await run(advanced);
    assertRefused(refused, 'Deploy', /"Deploy".*"vso\.code".*"vso\.build"|"Deploy".*"vso\.build".*"vso\.code"/);
    assert.equal(refused.outputs.failedCount, '2');
    assert.equal(named('Deploy').length, 2);
  });

  it('names that lead to secrets which differ in case only, and names both', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'build/feed' }] });
    const refused = await run(advanced);
    assert.deepEqual(refused.written, []);
    for (const name of ['Build feed', 'build/feed'])
      assertRefused(refused, name, /"Build feed".*"build\/feed"|"build\/feed".*"Build feed"/);
  });

  it('names of two organizations that lead to one secret', async () => {
    const { run } = await given({
      organizations: {
        contoso: { pats: [{ displayName: 'Build feed' }] },
        fabrikam: { pats: [{ displayName: 'Build feed' }] },
      },
    });
    const refused = await run({ ...advanced, organization: 'contoso,fabrikam' });
    assert.deepEqual(refused.written, []);
    assertRefused(refused, 'Build feed', /contoso.*fabrikam|fabrikam.*contoso/);
  });

  it('names that lead to one output variable', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'build-feed' }] });
    const refused = await run({
      ...advanced,
      pats: 'Build feed => one\nbuild-feed => two',
      setOutputVariables: 'true',
    });
    assert.deepEqual(refused.written, []);
    assertRefused(refused, 'build-feed', /PAT_BUILD_FEED/);
  });

  it('a name of which nothing is left for its output variable', async () => {
    const { run, named } = await given({ pats: [{ displayName: 'パス' }, { displayName: 'Build feed' }] });
    const refused = await run({ ...advanced, pats: '*\nパス => pasu', setOutputVariables: 'true' });
    assertRefused(refused, 'パス', /output variable/);
    assert.equal(named('Build feed').length, 2);
  });

  it('a secret name of more than 127 characters', async () => {
    const { run, named } = await given({ pats: [{ displayName: 'x'.repeat(128) }, { displayName: 'y'.repeat(127) }] });
    assertRefused(await run(advanced), 'x'.repeat(128), /127/);
    assert.equal(named('y'.repeat(127)).length, 2);
  });

  it('a secret with more than ten tags of a person; ten are kept', async () => {
    const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`tag${i}`, `${i}`]));
    const { run, newest, named } = await given({
      pats: [{ displayName: 'Eleven' }, { displayName: 'Ten' }],
      secrets: {
        Eleven: { value: { pat: 'Eleven' }, tags: tags(11) },
        Ten: { value: { pat: 'Ten' }, tags: tags(10) },
      },
    });
    assertRefused(await run(advanced), 'Eleven', /10 tags/);
    assert.equal(named('Eleven').length, 1);
    assert.equal(Object.keys(newest('Ten').tags).length, 15);
  });

  it('but an expired PAT collides with nothing', async () => {
    const { run, named } = await given({
      pats: [
        { displayName: 'Deploy', scope: 'vso.code' },
        { displayName: 'Deploy', scope: 'vso.build', validTo: inDays(-1) },
        { displayName: 'DEPLOY', validTo: inDays(-1) },
      ],
    });
    const { result, outputs, warnings } = await run(advanced);
    assert.deepEqual([result, outputs.renewedCount, outputs.failedCount], ['SucceededWithIssues', '1', '0']);
    assert.match(
      warnings.join('\n'),
      /^"DEPLOY" \(contoso, ended .*includeExpired/,
      'and is told of, unless one of its name is active',
    );
    assert.equal(named('Deploy').filter(({ scope }) => scope === 'vso.code').length, 2);
  });

  it('but it cuts a tag’s value at 256 characters rather than refuse', async () => {
    const { run, newest } = await given({ pats: [{ displayName: 'n'.repeat(256) }] });
    const { result } = await run({ ...advanced, pats: '* => long' });
    assert.equal(result, 'Succeeded');
    assert.equal(newest('long').tags['renewPats-displayName'], 'n'.repeat(256));
  });

  it('and a dry run refuses and fails in the same way', async () => {
    const { run } = await given({
      pats: [{ displayName: 'Database' }, { displayName: 'Build feed' }],
      secrets: { Database: { value: 'a-connection-string-of-somebody' } },
    });
    const refused = await run({ ...advanced, dryRun: 'true' });
    assertRefused(refused, 'Database', /no PAT/);
    assert.equal(refused.line('Build feed').outcome, 'planned');
  });

  it('a secret that was deleted and not purged: its new PAT is revoked again, and the others are handled', async () => {
    const { run, world, active, named } = await given({
      pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy' }],
      secrets: { 'Build-feed': { value: { pat: 'Build feed' } } },
    });
    world.vaults.deleteSecret(vaultHost, world.entra.accountByUpn(account)?.id ?? '', 'Build-feed');
    const before = active('Build feed');
    const { result, line } = await run({ ...advanced, concurrency: '1' });
    assert.equal(result, 'Failed');
    assert.match(line('Build feed').message ?? '', /[Rr]ecover.*ObjectIsDeletedButRecoverable/s);
    assert.equal(active('Build feed').authorizationId, before.authorizationId);
    assert.equal(named('Deploy').length, 2);
  });
});
