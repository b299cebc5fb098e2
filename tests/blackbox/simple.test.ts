import assert from 'node:assert/strict';
import type { PatSpec } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { inDays, inHours, minuteOf } from './situation.ts';

const many = (count: number, pat: (index: number) => PatSpec): PatSpec[] =>
  Array.from({ length: count }, (_, i) => pat(i));

describePackagedTask('Mode simple', (given) => {
  it('signs in once, reads each page of the active and of the expired list once, and sends one PUT for each PAT', async () => {
    const { run, named } = await given({
      pats: [
        ...many(103, (index) => ({ displayName: `Feed ${index}` })),
        ...many(101, (index) => ({ displayName: `Old ${index}`, validTo: inDays(-1) })),
      ],
    });
    const { operations, result, outputs } = await run({ pats: '*\n!Old *' });
    assert.deepEqual(operations, { 'entra.token.password': 1, 'pats.list': 4, 'pats.update': 103 });
    assert.equal(result, 'Succeeded');
    assert.equal(outputs.renewedCount, '103');
    assert.equal(minuteOf(named('Feed 102')[0]?.validTo), minuteOf(inDays(60)));
  });

  it('pushes the end out to lifetimeDays from now, and keeps value, name, scopes and organizations', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Build feed', scope: 'vso.packaging vso.code' }] });
    const before = active('Build feed');
    const { line, outputs, requests } = await run({ lifetimeDays: '90' });
    const { validTo: end, ...kept } = active('Build feed');
    const { validTo: _, ...same } = before;
    assert.deepEqual(kept, same);
    assert.equal(minuteOf(end), minuteOf(inDays(90)));
    const sent = requests.find(({ operation }) => operation === 'pats.update');
    const { validTo: asked, ...body } = JSON.parse(sent?.body ?? '');
    assert.deepEqual(body, {
      authorizationId: before.authorizationId,
      displayName: 'Build feed',
      scope: 'vso.packaging vso.code',
      allOrgs: false,
    });
    assert.equal(minuteOf(asked), minuteOf(inDays(90)));
    const { action, outcome, validTo, previousValidTo, authorizationId } = line('Build feed');
    assert.deepEqual([action, outcome, authorizationId], ['extend', 'done', before.authorizationId]);
    assert.deepEqual([validTo, previousValidTo].map(minuteOf), [inDays(90), inDays(10)].map(minuteOf));
    assert.equal(minuteOf(outputs.nextExpiry), minuteOf(inDays(90)));
  });

  it('never shortens: a PAT that ends later already is left, and counted as skipped', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Deploy', validTo: inDays(61) }] });
    const { written, line, outputs, result } = await run();
    assert.deepEqual(written, []);
    assert.equal(minuteOf(active('Deploy').validTo), minuteOf(inDays(61)));
    assert.deepEqual([line('Deploy').action, line('Deploy').outcome], ['skip', 'skipped']);
    assert.deepEqual([outputs.renewedCount, outputs.skippedCount, result], ['0', '1', 'Succeeded']);
  });

  it('renews only what ends within renewBeforeDays, when they are given', async () => {
    const { run, active } = await given({
      pats: [
        { displayName: 'Due', validTo: inDays(14) },
        { displayName: 'Not due', validTo: inHours(14 * 24 + 1) },
      ],
    });
    const { outputs, operations } = await run({ renewBeforeDays: '14' });
    assert.equal(operations['pats.update'], 1);
    assert.equal(minuteOf(active('Due').validTo), minuteOf(inDays(60)));
    assert.equal(minuteOf(active('Not due').validTo), minuteOf(inHours(14 * 24 + 1)));
    assert.deepEqual([outputs.renewedCount, outputs.skippedCount], ['1', '1']);
    assert.equal(minuteOf(outputs.nextExpiry), minuteOf(inHours(14 * 24 + 1)));
  });

  it('extends PATs of the same name, each by itself', async () => {
    const { run, named } = await given({
      pats: [{ displayName: 'Build feed' }, { displayName: 'Build feed', scope: 'vso.build', validTo: inDays(3) }],
    });
    const { outputs } = await run();
    assert.deepEqual(
      named('Build feed').map(({ validTo, scope }) => [minuteOf(validTo), scope]),
      [
        [minuteOf(inDays(60)), 'vso.code'],
        [minuteOf(inDays(60)), 'vso.build'],
      ],
    );
    assert.equal(outputs.renewedCount, '2');
  });

  it('does not touch PATs that carry a marker of the task', async () => {
    const superseded = 'Deploy (Renew PATs: revoke after 2026-11-25T04:00:00Z)';
    const { run, named } = await given({
      pats: [{ displayName: 'Deploy' }, { displayName: superseded }, { displayName: 'Deploy (Renew PATs: new)' }],
    });
    const { operations, outputs } = await run();
    assert.deepEqual([operations['pats.update'], operations['pats.revoke']], [1, undefined]);
    for (const name of [superseded, 'Deploy (Renew PATs: new)'])
      assert.equal(minuteOf(named(name)[0]?.validTo), minuteOf(inDays(10)));
    assert.equal(outputs.renewedCount, '1');
  });

  it('names PATs that have already expired, says what replaces them, and still extends the others', async () => {
    const { run, active } = await given({
      pats: [
        { displayName: 'Gone', validTo: inHours(-1) },
        { displayName: 'Here' },
        // Superseded: nobody wants it back.
        { displayName: 'Old (Renew PATs: revoke after 2026-11-20T04:00:00Z)', validTo: inHours(-1) },
      ],
    });
    const { warnings, line, result } = await run();
    assert.ok(!warnings.some((warning) => warning.includes('"Old')));
    const about = warnings.filter((warning) => warning.includes('"Gone"'));
    assert.equal(about.length, 1);
    assert.match(about[0] ?? '', /expired.*advanced.*includeExpired/i);
    assert.equal(line('Gone').outcome, 'skipped');
    assert.equal(minuteOf(active('Here').validTo), minuteOf(inDays(60)));
    assert.equal(result, 'SucceededWithIssues');
  });

  it('names an expired PAT beside an active one of its name too', async () => {
    const { run } = await given({ pats: [{ displayName: 'Here', validTo: inHours(-1) }, { displayName: 'Here' }] });
    const { warnings, outputs } = await run();
    assert.deepEqual([outputs.renewedCount, outputs.skippedCount], ['1', '1']);
    assert.match(warnings.join('\n'), /"Here" \(contoso, ended .*another PAT of this name is active/);
  });

  it('extends a PAT that several organizations list once', async () => {
    const { run } = await given({
      organizations: { contoso: { pats: [{ displayName: 'Everywhere', allOrgs: true }] }, fabrikam: {} },
    });
    const { writes, outputs, pats } = await run({ organization: 'contoso,fabrikam' });
    assert.deepEqual([writes.length, outputs.renewedCount], [1, '1']);
    assert.deepEqual(
      pats.map(({ action }) => action),
      ['extend', 'none'],
    );
  });

  it('warns when a policy has cut the date, and tells the date that was granted', async () => {
    const { run, active } = await given({
      pats: [
        { displayName: 'Cut', validFrom: inDays(-10), validTo: inDays(5) },
        { displayName: 'Unmoved', validFrom: inDays(-20), validTo: inDays(10) },
      ],
      organization: { policies: { maximumLifespanDays: 30 } },
    });
    const { warnings, line, result } = await run();
    assert.equal(minuteOf(active('Cut').validTo), minuteOf(inDays(20)));
    assert.equal(minuteOf(line('Cut').validTo), minuteOf(inDays(20)));
    for (const name of ['Cut', 'Unmoved']) {
      const about = warnings.filter((warning) => warning.includes(`"${name}"`));
      assert.equal(about.length, 1, name);
      assert.match(about[0] ?? '', /policy/i);
    }
    assert.ok(warnings.some((warning) => warning.includes(inDays(20).slice(0, 10))));
    assert.equal(result, 'SucceededWithIssues');
  });

  it('keeps a PAT valid in all organizations as it is, and warns of it', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Everywhere', allOrgs: true, validTo: inDays(4) }] });
    const { warnings, outputs } = await run();
    assert.equal(active('Everywhere').allOrgs, true);
    assert.equal(minuteOf(active('Everywhere').validTo), minuteOf(inDays(60)));
    assert.ok(warnings.some((warning) => warning.includes('"Everywhere"') && warning.includes('2026-12-01')));
    // Such PATs stop working on that day, whatever their own date says.
    assert.equal(outputs.nextExpiry, '2026-12-01T00:00:00.000Z');
  });

  it('narrows a PAT that is valid in all organizations when allOrgs is false', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Everywhere', allOrgs: true }] });
    await run({ allOrgs: 'false' });
    assert.equal(active('Everywhere').allOrgs, false);
  });

  it('explains the refusal when allOrgs is true and Azure DevOps makes no such PATs any more', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Here' }] });
    const { result, errors, line } = await run({ allOrgs: 'true' });
    assert.equal(result, 'Failed');
    assert.equal(line('Here').outcome, 'failed');
    assert.ok(
      errors.some((error) => /all organizations.*allOrgs.*globalPATCreationBlocked/.test(error)),
      errors.join('\n'),
    );
    assert.equal(active('Here').allOrgs, false);
  });

  it('handles every other PAT when one is refused, and fails in the end', async () => {
    const { run, active, faults } = await given({ pats: [{ displayName: 'One' }, { displayName: 'Two' }] });
    const refused = active('One').authorizationId;
    faults.use({
      decide: ({ operation, body }) =>
        operation === 'pats.update' && body.includes(refused)
          ? {
              kind: 'answer',
              answer: {
                status: 200,
                headers: { 'content-type': 'application/json' },
                body: '{"patToken":null,"patTokenError":"failedToUpdateAccessToken"}',
              },
            }
          : { kind: 'pass' },
    });
    const { result, errors, line, outputs } = await run();
    assert.equal(result, 'Failed');
    assert.match(line('One').message ?? '', /failedToUpdateAccessToken/);
    assert.equal(minuteOf(active('Two').validTo), minuteOf(inDays(60)));
    assert.deepEqual([outputs.renewedCount, outputs.failedCount], ['1', '1']);
    assert.ok(errors.some((error) => error.includes('"One"')));
  });

  it('repeats a PUT whose answer was lost: the date is absolute', async () => {
    const { run, active, faults } = await given({ pats: [{ displayName: 'One' }] });
    faults.once('pats.update', { kind: 'applyThenDrop' });
    const { result, operations } = await run();
    assert.equal(operations['pats.update'], 2);
    assert.equal(minuteOf(active('One').validTo), minuteOf(inDays(60)));
    assert.equal(result, 'Succeeded');
  });
});

