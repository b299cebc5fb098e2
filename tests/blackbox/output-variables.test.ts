import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import type { PatSpec } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { inDays, inHours, type Situation, type StepRun, type TaskInputs } from './situation.ts';

const advanced = { mode: 'advanced' };
const monthly = { ...advanced, renewBeforeDays: '10' };
const revoke = { mode: 'revoke' };

const isNew = 'Build feed (Renew PATs: new)';
const marked = (date: string) => `Build feed (Renew PATs: revoke after ${date})`;
/** The name that a marker of today, 48 hours ahead, gives; the seconds are the run's own. */
const supersededToday = /^Build feed \(Renew PATs: revoke after 2026-11-25T04:00:\d\dZ\)$/;

const inUse: PatSpec = { displayName: 'Build feed', validTo: inDays(40) };
const refusal = json(200, { patToken: null, patTokenError: 'accessDenied' });

/** What was sent to the PAT API to change something: method and name. */
const steps = (run: StepRun) =>
  run.writes.map(({ method, body }) => [method, body === '' ? '' : JSON.parse(body).displayName]);

/** What the step after the one that has stored the values does, in the same job. */
function confirm({ run }: Situation, { handedOver }: StepRun, more: TaskInputs = {}): Promise<StepRun> {
  assert.ok(handedOver, 'something was handed over');
  return run({ ...revoke, ...more }, { variables: { 'RenewPats.HandedOver': handedOver } });
}

