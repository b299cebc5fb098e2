import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import type { HttpAnswer } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { account, inDays, type Situation, type TaskInputs, vaultHost } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
const monthly = { ...advanced, renewBeforeDays: '10' };
const grace = { hours: 48, minutes: 2 };

const person = ({ world }: Situation) => world.entra.accountByUpn(account)?.id ?? '';
const forbidden = json(403, { error: { code: 'Forbidden', message: 'no', innererror: { code: 'ForbiddenByRbac' } } });

function storeByHand(here: Situation, secret: string, value: string): void {
  here.world.vaults.setSecret(vaultHost, person(here), secret, { value });
}

/** In the end the family has exactly one active PAT, and consumers are given its value. */
function assertOneInUse(here: Situation, displayName: string, secret = displayName.replaceAll(' ', '-')): void {
  assert.equal(here.newest(secret).value, here.active(displayName).value);
}

/** Renews; what is handed over is confirmed in the same job. */
async function confirmed({ run }: Situation, inputs: TaskInputs): Promise<void> {
  const { handedOver } = await run(inputs);
  if (handedOver !== undefined) await run({ ...inputs, mode: 'revoke', handedOver });
}

describePackagedTask('Meanwhile somebody stored another value on top', (given) => {
  it('an old PAT’s: a new one is made, and the one that was put back keeps its grace from then on', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { run, named, world } = here;
    await run(advanced);
    const [old] = named('Build feed');
    assert.ok(old);
    world.advance({ hours: 47 });
    storeByHand(here, 'Build-feed', old.value);
    world.advance({ hours: 2 });
    const healed = await run(monthly);
    assert.equal(healed.outputs.renewedCount, '1');
    assert.match(healed.notices.join('\n'), new RegExp(`${old.authorizationId}\\) will be revoked after`));
    assert.deepEqual(named('Build feed').map(here.isActive), [true, true, true], 'it was in use until a moment ago');
    world.advance(grace);
    await run(monthly);
    assertOneInUse(here, 'Build feed');
  });

  it('a password: nothing is made, nothing is covered, and nothing is revoked, however long it stays there', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { run, named, world, newest } = here;
    await run(advanced);
    storeByHand(here, 'Build-feed', 'a password of somebody');
    for (let week = 0; week < 2; week++) {
      world.advance({ days: 7 });
      const { result, errors, written } = await run({ ...monthly, includeExpired: 'true' });
      assert.deepEqual([result, written], ['Failed', []]);
      assert.match(errors.join('\n'), /"Build feed".*no PAT.*Nothing of it was touched/);
    }
    assert.equal(newest('Build-feed').value, 'a password of somebody');
    assert.deepEqual(named('Build feed').map(here.isActive), [false, true], 'the first one has ended by itself');
  });
});

describePackagedTask('Meanwhile the secret', (given) => {
  it('had its newest version disabled: it heals, and the PAT behind that version goes after its grace', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { run, world, newest } = here;
    await run(advanced);
    world.advance({ hours: 49 });
    world.vaults.updateVersion(vaultHost, person(here), 'Build-feed', newest('Build-feed').version, { enabled: false });
    assert.equal((await run(monthly)).outputs.renewedCount, '1');
    world.advance(grace);
    await run(monthly);
    assertOneInUse(here, 'Build feed');
  });

  it('was deleted: what is made for it is revoked again on each run, until somebody recovers or purges it', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy' }] });
    const { run, world, activeNames } = here;
    await run(advanced);
    world.advance(grace);
    await run(monthly);
    world.vaults.deleteSecret(vaultHost, person(here), 'Build-feed');
    for (let time = 0; time < 2; time++) {
      world.advance({ hours: 13 });
      const { result, line, operations } = await run(monthly);
      assert.equal(result, 'Failed');
      assert.match(
        line('Build feed').message ?? '',
        /^contoso-vault\/Build-feed was deleted.*Recover the secret or purge it.*ObjectIsDeletedButRecoverable.*revoked again/,
      );
      assert.deepEqual([operations['pats.create'], operations['pats.revoke']], [1, 1]);
      assert.deepEqual(activeNames(), ['Build feed', 'Deploy']);
    }
    world.vaults.recoverDeletedSecret(vaultHost, person(here), 'Build-feed');
    assert.deepEqual((await run(monthly)).written, []);
    assertOneInUse(here, 'Build feed');
  });
});

