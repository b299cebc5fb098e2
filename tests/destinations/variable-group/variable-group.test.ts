import assert from 'node:assert/strict';
import { type GroupSpec, holdBack, type Settings } from '../../../simulator/index.ts';
import { fromJson } from '../../../src/destinations/one-slot/record-in-json.ts';
import type { Delivered, Looking, Parcel, Sight } from '../../../src/destinations/port.ts';
import { variablePlace } from '../../../src/destinations/variable-group/variable-group.ts';
import { ANN, companyWith, SERVICE } from '../company.ts';
import { looking, type MadePat, parcelOf } from '../conformance.ts';

const named = { organization: 'contoso', project: 'Tools', group: 'feeds' };

const feeds: GroupSpec = {
  description: 'of the team',
  variables: {
    owner: 'team',
    FeedPat: { value: 'old value', isSecret: true, isReadOnly: true },
    Other: { value: 'other secret', isSecret: true },
  },
  sharedWith: ['Web'],
  more: { folder: '\\teams' },
};

function open(spec: GroupSpec = feeds, settings: Partial<Settings> = {}) {
  const company = companyWith({ groups: { feeds: spec } }, settings);
  const { world } = company;
  const group = () => world.groups.named('contoso', 'Tools', 'feeds');
  const value = (variable: string) => world.groups.value('contoso', 'Tools', 'feeds', variable);
  const openVariable = (variable: string) => company.open((devOps) => variablePlace(devOps, named, variable));
  const look = (variable = 'FeedPat', over: Partial<Looking> = {}): Promise<Sight> =>
    openVariable(variable).look(looking(company.owner, over));
  const deliver = async (made: MadePat, variable = 'FeedPat', over: Partial<Parcel> = {}): Promise<Delivered> =>
    (await look(variable, { takeOver: true })).deliver(parcelOf(made, over));
  return {
    ...company,
    ...{ group, value, look, deliver, openVariable },
    record: (variable = 'FeedPat') => fromJson(value(`${variable}_RenewPats`) ?? ''),
    page: () => world.groups.openPage(group()),
  };
}

async function refusalOf(look: Promise<unknown>): Promise<string> {
  return look.then(
    () => assert.fail('nothing was refused'),
    (error: Error) => error.message,
  );
}

describe('A delivery into a variable group', () => {
  it('changes the variable and its record, and nothing else', async () => {
    const { group, deliver, make, value, record } = open();
    const before = group();
    const made = make();
    assert.equal((await deliver(made)).kind, 'delivered');
    const { variables, ...after } = group();
    assert.equal(value('FeedPat'), made.token);
    assert.equal(record()?.id, made.pat.authorizationId);
    assert.deepEqual(variables.FeedPat?.more, { isReadOnly: true });
    assert.deepEqual([variables.owner, variables.Other], [before.variables.owner, before.variables.Other]);
    assert.deepEqual(Object.keys(variables), ['owner', 'FeedPat', 'Other', 'FeedPat_RenewPats']);
    const { variables: _, modifiedBy: __, modifiedOn: ___, ...untouched } = before;
    const { modifiedBy: ____, modifiedOn: _____, ...rest } = after;
    assert.deepEqual(rest, untouched);
  });

  it('goes under the name that is there, whatever its case, and makes a variable that is not', async () => {
    const { deliver, make, value, record } = open();
    const [made, other] = [make(), make()];
    await deliver(made, 'FEEDPAT');
    await deliver(other, 'PAT_NEW');
    assert.deepEqual([value('FeedPat'), value('FEEDPAT')], [made.token, undefined]);
    assert.deepEqual([value('PAT_NEW'), record('PAT_NEW')?.id], [other.token, other.pat.authorizationId]);
  });

  it('takes four requests more than the look, and a look two, however many variables a run looks at', async () => {
    const { run, owner, make, requests } = open();
    const { devOps } = run();
    const places = ['A', 'B', 'C'].map((variable) => variablePlace(devOps, named, variable));
    const [sight] = await Promise.all(places.map((place) => place.look(looking(owner))));
    const operations = () => requests().map(({ operation }) => operation);
    assert.deepEqual(operations(), ['groups.list', 'groups.get']);
    await sight?.deliver(parcelOf(make()));
    assert.deepEqual(operations().slice(2), ['groups.list', 'groups.get', 'groups.update', 'groups.get']);
  });

  it('goes one after the other into one group in one run', async () => {
    const { run, owner, make, value, record } = open();
    const { devOps } = run();
    const variables = ['A', 'B', 'C', 'D'];
    const made = new Map(variables.map((variable) => [variable, make()]));
    const pending = variables.map(async (variable) => {
      const sight = await variablePlace(devOps, named, variable).look(looking(owner));
      return sight.deliver(parcelOf(made.get(variable) ?? make()));
    });
    for (const delivered of await Promise.all(pending)) {
      assert.ok(delivered.kind === 'delivered' && (await delivered.after.isUnchanged()));
    }
    for (const variable of variables) {
      assert.equal(value(variable), made.get(variable)?.token);
      assert.equal(record(variable)?.id, made.get(variable)?.pat.authorizationId);
    }
  });

  it('goes one after the other also where the projects that share the group have each their name for it', async () => {
    const { run, owner, make, value, record } = open();
    const { devOps } = run();
    const made = new Map(['Tools', 'Web'].map((project) => [project, make()]));
    const sights = ['Tools', 'Web'].map((project) =>
      variablePlace(devOps, { ...named, project }, `Of${project}`).look(looking(owner)),
    );
    const [first, second] = await Promise.all(sights);
    const delivered = await Promise.all([
      first?.deliver(parcelOf(made.get('Tools') ?? make())),
      second?.deliver(parcelOf(made.get('Web') ?? make())),
    ]);
    for (const one of delivered) assert.ok(one?.kind === 'delivered' && (await one.after.isUnchanged()));
    for (const [project, { token, pat }] of made) {
      assert.deepEqual([value(`Of${project}`), record(`Of${project}`)?.id], [token, pat.authorizationId]);
    }
  });
});

