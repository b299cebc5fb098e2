import assert from 'node:assert/strict';
import { serviceUnavailable } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { account, type Company, inDays, inHours, minuteOf, type Situation } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
const monthly = { ...advanced, renewBeforeDays: '10' };
const both = { organization: 'contoso,fabrikam' };

/** Microsoft's own tools make such PATs: valid in two organizations that are named. */
const ofTwo: Company = {
  organizations: {
    contoso: { pats: [{ displayName: 'Build feed', alsoIn: ['fabrikam'] }] },
    fabrikam: {},
  },
};

const shared = ({ named }: Situation) => {
  const [pat] = named('Build feed');
  assert.ok(pat);
  return pat;
};

describePackagedTask('A PAT that is valid in two named organizations', (given) => {
  it('is never revoked and never renamed by advanced for one of them, and is named in a warning', async () => {
    for (const inputs of [advanced, { mode: 'advanced' }]) {
      const here = await given(ofTwo);
      const old = shared(here);
      for (const days of [0, 3, 3]) {
        here.world.advance({ days });
        const { warnings, handedOver, result } = await here.run({ ...inputs, revokeAfterHours: '0' });
        assert.equal(result, 'SucceededWithIssues');
        const told = warnings.find((warning) => warning.includes(old.authorizationId)) ?? '';
        assert.match(told, /valid in several organizations.*successor is valid in one organization only/);
        if (handedOver !== undefined) await here.run({ mode: 'revoke', revokeAfterHours: '0', handedOver });
        await here.run({ ...inputs, mode: 'revoke', revokeAfterHours: '0' });
      }
      assert.ok(here.isActive(old), 'the other organization’s consumers still use it');
      assert.equal(here.world.pats.byId(old.authorizationId)?.displayName, 'Build feed');
    }
  });

  it('has a successor that is valid in one organization, whose consumers read it from their place', async () => {
    const here = await given(ofTwo);
    const { warnings } = await here.run(advanced);
    const [, made] = here.named('Build feed');
    assert.deepEqual([made?.otherAccounts, made?.allOrgs], [[], false]);
    assert.equal(here.newest('Build-feed').value, made?.value);
    assert.match(warnings.join('\n'), /its successor in contoso only.*PAT of their own/);
  });

  for (const severalAccountsUpdate of ['keptUnlessAsked', 'narrowed', 'refused'] as const) {
    it(`is extended once and asked to stay where it is valid (the service: ${severalAccountsUpdate})`, async () => {
      const here = await given({ ...ofTwo, settings: { severalAccountsUpdate } });
      const { writes, result, warnings } = await here.run(both);
      assert.deepEqual([writes.length, JSON.parse(writes[0]?.body ?? '{}').allOrgs], [1, undefined]);
      assert.equal(result, severalAccountsUpdate === 'refused' ? 'Failed' : 'SucceededWithIssues');
      if (severalAccountsUpdate === 'narrowed') assert.match(warnings.join('\n'), /in contoso only.*was not asked for/);
      if (severalAccountsUpdate !== 'keptUnlessAsked') return;
      assert.equal(shared(here).otherAccounts.length, 1);
      assert.equal(minuteOf(shared(here).validTo), minuteOf(inDays(60)));
    });
  }

  it('is not narrowed by allOrgs false either', async () => {
    const here = await given(ofTwo);
    await here.run({ ...both, allOrgs: 'false' });
    assert.equal(shared(here).otherAccounts.length, 1);
  });

  it('does not count as a second plain name beside one of this organization', async () => {
    const here = await given({
      organizations: {
        contoso: {
          pats: [
            { displayName: 'Build feed', validTo: inDays(40) },
            { displayName: 'Build feed', validTo: inDays(40), alsoIn: ['fabrikam'] },
          ],
        },
        fabrikam: {},
      },
    });
    assert.deepEqual((await here.run({ mode: 'advanced', renewBeforeDays: '10' })).written, []);
  });

  it('made so between the list and the revocation is left: the last look sees it', async () => {
    for (const change of ['renamed', 'global'] as const) {
      const here = await given({ pats: [{ displayName: 'Build feed' }] });
      await here.run(advanced);
      here.world.advance({ hours: 49 });
      const [old] = here.named('Build feed');
      assert.ok(old);
      here.faults.use({
        before: ({ operation }) => {
          if (operation !== 'pats.get') return;
          here.world.pats.plant({
            ...old,
            ...(change === 'renamed' ? { displayName: 'Laptop of Ada' } : { allOrgs: true }),
          });
        },
      });
      const { operations, warnings, outputs } = await here.run(monthly);
      assert.deepEqual([operations['pats.revoke'], outputs.revokedCount], [undefined, '0'], change);
      assert.ok(here.isActive(old));
      assert.match(
        warnings.join('\n'),
        change === 'renamed' ? /it was renamed meanwhile/ : /it was made valid in several organizations meanwhile/,
      );
    }
  });
});