describePackagedTask('Meanwhile the vault', (given) => {
  const names = Array.from({ length: 12 }, (_, index) => `P${index}`);
  const pats = names.map((displayName) => ({ displayName }));
  const secrets = Object.fromEntries(names.map((name) => [name, { value: { pat: name }, contentType: 'text/plain' }]));

  /** Of what the run made, how many were revoked again; everything else stands at its destination. */
  function madeForNothing(here: Situation): number {
    const made = names.map((name) => here.named(name).slice(1));
    for (const [index, name] of names.entries()) {
      const kept = (made[index] ?? []).filter(here.isActive);
      assert.ok(kept.length <= 1);
      assert.ok(here.named(name)[0] !== undefined);
      if (kept[0] !== undefined) assert.equal(here.newest(name).value, kept[0].value);
    }
    return made.flat().filter((pat) => !here.isActive(pat)).length;
  }

  async function afterwards(here: Situation): Promise<void> {
    here.faults.clear();
    here.world.vaults.setAccess(vaultHost, person(here), ['get', 'list', 'set']);
    assert.equal((await here.run({ ...monthly, concurrency: '4' })).result, 'Succeeded');
    here.world.advance(grace);
    await here.run(monthly);
    for (const name of names) assertOneInUse(here, name);
  }

  for (const withSecrets of [true, false]) {
    it(`took the right to write away after the first value: ${withSecrets ? 'the secrets are there' : 'a first run'}`, async () => {
      const here = await given({ pats, ...(withSecrets && { secrets }) });
      here.faults.use({
        afterApplied: ({ operation }) => {
          if (operation === 'vault.setSecret') here.world.vaults.setAccess(vaultHost, person(here), ['get', 'list']);
        },
      });
      const { result, line, outputs } = await here.run({ ...advanced, concurrency: '3' });
      assert.deepEqual([result, outputs.renewedCount, outputs.failedCount], ['Failed', '1', '11']);
      const undone = madeForNothing(here);
      assert.ok(undone >= 1 && undone <= 3, `${undone} were made for nothing`);
      for (const name of names.filter((each) => line(each).outcome === 'failed')) {
        assert.match(line(name).message ?? '', /ForbiddenByRbac/);
        assert.match(line(name).message ?? '', /Its PAT in use was not touched/);
      }
      await afterwards(here);
    });
  }

  it('refuses new values though it lets versions be updated: no more are made for nothing either', async () => {
    const here = await given({ pats, secrets });
    here.faults.always('vault.setSecret', { kind: 'answer', answer: forbidden });
    const { result, outputs } = await here.run({ ...advanced, concurrency: '3' });
    assert.deepEqual([result, outputs.failedCount], ['Failed', '12']);
    assert.ok(madeForNothing(here) <= 3);
    await afterwards(here);
  });

  it('takes writes to some secrets only: the others are renewed, and little is made for nothing', async () => {
    const here = await given({ pats, secrets });
    const closed = new Set(['P1', 'P5', 'P9', 'P10']);
    here.faults.use({
      decide: ({ method, path }) =>
        method !== 'GET' && closed.has(path.split('/')[2] ?? '')
          ? { kind: 'answer', answer: forbidden }
          : { kind: 'pass' },
    });
    const { line, outputs } = await here.run({ ...advanced, concurrency: '3' });
    assert.deepEqual([outputs.renewedCount, outputs.failedCount], ['8', '4']);
    for (const name of names) assert.equal(line(name).outcome, closed.has(name) ? 'failed' : 'done', name);
    assert.ok(madeForNothing(here) <= 3);
    assert.match(line('P10').message ?? '', /secret contoso-vault\/P10 takes no new value.*ForbiddenByRbac/);
    assert.deepEqual(
      here.versions('P11').map(({ enabled, contentType }) => [enabled, contentType]),
      [
        [true, 'text/plain'],
        [true, 'text/plain'],
      ],
      'asking changed nothing',
    );
    await afterwards(here);
  });

  it('fails for one secret with a problem of its own: the others are renewed', async () => {
    const here = await given({ pats, secrets });
    here.faults.use({
      decide: ({ operation, path }) =>
        operation === 'vault.setSecret' && path === '/secrets/P0'
          ? { kind: 'answer', answer: json(500, { error: { code: 'InternalError', message: 'no' } }) }
          : { kind: 'pass' },
    });
    const { outputs, line } = await here.run({ ...advanced, concurrency: '2' });
    assert.deepEqual([outputs.renewedCount, outputs.failedCount], ['11', '1']);
    assert.match(line('P0').message ?? '', /not certain/);
  });
});