describe('Before a PAT is made for a variable group', () => {
  const obstacles: readonly { name: string; spec: GroupSpec; settings?: Partial<Settings>; told: RegExp }[] = [
    {
      name: 'one that is linked to a vault is refused',
      spec: { type: 'AzureKeyVault', providerData: { vault: 'contoso-vault' } },
      told: /is linked to a key vault.*Name that vault’s secret in the input pats/,
    },
    {
      name: 'one of which the account is no administrator is refused',
      spec: { ...feeds, roles: { [SERVICE]: 'user', [ANN]: 'administrator' } },
      told: /is no administrator of variable group "feeds" in project "Tools".*role Administrator of that group/,
    },
    {
      name: 'one whose projects are not shown is refused',
      spec: feeds,
      settings: { groupReferencesById: 'null' },
      told: /does not show the projects/,
    },
    {
      name: 'one with somebody’s secret under the name of the note is refused',
      spec: { variables: { feedpat_renewpats: { value: 'somebody’s', isSecret: true } } },
      told: /has a variable "feedpat_renewpats", where this task keeps its note on "FeedPat".*Rename or delete it/,
    },
    {
      name: 'one with a note of a newer version of the task is refused',
      spec: { variables: { FeedPat: { value: 'x', isSecret: true }, FeedPat_RenewPats: '{"v":2,"id":"a"}' } },
      told: /is no such note, or one of a newer version of the task/,
    },
    {
      name: 'one with two variables of this name is refused',
      spec: { variables: { FeedPat: 'a', FEEDPAT: 'b' } },
      told: /has the variables "FeedPat" and "FEEDPAT", which pipelines take for one/,
    },
  ];
  for (const { name, spec, settings, told } of obstacles) {
    it(name, async () => {
      const { look, deliver, make, writes } = open(spec, settings);
      assert.match((await look()).obstacle ?? '', told);
      assert.equal((await deliver(make())).kind, 'refused');
      assert.deepEqual(writes(), []);
    });
  }

  it('a group, a project, and one that the account may not see are told as missing', async () => {
    const { open: openPlace, owner, world, group, service } = open();
    const at = (over: Partial<typeof named>) =>
      refusalOf(openPlace((devOps) => variablePlace(devOps, { ...named, ...over }, 'V')).look(looking(owner)));
    assert.match(
      await at({ group: 'none' }),
      /^There is no variable group "none" in project "Tools" .*make the group by hand/,
    );
    assert.match(await at({ project: 'Nowhere' }), /^There is no project "Nowhere"/);
    world.groups.setRole(group(), service, undefined);
    assert.match(await at({}), /^There is no variable group "feeds" .*that the service account may see/);
  });

  it('a right is not asked for by a look that writes nothing', async () => {
    const { look } = open({ ...feeds, roles: { [SERVICE]: 'reader' } });
    assert.equal((await look('FeedPat', { isAdopting: false })).obstacle, undefined);
  });

  const occupants: readonly { name: string; variable: string; over?: Partial<Looking>; expected: string }[] = [
    { name: 'a variable that is not there is nothing', variable: 'New', expected: 'nothing' },
    { name: 'a secret without a record is somebody’s', variable: 'FeedPat', expected: 'not readable by anybody' },
    { name: 'a secret may be taken over', variable: 'FeedPat', over: { takeOver: true }, expected: 'pat' },
    { name: 'an empty plain variable is nothing', variable: 'empty', expected: 'nothing' },
    { name: 'a plain variable that holds no PAT is somebody’s', variable: 'owner', expected: 'other' },
    { name: 'a plain variable in the shape of a PAT may be replaced', variable: 'plainPat', expected: 'pat' },
    {
      name: 'a plain variable with another identity’s living PAT is somebody’s',
      variable: 'plainPat',
      over: { isAnothers: async () => true },
      expected: 'another identity’s',
    },
    {
      name: 'a plain variable is not judged by a look that writes nothing',
      variable: 'plainPat',
      over: { isAdopting: false },
      expected: 'unknown',
    },
  ];
  for (const { name, variable, over, expected } of occupants) {
    it(name, async () => {
      const { look } = open({ ...feeds, variables: { ...feeds.variables, empty: '', plainPat: 'a'.repeat(52) } });
      const { occupant } = await look(variable, over);
      assert.equal(occupant.kind === 'unrecorded' ? occupant.value : occupant.kind, expected);
    });
  }
});