describePackagedTask('While one of two organizations cannot be read', (given) => {
  const pats = [{ displayName: 'Build feed' }];
  const twins: Company = { organizations: { contoso: { pats }, fabrikam: { pats } } };
  const breakDown = ({ faults }: Situation) =>
    faults.use({
      decide: ({ path }) =>
        path.startsWith('/fabrikam/_apis/tokens')
          ? { kind: 'answer', answer: serviceUnavailable(0) }
          : { kind: 'pass' },
    });

  it('nothing is delivered for the first time: what was not seen may lead to the same place', async () => {
    const here = await given(twins);
    breakDown(here);
    const { result, written, line, outputs, errors } = await here.run({ ...advanced, ...both });
    assert.deepEqual([result, written, outputs.failedCount], ['Failed', [], '1']);
    assert.match(line('Build feed').message ?? '', /organization "fabrikam" could not be read.*same place/);
    assert.match(errors[0] ?? '', /1 PAT failed.*Organization "fabrikam" could not be read/);
  });

  it('what was refused the night before is not done behind its back', async () => {
    const here = await given(twins);
    assert.equal((await here.run({ ...advanced, ...both })).outputs.failedCount, '2');
    breakDown(here);
    assert.deepEqual((await here.run({ ...advanced, ...both })).written, []);
    assert.deepEqual(here.versions('Build-feed'), []);
  });

  it('what was delivered before is renewed and retired as always, and the step fails', async () => {
    const here = await given(twins);
    const apart = { ...both, secretName: '{organization}-{pat}' };
    await here.run({ ...advanced, ...apart });
    here.world.advance({ hours: 49 });
    breakDown(here);
    const { result, outputs, report } = await here.run({ ...advanced, ...apart });
    assert.deepEqual([result, outputs.renewedCount, outputs.revokedCount], ['Failed', '1', '1']);
    assert.deepEqual(
      report.unreachable.map(({ organization }) => organization),
      ['fabrikam'],
    );
  });
});