describePackagedTask('Meanwhile the PAT', (given) => {
  it('in use was revoked by hand: the one before it is kept until the new one has stood for its grace', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { run, named, world, isActive } = here;
    await run(advanced);
    world.advance({ hours: 47 });
    const [, current] = named('Build feed');
    assert.ok(current);
    world.pats.revoke('contoso', person(here), current.authorizationId);
    world.advance({ hours: 2 });
    assert.equal((await run(monthly)).outputs.renewedCount, '1');
    assert.deepEqual(named('Build feed').map(isActive), [true, false, true]);
    world.advance(grace);
    await run(monthly);
    assertOneInUse(here, 'Build feed');
  });

  for (const isOldOneGone of [false, true]) {
    it(`in use was renamed${isOldOneGone ? ', and is the last of its name' : ''}: it is another PAT then, and nothing is revoked without a word`, async () => {
      const here = await given({ pats: [{ displayName: 'Build feed' }] });
      const { run, named, world, isActive, newest } = here;
      await run(advanced);
      world.advance(grace);
      if (isOldOneGone) await run(monthly);
      const [, current] = named('Build feed');
      assert.ok(current);
      world.pats.update('contoso', person(here), { ...current, displayName: 'Build feed 2' });
      const { operations, notices } = await run(monthly);
      assert.ok(isActive(current));
      assert.equal(operations['pats.revoke'], undefined);
      assert.equal(newest('Build-feed').value, current.value, 'consumers read what they read before');
      const told = notices.find((text) => text.includes(current.authorizationId)) ?? '';
      if (isOldOneGone) assert.match(told, /will be revoked after .*contoso-vault\/Build-feed-2/);
      world.advance({ hours: 47 });
      await run(monthly);
      assert.ok(isActive(current));
    });
  }

  it('a year went by without a run, and all have ended: what the task manages heals, the others are named', async () => {
    const here = await given({
      pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy', validTo: inDays(30) }],
    });
    const { run, world, activeNames } = here;
    await run({ ...advanced, pats: 'Build feed' });
    world.advance({ days: 365 });
    const back = await run(monthly);
    assert.deepEqual([back.result, back.outputs.renewedCount], ['SucceededWithIssues', '1']);
    assert.deepEqual(activeNames(), ['Build feed']);
    assertOneInUse(here, 'Build feed');
    assert.ok(back.warnings.some((text) => text.includes('"Deploy"') && text.includes('includeExpired')));
    world.advance(grace);
    assert.deepEqual((await run(monthly)).written, []);
  });
});

