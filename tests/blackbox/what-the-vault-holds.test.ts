import assert from 'node:assert/strict';
import { describePackagedTask } from './on-each-node.ts';
import { account, inDays, password, type Situation, type StepRun, vaultHost } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
const monthly = { ...advanced, renewBeforeDays: '10' };
const revoke = { ...advanced, mode: 'revoke' };
const grace = { hours: 48, minutes: 2 };

const person = ({ world }: Situation) => world.entra.accountByUpn(account)?.id ?? '';

function store(here: Situation, secret: string, value: string, tags: Readonly<Record<string, string>> = {}): void {
  here.world.vaults.setSecret(vaultHost, person(here), secret, { value, tags });
}

function assertRefused({ result, written, line }: StepRun, displayName: string, words: RegExp): void {
  assert.deepEqual([result, written], ['Failed', []]);
  assert.match(line(displayName).message ?? '', words);
}

describePackagedTask('Mode advanced does not cover', (given) => {
  it('the living PAT of a name that the rules leave out, and names it', async () => {
    const here = await given({
      pats: [{ displayName: 'Build feed' }, { displayName: 'Build.feed' }],
      secrets: { 'Build-feed': { value: { pat: 'Build.feed' } } },
    });
    assertRefused(
      await here.run({ ...advanced, pats: '*\n!Build.feed' }),
      'Build feed',
      /"Build\.feed", which the rules leave out/,
    );
    assert.equal(here.newest('Build-feed').value, here.active('Build.feed').value);
  });

  it('the living PAT of another account, which no tag names', async () => {
    const ada = 'ada@contoso.com';
    const here = await given({
      accounts: [
        { upn: account, password },
        { upn: ada, password },
      ],
      pats: [{ displayName: 'Build feed' }, { displayName: 'Laptop', owner: ada }],
      secrets: { 'Build-feed': { value: { pat: 'Laptop' } } },
    });
    assertRefused(
      await here.run(advanced),
      'Build feed',
      /contoso-vault\/Build-feed holds a living PAT of another identity/,
    );
    assert.equal(here.newest('Build-feed').value, here.active('Laptop').value);
  });

  it('a certificate’s private key, which Key Vault keeps under the certificate’s name', async () => {
    const here = await given({
      pats: [{ displayName: 'Build feed' }],
      secrets: { 'Build-feed': { value: 'a PKCS 12 file', managed: true } },
    });
    assertRefused(await here.run(advanced), 'Build feed', /contoso-vault\/Build-feed belongs to a certificate/);
  });
});

describePackagedTask('Mode advanced adopts', (given) => {
  for (const [what, end] of [
    ['a line break', '\n'],
    ['a line break of Windows', '\r\n'],
    ['blanks', '  '],
  ] as const) {
    it(`a PAT’s value with ${what} behind it`, async () => {
      const here = await given({ pats: [{ displayName: 'Build feed' }] });
      const old = here.active('Build feed');
      store(here, 'Build-feed', `${old.value}${end}`);
      assert.equal((await here.run(advanced)).outputs.renewedCount, '1');
      here.world.advance(grace);
      assert.equal((await here.run(monthly)).outputs.revokedCount, '1');
      assert.equal(here.newest('Build-feed').value, here.active('Build feed').value);
    });
  }

  it('another account’s PAT that is dead: nobody reads anything by it', async () => {
    const ada = 'ada@contoso.com';
    const here = await given({
      accounts: [
        { upn: account, password },
        { upn: ada, password },
      ],
      pats: [{ displayName: 'Build feed' }, { displayName: 'Laptop', owner: ada, revokedAt: inDays(-1) }],
      secrets: { 'Build-feed': { value: { pat: 'Laptop' } } },
    });
    assert.equal((await here.run(advanced)).outputs.renewedCount, '1');
  });
});

describePackagedTask('A vault restored from a backup', (given) => {
  /** Two deliveries; then the vault holds what it held before the second one. */
  async function restored(here: Situation) {
    await here.run(advanced);
    here.world.advance({ days: 40 });
    const before = here.versions('Build-feed').map((version) => ({ ...version }));
    await here.run(advanced);
    here.world.advance({ hours: 20 });
    const [, older, newer] = here.named('Build feed');
    assert.ok(older && newer);
    here.world.vaults.plant(vaultHost, { name: 'Build-feed', versions: before });
    return { older, newer };
  }

  it('may be behind its consumers: nothing is revoked, however long the grace is over, and mode revoke says why', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(300) }] });
    const { older, newer } = await restored(here);
    here.world.advance({ days: 5 });
    const { operations, pats } = await here.run({ ...revoke, revokeAfterHours: '0' });
    assert.equal(operations['pats.revoke'], undefined);
    assert.ok(here.isActive(older) && here.isActive(newer));
    const told = pats.find(({ authorizationId }) => authorizationId === newer.authorizationId)?.message;
    assert.match(
      told ?? '',
      /a younger PAT that no record names may be what consumers read; mode advanced delivers anew/,
    );
  });

  it('is healed by the next run: a third PAT supersedes both, and they go once its grace is over', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(300) }] });
    const { older, newer } = await restored(here);
    const healed = await here.run(monthly);
    assert.deepEqual([healed.outputs.renewedCount, healed.outputs.revokedCount], ['1', '0']);
    assert.ok(here.isActive(older) && here.isActive(newer));
    here.world.advance(grace);
    await here.run(monthly);
    assert.equal(here.newest('Build-feed').value, here.active('Build feed').value);
    assert.ok(!here.isActive(older) && !here.isActive(newer));
  });

  it('between a run’s look and its delivery had given out what the run takes for long superseded: nothing is revoked', async () => {
    const here = await given({
      pats: [{ displayName: 'Build feed', validTo: inDays(300) }],
      secrets: { 'Build-feed': { value: { pat: 'Build feed' } } },
    });
    const backup = here.versions('Build-feed').map((version) => ({ ...version }));
    const [first] = here.named('Build feed');
    assert.ok(first);
    await here.run(advanced);
    here.world.advance({ hours: 49 });
    let isDone = false;
    here.faults.use({
      before: ({ operation }) => {
        if (operation !== 'pats.create' || isDone) return;
        isDone = true;
        here.world.vaults.plant(vaultHost, { name: 'Build-feed', versions: backup });
      },
    });
    const { outputs, warnings } = await here.run(advanced);
    assert.deepEqual([outputs.renewedCount, outputs.revokedCount, here.isActive(first)], ['1', '0', true]);
    assert.match(warnings.join('\n'), /Not revoked, because secret contoso-vault\/Build-feed was changed meanwhile/);
  });

  it('is in doubt no longer than that: runs with nothing due write nothing', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(300) }] });
    await restored(here);
    await here.run(monthly);
    here.world.advance(grace);
    await here.run(monthly);
    assert.deepEqual((await here.run(monthly)).written, []);
  });
});

