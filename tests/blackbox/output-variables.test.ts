import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import type { PatSpec } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { inDays, inHours, type StepRun } from './situation.ts';

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

describePackagedTask('Mode advanced with output variables', (given) => {
  it('makes the new PAT under a marked name, sets the variable, gives it the plain name, and dates the old one', async () => {
    const { run, named, activeNames } = await given({ pats: [{ displayName: 'Build feed' }] });
    const done = await run(advanced);
    const [created, renamed, dated] = steps(done);
    assert.deepEqual(
      [created, renamed],
      [
        ['POST', isNew],
        ['PUT', 'Build feed'],
      ],
    );
    assert.match(dated?.[1] ?? '', supersededToday);
    assert.equal(steps(done).length, 3);

    const [made] = named('Build feed');
    assert.deepEqual([done.outputs.PAT_BUILD_FEED, done.secretOutputs], [made?.value, ['PAT_BUILD_FEED']]);
    assert.equal(activeNames().length, 2);
    assert.equal(done.result, 'Succeeded');
    const { action, outcome, destination, newAuthorizationId } = done.line('Build feed');
    assert.deepEqual([action, outcome, destination], ['replace', 'done', 'PAT_BUILD_FEED']);
    assert.equal(newAuthorizationId, made?.authorizationId);
  });

  it('hands the value to the agent before the name says that it was delivered', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { raw } = await run(advanced);
    const lines = raw.rawOutput.split('\n');
    const handedOver = lines.findIndex((line) => line.startsWith('##vso[task.setvariable variable=PAT_BUILD_FEED'));
    const renamed = lines.findIndex((line) => /task\.debug\]PUT /.test(line));
    assert.ok(handedOver >= 0 && handedOver < renamed);
  });

  it('writes nothing in a second run, before the date and after it: only mode revoke knows that the value was stored', async () => {
    const { run, world, activeNames } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run(advanced);
    assert.deepEqual((await run(monthly)).written, []);
    world.advance({ hours: 49 });
    assert.deepEqual((await run(monthly)).written, []);
    assert.equal(activeNames().length, 2);
  });

  it('and mode revoke revokes the old PAT, after the date and not before it', async () => {
    const { run, world, activeNames } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run(advanced);
    world.advance({ hours: 47, minutes: 58 });
    assert.deepEqual((await run({ mode: 'revoke' })).written, []);
    world.advance({ minutes: 4 });
    const { outputs, written } = await run({ mode: 'revoke' });
    assert.equal(outputs.revokedCount, '1');
    assert.deepEqual(written, ['DELETE pats.revoke']);
    assert.deepEqual(activeNames(), ['Build feed']);
    assert.deepEqual((await run({ mode: 'revoke' })).written, []);
  });

  it('revokes the old PAT in the same run with revokeAfterHours 0, and gives it no date', async () => {
    const { run, activeNames, active } = await given({ pats: [{ displayName: 'Build feed' }] });
    const done = await run({ ...advanced, revokeAfterHours: '0' });
    assert.deepEqual(
      steps(done).map(([method]) => method),
      ['POST', 'PUT', 'DELETE'],
    );
    assert.deepEqual(activeNames(), ['Build feed']);
    assert.equal(done.outputs.PAT_BUILD_FEED, active('Build feed').value);
    assert.deepEqual([done.outputs.renewedCount, done.outputs.revokedCount], ['1', '1']);
  });

  it('leaves members younger than 12 hours as they are', async () => {
    for (const revokeAfterHours of ['0', '48']) {
      const { run, named, isActive } = await given({
        pats: [{ displayName: 'Build feed', validFrom: inHours(-11.9) }],
      });
      const done = await run({ ...advanced, revokeAfterHours });
      assert.deepEqual(
        steps(done).map(([method]) => method),
        ['POST', 'PUT'],
      );
      assert.ok(named('Build feed').length === 2 && named('Build feed').every(isActive));
    }
  });

  it('takes several plain names for unfinished: makes one of them, and dates the others', async () => {
    const { run, named, activeNames } = await given({ pats: [inUse, { ...inUse, validTo: inDays(50) }] });
    const done = await run(monthly);
    assert.deepEqual(
      steps(done).map(([method]) => method),
      ['POST', 'PUT', 'PUT', 'PUT'],
    );
    assert.equal(done.outputs.PAT_BUILD_FEED, named('Build feed')[0]?.value);
    assert.equal(activeNames().filter((name) => supersededToday.test(name)).length, 2);
  });

  it('takes a new PAT whose delivery is unknown for an orphan once it is older than 12 hours, and heals', async () => {
    const { run, world, named, activeNames } = await given({
      pats: [inUse, { displayName: isNew, validFrom: inHours(-11), validTo: inDays(60) }],
    });
    assert.deepEqual((await run(monthly)).written, []);
    world.advance({ hours: 2 });
    const healed = await run(monthly);
    assert.equal(healed.outputs.renewedCount, '1');
    assert.equal(healed.outputs.PAT_BUILD_FEED, named('Build feed')[0]?.value);
    world.advance({ hours: 49 });
    assert.equal((await run({ mode: 'revoke' })).outputs.revokedCount, '2');
    assert.deepEqual(activeNames(), ['Build feed']);
  });

  it('warns when the new PAT cannot be renamed, says what to do by hand, and revokes nothing', async () => {
    const { run, faults, activeNames } = await given({ pats: [{ displayName: 'Build feed' }] });
    faults.once('pats.update', { kind: 'answer', answer: refusal });
    const { result, warnings, operations, outputs } = await run({ ...advanced, revokeAfterHours: '0' });
    assert.deepEqual([result, operations['pats.update'], operations['pats.revoke']], ['Succeeded', 1, undefined]);
    assert.ok(
      warnings.some(
        (warning) => /[Rr]ename it to "Build feed" by hand/.test(warning) && warning.includes('accessDenied'),
      ),
    );
    assert.deepEqual(activeNames(), ['Build feed', isNew]);
    assert.ok(outputs.PAT_BUILD_FEED);
  });

  it('warns when the old PAT cannot be dated, and says what to do by hand', async () => {
    const { run, faults, activeNames, named } = await given({ pats: [{ displayName: 'Build feed' }] });
    const old = named('Build feed')[0]?.authorizationId ?? '';
    faults.use({
      decide: ({ operation, body }) =>
        operation === 'pats.update' && body.includes(old) ? { kind: 'answer', answer: refusal } : { kind: 'pass' },
    });
    const { result, warnings } = await run(advanced);
    assert.equal(result, 'Succeeded');
    assert.ok(
      warnings.some((warning) => warning.includes(old) && /by hand/.test(warning) && warning.includes('accessDenied')),
    );
    assert.deepEqual(activeNames(), ['Build feed', 'Build feed']);
  });

  it('never postpones a date that stands', async () => {
    const early = marked('2026-11-24T00:00:00Z');
    const { run, activeNames } = await given({ pats: [{ displayName: 'Build feed' }, { displayName: early }] });
    await run(advanced);
    await run(advanced);
    assert.ok(activeNames().includes(early));
  });

  it('does not revoke by a date alone: a newer PAT must have stood for revokeAfterHours', async () => {
    const { run, world, activeNames } = await given({
      pats: [
        { displayName: 'Build feed', validFrom: inHours(-20), validTo: inDays(40) },
        { displayName: marked('2026-11-22T00:00:00Z'), validFrom: inDays(-30) },
      ],
    });
    assert.deepEqual((await run({ mode: 'revoke' })).written, []);
    world.advance({ hours: 29 });
    assert.equal((await run({ mode: 'revoke' })).outputs.revokedCount, '1');
    assert.deepEqual(activeNames(), ['Build feed']);
  });

  it('stops right before a revocation when the PAT in use is gone', async () => {
    const { run, world, faults, named } = await given({ pats: [{ displayName: 'Build feed' }] });
    await run(advanced);
    world.advance({ hours: 49 });
    const [current] = named('Build feed');
    assert.ok(current);
    faults.use({
      before: ({ operation, query }) => {
        if (operation === 'pats.get' && query.get('authorizationId') === current.authorizationId)
          world.pats.revoke('contoso', current.accountId, current.authorizationId);
      },
    });
    const { operations, warnings } = await run({ mode: 'revoke' });
    assert.equal(operations['pats.revoke'], undefined);
    assert.ok(warnings.length > 0);
  });

  it('does not repeat a creation whose answer was lost; the orphan’s name tells later runs what it is', async () => {
    const { run, faults, world, activeNames } = await given({ pats: [{ displayName: 'Build feed' }] });
    faults.once('pats.create', { kind: 'applyThenDrop' });
    const lost = await run(advanced);
    assert.deepEqual([lost.result, lost.operations['pats.create']], ['Failed', 1]);
    assert.deepEqual(activeNames(), ['Build feed', isNew]);
    world.advance({ hours: 13 });
    assert.equal((await run({ ...monthly, revokeAfterHours: '0' })).result, 'Succeeded');
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
    assert.equal(outputs.PAT_CONTOSO_WEST_BUILD_FEED, named('Build feed', 'contoso-west')[0]?.value);
  });

  it('never renames a PAT that is valid in all organizations', async () => {
    const { run, named, isActive } = await given({ pats: [{ displayName: 'Build feed', allOrgs: true }] });
    const first = await run({ ...advanced, revokeAfterHours: '0' });
    assert.equal(first.outputs.renewedCount, '1');
    const old = named('Build feed').find(({ allOrgs }) => allOrgs);
    assert.ok(old && isActive(old));
    assert.ok(first.warnings.some((warning) => warning.includes(old.authorizationId)));
    // It does not count as a second plain name either.
    assert.deepEqual((await run({ ...monthly, revokeAfterHours: '0' })).written, []);
  });

  it('replaces expired PATs with includeExpired alone', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(-1) }] });
    const without = await run(advanced);
    assert.deepEqual([without.written, without.result], [[], 'Succeeded']);
    assert.ok(without.warnings.some((warning) => warning.includes('includeExpired')));
    const including = await run({ ...advanced, includeExpired: 'true' });
    assert.equal(including.outputs.PAT_BUILD_FEED, active('Build feed').value);
  });

  it('sends nothing to any vault', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { requests } = await run(advanced);
    assert.ok(requests.every(({ host }) => !host.includes('vault')));
  });
});