describe('What people do to a variable group', () => {
  it('a page that was opened earlier and is saved brings the old record back, and it shows', async () => {
    const { page, deliver, make, look, ann, value, record, world } = open();
    const [first, second] = [make(), make()];
    await deliver(first);
    const stale = page();
    world.advance({ hours: 1 });
    await deliver(second, 'FeedPat', { others: [first.pat] });
    stale.save(ann);
    assert.deepEqual([record()?.id, value('FeedPat')], [first.pat.authorizationId, second.token]);
    const { occupant, edit, log } = await look();
    assert.equal(occupant.kind === 'delivered' && occupant.claim.authorizationId, first.pat.authorizationId);
    assert.equal(edit?.by, ANN);
    assert.equal(log.at(-1)?.isProven, false);
  });

  it('the next delivery ends an edit: from then on it counts for all', async () => {
    const { page, deliver, make, look, ann, record, world } = open();
    const [first, second, third] = [make(), make(), make()];
    await deliver(first);
    world.advance({ hours: 1 });
    await deliver(second, 'FeedPat', { others: [first.pat] });
    world.advance({ minutes: 10 });
    page().save(ann, { FeedPat: { value: first.token, isSecret: true } });
    world.advance({ minutes: 10 });
    await deliver(third, 'FeedPat', { others: [first.pat, second.pat] });
    assert.equal((await look()).edit, undefined);
    const untils = new Set(record()?.was.map(({ until }) => until));
    assert.deepEqual([...untils], [record()?.at]);
  });

  it('a delivery of another PAT notes somebody’s edit in the records that it would hide it from', async () => {
    const { page, deliver, make, look, ann, record } = open();
    await deliver(make(), 'A');
    await deliver(make(), 'B');
    page().save(ann, { owner: { value: 'another team' } });
    await deliver(make(), 'A');
    assert.equal(record('A')?.edited, undefined);
    assert.equal(record('B')?.edited?.by, ANN);
    assert.equal((await look('B')).edit?.by, ANN);
    await deliver(make(), 'B');
    assert.equal((await look('B')).edit, undefined);
  });

  it('a delivery of another PAT in the same run is no edit, somebody’s in between is', async () => {
    const { run, owner, make, page, ann, deliver } = open();
    await deliver(make(), 'A');
    await deliver(make(), 'B');
    const { devOps } = run();
    const seen = await variablePlace(devOps, named, 'A').look(looking(owner));
    const other = async () => {
      const sight = await variablePlace(devOps, named, 'B').look(looking(owner));
      return sight.deliver(parcelOf(make()));
    };
    await other();
    assert.equal(await seen.isUnchanged(), true);
    page().save(ann, { owner: { value: 'another team' } });
    await other();
    assert.equal(await seen.isUnchanged(), false);
  });

  it('a record that was wiped leaves somebody’s value, which nobody replaces unasked', async () => {
    const { page, deliver, make, look, ann } = open();
    await deliver(make());
    page().save(ann, { FeedPat_RenewPats: undefined });
    const { occupant, log } = await look();
    assert.deepEqual(occupant, { kind: 'unrecorded', value: 'not readable by anybody' });
    assert.equal(log.at(-1)?.isProven, false);
    assert.equal((await deliver(make())).kind, 'delivered');
  });

  it('a record that is wiped while a PAT is made stops the delivery, and so does a value that was typed', async () => {
    for (const typed of [
      { FeedPat_RenewPats: undefined },
      { FeedPat_RenewPats: undefined, FeedPat: { value: 'typed', isSecret: true } },
    ]) {
      const { page, deliver, make, look, ann, value } = open();
      await deliver(make());
      const sight = await look();
      page().save(ann, typed);
      const before = value('FeedPat');
      const delivered = await sight.deliver(parcelOf(make()));
      assert.ok(delivered.kind === 'refused' && delivered.error.outcome === 'unsent');
      assert.equal(value('FeedPat'), before);
    }
  });

  it('a variable that was made plain or deleted has no record any more', async () => {
    const { page, deliver, make, look, ann } = open();
    await deliver(make());
    page().save(ann, { FeedPat: { value: 'plain' } });
    assert.equal((await look()).occupant.kind, 'unrecorded');
    page().save(ann, { FeedPat: undefined });
    assert.deepEqual((await look()).occupant, { kind: 'nothing' });
  });
});

