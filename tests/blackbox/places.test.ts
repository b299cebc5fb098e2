import assert from 'node:assert/strict';
import { holdBack } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import type { Company, Situation, StepRun } from './situation.ts';
import { account } from './situation.ts';

const ann = 'ann@contoso.com';
const pats = [{ displayName: 'Build feed', scope: 'vso.packaging' }];

/** A company whose library the service account and a person write. */
function company(projects: NonNullable<Company['organization']>['projects']): Company {
  return {
    ...{ pats, organization: { ...(projects && { projects }) } },
    accounts: [{ upn: account, password: 'pa ss&w%rd"1+\\é' }, { upn: ann }],
  };
}

const group = { mode: 'advanced', variableGroup: 'Tools/feeds' };
const inGroup = ({ world }: Situation) => world.groups.value('contoso', 'Tools', 'feeds', 'PAT_BUILD_FEED');
const inConnection = ({ world }: Situation) => world.endpoints.value('contoso', 'Tools', 'feed');
const person = ({ world }: Situation) => world.entra.accountByUpn(ann)?.id ?? '';
const copies = ({ pats: told }: StepRun) =>
  told.filter(({ action }) => action === 'copy').map(({ displayName }) => displayName);
const page = ({ world }: Situation) => world.groups.openPage(world.groups.named('contoso', 'Tools', 'feeds'));