describePackagedTask('Mode advanced with output variables', (given) => {
  it('makes the new PAT under a marked name, sets the variable, and renames and revokes nothing', async () => {
    for (const revokeAfterHours of ['0', '48']) {
      const { run, named, activeNames } = await given({ pats: [{ displayName: 'Build feed' }] });
      const done = await run({ ...advanced, revokeAfterHours });
      assert.deepEqual(steps(done), [['POST', isNew]]);
      const [made] = named(isNew);
      assert.deepEqual([done.outputs.PAT_BUILD_FEED, done.secretOutputs], [made?.value, ['PAT_BUILD_FEED']]);
      assert.deepEqual(activeNames(), ['Build feed', isNew]);
      const { action, outcome, destination, newAuthorizationId } = done.line('Build feed');
      assert.deepEqual([action, outcome, destination], ['replace', 'done', 'PAT_BUILD_FEED']);
      assert.equal(newAuthorizationId, made?.authorizationId);
      assert.deepEqual([done.result, done.outputs.renewedCount, done.outputs.revokedCount], ['Succeeded', '1', '0']);
    }
  });

  it('tells the later steps of the job which PATs it has handed over, by their ids, and that is no output and no secret', async () => {
    const { run, named } = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy' }] });
    const done = await run(advanced);
    const ids = [isNew, 'Deploy (Renew PATs: new)'].map((name) => named(name)[0]?.authorizationId ?? '');
    assert.deepEqual(done.handedOver?.split(',').sort(), ids.sort());
    assert.equal(done.raw.variables.get('RenewPats.HandedOver')?.isSecret, false);
    assert.equal(done.outputs['RenewPats.HandedOver'], undefined);
  });

  it('counts the end of what is in use until the new value is confirmed, so that failDays sees a store that fails', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(5) }] });
    const handedOver = await here.run({ ...advanced, failDays: '3' });
    assert.deepEqual([handedOver.result, handedOver.outputs.nextExpiry?.slice(0, 10)], ['Succeeded', '2026-11-28']);
    here.world.advance({ days: 3 });
    const again = await here.run({ ...advanced, failDays: '3' });
    assert.deepEqual([again.result, again.outputs.renewedCount], ['Failed', '1']);
    assert.match(again.errors.join('\n'), /"Build feed" ends on 2026-11-28.*failDays/);
    const confirmed = await confirm(here, again, { failDays: '3' });
    assert.deepEqual(
      [confirmed.result, confirmed.outputs.nextExpiry?.slice(0, 10)],
      ['SucceededWithIssues', '2027-01-22'],
    );
  });

  it('says which were handed over only once their values are with the agent', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const lines = (await run(advanced)).raw.rawOutput.split('\n');
    const value = lines.findIndex((line) => line.startsWith('##vso[task.setvariable variable=PAT_BUILD_FEED'));
    const id = lines.findIndex((line) => line.startsWith('##vso[task.setvariable variable=RenewPats.HandedOver'));
    assert.ok(value >= 0 && value < id);
  });

  it('hands nothing over that it has not made: the variable stays undefined, and the condition of the store step says no', async () => {
    const { run } = await given({ pats: [inUse] });
    assert.equal((await run(monthly)).handedOver, undefined);
  });

  it('and mode revoke in the same job confirms it: the new one gets the plain name, and the old one a date', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const [old] = here.named('Build feed');
    const handedOver = await here.run(advanced);
    const confirmed = await confirm(here, handedOver);
    const [renamed, dated] = steps(confirmed);
    assert.deepEqual(renamed, ['PUT', 'Build feed']);
    assert.match(dated?.[1] ?? '', supersededToday);
    assert.equal(steps(confirmed).length, 2);
    assert.equal(here.active('Build feed').value, handedOver.outputs.PAT_BUILD_FEED);
    assert.ok(old && here.isActive(old));
    assert.deepEqual([confirmed.result, confirmed.outputs.revokedCount], ['Succeeded', '0']);
  });

  it('keeps ends, scopes and organizations of what it renames', async () => {
    const here = await given({ pats: [{ ...inUse, scope: 'vso.packaging vso.code' }] });
    const handedOver = await here.run({ ...advanced, lifetimeDays: '90' });
    const before = [...here.named('Build feed'), ...here.named(isNew)].map(({ displayName: _, ...rest }) => rest);
    await confirm(here, handedOver);
    const after = before.map(({ authorizationId }) => here.world.pats.byId(authorizationId));
    assert.deepEqual(
      after.map((pat) => pat && (({ displayName: _, ...rest }) => rest)(pat)),
      before,
    );
  });

  it('writes nothing once it is confirmed, before the date and after it: only mode revoke revokes', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await confirm(here, await here.run(advanced));
    assert.deepEqual((await here.run(monthly)).written, []);
    here.world.advance({ hours: 49 });
    assert.deepEqual((await here.run(monthly)).written, []);
    assert.equal(here.activeNames().length, 2);
  });

  it('and mode revoke revokes the old PAT, after the date and not before it, in any later job', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { run, world, activeNames } = here;
    await confirm(here, await run(advanced));
    world.advance({ hours: 47, minutes: 58 });
    assert.deepEqual((await run(revoke)).written, []);
    world.advance({ minutes: 4 });
    const { outputs, written } = await run(revoke);
    assert.equal(outputs.revokedCount, '1');
    assert.deepEqual(written, ['DELETE pats.revoke']);
    assert.deepEqual(activeNames(), ['Build feed']);
    assert.deepEqual((await run(revoke)).written, []);
  });

  it('whose confirming step has revokeAfterHours 0 revokes the old PAT at once, and gives it no date', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const confirmed = await confirm(here, await here.run(advanced), { revokeAfterHours: '0' });
    assert.deepEqual(steps(confirmed), [
      ['PUT', 'Build feed'],
      ['DELETE', ''],
    ]);
    assert.deepEqual(here.activeNames(), ['Build feed']);
    assert.equal(confirmed.outputs.revokedCount, '1');
  });

  it('leaves members younger than 12 hours as they are, whatever revokeAfterHours says', async () => {
    for (const revokeAfterHours of ['0', '48']) {
      const here = await given({ pats: [{ displayName: 'Build feed', validFrom: inHours(-11.9) }] });
      const confirmed = await confirm(here, await here.run(advanced), { revokeAfterHours });
      assert.deepEqual(steps(confirmed), [['PUT', 'Build feed']]);
      assert.ok(here.named('Build feed').length === 2 && here.named('Build feed').every(here.isActive));
    }
  });

  it('takes several plain names for unfinished: makes one more, and its confirmation dates the others', async () => {
    const here = await given({ pats: [inUse, { ...inUse, validTo: inDays(50) }] });
    const handedOver = await here.run(monthly);
    assert.deepEqual(steps(handedOver), [['POST', isNew]]);
    const confirmed = await confirm(here, handedOver);
    assert.deepEqual(
      steps(confirmed).map(([method]) => method),
      ['PUT', 'PUT', 'PUT'],
    );
    assert.equal(handedOver.outputs.PAT_BUILD_FEED, here.active('Build feed').value);
    assert.equal(here.activeNames().filter((name) => supersededToday.test(name)).length, 2);
  });

  it('takes a value that was never confirmed for lost once its PAT is older than 12 hours: tells of it, and heals', async () => {
    const here = await given({
      pats: [inUse, { displayName: isNew, validFrom: inHours(-11), validTo: inDays(60) }],
    });
    const { run, world } = here;
    const [orphan] = here.named(isNew);
    assert.deepEqual((await run(monthly)).written, []);
    world.advance({ hours: 2 });
    const healed = await run(monthly);
    assert.deepEqual([healed.result, healed.outputs.renewedCount], ['SucceededWithIssues', '1']);
    const told = healed.warnings.find((warning) => warning.includes(orphan?.authorizationId ?? '?')) ?? '';
    assert.match(told, new RegExp(`never confirmed.*${inDays(60).slice(0, 10)}`));
    await confirm(here, healed);
    assert.equal(here.active('Build feed').value, healed.outputs.PAT_BUILD_FEED);
    world.advance({ hours: 49 });
    assert.equal((await run(revoke)).outputs.revokedCount, '2');
    assert.deepEqual(here.activeNames(), ['Build feed']);
  });

  it('is told of an unconfirmed value by mode revoke and by mode report too, with its date', async () => {
    const here = await given({ pats: [inUse, { displayName: isNew, validFrom: inHours(-13), validTo: inDays(60) }] });
    const [orphan] = here.named(isNew);
    for (const mode of ['revoke', 'report']) {
      const { result, warnings, written } = await here.run({ mode });
      assert.deepEqual([result, written], ['SucceededWithIssues', []]);
      const told = warnings.find((warning) => warning.includes(orphan?.authorizationId ?? '?')) ?? '';
      assert.match(told, new RegExp(`never confirmed.*${inDays(60).slice(0, 10)}`), mode);
    }
  });

  it('makes no further one where three were never confirmed: fails, names them, and says what to do', async () => {
    const left = [-40, -30, -20].map((hours) => ({
      displayName: isNew,
      validFrom: inHours(hours),
      validTo: inDays(50),
    }));
    const here = await given({ pats: [inUse, ...left] });
    const { result, written, line, errors } = await here.run(advanced);
    assert.deepEqual([result, written], ['Failed', []]);
    const { message = '' } = line('Build feed');
    for (const { authorizationId } of here.named(isNew)) assert.ok(message.includes(authorizationId));
    assert.match(message, /^Refused: 3 PATs of that name are left over.*no further one is made.*never confirmed/);
    assert.match(errors.join('\n'), /3 PATs of that name are left over/);
  });

  it('and night after night without a confirmation comes to that bound, and no farther', async () => {
    const here = await given({ pats: [inUse] });
    for (let night = 0; night < 6; night++) {
      await here.run(monthly);
      await here.run(advanced);
      here.world.advance({ days: 1 });
    }
    assert.ok(here.named(isNew).length <= 4, `${here.named(isNew).length} were made`);
    assert.ok(here.named('Build feed').every(here.isActive));
  });

  it('confirms nothing that another job has handed over', async () => {
    const here = await given({ pats: [inUse] });
    await here.run(advanced);
    const another = await here.run(advanced);
    await confirm(here, another);
    assert.deepEqual(
      here.activeNames().filter((name) => !supersededToday.test(name)),
      ['Build feed', isNew],
    );
    assert.equal(here.active('Build feed').value, another.outputs.PAT_BUILD_FEED);
    assert.deepEqual((await here.run({ ...revoke, handedOver: here.world.random.guid() })).written, []);
  });

  it('confirms nothing older than 12 hours, nothing that is not selected, and nothing without the new marker', async () => {
    const old = { displayName: isNew, validFrom: inHours(-12.1), validTo: inDays(60) };
    const here = await given({
      pats: [inUse, old, { displayName: 'Deploy (Renew PATs: new)', validFrom: inHours(-1), validTo: inDays(60) }],
    });
    const ids = [...here.world.pats.all()].map(({ authorizationId }) => authorizationId).join(', ');
    const { written } = await here.run({ ...revoke, handedOver: ids, pats: 'Build feed' });
    assert.deepEqual(written, []);
  });

  it('takes the ids in any case and with blanks, and refuses what are none before any request', async () => {
    const here = await given({ pats: [inUse] });
    const { handedOver = '' } = await here.run(advanced);
    const { result, requests, errors } = await here.run({ ...revoke, handedOver: 'Build feed' });
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(errors.join('\n'), /Input handedOver/);
    await here.run({ ...revoke, handedOver: ` ${handedOver.toUpperCase()} ` });
    assert.equal(here.named(isNew).length, 0);
  });

  it('confirms nothing in a dry run, and says what it would', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const handedOver = await here.run(advanced);
    const { pats, written } = await confirm(here, handedOver, { dryRun: 'true', revokeAfterHours: '0' });
    assert.deepEqual(written, []);
    assert.match(pats.find(({ displayName }) => displayName === isNew)?.message ?? '', /Would be confirmed/);
    assert.deepEqual(
      pats.filter(({ outcome }) => outcome === 'planned').map(({ action, displayName }) => [action, displayName]),
      [['revoke', 'Build feed']],
    );
  });

  it('warns when the new PAT cannot be renamed, says what to do by hand, and supersedes nothing', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const handedOver = await here.run(advanced);
    here.faults.once('pats.update', { kind: 'answer', answer: refusal });
    const { result, warnings, operations } = await confirm(here, handedOver, { revokeAfterHours: '0' });
    assert.deepEqual(
      [result, operations['pats.update'], operations['pats.revoke']],
      ['SucceededWithIssues', 1, undefined],
    );
    assert.ok(
      warnings.some(
        (warning) => /[Rr]ename it to "Build feed" by hand/.test(warning) && warning.includes('accessDenied'),
      ),
    );
    assert.deepEqual(here.activeNames(), ['Build feed', isNew]);
  });

  it('warns when the old PAT cannot be dated, and says what to do by hand', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const old = here.named('Build feed')[0]?.authorizationId ?? '';
    const handedOver = await here.run(advanced);
    here.faults.use({
      decide: ({ operation, body }) =>
        operation === 'pats.update' && body.includes(old) ? { kind: 'answer', answer: refusal } : { kind: 'pass' },
    });
    const { result, warnings } = await confirm(here, handedOver);
    assert.equal(result, 'SucceededWithIssues');
    assert.ok(
      warnings.some((warning) => warning.includes(old) && /by hand/.test(warning) && warning.includes('accessDenied')),
    );
    assert.deepEqual(here.activeNames(), ['Build feed', 'Build feed']);
  });

  it('never postpones a date that stands', async () => {
    const early = marked('2026-11-24T00:00:00Z');
    const here = await given({ pats: [{ displayName: 'Build feed' }, { displayName: early }] });
    for (let twice = 0; twice < 2; twice++) await confirm(here, await here.run(advanced));
    assert.ok(here.activeNames().includes(early));
  });

  it('does not revoke by a date alone: a newer PAT must have stood for revokeAfterHours', async () => {
    const { run, world, activeNames } = await given({
      pats: [
        { displayName: 'Build feed', validFrom: inHours(-20), validTo: inDays(40) },
        { displayName: marked('2026-11-22T00:00:00Z'), validFrom: inDays(-30) },
      ],
    });
    assert.deepEqual((await run(revoke)).written, []);
    world.advance({ hours: 29 });
    assert.equal((await run(revoke)).outputs.revokedCount, '1');
    assert.deepEqual(activeNames(), ['Build feed']);
  });

  it('stops right before a revocation when the PAT in use is gone', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { run, world, faults } = here;
    await confirm(here, await run(advanced));
    world.advance({ hours: 49 });
    const current = here.active('Build feed');
    faults.use({
      before: ({ operation, query }) => {
        if (operation === 'pats.get' && query.get('authorizationId') === current.authorizationId)
          world.pats.revoke('contoso', current.accountId, current.authorizationId);
      },
    });
    const { operations, warnings } = await run(revoke);
    assert.equal(operations['pats.revoke'], undefined);
    assert.ok(warnings.some((warning) => warning.includes(`the PAT in use (${current.authorizationId})`)));
  });

  it('does not repeat a creation whose answer was lost; the orphan’s name tells later runs what it is', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { run, faults, world, activeNames } = here;
    faults.once('pats.create', { kind: 'applyThenDrop' });
    const lost = await run(advanced);
    assert.deepEqual([lost.result, lost.operations['pats.create'], lost.handedOver], ['Failed', 1, undefined]);
    assert.deepEqual(activeNames(), ['Build feed', isNew]);
    world.advance({ hours: 13 });
    await confirm(here, await run(monthly), { revokeAfterHours: '0' });
    assert.deepEqual(activeNames(), ['Build feed']);
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

  it('never renames a PAT that is valid in all organizations', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed', allOrgs: true }] });
    const first = await here.run({ ...advanced, revokeAfterHours: '0' });
    assert.equal(first.outputs.renewedCount, '1');
    await confirm(here, first, { revokeAfterHours: '0' });
    const old = here.named('Build feed').find(({ allOrgs }) => allOrgs);
    assert.ok(old && here.isActive(old));
    assert.ok(first.warnings.some((warning) => warning.includes(old.authorizationId)));
    // It does not count as a second plain name either.
    assert.deepEqual((await here.run({ ...monthly, revokeAfterHours: '0' })).written, []);
  });

  it('replaces expired PATs with includeExpired alone', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(-1) }] });
    const without = await here.run(advanced);
    assert.deepEqual([without.written, without.result], [[], 'SucceededWithIssues']);
    assert.ok(without.warnings.some((warning) => warning.includes('includeExpired')));
    const including = await here.run({ ...advanced, includeExpired: 'true' });
    await confirm(here, including);
    assert.equal(including.outputs.PAT_BUILD_FEED, here.active('Build feed').value);
  });

  it('sends nothing to any vault', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { requests } = await run(advanced);
    assert.ok(requests.every(({ host }) => !host.includes('vault')));
  });
});