describePackagedTask('A renamed organization', (given) => {
  const renamed = { organization: 'contoso-group' };

  async function delivered(here: Situation): Promise<void> {
    await here.run(advanced);
    here.world.advance({ days: 3 });
    here.world.rename('contoso', 'contoso-group');
  }

  it('keeps its records: the PAT’s id says that they are its own, and the next delivery writes the new name', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await delivered(here);
    assert.equal(here.newest('Build-feed').tags['renewPats-organization'], 'contoso');
    const retired = await here.run({ ...monthly, ...renamed });
    assert.deepEqual(
      [retired.result, retired.outputs.revokedCount, retired.outputs.renewedCount],
      ['Succeeded', '1', '0'],
    );
    const renewed = await here.run({ ...advanced, ...renamed });
    assert.deepEqual([renewed.result, renewed.outputs.renewedCount], ['Succeeded', '1']);
    assert.equal(here.newest('Build-feed').tags['renewPats-organization'], 'contoso-group');
    here.world.advance({ hours: 49 });
    await here.run({ ...monthly, ...renamed });
    assert.equal(here.newest('Build-feed').value, here.active('Build feed', 'contoso-group').value);
  });

  it('has its recorded ends moved along by mode simple', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await delivered(here);
    const { result, operations } = await here.run({ keyVault: 'contoso-vault', lifetimeDays: '90', ...renamed });
    assert.deepEqual([result, operations['vault.updateVersion']], ['Succeeded', 1]);
    const [, current] = here.named('Build feed', 'contoso-group');
    assert.equal(here.newest('Build-feed').expires, Math.floor((current?.validTo ?? 0) / 1000));
  });

  it('whose recorded PAT nobody lists any more is refused with both explanations, and no mode is green over it', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(300) }] });
    await delivered(here);
    const [, recorded] = here.named('Build feed', 'contoso-group');
    assert.ok(recorded);
    here.world.pats.revoke('contoso-group', recorded.accountId, recorded.authorizationId);
    const { result, written, line } = await here.run({ ...monthly, ...renamed });
    assert.deepEqual([result, written], ['Failed', []]);
    assert.match(
      line('Build feed').message ?? '',
      /organization "contoso".*another organization.*\{organization\}.*renamed, and that PAT has been deleted since.*remove the tags/,
    );
    for (const mode of ['simple', 'revoke']) {
      const run = await here.run({ mode, keyVault: 'contoso-vault', ...renamed });
      assert.notEqual(run.result, 'Succeeded', mode);
    }
    assert.ok(here.isActive(here.active('Build feed', 'contoso-group')));
  });

  it('and a PAT that has expired in it since then is its own all the same: it heals by itself', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await delivered(here);
    here.world.advance({ days: 61 });
    const { result, outputs } = await here.run({ ...monthly, ...renamed });
    assert.deepEqual([result, outputs.renewedCount], ['Succeeded', '1']);
  });

  it('an account that was deleted and made anew is told how to take a secret over', async () => {
    const here = await given({
      accounts: [
        { upn: account, password: 'pa ss&w%rd"1+\\é' },
        { upn: 'anew@contoso.com', password: 'pa ss&w%rd"1+\\é' },
      ],
      pats: [{ displayName: 'Build feed' }, { displayName: 'Build feed', owner: 'anew@contoso.com' }],
    });
    await here.run(advanced);
    const { line, written } = await here.run(advanced, { variables: { sa_username: 'anew@contoso.com' } });
    assert.deepEqual(written, []);
    assert.match(
      line('Build feed').message ?? '',
      /deleted and made anew as this one, remove the tags.*renewPats.*taken over/,
    );
  });
});