const vault = { keyVault: 'contoso-vault' };

describePackagedTask('Mode simple with a vault', (given) => {
  it('moves the expiry of the secret along, and changes nothing else of it', async () => {
    const { run, active, newest, world } = await given({
      pats: [{ displayName: 'Build feed' }],
      secrets: { 'Build-feed': { value: { pat: 'Build feed' }, tags: { team: 'release' }, contentType: 'x/y' } },
    });
    await run({ mode: 'advanced', ...vault });
    world.advance({ hours: 49 });
    await run({ mode: 'revoke', ...vault });
    const before = newest('Build-feed');
    world.advance({ days: 30 });
    const { operations } = await run(vault);
    const end = active('Build feed').validTo;
    assert.equal(minuteOf(end), minuteOf(world.now + 60 * 86_400_000));
    assert.deepEqual(newest('Build-feed'), {
      ...before,
      expires: Math.floor(end / 1000),
      updated: newest('Build-feed').updated,
    });
    assert.equal(operations['vault.updateVersion'], 1);
  });

  it('extends of a family with a record none but the recorded PAT', async () => {
    const { run, named, newest } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run({ mode: 'advanced', ...vault, lifetimeDays: '30' });
    const [old, current] = named('Build feed');
    const { operations, outputs } = await run(vault);
    assert.equal(operations['pats.update'], 1);
    assert.equal(named('Build feed')[0]?.validTo, old?.validTo);
    assert.equal(minuteOf(named('Build feed')[1]?.validTo), minuteOf(inDays(60)));
    assert.equal(newest('Build-feed').value, current?.value);
    assert.equal(outputs.renewedCount, '1');
  });

  it('repairs a record whose expiry is behind, also when the PAT is not due', async () => {
    const { run, newest, world, faults, active } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run({ mode: 'advanced', ...vault, revokeAfterHours: '0' });
    world.advance({ days: 30 });
    // The first run extends the PAT, and the vault refuses to follow.
    const heal = faults.always('vault.updateVersion', {
      kind: 'answer',
      answer: {
        status: 403,
        headers: { 'content-type': 'application/json' },
        body: '{"error":{"code":"Forbidden","message":"no","innererror":{"code":"ForbiddenByRbac"}}}',
      },
    });
    const first = await run(vault);
    assert.equal(first.result, 'Succeeded');
    assert.ok(
      first.notices.some((notice) => notice.includes('ForbiddenByRbac') && notice.includes('contoso-vault/Build-feed')),
    );
    assert.ok((newest('Build-feed').expires ?? 0) * 1000 < active('Build feed').validTo);
    heal();
    const second = await run({ ...vault, renewBeforeDays: '10' });
    assert.equal(second.operations['pats.update'], undefined);
    assert.equal(second.operations['vault.updateVersion'], 1);
    assert.equal(newest('Build-feed').expires, Math.floor(active('Build feed').validTo / 1000));
    const third = await run({ ...vault, renewBeforeDays: '10' });
    assert.deepEqual(third.written, []);
  });
});