describePackagedTask('A place that keeps one value', (given) => {
  it('a variable group gets the new value, keeps it while nothing is due, and the old PAT goes after the grace', async () => {
    const here = await given(company({ Tools: { groups: { feeds: {} } } }));
    const { run, world, named, active } = here;
    const first = await run(group);
    assert.equal(first.result, 'Succeeded');
    const [old, made] = named('Build feed');
    assert.ok(old && made);
    assert.equal(inGroup(here), made.value);
    assert.equal(first.line('Build feed').destination, 'Tools/feeds/PAT_BUILD_FEED');
    world.advance({ hours: 24 });
    const idle = await run({ ...group, renewBeforeDays: '10' });
    assert.deepEqual([idle.result, idle.written], ['Succeeded', []]);
    assert.deepEqual([idle.operations['groups.list'], idle.operations['groups.get']], [1, 1]);
    world.advance({ hours: 25 });
    const last = await run({ ...group, mode: 'revoke' });
    assert.deepEqual([last.result, last.outputs.revokedCount], ['Succeeded', '1']);
    assert.equal(active('Build feed').value, inGroup(here));
  });

  it('a service connection gets the new value, and the old PAT goes after the grace', async () => {
    const here = await given(company({ Tools: { connections: { feed: { description: 'of the team' } } } }));
    const { run, world, active } = here;
    const inputs = { mode: 'advanced', pats: 'Build feed => connection:Tools/feed' };
    const refused = await run(inputs);
    assert.equal(refused.result, 'Failed');
    assert.match(refused.errors.join(), /nobody can read it back.*takeOver/);
    assert.deepEqual(refused.written, []);
    assert.equal((await run({ ...inputs, takeOver: 'true' })).result, 'Succeeded');
    world.advance({ hours: 49 });
    const last = await run({ ...inputs, renewBeforeDays: '10' });
    assert.deepEqual([last.result, last.outputs.revokedCount], ['Succeeded', '1']);
    assert.equal(active('Build feed').value, inConnection(here));
  });

  it('vault, group and connection get one PAT, and it retires the old one when all of them hold it', async () => {
    const here = await given(company({ Tools: { groups: { feeds: {} }, connections: { feed: {} } } }));
    const { run, world, newest, active } = here;
    const places = 'Build feed => build-pat, group:Tools/feeds/PAT_BUILD_FEED, connection:Tools/feed';
    const inputs = { mode: 'advanced', keyVault: 'contoso-vault', pats: places, takeOver: 'true' };
    const first = await run(inputs);
    assert.equal(first.result, 'Succeeded');
    const value = newest('build-pat').value;
    assert.deepEqual([inGroup(here), inConnection(here)], [value, value]);
    assert.equal(first.line('Build feed').destinations?.length, 3);
    world.advance({ hours: 49 });
    const last = await run({ ...inputs, renewBeforeDays: '10' });
    assert.deepEqual([last.result, last.outputs.revokedCount], ['Succeeded', '1']);
    assert.equal(active('Build feed').value, value);
  });

  it('a page that was opened earlier and is saved is noticed, and healed by a third PAT', async () => {
    const here = await given(company({ Tools: { groups: { feeds: {} } } }));
    const { run, world, activeNames, active } = here;
    await run(group);
    const stale = page(here);
    world.advance({ days: 5 });
    await run(group);
    stale.save(person(here));
    world.advance({ hours: 49 });
    // The record names the first new PAT, the value is the second's: it is young, and may be what consumers read.
    const doubting = await run({ ...group, renewBeforeDays: '10' });
    assert.equal(doubting.outputs.renewedCount, '1');
    assert.equal(doubting.outputs.revokedCount, '0');
    world.advance({ hours: 49 });
    await run({ ...group, renewBeforeDays: '10' });
    assert.deepEqual([activeNames(), active('Build feed').value], [['Build feed'], inGroup(here)]);
  });

  it('nothing goes while somebody’s edit stands, and who edited is told', async () => {
    const here = await given(company({ Tools: { groups: { feeds: {} } } }));
    const { run, world } = here;
    await run(group);
    world.advance({ hours: 1 });
    page(here).save(person(here), { note: { value: 'mine' } });
    world.advance({ hours: 60 });
    const edited = await run({ ...group, renewBeforeDays: '10' });
    assert.equal(edited.outputs.revokedCount, '0');
    assert.match(`${edited.warnings.join()}${edited.summary}`, /ann@contoso\.com/);
  });

  it('a group that is missing is refused before a PAT is made', async () => {
    const { run, named } = await given(company({ Tools: {} }));
    const { result, errors, written } = await run(group);
    assert.equal(result, 'Failed');
    assert.match(errors.join(), /There is no variable group "feeds" in project "Tools"/);
    assert.deepEqual([written, named('Build feed').length], [[], 1]);
  });

  it('a copy that lands late brings no PAT that a run without grace has revoked meanwhile', async () => {
    const here = await given(company({ Tools: { groups: { feeds: {} } } }));
    const { run, world, faults, active, isActive, named } = here;
    const places = {
      mode: 'advanced',
      keyVault: 'contoso-vault',
      pats: 'Build feed => build-pat, group:Tools/feeds/v',
    };
    const notDue = { ...places, renewBeforeDays: '10' };
    const atOnce = { revokeAfterHours: '0' };
    const inUse = () =>
      named('Build feed').find(({ value }) => value === world.groups.value('contoso', 'Tools', 'feeds', 'v'));
    faults.always('groups.update', { kind: 'drop' });
    assert.equal((await run(places)).result, 'Failed');
    faults.clear();
    world.advance({ hours: 13 });
    const late = holdBack(world, faults, 'groups.update');
    assert.deepEqual(copies(await run(notDue)), ['Build feed']);
    const renewed = await run({ ...places, ...atOnce });
    assert.equal(renewed.outputs.renewedCount, '1');
    late.land();
    const copied = inUse();
    assert.ok(copied && isActive(copied), 'what consumers read works');
    // By then none is under way: what the copy has covered is brought again, and the others go.
    world.advance({ hours: 13 });
    assert.deepEqual(copies(await run({ ...notDue, ...atOnce })), ['Build feed']);
    world.advance({ hours: 13 });
    await run({ ...notDue, ...atOnce });
    assert.equal(inUse(), active('Build feed'));
  });

  it('without grace the old PAT goes at once where all places have long held it', async () => {
    const here = await given(company({ Tools: { groups: { feeds: {} } } }));
    const { run, world, active } = here;
    const places = {
      mode: 'advanced',
      keyVault: 'contoso-vault',
      pats: 'Build feed => build-pat, group:Tools/feeds/v',
    };
    await run(places);
    world.advance({ hours: 60 });
    const renewed = await run({ ...places, revokeAfterHours: '0' });
    assert.deepEqual(
      [renewed.result, renewed.outputs.renewedCount, renewed.outputs.revokedCount],
      ['Succeeded', '1', '2'],
    );
    assert.equal(active('Build feed').value, world.groups.value('contoso', 'Tools', 'feeds', 'v'));
  });

  const shared: readonly { name: string; kind: string; projects: NonNullable<Company['organization']>['projects'] }[] =
    [
      {
        name: 'a variable of a group that two projects share',
        kind: 'group:Tools/feeds/v\nTwo => group:Web/feeds/V',
        projects: { Tools: { groups: { feeds: { sharedWith: ['Web'] } } }, Web: {} },
      },
      {
        name: 'a connection that two projects share',
        kind: 'connection:Tools/feed\nTwo => connection:Web/feed',
        projects: { Tools: { connections: { feed: { sharedWith: ['Web'] } } }, Web: {} },
      },
    ];
  for (const { name, kind, projects } of shared) {
    it(`${name} is one place: two PATs that lead to it by the names of both are refused`, async () => {
      const both = [
        { displayName: 'One', scope: 'vso.packaging' },
        { displayName: 'Two', scope: 'vso.code' },
      ];
      const { run, activeNames } = await given({ ...company(projects), pats: both });
      const inputs = { mode: 'advanced', pats: `One => ${kind}`, takeOver: 'true', revokeAfterHours: '0' };
      const { result, errors, written } = await run(inputs);
      assert.equal(result, 'Failed');
      assert.match(errors.join(), /"One" \(contoso\) and "Two" \(contoso\) lead to the same place/);
      assert.deepEqual([written, activeNames()], [[], ['One', 'Two']]);
    });
  }
});
