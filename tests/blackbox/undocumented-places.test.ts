import assert from 'node:assert/strict';
import type { Settings } from '../../simulator/index.ts';
import { describePackagedTask, type Given } from './on-each-node.ts';
import type { Company, Situation } from './situation.ts';

const pats = [{ displayName: 'Build feed' }];
const company: Company = {
  pats,
  organization: {
    projects: {
      Tools: {
        groups: {
          feeds: {
            variables: { owner: 'team', db: { value: 'a secret of the team', isSecret: true } },
            sharedWith: ['Web'],
          },
        },
        connections: { feed: { description: 'of the team', sharedWith: ['Web'] } },
      },
      Web: {},
    },
  },
};

/** Where a value goes, and what the place of the story holds. */
interface Story {
  readonly inputs: Readonly<Record<string, string>>;
  readonly held: (here: Situation) => string | undefined;
}

const inGroup: Story = {
  inputs: { mode: 'advanced', variableGroup: 'Tools/feeds' },
  held: ({ world }) => world.groups.value('contoso', 'Tools', 'feeds', 'PAT_BUILD_FEED'),
};
const inConnection: Story = {
  inputs: { mode: 'advanced', pats: 'Build feed => connection:Tools/feed', takeOver: 'true' },
  held: ({ world }) => world.endpoints.value('contoso', 'Tools', 'feed'),
};

/** I1: what jobs are given works. */
function assertHeldWorks(here: Situation, { held }: Story): void {
  const pat = here.world.pats.byValue(held(here) ?? '');
  assert.ok(pat && here.isActive(pat), 'what the place holds works');
}

/** Renew, look again, retire: three weeks of a place's life. */
async function renewsWaitsAndRetires(here: Situation, story: Story): Promise<void> {
  const { run, world, active } = here;
  const first = await run(story.inputs);
  assert.deepEqual([first.result, first.errors], ['Succeeded', []]);
  assertHeldWorks(here, story);
  world.advance({ hours: 24 });
  const quiet = await run({ ...story.inputs, renewBeforeDays: '10' });
  assert.deepEqual([quiet.written, quiet.outputs.revokedCount], [[], '0']);
  world.advance({ hours: 25 });
  const last = await run({ ...story.inputs, renewBeforeDays: '10' });
  assert.deepEqual([last.result, last.outputs.revokedCount], ['Succeeded', '1']);
  assert.equal(story.held(here), active('Build feed').value);
}

/** What belongs to others stays: variables, their secrets, the text of a person, the projects that share the place. */
function keepsTheRest({ world }: Situation, { isWiped = false } = {}): void {
  const group = world.groups.named('contoso', 'Tools', 'feeds');
  assert.equal(group.variables.owner?.value, 'team');
  if (!isWiped) assert.equal(group.variables.db?.value, 'a secret of the team');
  assert.equal(group.references.length, 2);
  const connection = world.endpoints.named('contoso', 'Tools', 'feed');
  assert.match(connection.references[0]?.description ?? '', /^of the team/);
  assert.equal(connection.references.length, 2);
}

const groups: readonly Partial<Settings>[] = [
  { groupAbsentSecret: 'wiped' },
  { groupReferencesInList: 'shown' },
  { groupWithoutReferences: 'unauthorized' },
  { groupReferenceLeftOut: 'kept' },
  { groupUnchangedWrite: 'ignored' },
  { groupUnknown: 'notFound' },
  { groupNamesByCase: 'both' },
  { groupNamesByCase: 'refused' },
  { listLagSeconds: 120 },
  { scopeOrder: 'reversed' },
  { timePrecision: 'seconds' },
];

const connections: readonly Partial<Settings>[] = [
  { endpointNullSecret: 'wiped' },
  { endpointAbsentSecret: 'wiped' },
  { endpointEmptySecret: 'refused' },
  { endpointPutByProject: 'refused' },
  { endpointUnknownData: 'dropped' },
  { endpointUnknownData: 'refused' },
  { endpointDescription: 'one' },
  { endpointReferenceLeftOut: 'kept' },
  { endpointModified: 'absent' },
  { endpointDescriptionEdit: 'undated' },
  { endpointReadyAfterSeconds: 30 },
  { endpointUnknown: 'notFound' },
  { endpointNamesAsked: 'exact' },
];