describePackagedTask('A rollback by hand', (given) => {
  it('with the tags copied along is not believed, though it comes within the 30 minutes: nothing is revoked', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await here.run(advanced);
    here.world.advance({ minutes: 10 });
    const [old, made] = here.named('Build feed');
    assert.ok(old && made);
    store(here, 'Build-feed', old.value, here.newest('Build-feed').tags);
    here.world.advance(grace);
    const { outputs, operations } = await here.run({ ...monthly, revokeAfterHours: '24' });
    assert.deepEqual([outputs.renewedCount, operations['pats.revoke']], ['1', undefined]);
    assert.ok(here.isActive(old), 'consumers read it until a moment ago');
  });

  it('is told of as one, and put back again and again it is told how often', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(300) }] });
    const old = here.active('Build feed');
    await here.run(advanced);
    const told: string[] = [];
    for (let time = 0; time < 3; time++) {
      here.world.advance({ hours: 1 });
      store(here, 'Build-feed', here.versions('Build-feed')[0]?.value ?? '');
      const { warnings } = await here.run(monthly);
      told.push(warnings.join('\n'));
    }
    assert.ok(here.isActive(old));
    for (const text of told) assert.match(text, /contoso-vault\/Build-feed/);
    assert.notEqual(told[0], told[2]);
    assert.match(told[2] ?? '', /3/);
  });
});

describePackagedTask('Clocks of a vault', (given) => {
  it('that contradict each other (Date and created, 45 minutes apart) fail the delivery by name, and make no PAT each night', async () => {
    const here = await given({
      pats: [{ displayName: 'Build feed', validTo: inDays(300) }],
      settings: { dateAheadSeconds: { keyVault: 45 * 60 } },
    });
    const first = await here.run(monthly);
    assert.equal(first.result, 'Failed');
    assert.match(
      first.line('Build feed').message ?? '',
      /clocks contradict each other.*2026-11-23T04:4[45]:\d\dZ.*2026-11-23T04:00:\d\dZ.*not certain/,
    );
    for (let night = 0; night < 8; night++) {
      here.world.advance({ days: 1 });
      assert.equal((await here.run(monthly)).result, 'Failed');
    }
    const made = here.named('Build feed').slice(1);
    assert.ok(made.length <= 5, `${made.length} were made in nine nights`);
    assert.ok(here.named('Build feed').every(here.isActive), 'which of them is read nobody knows');
    const last = await here.run(monthly);
    assert.match(last.errors.join('\n'), /left over from earlier runs.*no further one is made/);
  });

  it('that are 45 minutes ahead, both of them, are its time: nothing fails, and the grace is exact', async () => {
    const here = await given({
      pats: [{ displayName: 'Build feed' }],
      settings: { clockAheadSeconds: { keyVault: 45 * 60 } },
    });
    assert.equal((await here.run(advanced)).result, 'Succeeded');
    assert.deepEqual((await here.run(monthly)).written, []);
    here.world.advance({ hours: 47, minutes: 58 });
    assert.deepEqual((await here.run(monthly)).written, []);
    here.world.advance({ minutes: 4 });
    assert.equal((await here.run(monthly)).outputs.revokedCount, '1');
  });

  for (const where of ['in a vault', 'handed over'] as const) {
    it(`and of Azure DevOps that nobody tells (a proxy takes the Date out) revoke nothing: ${where}`, async () => {
      // The agent's own clock, by which the grace is over, is the only one left.
      const here = await given({ pats: [{ displayName: 'Build feed' }], now: Date.now() - 49 * 3_600_000 });
      const inputs = where === 'in a vault' ? revoke : { mode: 'revoke' };
      const { handedOver } = await here.run({ ...inputs, mode: 'advanced' });
      if (handedOver !== undefined) await here.run({ ...inputs, handedOver });
      here.world.advance({ hours: 49 });
      here.world.configure({ sendsDate: false });
      const { operations, pats } = await here.run(inputs);
      assert.equal(operations['pats.revoke'], undefined);
      assert.ok(pats.some(({ message = '' }) => /has not told its time/.test(message)));
      here.world.configure({ sendsDate: true });
      assert.equal((await here.run(inputs)).outputs.revokedCount, '1');
    });
  }
});