describe('Two runs at one variable', () => {
  it('the slower one keeps its PAT to itself where a younger one stands already', async () => {
    const { make, look, value, writes } = open();
    const sight = await look('FeedPat', { takeOver: true });
    const [slow, fast] = [make(), make()];
    await (await look('FeedPat', { takeOver: true })).deliver(parcelOf(fast));
    const before = writes().length;
    const isOutrankedBy = async (id: string) => id === fast.pat.authorizationId;
    const delivered = await sight.deliver(parcelOf(slow, { isOutrankedBy }));
    assert.deepEqual(delivered, { kind: 'outranked', by: fast.pat.authorizationId });
    assert.deepEqual([value('FeedPat'), writes().length], [fast.token, before]);
  });

  it('a faster run does not make an own unknown attempt undone', async () => {
    const { make, look, deliver, fault } = open();
    const sight = await look('FeedPat', { takeOver: true });
    const [slow, fast] = [make(), make()];
    fault('groups.update', 'request lost', true);
    const isOutrankedBy = async (id: string) => id === fast.pat.authorizationId;
    let hasRun = false;
    const checkTime = () => {
      hasRun = true;
    };
    const pending = sight.deliver(parcelOf(slow, { isOutrankedBy, checkTime }));
    await deliver(fast);
    const delivered = await pending;
    assert.ok(hasRun);
    assert.notEqual(delivered.kind, 'refused');
  });

  it('a write that lands late, when another run has written, is found by its record', async () => {
    const { world, make, deliver, value, record, run, owner } = open();
    const [slow, fast] = [make(), make()];
    const { devOps, faults } = run();
    const late = holdBack(world, faults, 'groups.update');
    const sight = await variablePlace(devOps, named, 'FeedPat').look(looking(owner, { takeOver: true }));
    assert.equal((await sight.deliver(parcelOf(slow))).kind, 'delivered');
    await deliver(fast);
    late.land();
    assert.deepEqual([value('FeedPat'), record()?.id], [slow.token, slow.pat.authorizationId]);
  });
});

