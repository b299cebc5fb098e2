import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import type { PatSpec } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { inDays, inHours, type Situation, type StepRun, type TaskInputs } from './situation.ts';

const advanced = { mode: 'advanced' };
const monthly = { ...advanced, renewBeforeDays: '10' };

const isNew = 'Build feed (Renew PATs: new)';
const marked = (date: string) => `Build feed (Renew PATs: revoke after ${date})`;
/** The name that a marker of today, 48 hours ahead, gives; the seconds are the run's own. */
const supersededToday = /^Build feed \(Renew PATs: revoke after 2026-11-25T04:00:\d\dZ\)$/;

const inUse: PatSpec = { displayName: 'Build feed', validTo: inDays(40) };
const refusal = json(200, { patToken: null, patTokenError: 'accessDenied' });

/** What was sent to the PAT API to change something: method and name. */
const steps = (run: StepRun) =>
  run.writes.map(({ method, body }) => [method, body === '' ? '' : JSON.parse(body).displayName]);

const handedOver = ({ raw }: StepRun) => raw.variables.get('RenewPats.HandedOver')?.value ?? '';

/** The step that runs after the one which has stored what `run` handed over. */
const confirm = ({ run }: Situation, made: StepRun, inputs: TaskInputs = {}) =>
  run({ mode: 'revoke', handedOver: handedOver(made), ...inputs });

describePackagedTask('Mode advanced with output variables', (given) => {
  it('makes the new PAT under a marked name, hands its value over, and renames and revokes nothing', async () => {
    for (const revokeAfterHours of ['48', '0']) {
      const here = await given({ pats: [{ displayName: 'Build feed' }] });
      const done = await here.run({ ...advanced, revokeAfterHours });
      assert.deepEqual(steps(done), [['POST', isNew]]);
      assert.deepEqual(here.activeNames(), ['Build feed', isNew]);

      const made = here.active(isNew);
      assert.deepEqual([done.outputs.PAT_BUILD_FEED, done.secretOutputs], [made.value, ['PAT_BUILD_FEED']]);
      assert.equal(handedOver(done), made.authorizationId);
      assert.deepEqual([done.result, done.outputs.renewedCount], ['Succeeded', '1']);
      const { action, outcome, destination, newAuthorizationId } = done.line('Build feed');
      assert.deepEqual([action, outcome, destination], ['replace', 'done', 'PAT_BUILD_FEED']);
      assert.equal(newAuthorizationId, made.authorizationId);
    }
  });

  it('says which were handed over only once their values are with the agent', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const lines = (await run(advanced)).raw.rawOutput.split('\n');
    const value = lines.findIndex((line) => line.startsWith('##vso[task.setvariable variable=PAT_BUILD_FEED'));
    const id = lines.findIndex((line) => line.startsWith('##vso[task.setvariable variable=RenewPats.HandedOver'));
    assert.ok(value >= 0 && value < id);
  });

  it('takes one that was never confirmed for lost once it is older than 12 hours: warns, and makes another', async () => {
    const here = await given({
      pats: [inUse, { displayName: isNew, validFrom: inHours(-11), validTo: inDays(60) }],
    });
    assert.deepEqual((await here.run(monthly)).written, []);
    here.world.advance({ hours: 2 });
    const healed = await here.run(monthly);
    assert.deepEqual([healed.outputs.renewedCount, healed.result], ['1', 'SucceededWithIssues']);
    assert.ok(healed.warnings.some((warning) => /never confirmed/.test(warning)));
    await confirm(here, healed);
    here.world.advance({ hours: 49 });
    assert.equal((await here.run({ mode: 'revoke' })).outputs.revokedCount, '2');
    assert.deepEqual(here.activeNames(), ['Build feed']);
  });

  it('makes no further one beside three that were never confirmed, and says what to do', async () => {
    const left = [-40, -30, -20].map((hours) => ({
      displayName: isNew,
      validFrom: inHours(hours),
      validTo: inDays(60),
    }));
    const { run } = await given({ pats: [inUse, ...left] });
    const { result, written, line } = await run(monthly);
    assert.deepEqual([result, written], ['Failed', []]);
    assert.match(line('Build feed').message ?? '', /3 PATs of that name are left over/);
  });

  it('takes several plain names for unfinished, and makes one of them', async () => {
    const here = await given({ pats: [inUse, { ...inUse, validTo: inDays(50) }] });
    const done = await here.run(monthly);
    assert.deepEqual(steps(done), [['POST', isNew]]);
    await confirm(here, done);
    assert.equal(here.active('Build feed').value, done.outputs.PAT_BUILD_FEED);
    assert.equal(here.activeNames().filter((name) => supersededToday.test(name)).length, 2);
  });

  it('does not repeat a creation whose answer was lost; the orphan’s name tells later runs what it is', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    here.faults.once('pats.create', { kind: 'applyThenDrop' });
    const lost = await here.run(advanced);
    assert.deepEqual([lost.result, lost.operations['pats.create'], handedOver(lost)], ['Failed', 1, '']);
    assert.deepEqual(here.activeNames(), ['Build feed', isNew]);
    here.world.advance({ hours: 13 });
    await confirm(here, await here.run(monthly), { revokeAfterHours: '0' });
    assert.deepEqual(here.activeNames(), ['Build feed']);
  });

  it('names the variables by organization when there are several', async () => {
    const { run, named } = await given({
      organizations: {
        'contoso-west': { pats: [{ displayName: 'Build feed' }] },
        fabrikam: { pats: [{ displayName: 'Build feed' }, { displayName: '--nuget..key--' }] },
      },
    });
    const { outputs, secretOutputs } = await run({ ...advanced, organization: 'contoso-west,fabrikam' });
    assert.deepEqual([...secretOutputs].sort(), [
      'PAT_CONTOSO_WEST_BUILD_FEED',
      'PAT_FABRIKAM_BUILD_FEED',
      'PAT_FABRIKAM_NUGET_KEY',
    ]);
    assert.equal(outputs.PAT_CONTOSO_WEST_BUILD_FEED, named(isNew, 'contoso-west')[0]?.value);
  });

  it('replaces expired PATs with includeExpired alone', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(-1) }] });
    const without = await here.run(advanced);
    assert.deepEqual([without.written, without.result], [[], 'SucceededWithIssues']);
    assert.ok(without.warnings.some((warning) => warning.includes('includeExpired')));
    const including = await here.run({ ...advanced, includeExpired: 'true' });
    assert.equal(including.outputs.PAT_BUILD_FEED, here.active(isNew).value);
  });

  it('sends nothing to any vault', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { requests } = await run(advanced);
    assert.ok(requests.every(({ host }) => !host.includes('vault')));
  });
});