const stored = { script: 'test -n "$PAT"', env: { PAT: '$(rotate.PAT_BUILD_FEED)' } };

describePackagedTask('The steps of one job', (given) => {
  it('hand over, store and confirm: the default of handedOver is what the first has told', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { result, steps: done } = await here.runSteps([
      { inputs: advanced, stepName: 'rotate' },
      stored,
      { inputs: revoke },
    ]);
    assert.deepEqual([result, done.map((one) => one.result)], ['Succeeded', ['Succeeded', 'Succeeded', 'Succeeded']]);
    assert.equal(here.active('Build feed').value, done[0]?.outputs.PAT_BUILD_FEED);
  });

  it('confirm nothing where the storing failed: the step after it is skipped, and what is stored stays in use', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const old = here.active('Build feed');
    const { result, steps: done } = await here.runSteps([
      { inputs: advanced, stepName: 'rotate' },
      { script: 'exit 1' },
      { inputs: { ...revoke, revokeAfterHours: '0' } },
    ]);
    assert.deepEqual([result, done.at(-1)?.result], ['Failed', 'Skipped']);
    assert.deepEqual(here.activeNames(), ['Build feed', isNew]);
    assert.ok(here.isActive(old));
  });

  it('hand over one after the other: the later one keeps what the earlier has told, and one step confirms all', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy' }] });
    const { steps: done } = await here.runSteps([
      { inputs: { ...advanced, pats: 'Build feed' }, stepName: 'rotate' },
      { inputs: { ...advanced, pats: 'Deploy' }, stepName: 'more' },
      stored,
      { inputs: { ...revoke, revokeAfterHours: '0' } },
    ]);
    assert.deepEqual(here.activeNames(), ['Build feed', 'Deploy']);
    assert.equal(here.active('Build feed').value, done[0]?.outputs.PAT_BUILD_FEED);
    assert.equal(here.active('Deploy').value, done[1]?.outputs.PAT_DEPLOY);
  });

  it('that hand the same PAT over twice make one, and carry it along', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { steps: done } = await here.runSteps([
      { inputs: advanced, stepName: 'rotate' },
      { inputs: advanced, stepName: 'again' },
    ]);
    assert.equal(here.named(isNew).length, 1);
    assert.equal(done[1]?.handedOver, here.named(isNew)[0]?.authorizationId);
    assert.match(done[1]?.pats[0]?.message ?? '', /handed over earlier in this job/);
  });
});