describePackagedTask('Where nothing is published about places, the task works with either answer:', (given: Given) => {
  for (const [story, answers] of [
    [inGroup, groups],
    [inConnection, connections],
  ] as const) {
    for (const settings of answers) {
      const said = Object.entries(settings).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
      it(`${said.join(', ')}: renews, waits and retires, and leaves the rest as it was`, async () => {
        const here = await given({ ...company, settings });
        await renewsWaitsAndRetires(here, story);
        keepsTheRest(here);
      });
    }
  }

  for (const [story, settings] of [
    [inGroup, { groupReadLagSeconds: 2 }],
    [inConnection, { endpointReadLagSeconds: 2 }],
  ] as const) {
    it(`${Object.keys(settings)[0]} 2: waits for what it has written to be seen`, async () => {
      const here = await given({ ...company, settings, ticking: true });
      await renewsWaitsAndRetires(here, story);
      keepsTheRest(here);
    });
  }

  it('groupNullSecret "wiped": no source says so; the PAT’s own value survives, and a group of its own loses nothing', async () => {
    const here = await given({ ...company, settings: { groupNullSecret: 'wiped' } });
    await renewsWaitsAndRetires(here, inGroup);
    keepsTheRest(here, { isWiped: true });
  });

  it('groupReferencesById "null": a write would end the sharing, so it says what it misses, and makes nothing', async () => {
    const here = await given({ ...company, settings: { groupReferencesById: 'null' } });
    const { result, written, errors } = await here.run(inGroup.inputs);
    assert.deepEqual([result, written], ['Failed', []]);
    assert.match(errors.join('\n'), /does not show the projects of variable group "feeds"/);
    keepsTheRest(here);
  });

  it('endpointOwnFieldsSent "refused": the connection stays as it was, and the service’s own words are passed on', async () => {
    const here = await given({ ...company, settings: { endpointOwnFieldsSent: 'refused' } });
    const before = inConnection.held(here);
    const { result, errors, activeNames } = {
      ...(await here.run(inConnection.inputs)),
      activeNames: here.activeNames(),
    };
    assert.equal(result, 'Failed');
    assert.match(errors.join('\n'), /Azure DevOps says: The field createdBy cannot be set.*revoked again/);
    assert.deepEqual([activeNames, inConnection.held(here)], [['Build feed'], before]);
    keepsTheRest(here);
  });

  for (const status of [401, 403, 404] as const) {
    it(`groupRightMissing ${status}: says which role is missing, and makes nothing`, async () => {
      const { run, activeNames } = await given({
        pats,
        organization: { projects: { Tools: { groups: { feeds: { roles: { 'renew@contoso.com': 'reader' } } } } } },
        settings: { groupRightMissing: status },
      });
      const { result, errors, operations } = await run(inGroup.inputs);
      assert.equal(result, 'Failed');
      assert.match(errors.join('\n'), /Administrator|There is no variable group/);
      assert.deepEqual([activeNames(), operations['groups.update']], [['Build feed'], undefined]);
    });
  }

  for (const settings of [{ endpointForReader: 'bare' }, { endpointForReader: 'refused' }] as const) {
    it(`endpointForReader "${settings.endpointForReader}": says what the account needs, and makes nothing`, async () => {
      const { run, activeNames } = await given({
        pats,
        organization: { projects: { Tools: { connections: { feed: { roles: { 'renew@contoso.com': 'reader' } } } } } },
        settings,
      });
      const { result, errors, operations } = await run(inConnection.inputs);
      assert.equal(result, 'Failed');
      assert.match(errors.join('\n'), /Administrator|There is no service connection|not allowed/);
      assert.deepEqual([activeNames(), operations['endpoints.update']], [['Build feed'], undefined]);
    });
  }

  for (const brokenGroupWrite of ['nothing', 'secretsOnly', 'plainOnly'] as const) {
    it(`brokenGroupWrite "${brokenGroupWrite}": a write that broke off costs no consumer its value, and heals`, async () => {
      const here = await given({ ...company, settings: { brokenGroupWrite } });
      await here.run(inGroup.inputs);
      here.world.advance({ days: 3 });
      here.world.groups.breakNextWrite();
      await here.run(inGroup.inputs);
      assertHeldWorks(here, inGroup);
      for (let time = 0; time < 3; time++) {
        here.world.advance({ hours: 49 });
        await here.run({ ...inGroup.inputs, renewBeforeDays: '10' });
        assertHeldWorks(here, inGroup);
      }
      assert.equal(inGroup.held(here), here.active('Build feed').value);
      keepsTheRest(here);
    });

    it(`brokenGroupWrite "${brokenGroupWrite}": and where every write of a run broke off`, async () => {
      const here = await given({ ...company, settings: { brokenGroupWrite } });
      await here.run(inGroup.inputs);
      here.world.advance({ days: 3 });
      const stop = here.faults.use({
        before: ({ operation }) => {
          if (operation === 'groups.update') here.world.groups.breakNextWrite();
        },
      });
      const broken = await here.run(inGroup.inputs);
      stop();
      assert.equal(broken.result, 'Failed');
      assertHeldWorks(here, inGroup);
      for (let time = 0; time < 3; time++) {
        here.world.advance({ hours: 49 });
        await here.run({ ...inGroup.inputs, renewBeforeDays: '10' });
        assertHeldWorks(here, inGroup);
      }
      assert.equal(inGroup.held(here), here.active('Build feed').value);
      keepsTheRest(here);
    });
  }

  for (const brokenEndpointWrite of ['nothing', 'secretsOnly', 'plainOnly'] as const) {
    it(`brokenEndpointWrite "${brokenEndpointWrite}": the same of a connection`, async () => {
      const here = await given({ ...company, settings: { brokenEndpointWrite } });
      await here.run(inConnection.inputs);
      here.world.advance({ days: 3 });
      here.world.endpoints.breakNextWrite();
      await here.run(inConnection.inputs);
      assertHeldWorks(here, inConnection);
      for (let time = 0; time < 3; time++) {
        here.world.advance({ hours: 49 });
        await here.run({ ...inConnection.inputs, renewBeforeDays: '10' });
        assertHeldWorks(here, inConnection);
      }
      assert.equal(inConnection.held(here), here.active('Build feed').value);
      keepsTheRest(here);
    });

    it(`brokenEndpointWrite "${brokenEndpointWrite}": and where every write of a run broke off`, async () => {
      const here = await given({ ...company, settings: { brokenEndpointWrite } });
      await here.run(inConnection.inputs);
      here.world.advance({ days: 3 });
      const stop = here.faults.use({
        before: ({ operation }) => {
          if (operation === 'endpoints.update') here.world.endpoints.breakNextWrite();
        },
      });
      const broken = await here.run(inConnection.inputs);
      stop();
      assert.equal(broken.result, 'Failed');
      assertHeldWorks(here, inConnection);
      for (let time = 0; time < 3; time++) {
        here.world.advance({ hours: 49 });
        await here.run({ ...inConnection.inputs, renewBeforeDays: '10' });
        assertHeldWorks(here, inConnection);
      }
      assert.equal(inConnection.held(here), here.active('Build feed').value);
      keepsTheRest(here);
    });
  }
});