describe('A write that the service breaks off', () => {
  for (const brokenGroupWrite of ['nothing', 'secretsOnly', 'plainOnly'] as const) {
    it(`having stored ${brokenGroupWrite} is put again, until both are there`, async () => {
      const { world, make, deliver, value, record } = open(feeds, { brokenGroupWrite });
      await deliver(make());
      const made = make();
      world.groups.breakNextWrite();
      assert.equal((await deliver(made)).kind, 'delivered');
      assert.deepEqual([value('FeedPat'), record()?.id], [made.token, made.pat.authorizationId]);
    });

    it(`having stored ${brokenGroupWrite} into a new variable is put again as well`, async () => {
      const { world, make, look, value, record } = open(feeds, { brokenGroupWrite });
      const made = make();
      const sight = await look('New');
      world.groups.breakNextWrite();
      assert.equal((await sight.deliver(parcelOf(made))).kind, 'delivered');
      assert.deepEqual([value('New'), record('New')?.id], [made.token, made.pat.authorizationId]);
    });

    it(`having stored ${brokenGroupWrite} each time leaves no record that would be believed`, async () => {
      const { world, owner, run, make, deliver, look, record } = open(feeds, { brokenGroupWrite });
      const [old, made] = [make(), make()];
      await deliver(old);
      const broken = run();
      broken.faults.use({ before: () => world.groups.breakNextWrite() });
      const sight = await variablePlace(broken.devOps, named, 'FeedPat').look(looking(owner));
      assert.equal((await sight.deliver(parcelOf(made, { others: [old.pat] }))).kind, 'unknown');
      assert.equal(record()?.id, old.pat.authorizationId);
      const isNoted = brokenGroupWrite === 'plainOnly';
      assert.equal((await look()).edit?.by, isNoted ? 'a write of this task that broke off' : undefined);
    });

    it(`having stored ${brokenGroupWrite} each time at the first delivery names no PAT that may not be there`, async () => {
      for (const variable of ['FeedPat', 'New']) {
        const { world, owner, run, make, look } = open(feeds, { brokenGroupWrite });
        const [old, made] = [make(), make()];
        const broken = run();
        broken.faults.use({ before: () => world.groups.breakNextWrite() });
        const sight = await variablePlace(broken.devOps, named, variable).look(looking(owner, { takeOver: true }));
        assert.equal((await sight.deliver(parcelOf(made, { others: [old.pat] }))).kind, 'unknown');
        const { occupant } = await look(variable);
        const standing = occupant.kind === 'delivered' ? occupant.claim.authorizationId : undefined;
        assert.notEqual(standing, made.pat.authorizationId, variable);
      }
    });
  }
});

describe('Whatever the service answers to what is open', () => {
  const settings: readonly Partial<Settings>[] = [
    { groupAbsentSecret: 'wiped' },
    { groupReferencesInList: 'shown' },
    { groupWithoutReferences: 'unauthorized' },
    { groupReferenceLeftOut: 'kept' },
    { groupModifiedBy: 'emptyId' },
    { groupUnchangedWrite: 'ignored' },
    { groupUnknown: 'notFound' },
    { groupNamesByCase: 'both' },
    { groupNamesByCase: 'refused' },
    { groupNameWithDot: 'refused' },
    { groupValueTooLong: 'cut' },
    { groupReadLagSeconds: 3 },
    { groupPageSave: 'absent' },
  ];
  for (const setting of settings) {
    it(`a value is delivered, superseded, and other secrets stay: ${JSON.stringify(setting)}`, async () => {
      const { make, deliver, value, look, world, group } = open(feeds, setting);
      const [first, second] = [make(), make()];
      assert.equal((await deliver(first)).kind, 'delivered');
      world.advance({ minutes: 5 });
      assert.equal((await deliver(second, 'FeedPat', { others: [first.pat] })).kind, 'delivered');
      world.advance({ minutes: 5 });
      const sight = await look();
      assert.deepEqual([value('FeedPat'), value('Other')], [second.token, 'other secret']);
      assert.deepEqual([sight.edit, await sight.isUnchanged(), group().references.length], [undefined, true, 2]);
    });
  }

  it('a missing right is a refusal with the right’s name', async () => {
    for (const groupRightMissing of [401, 403, 404] as const) {
      const { make, look, world, group, service } = open(feeds, { groupRightMissing });
      const sight = await look('FeedPat', { takeOver: true });
      world.groups.setRole(group(), service, 'user');
      const delivered = await sight.deliver(parcelOf(make()));
      assert.equal(delivered.kind, 'refused');
      assert.match(delivered.kind === 'refused' ? delivered.error.message : '', /role Administrator of that group/);
    }
  });

  it('without an author’s id an edit is known by its date alone', async () => {
    const { make, deliver, look, page, ann, world } = open(feeds, { groupModifiedBy: 'emptyId' });
    await deliver(make());
    world.advance({ hours: 1 });
    page().save(ann);
    assert.ok((await look()).edit);
  });
});