describePackagedTask('Meanwhile the grace period', (given) => {
  it('became shorter: counts from when a PAT was superseded, not from the run that had promised more', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await here.run({ ...advanced, revokeAfterHours: '400' });
    here.world.advance({ hours: 23, minutes: 58 });
    assert.deepEqual((await here.run({ ...monthly, revokeAfterHours: '24' })).written, []);
    here.world.advance({ minutes: 4 });
    assert.equal((await here.run({ ...monthly, revokeAfterHours: '24' })).outputs.revokedCount, '1');
    assertOneInUse(here, 'Build feed');
  });

  it('became longer: the old PAT waits longer', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await here.run({ ...advanced, revokeAfterHours: '24' });
    here.world.advance({ hours: 25 });
    assert.deepEqual((await here.run({ ...monthly, revokeAfterHours: '72' })).written, []);
    here.world.advance({ hours: 48 });
    assert.equal((await here.run({ ...monthly, revokeAfterHours: '72' })).outputs.revokedCount, '1');
  });

  it('became longer, with names as the record: the date that stands is kept, but the newer PAT must be older', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await confirmed(here, { mode: 'advanced', revokeAfterHours: '24' });
    here.world.advance({ hours: 25 });
    assert.deepEqual((await here.run({ mode: 'revoke', revokeAfterHours: '72' })).written, []);
    here.world.advance({ hours: 48 });
    assert.equal((await here.run({ mode: 'revoke', revokeAfterHours: '72' })).outputs.revokedCount, '1');
  });
});

describePackagedTask('Clocks that are apart', (given) => {
  /** The vault’s own clock is so many minutes ahead of Azure DevOps’: its Date, and the times of its versions. */
  function setVaultAhead(here: Situation, minutes: number): void {
    const shifted = (answer: HttpAnswer): HttpAnswer => ({
      ...answer,
      headers: { ...answer.headers, date: new Date(here.world.now + minutes * 60_000).toUTCString() },
      body: answer.body.replace(
        /"(created|updated)":(\d+)/g,
        (_, name: string, seconds: string) => `"${name}":${Number(seconds) + minutes * 60}`,
      ),
    });
    here.faults.use({
      decide: ({ host }) => (host === vaultHost ? { kind: 'alter', change: shifted } : { kind: 'pass' }),
    });
  }

  for (const minutes of [-9, 9]) {
    it(`the vault’s is ${Math.abs(minutes)} minutes ${minutes < 0 ? 'behind' : 'ahead'}: the grace is exact all the same`, async () => {
      const here = await given({ pats: [{ displayName: 'Build feed' }] });
      const { run, world } = here;
      setVaultAhead(here, minutes);
      assert.equal((await run(advanced)).outputs.renewedCount, '1');
      assert.deepEqual((await run(monthly)).written, [], 'its own record is known as such');
      world.advance({ hours: 47, minutes: 58 });
      assert.deepEqual((await run(monthly)).written, []);
      world.advance({ minutes: 4 });
      assert.equal((await run(monthly)).outputs.revokedCount, '1');
      assertOneInUse(here, 'Build feed');
    });

    it(`and it delivers and revokes in one run with revokeAfterHours 0`, async () => {
      const here = await given({ pats: [{ displayName: 'Build feed' }] });
      setVaultAhead(here, minutes);
      const { outputs } = await here.run({ ...advanced, revokeAfterHours: '0' });
      assert.deepEqual([outputs.renewedCount, outputs.revokedCount], ['1', '1']);
      assertOneInUse(here, 'Build feed');
    });
  }

  it('the agent’s is years off: nothing hangs on it, in either destination', async () => {
    for (const inputs of [advanced, { mode: 'advanced' }]) {
      const here = await given({ now: '2033-05-05T00:00:00Z', pats: [{ displayName: 'Build feed' }] });
      await confirmed(here, inputs);
      here.world.advance({ hours: 47, minutes: 58 });
      const retiring = { ...inputs, mode: 'revoke' };
      assert.deepEqual((await here.run(retiring)).written, []);
      here.world.advance({ minutes: 4 });
      assert.equal((await here.run(retiring)).outputs.revokedCount, '1');
    }
  });
});
