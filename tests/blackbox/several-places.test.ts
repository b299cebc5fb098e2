import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import { describePackagedTask } from './on-each-node.ts';
import { type Company, inDays, type Situation } from './situation.ts';

const company: Company = {
  pats: [{ displayName: 'Build feed' }],
  organization: { projects: { Tools: { groups: { feeds: {}, other: {} }, connections: { feed: {} } } } },
};
const both = { mode: 'advanced', keyVault: 'contoso-vault', variableGroup: 'Tools/feeds' };
const monthly = { ...both, renewBeforeDays: '10' };

const inGroup = ({ world }: Situation) => world.groups.value('contoso', 'Tools', 'feeds', 'PAT_BUILD_FEED');

/** The group takes nothing. */
const refuseGroup = ({ faults }: Situation) =>
  faults.always('groups.update', {
    kind: 'answer',
    answer: json(403, { message: 'You do not have permissions.', typeKey: 'AccessDeniedException' }),
  });

describePackagedTask('With a vault and a variable group', (given) => {
  it('both get the value of one PAT, and the report has both, the vault’s first', async () => {
    const here = await given(company);
    const { result, line } = await here.run(both);
    assert.equal(result, 'Succeeded');
    assert.equal(inGroup(here), here.newest('Build-feed').value);
    assert.deepEqual(line('Build feed').destinations, [
      { place: 'contoso-vault/Build-feed', outcome: 'done' },
      { place: 'Tools/feeds/PAT_BUILD_FEED', outcome: 'done' },
    ]);
    assert.equal(line('Build feed').destination, 'contoso-vault/Build-feed');
  });

  it('a group that took nothing fails the step, keeps the old PAT, and is given the value by a later run: no PAT is made for it', async () => {
    const here = await given(company);
    await here.run(both);
    here.world.advance({ days: 51 });
    const [, old] = here.named('Build feed');
    assert.ok(old);
    const heal = refuseGroup(here);
    const failed = await here.run(monthly);
    assert.equal(failed.result, 'Failed');
    assert.match(
      failed.pats.find(({ action }) => action === 'replace')?.message ?? '',
      /stands in secret contoso-vault\/Build-feed, and not in Tools\/feeds/,
    );
    assert.equal(inGroup(here), old.value);
    here.world.advance({ days: 3 });
    const still = await here.run(monthly);
    assert.deepEqual(
      [still.result, still.operations['pats.create'], still.outputs.revokedCount],
      ['Failed', undefined, '0'],
    );
    assert.ok(here.isActive(old), 'jobs that read the group still use it');
    heal();
    const copied = await here.run(monthly);
    assert.deepEqual([copied.result, copied.operations['pats.create']], ['Succeeded', undefined]);
    const { action, outcome, destinations } = copied.pats.find(({ action: of }) => of === 'copy') ?? {};
    assert.deepEqual([action, outcome, destinations?.length], ['copy', 'done', 2]);
    assert.equal(inGroup(here), here.newest('Build-feed').value);
    here.world.advance({ hours: 49 });
    await here.run(monthly);
    assert.equal(here.active('Build feed').value, inGroup(here));
  });

  it('a dry run says what would be copied, and writes nothing', async () => {
    const here = await given(company);
    await here.run({ ...both, variableGroup: '' });
    const { pats, written } = await here.run({ ...monthly, dryRun: 'true' });
    const copy = pats.find(({ action }) => action === 'copy');
    assert.deepEqual([copy?.outcome, written], ['planned', []]);
    assert.equal(inGroup(here), undefined);
  });

  it('a group that is added later is given the value that the vault holds, without a new PAT', async () => {
    const here = await given(company);
    await here.run({ ...both, variableGroup: '' });
    const { operations, result } = await here.run(monthly);
    assert.deepEqual([result, operations['pats.create']], ['Succeeded', undefined]);
    assert.equal(inGroup(here), here.newest('Build-feed').value);
  });

  it('a group that cannot be read says no to every revocation, and fails the step', async () => {
    const here = await given(company);
    await here.run(both);
    here.world.advance({ hours: 49 });
    here.faults.always('groups.list', {
      kind: 'answer',
      answer: json(403, { message: 'no', typeKey: 'AccessDeniedException' }),
    });
    const { result, operations } = await here.run(monthly);
    assert.deepEqual([result, operations['pats.revoke']], ['Failed', undefined]);
    const report = await here.run({ ...monthly, mode: 'report' });
    assert.equal(report.written.length, 0);
  });

  it('writes nothing anywhere in a run with nothing due and nothing to retire', async () => {
    const here = await given(company);
    await here.run(both);
    for (const inputs of [monthly, { ...both, mode: 'revoke' }, { ...both, mode: 'report' }]) {
      assert.deepEqual((await here.run(inputs)).written, [], inputs.mode);
    }
  });

  it('mode simple moves the recorded end of both along', async () => {
    const here = await given(company);
    await here.run({ ...both, revokeAfterHours: '0' });
    here.world.advance({ days: 30 });
    const { result, outputs } = await here.run({ ...both, mode: 'simple' });
    assert.deepEqual([result, outputs.renewedCount], ['Succeeded', '1']);
    const end = here.active('Build feed').validTo;
    assert.equal(here.newest('Build-feed').expires, Math.floor(end / 1000));
    assert.deepEqual((await here.run({ ...both, mode: 'simple', renewBeforeDays: '10' })).written, []);
  });
});

describePackagedTask('Places that cannot be read back', (given) => {
  it('alone, two of them, are refused before a PAT is made: none could follow the other', async () => {
    const { run, activeNames } = await given(company);
    const { result, errors, written } = await run({
      mode: 'advanced',
      pats: 'Build feed => group:Tools/feeds/A, group:Tools/other/B',
    });
    assert.deepEqual([result, written, activeNames()], ['Failed', [], ['Build feed']]);
    assert.match(errors.join('\n'), /secret|vault/i);
  });

  it('of another organization are refused: a PAT goes to the projects of its own', async () => {
    const { run } = await given({
      ...company,
      organization: {
        projects: {
          Tools: {
            connections: { feed: { url: 'https://pkgs.dev.azure.com/fabrikam/_packaging/x/nuget/v3/index.json' } },
          },
        },
      },
    });
    const { result, written, errors } = await run({
      mode: 'advanced',
      pats: 'Build feed => connection:Tools/feed',
      takeOver: 'true',
    });
    assert.deepEqual([result, written], ['Failed', []]);
    assert.match(errors.join('\n'), /fabrikam/);
  });

  it('take a plain variable over if it is empty or holds a PAT, and nothing else', async () => {
    for (const [value, result] of [
      ['', 'Succeeded'],
      [{ pat: 'Build feed' }, 'Succeeded'],
      ['a password of somebody', 'Failed'],
    ] as const) {
      const here = await given({
        pats: [{ displayName: 'Build feed', validTo: inDays(40) }],
        organization: { projects: { Tools: { groups: { feeds: { variables: { PAT_BUILD_FEED: { value } } } } } } },
      });
      const run = await here.run({ mode: 'advanced', variableGroup: 'Tools/feeds' });
      assert.equal(run.result, result, run.errors.join('\n'));
      if (result === 'Failed') assert.equal(inGroup(here), value);
      else assert.equal(inGroup(here), here.named('Build feed')[1]?.value);
    }
  });
});
