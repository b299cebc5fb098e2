import assert from 'node:assert/strict';
import { describePackagedTask } from './on-each-node.ts';
import { account, inDays, inHours, minuteOf, vaultHost } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
const monthly = { ...advanced, renewBeforeDays: '10' };

describePackagedTask('Mode advanced with a vault', (given) => {
  it('makes a new PAT with the same name and scopes, stores its value with its end and its tags, and revokes nothing', async () => {
    const { run, named, newest, versions, isActive, activeNames } = await given({
      pats: [{ displayName: 'Build feed', scope: 'vso.packaging vso.code' }],
    });
    const { result, line, operations, outputs, requests } = await run(advanced);
    assert.equal(result, 'Succeeded');
    const [old, made] = named('Build feed');
    assert.ok(old && made);
    assert.deepEqual(
      [made.scope, made.allOrgs, minuteOf(made.validTo)],
      ['vso.packaging vso.code', false, minuteOf(inDays(60))],
    );
    assert.ok(isActive(old) && isActive(made));
    assert.deepEqual(activeNames(), ['Build feed', 'Build feed']);

    assert.equal(versions('Build-feed').length, 1);
    const { value, expires, tags, enabled } = newest('Build-feed');
    assert.deepEqual([value, expires, enabled], [made.value, Math.floor(made.validTo / 1000), true]);
    const { 'renewPats-account': ownerId, 'renewPats-deliveredAt': deliveredAt, ...rest } = tags;
    assert.equal(minuteOf(deliveredAt), minuteOf(inDays(0)));
    assert.deepEqual(rest, {
      'renewPats-authorizationId': made.authorizationId,
      'renewPats-organization': 'contoso',
      'renewPats-displayName': 'Build feed',
    });
    assert.equal(ownerId, accountIdOf(requests));

    assert.deepEqual(
      [operations['entra.token.password'], operations['pats.create'], operations['vault.setSecret']],
      [1, 1, 1],
    );
    assert.equal(operations['pats.revoke'], undefined);
    const { validFrom, validTo, previousValidTo, revokeAfter, ...told } = line('Build feed');
    assert.deepEqual(
      [validFrom, validTo, previousValidTo, revokeAfter].map(minuteOf),
      [inDays(0), inDays(60), inDays(10), inHours(48)].map(minuteOf),
    );
    assert.deepEqual(told, {
      displayName: 'Build feed',
      authorizationId: old.authorizationId,
      action: 'replace',
      outcome: 'done',
      scope: 'vso.packaging vso.code',
      newAuthorizationId: made.authorizationId,
      destination: 'contoso-vault/Build-feed',
      destinations: [{ place: 'contoso-vault/Build-feed', outcome: 'done' }],
    });
    assert.deepEqual([outputs.renewedCount, minuteOf(outputs.nextExpiry)], ['1', minuteOf(inDays(60))]);
  });

  it('proves the new value before it delivers it, and delivers it before it revokes anything', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { requests } = await run({ ...advanced, revokeAfterHours: '0' });
    const place = (operation: string, identity?: string) =>
      requests.findIndex((one) => one.operation === operation && (identity ?? one.identity.kind) === one.identity.kind);
    const steps = [
      place('pats.list'),
      place('vault.listVersions'),
      place('pats.create'),
      place('devops.connectionData', 'pat'),
      place('vault.setSecret'),
      place('pats.get'),
      place('pats.revoke'),
    ];
    assert.ok(steps.every((step) => step >= 0));
    assert.deepEqual(
      steps,
      [...steps].sort((a, b) => a - b),
    );
  });

  it('writes nothing to the PAT API and to the vault in a second run with nothing due and nothing to retire', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy' }] });
    await run(advanced);
    const { written, result, outputs, pats } = await run(monthly);
    assert.deepEqual(written, []);
    assert.equal(result, 'Succeeded');
    assert.deepEqual([outputs.renewedCount, outputs.skippedCount, outputs.revokedCount], ['0', '2', '0']);
    assert.deepEqual(
      pats.filter(({ revokeAfter }) => revokeAfter !== undefined).map(({ revokeAfter }) => minuteOf(revokeAfter)),
      [inHours(48), inHours(48)].map(minuteOf),
    );
  });

  it('revokes the old PAT in a later run, once the grace is over and not before, and disables the version that held it', async () => {
    const { run, named, world, versions, isActive } = await given({
      pats: [{ displayName: 'Build feed' }],
      secrets: { 'Build-feed': { value: { pat: 'Build feed' } } },
    });
    await run(advanced);
    const [old, made] = named('Build feed');
    assert.ok(old && made);
    world.advance({ hours: 47, minutes: 58 });
    assert.deepEqual((await run(monthly)).written, []);
    world.advance({ minutes: 4 });
    const third = await run(monthly);
    assert.deepEqual([isActive(old), isActive(made)], [false, true]);
    assert.deepEqual(
      versions('Build-feed').map(({ enabled }) => enabled),
      [false, true],
    );
    assert.equal(third.outputs.revokedCount, '1');
    assert.equal(third.result, 'Succeeded');
    assert.deepEqual((await run(monthly)).written, []);
  });

  it('disables the version that it wrote itself for a PAT that is revoked now', async () => {
    const { run, world, versions, activeNames } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run({ ...advanced, lifetimeDays: '30' });
    world.advance({ days: 21 });
    await run(monthly);
    world.advance({ days: 3 });
    await run(monthly);
    assert.deepEqual(
      versions('Build-feed').map(({ enabled }) => enabled),
      [false, true],
    );
    assert.deepEqual(activeNames(), ['Build feed']);
  });

  it('renews on every run when renewBeforeDays is empty, and comes back to one PAT when the grace is over', async () => {
    const { run, world, named, newest, isActive } = await given({ pats: [{ displayName: 'Build feed' }] });
    for (let week = 0; week < 3; week++) {
      const { result, outputs } = await run(advanced);
      assert.deepEqual([result, outputs.renewedCount], ['Succeeded', '1']);
      world.advance({ days: 7 });
    }
    await run({ ...advanced, mode: 'revoke' });
    assert.deepEqual(named('Build feed').map(isActive), [false, false, false, true]);
    assert.equal(newest('Build-feed').value, named('Build feed')[3]?.value);
  });

  it('renews what ends within renewBeforeDays to the minute', async () => {
    const { run, world } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run({ ...advanced, revokeAfterHours: '0' });
    world.now = Date.parse(inDays(50)) - 60_000;
    assert.deepEqual((await run(monthly)).written, []);
    world.now = Date.parse(inDays(50)) + 60_000;
    assert.equal((await run(monthly)).outputs.renewedCount, '1');
  });

  it('waits until the end with renewBeforeDays 0', async () => {
    const { run, world } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run({ ...advanced, revokeAfterHours: '0' });
    world.now = Date.parse(inDays(60)) - 60_000;
    assert.deepEqual((await run({ ...advanced, renewBeforeDays: '0' })).written, []);
    world.now = Date.parse(inDays(60)) + 60_000;
    assert.equal((await run({ ...advanced, renewBeforeDays: '0' })).outputs.renewedCount, '1');
  });

  it('revokes the old PAT in the same run with revokeAfterHours 0', async () => {
    const { run, activeNames, newest, active, versions } = await given({
      pats: [{ displayName: 'Build feed' }],
      secrets: { 'Build-feed': { value: { pat: 'Build feed' } } },
    });
    const { outputs } = await run({ ...advanced, revokeAfterHours: '0' });
    assert.deepEqual(activeNames(), ['Build feed']);
    assert.equal(newest('Build-feed').value, active('Build feed').value);
    assert.equal(versions('Build-feed')[0]?.enabled, false);
    assert.deepEqual([outputs.renewedCount, outputs.revokedCount], ['1', '1']);
  });

  it('does not revoke a PAT younger than 12 hours, whatever the inputs say; a later run does', async () => {
    const { run, world, named, isActive } = await given({
      pats: [{ displayName: 'Build feed', validFrom: inHours(-11.9) }],
    });
    const first = await run({ ...advanced, revokeAfterHours: '0' });
    const [young] = named('Build feed');
    assert.ok(young && isActive(young));
    assert.deepEqual([first.outputs.revokedCount, first.result], ['0', 'Succeeded']);
    world.advance({ minutes: 7 });
    const later = await run({ ...monthly, revokeAfterHours: '0' });
    assert.equal(isActive(young), false);
    assert.equal(later.outputs.revokedCount, '1');
  });

  it('gives PATs of one name and the same scopes, in whatever order, one successor', async () => {
    const { run, world, named, isActive } = await given({
      pats: [
        { displayName: 'Build feed', scope: 'vso.code vso.build' },
        { displayName: 'Build feed', scope: 'vso.build vso.code', validTo: inDays(3) },
      ],
    });
    const { operations, outputs } = await run(advanced);
    assert.equal(operations['pats.create'], 1);
    assert.equal(outputs.renewedCount, '1');
    world.advance({ hours: 48, minutes: 2 });
    await run(monthly);
    assert.deepEqual(named('Build feed').map(isActive), [false, false, true]);
  });

  it('replaces a disabled newest version, carries its tags, and warns', async () => {
    const { run, newest, named, world, isActive } = await given({
      pats: [{ displayName: 'Build feed' }],
      secrets: { 'Build-feed': { value: { pat: 'Build feed' }, tags: { team: 'release' }, enabled: false } },
    });
    const { warnings, outputs } = await run({ ...advanced, renewBeforeDays: '5' });
    assert.equal(outputs.renewedCount, '1');
    assert.deepEqual([newest('Build-feed').enabled, newest('Build-feed').tags.team], [true, 'release']);
    assert.ok(warnings.some((warning) => warning.includes('contoso-vault/Build-feed') && warning.includes('disabled')));
    world.advance({ hours: 48, minutes: 2 });
    await run(monthly);
    assert.deepEqual(named('Build feed').map(isActive), [false, true]);
  });

  it('does not count tags that were copied by hand onto another value', async () => {
    const { run, newest, world, named } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run(advanced);
    world.advance({ hours: 1 });
    const { tags } = newest('Build-feed');
    const byHand = named('Build feed')[0]?.value ?? '';
    const person = world.entra.accountByUpn(account)?.id ?? '';
    world.vaults.setSecret(vaultHost, person, 'Build-feed', { value: byHand, tags });
    const { outputs } = await run(monthly);
    assert.equal(outputs.renewedCount, '1');
    assert.equal(newest('Build-feed').value, named('Build feed')[2]?.value);
  });

  it('makes a new PAT when the recorded one was revoked by hand', async () => {
    const { run, named, world, newest, active } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run({ ...advanced, revokeAfterHours: '0' });
    world.advance({ days: 1 });
    const current = active('Build feed');
    world.pats.plant({
      ...current,
      displayName: 'Build feed',
      authorizationId: world.random.guid(),
      value: 'x'.repeat(52),
    });
    world.pats.revoke('contoso', current.accountId, current.authorizationId);
    const { outputs } = await run(monthly);
    assert.equal(outputs.renewedCount, '1');
    assert.equal(newest('Build-feed').value, named('Build feed').at(-1)?.value);
  });

  it('heals a managed PAT that has expired, without includeExpired', async () => {
    const { run, world, newest, active } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run({ ...advanced, revokeAfterHours: '0' });
    world.advance({ days: 61 });
    const { outputs, result } = await run(monthly);
    assert.deepEqual([outputs.renewedCount, result], ['1', 'Succeeded']);
    assert.equal(newest('Build-feed').value, active('Build feed').value);
  });

  it('replaces any other expired PAT only with includeExpired, and names it otherwise', async () => {
    const { run, newest, active, activeNames } = await given({
      pats: [{ displayName: 'Build feed', validTo: inDays(-1) }],
    });
    const without = await run(advanced);
    assert.deepEqual(without.written, []);
    assert.ok(
      without.warnings.some((warning) => warning.includes('"Build feed"') && warning.includes('includeExpired')),
    );
    assert.deepEqual(activeNames(), []);
    assert.equal(without.result, 'SucceededWithIssues');
    const including = await run({ ...advanced, includeExpired: 'true' });
    assert.equal(including.outputs.renewedCount, '1');
    assert.equal(newest('Build-feed').value, active('Build feed').value);
  });

  it('warns when a policy has cut the end, and stores the end that was granted', async () => {
    const { run, newest } = await given({
      pats: [{ displayName: 'Build feed', validTo: inDays(2) }],
      organization: { policies: { maximumLifespanDays: 7 } },
    });
    const { warnings, line, outputs } = await run(advanced);
    assert.equal(minuteOf(line('Build feed').validTo), minuteOf(inDays(7)));
    assert.equal(minuteOf((newest('Build-feed').expires ?? 0) * 1000), minuteOf(inDays(7)));
    assert.ok(warnings.some((warning) => warning.includes(inDays(7).slice(0, 10)) && /policy/i.test(warning)));
    assert.equal(minuteOf(outputs.nextExpiry), minuteOf(inDays(7)));
  });

  it('also sets the secret output variable with setOutputVariables', async () => {
    const { run, named } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { outputs, secretOutputs } = await run({ ...advanced, setOutputVariables: 'true' });
    assert.equal(outputs.PAT_BUILD_FEED, named('Build feed')[1]?.value);
    assert.deepEqual(secretOutputs, ['PAT_BUILD_FEED']);
  });

  it('sets no output variable without setOutputVariables', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    assert.deepEqual((await run(advanced)).secretOutputs, []);
  });

  it('delivers to the secret that a rule names, and by the template of secretName otherwise', async () => {
    const { run, newest, named } = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'a/b_c.d é' }] });
    const { line } = await run({
      ...advanced,
      pats: '# all of them\n*\nBUILD* => NuGet-Key',
      secretName: 'pat-{organization}-{pat}',
    });
    assert.equal(line('Build feed').destination, 'contoso-vault/NuGet-Key');
    assert.equal(newest('NuGet-Key').value, named('Build feed')[1]?.value);
    assert.equal(newest('pat-contoso-a-b-c-d--').value, named('a/b_c.d é')[1]?.value);
  });

  it('makes the successor of a PAT valid in all organizations narrower, warns, and never revokes or renames the old one', async () => {
    const { run, named, world, isActive } = await given({ pats: [{ displayName: 'Everywhere', allOrgs: true }] });
    const first = await run({ ...advanced, revokeAfterHours: '0' });
    const [old, made] = named('Everywhere');
    assert.ok(old && made);
    assert.deepEqual([made.allOrgs, isActive(old)], [false, true]);
    assert.ok(
      first.warnings.some((warning) => warning.includes('in contoso only')),
      first.warnings.join('\n'),
    );
    world.advance({ days: 3 });
    const second = await run({ ...monthly, revokeAfterHours: '0' });
    assert.deepEqual(second.written, []);
    assert.deepEqual([isActive(old), old.displayName], [true, 'Everywhere']);
    for (const { warnings } of [first, second])
      assert.ok(warnings.some((warning) => warning.includes(old.authorizationId) && warning.includes('2026-12-01')));
  });

  it('asks for a PAT valid in all organizations when allOrgs is true, and explains the refusal', async () => {
    const { run, activeNames } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { result, line } = await run({ ...advanced, allOrgs: 'true' });
    assert.equal(result, 'Failed');
    assert.match(line('Build feed').message ?? '', /all organizations.*allOrgs.*globalPATCreationBlocked/s);
    assert.deepEqual(activeNames(), ['Build feed']);
  });

  it('handles several organizations, each with its own secrets', async () => {
    const { run, newest, named } = await given({
      organizations: {
        contoso: { pats: [{ displayName: 'Build feed' }] },
        fabrikam: { pats: [{ displayName: 'Build feed' }] },
      },
    });
    const { operations, report, secretOutputs } = await run({
      ...advanced,
      organization: 'contoso, https://fabrikam.visualstudio.com/',
      secretName: '{organization}-{pat}',
      setOutputVariables: 'true',
    });
    assert.equal(operations['entra.token.password'], 1);
    assert.deepEqual(
      report.organizations.map(({ organization }) => organization),
      ['contoso', 'fabrikam'],
    );
    assert.equal(newest('contoso-Build-feed').value, named('Build feed', 'contoso')[1]?.value);
    assert.equal(newest('fabrikam-Build-feed').value, named('Build feed', 'fabrikam')[1]?.value);
    assert.deepEqual([...secretOutputs].sort(), ['PAT_CONTOSO_BUILD_FEED', 'PAT_FABRIKAM_BUILD_FEED']);
  });

  it('leaves what no rule selects alone, and out of the report', async () => {
    const { run, named } = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'Laptop of Ada' }] });
    const { pats } = await run({ ...advanced, pats: '*\n!laptop*' });
    assert.deepEqual(
      pats.map(({ displayName }) => displayName),
      ['Build feed'],
    );
    assert.equal(named('Laptop of Ada').length, 1);
  });

  it('goes by the services’ time, not by the agent’s', async () => {
    const { run, active } = await given({ now: '2031-01-01T00:00:00Z', pats: [{ displayName: 'Build feed' }] });
    await run({ ...advanced, revokeAfterHours: '0' });
    assert.equal(minuteOf(active('Build feed').validTo), minuteOf('2031-03-02T00:00:00Z'));
  });

  it('warns of an empty selection and of a rule that matches nothing', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const nothing = await run({ ...advanced, pats: 'Release*' });
    assert.equal(nothing.result, 'SucceededWithIssues');
    assert.ok(nothing.warnings.some((warning) => warning.includes('Release*')));
    assert.equal(nothing.outputs.nextExpiry, '');
    const some = await run({ ...advanced, pats: 'Build*\nRelease*' });
    assert.equal(some.result, 'SucceededWithIssues');
    assert.ok(some.warnings.some((warning) => warning.includes('Release*')));
  });
});

/** What connectionData calls the service account. */
function accountIdOf(requests: readonly { operation: string; answer: { body: string } | undefined }[]): string {
  const answer = requests.find(({ operation }) => operation === 'devops.connectionData')?.answer;
  return JSON.parse(answer?.body ?? '{}').authenticatedUser.id;
}
