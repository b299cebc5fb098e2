import assert from 'node:assert/strict';
import { describePackagedTask } from './on-each-node.ts';
import { inDays, inHours, minuteOf } from './situation.ts';

describePackagedTask('Mode report', (given) => {
  it('lists every selected PAT, when it ends, and changes nothing', async () => {
    const { run } = await given({
      pats: [
        { displayName: 'Build feed', validTo: inDays(30) },
        { displayName: 'Deploy', validTo: inDays(40), scope: 'vso.build' },
        { displayName: 'Laptop', validTo: inDays(2) },
      ],
    });
    const { pats, result, outputs, warnings, operations } = await run({ mode: 'report', pats: '*\n!Laptop' });
    assert.deepEqual(
      pats.map(({ displayName, action, outcome, scope, validTo }) => [
        displayName,
        action,
        outcome,
        scope,
        minuteOf(validTo),
      ]),
      [
        ['Build feed', 'none', 'done', 'vso.code', minuteOf(inDays(30))],
        ['Deploy', 'none', 'done', 'vso.build', minuteOf(inDays(40))],
      ],
    );
    assert.deepEqual([result, warnings], ['Succeeded', []]);
    assert.deepEqual([outputs.renewedCount, outputs.skippedCount], ['0', '0']);
    assert.equal(outputs.nextExpiry, inDays(30));
    assert.deepEqual(operations, { 'entra.token.password': 1, 'pats.list': 2 });
  });

  it('warns of PATs that end within warnDays, and of those that have expired', async () => {
    const { run } = await given({
      pats: [
        { displayName: 'Soon', validTo: inDays(14) },
        { displayName: 'Later', validTo: inHours(14 * 24 + 1) },
        { displayName: 'Gone', validTo: inDays(-1) },
      ],
    });
    const { warnings, summary } = await run({ mode: 'report' });
    const names = (all: readonly string[]) =>
      ['Soon', 'Later', 'Gone'].filter((name) => all.some((one) => one.includes(`"${name}"`)));
    assert.deepEqual(names(warnings), ['Soon', 'Gone']);
    assert.match(summary, /Soon/);
    assert.deepEqual(names((await run({ mode: 'report', warnDays: '30' })).warnings), ['Soon', 'Later', 'Gone']);
    assert.deepEqual(names((await run({ mode: 'report', warnDays: '0' })).warnings), ['Gone']);
  });

  it('warns of PATs valid in all organizations: they end on 2026-12-01 at the latest', async () => {
    const { run } = await given({ pats: [{ displayName: 'Everywhere', allOrgs: true, validTo: inDays(300) }] });
    const { warnings, outputs } = await run({ mode: 'report' });
    assert.ok(warnings.some((warning) => warning.includes('"Everywhere"') && warning.includes('2026-12-01')));
    assert.equal(outputs.nextExpiry, '2026-12-01T00:00:00.000Z');
  });

  it('tells when superseded PATs may be revoked, and does not count them as in use', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(3) }] });
    await run({ mode: 'advanced', keyVault: 'contoso-vault' });
    const { pats, outputs, warnings } = await run({ mode: 'report', keyVault: 'contoso-vault' });
    const dates = pats.map(({ revokeAfter }) => (revokeAfter === undefined ? undefined : minuteOf(revokeAfter)));
    assert.deepEqual(dates, [minuteOf(inHours(48)), undefined]);
    assert.equal(minuteOf(outputs.nextExpiry), minuteOf(inDays(60)));
    assert.deepEqual(warnings, []);
  });

  it('shows in the summary of any mode what ends within warnDays', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed', validTo: inDays(20) }] });
    const { summary } = await run({ mode: 'simple', lifetimeDays: '10', warnDays: '25' });
    assert.match(summary, /Build&#\d+;feed|Build feed/);
    assert.match(summary, /2026-12-13/);
  });
});