describePackagedTask('Mode revoke, after the step that stores what was handed over', (given) => {
  it('confirms: gives the new PAT its plain name and the old one its date; after the date it revokes the old one', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const made = await here.run(advanced);
    const confirmed = await confirm(here, made);
    assert.equal(confirmed.result, 'Succeeded');
    const [plain, dated] = steps(confirmed);
    assert.deepEqual([steps(confirmed).length, plain], [2, ['PUT', 'Build feed']]);
    assert.match(dated?.[1] ?? '', supersededToday);
    assert.equal(here.active('Build feed').value, made.outputs.PAT_BUILD_FEED);

    here.world.advance({ hours: 47, minutes: 58 });
    assert.deepEqual((await here.run({ mode: 'revoke' })).written, []);
    here.world.advance({ minutes: 4 });
    const { outputs, written } = await here.run({ mode: 'revoke' });
    assert.deepEqual([outputs.revokedCount, written], ['1', ['DELETE pats.revoke']]);
    assert.deepEqual(here.activeNames(), ['Build feed']);
    assert.deepEqual((await here.run({ mode: 'revoke' })).written, []);
    assert.deepEqual((await here.run(monthly)).written, []);
  });

  it('revokes the old PAT at once with revokeAfterHours 0, and gives it no date', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { outputs, written } = await confirm(here, await here.run(advanced), { revokeAfterHours: '0' });
    assert.deepEqual([outputs.revokedCount, written], ['1', ['PUT pats.update', 'DELETE pats.revoke']]);
    assert.deepEqual(here.activeNames(), ['Build feed']);
  });

  it('confirms nothing that it is not told of: another job’s values may not be stored', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await here.run(advanced);
    assert.deepEqual((await here.run({ mode: 'revoke', revokeAfterHours: '0' })).written, []);
    const other = '11111111-2222-4333-8444-555555555555';
    assert.deepEqual((await here.run({ mode: 'revoke', handedOver: other, revokeAfterHours: '0' })).written, []);
    assert.deepEqual(here.activeNames(), ['Build feed', isNew]);
  });

  it('confirms nothing that is older than 12 hours', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const made = await here.run(advanced);
    here.world.advance({ hours: 13 });
    assert.deepEqual((await confirm(here, made, { revokeAfterHours: '0' })).written, []);
  });

  it('confirms nothing of what the rules leave out', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const made = await here.run(advanced);
    assert.deepEqual((await confirm(here, made, { pats: '*\n!Build feed' })).written, []);
  });

  it('leaves members younger than 12 hours as they are', async () => {
    for (const revokeAfterHours of ['0', '48']) {
      const here = await given({ pats: [{ displayName: 'Build feed', validFrom: inHours(-11.9) }] });
      const { written } = await confirm(here, await here.run(advanced), { revokeAfterHours });
      assert.deepEqual(written, ['PUT pats.update']);
      assert.deepEqual(here.activeNames(), ['Build feed', 'Build feed']);
    }
  });

  it('warns when the new PAT cannot be renamed, says what to do by hand, and supersedes nothing', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const made = await here.run(advanced);
    here.faults.once('pats.update', { kind: 'answer', answer: refusal });
    const { warnings, operations } = await confirm(here, made, { revokeAfterHours: '0' });
    assert.deepEqual([operations['pats.update'], operations['pats.revoke']], [1, undefined]);
    assert.ok(warnings.some((text) => /Rename it to "Build feed" by hand/.test(text) && text.includes('accessDenied')));
    assert.deepEqual(here.activeNames(), ['Build feed', isNew]);
  });

  it('warns when the old PAT cannot be dated, and says what to do by hand', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const old = here.active('Build feed').authorizationId;
    const made = await here.run(advanced);
    here.faults.use({
      decide: ({ operation, body }) =>
        operation === 'pats.update' && body.includes(old) ? { kind: 'answer', answer: refusal } : { kind: 'pass' },
    });
    const { warnings } = await confirm(here, made);
    assert.ok(
      warnings.some((warning) => warning.includes(old) && /by hand/.test(warning) && warning.includes('accessDenied')),
    );
    assert.deepEqual(here.activeNames(), ['Build feed', 'Build feed']);
  });

  it('never postpones a date that stands', async () => {
    const early = marked('2026-11-24T00:00:00Z');
    const here = await given({ pats: [{ displayName: 'Build feed' }, { displayName: early }] });
    await confirm(here, await here.run(advanced));
    assert.ok(here.activeNames().includes(early));
  });

  it('does not revoke by a date alone: a newer confirmed PAT must have stood for revokeAfterHours', async () => {
    const here = await given({
      pats: [
        { displayName: 'Build feed', validFrom: inHours(-20), validTo: inDays(40) },
        { displayName: marked('2026-11-22T00:00:00Z'), validFrom: inDays(-30) },
      ],
    });
    assert.deepEqual((await here.run({ mode: 'revoke' })).written, []);
    here.world.advance({ hours: 29 });
    assert.equal((await here.run({ mode: 'revoke' })).outputs.revokedCount, '1');
    assert.deepEqual(here.activeNames(), ['Build feed']);
  });

  it('stops right before a revocation when the PAT in use is gone', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await confirm(here, await here.run(advanced));
    here.world.advance({ hours: 49 });
    const current = here.active('Build feed');
    here.faults.use({
      before: ({ operation, query }) => {
        if (operation === 'pats.get' && query.get('authorizationId') === current.authorizationId)
          here.world.pats.revoke('contoso', current.accountId, current.authorizationId);
      },
    });
    const { operations, pats } = await here.run({ mode: 'revoke' });
    assert.equal(operations['pats.revoke'], undefined);
    assert.ok(pats.some(({ message }) => /[Nn]ot revoked, because/.test(message ?? '')));
  });

  it('never renames or revokes a PAT that is valid in all organizations', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed', allOrgs: true }] });
    const made = await here.run(advanced);
    const old = here.named('Build feed').find(({ allOrgs }) => allOrgs);
    const { written } = await confirm(here, made, { revokeAfterHours: '0' });
    assert.deepEqual(written, ['PUT pats.update']);
    assert.ok(old && here.isActive(old));
    assert.ok(made.warnings.some((warning) => warning.includes(old.authorizationId)));
    // It does not count as a second plain name either.
    assert.deepEqual((await here.run(monthly)).written, []);
  });

  it('only says in a dry run what it would confirm', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { written, pats } = await confirm(here, await here.run(advanced), { dryRun: 'true' });
    assert.deepEqual(written, []);
    assert.ok(pats.some(({ message }) => /Would be confirmed/.test(message ?? '')));
  });
});