describePackagedTask('PATs valid in all organizations, around 2026-12-01', (given) => {
  const everywhere = { displayName: 'Everywhere', allOrgs: true, validFrom: inDays(-100), validTo: inDays(300) };
  const onDay = (text: string) => Date.parse(text);

  it('are due for a successor 14 days before that day, whatever renewBeforeDays says', async () => {
    for (const [now, renewed] of [
      ['2026-11-16T00:00:00Z', '0'],
      ['2026-11-17T00:01:00Z', '1'],
    ] as const) {
      const here = await given({ pats: [everywhere], now: onDay('2026-11-01T00:00:00Z') });
      here.world.configure({ globalCreation: 'allowed' });
      assert.equal((await here.run({ ...advanced, allOrgs: 'true' })).outputs.renewedCount, '1');
      here.world.configure({ globalCreation: 'blocked' });
      here.world.now = onDay(now);
      const { outputs } = await here.run({ ...advanced, renewBeforeDays: '0' });
      assert.equal(outputs.renewedCount, renewed, now);
    }
  });

  it('are told by mode simple with the day on which they really end, extended or refused', async () => {
    const here = await given({ pats: [{ ...everywhere, validTo: inDays(42) }] });
    const extended = await here.run();
    assert.deepEqual(
      [extended.outputs.nextExpiry, extended.result],
      ['2026-12-01T00:00:00.000Z', 'SucceededWithIssues'],
    );
    assert.equal(extended.line('Everywhere').validTo, '2026-12-01T00:00:00.000Z');
    assert.match(
      extended.line('Everywhere').message ?? '',
      /Microsoft retires PATs of all organizations on 2026-12-01/,
    );
    here.world.configure({ globalUpdate: 'blocked' });
    const refused = await here.run({ lifetimeDays: '90' });
    assert.equal(refused.result, 'Failed');
    assert.match(refused.line('Everywhere').message ?? '', /It still ends on 2026-12-01T00:00:00Z/);
  });

  it('are not made with allOrgs true where they would be due again at once', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }], settings: { globalCreation: 'allowed' } });
    const { result, written, line } = await here.run({ ...monthly, allOrgs: 'true', renewBeforeDays: '12' });
    assert.deepEqual([result, written], ['Failed', []]);
    assert.match(line('Build feed').message ?? '', /due again at once.*2026-12-01.*allOrgs to keep or false/);
  });

  it('are no reason to revoke the last PAT that goes on working', async () => {
    const here = await given({
      pats: [{ displayName: 'Build feed' }],
      settings: { globalCreation: 'allowed' },
      now: onDay('2026-11-15T00:00:00Z'),
    });
    await here.run({ ...advanced, allOrgs: 'true' });
    here.world.now = onDay('2026-11-30T23:30:00Z');
    const { operations } = await here.run({ ...advanced, mode: 'revoke' });
    assert.equal(operations['pats.revoke'], undefined);
  });

  it('are taken from other organizations by allOrgs false with a warning that says so', async () => {
    const here = await given({ pats: [everywhere] });
    const { warnings, result } = await here.run({ allOrgs: 'false', lifetimeDays: '330' });
    assert.equal(result, 'SucceededWithIssues');
    assert.match(warnings.join('\n'), /valid in one only from now on.*allOrgs is false/);
  });

  it('are warned of by every mode, and a report of an active one names the day', async () => {
    for (const mode of ['simple', 'advanced', 'revoke', 'report']) {
      const here = await given({ pats: [everywhere] });
      const { warnings, result } = await here.run({ mode, keyVault: 'contoso-vault', dryRun: 'true' });
      assert.equal(result, 'SucceededWithIssues', mode);
      assert.ok(
        warnings.some((warning) => /valid in all organizations.*2026-12-01/.test(warning)),
        mode,
      );
    }
  });

  it('that the service still lists as active after that day are not refused by the task: Microsoft may have moved it', async () => {
    const here = await given({
      pats: [{ ...everywhere, validTo: '2027-06-01T00:00:00Z' }],
      now: onDay('2026-12-05T00:00:00Z'),
      settings: { globalRetirement: '2027-12-01T00:00:00Z' },
    });
    const { outputs, result } = await here.run({ lifetimeDays: '300' });
    assert.deepEqual([result, outputs.renewedCount], ['SucceededWithIssues', '1']);
  });

  it('that two organizations list are handled by one of them, and the other says by which', async () => {
    const here = await given({ organizations: { contoso: { pats: [everywhere] }, fabrikam: {} } });
    const { pats, writes } = await here.run({ ...both, lifetimeDays: '330' });
    assert.equal(writes.length, 1);
    const messages = pats.map(({ message = '' }) => message).filter((message) => /handled there/.test(message));
    assert.equal(messages.length, 1, 'not each says that the other handles it');
  });

  it('left over beside a managed family keep it quiet: nothing is written in a run with nothing due', async () => {
    const here = await given({ pats: [{ ...everywhere, displayName: 'Build feed' }] });
    await here.run(advanced);
    here.world.now = onDay(inHours(60));
    assert.deepEqual((await here.run(monthly)).written, []);
  });
});
