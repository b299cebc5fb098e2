import assert from 'node:assert/strict';
import { createWorld, type GroupSpec, type Settings } from '../../simulator/index.ts';
import { findEndpoint, readEndpoint, writeEndpoint } from '../../src/services/service-endpoints.ts';
import { findGroup, readGroup, writeGroup } from '../../src/services/variable-groups.ts';
import { devOpsOfWorld } from './devops-of-world.ts';

const SERVICE = 'svc-pats@contoso.example';
const feeds: GroupSpec = {
  variables: { owner: 'team', FeedPat: { value: 'old value', isSecret: true, isReadOnly: true } },
  more: { folder: '\\teams' },
};

function situation(settings: Partial<Settings> = {}) {
  const roles = { [SERVICE]: 'reader' } as const;
  const world = createWorld({
    settings,
    organizations: {
      contoso: {
        projects: {
          'Auto mation': {
            groups: { feeds, Seen: { roles }, FeeDs2: {}, 'a*b': {}, axb: {} },
            connections: { feed: {}, 'a, b': {}, little: { roles } },
          },
        },
      },
    },
  });
  const group = { organization: 'contoso', project: 'Auto mation', group: 'feeds' };
  const endpoint = { organization: 'contoso', project: 'Auto mation', name: 'feed' };
  return { world, ...devOpsOfWorld(world), group, endpoint };
}

async function told(call: Promise<unknown>): Promise<{ message: string; outcome: unknown; code: unknown }> {
  const error: unknown = await call.then(
    () => assert.fail('it was not refused'),
    (thrown: unknown) => thrown,
  );
  const { message, outcome, code } = error as { message: string; outcome: unknown; code: unknown };
  return { message, outcome, code };
}

describe('A variable group', () => {
  it('is found by its name in whatever case, and by nothing else, also where the name is a pattern', async () => {
    const { devOps, group } = situation();
    assert.equal(await findGroup(devOps, group, 'none'), 1);
    assert.equal(await findGroup(devOps, { ...group, group: 'FEEDS' }, 'none'), 1);
    assert.equal(await findGroup(devOps, { ...group, group: 'a*b' }, 'none'), 4);
    assert.equal(await findGroup(devOps, { ...group, group: 'fee*' }, 'none'), undefined);
  });

  it('is found for writing by its administrators only', async () => {
    const { devOps, group } = situation();
    assert.equal(await findGroup(devOps, { ...group, group: 'Seen' }, 'none'), 2);
    assert.equal(await findGroup(devOps, { ...group, group: 'Seen' }, 'manage'), undefined);
  });

  it('is written back with everything that was read, and without what the service says of it', async () => {
    const { devOps, group, world, requests } = situation();
    const document = await readGroup(devOps, group, 1);
    assert.ok(document);
    await writeGroup(devOps, group, 1, document);
    const body = JSON.parse(requests().at(-1)?.body ?? '');
    assert.equal(requests().at(-1)?.path, '/contoso/_apis/distributedtask/variablegroups/1');
    assert.deepEqual(Object.keys(body).sort(), [
      ...['description', 'folder', 'name', 'type', 'variableGroupProjectReferences', 'variables'],
    ]);
    const { variables, more } = world.groups.named('contoso', 'Auto mation', 'feeds');
    assert.deepEqual(variables.FeedPat, { value: 'old value', isSecret: true, more: { isReadOnly: true } });
    assert.deepEqual(more, { folder: '\\teams' });
  });

  it('that does not exist is none, with each answer of the service', async () => {
    for (const groupUnknown of ['null', 'notFound'] as const) {
      const { devOps, group } = situation({ groupUnknown });
      const read = readGroup(devOps, group, 99);
      if (groupUnknown === 'null') assert.equal(await read, undefined);
      else
        assert.match(
          (await told(read)).message,
          /^There is no variable group "feeds" in project "Auto mation" \(any more\)/,
        );
    }
  });

  it('is refused in a sentence, whatever the status: who can give which right', async () => {
    for (const groupRightMissing of [401, 403, 404] as const) {
      const { devOps, group } = situation({ groupRightMissing });
      const document = await readGroup(devOps, group, 2);
      const { message, outcome } = await told(writeGroup(devOps, group, 2, document ?? {}));
      assert.match(message, /lacks a right to .*role Administrator of that group: an administrator of the library/);
      assert.equal(outcome, 'refused');
    }
  });

  it('in a project that does not exist is told as that', async () => {
    const { devOps, group } = situation();
    const { message, code } = await told(findGroup(devOps, { ...group, project: 'Nowhere' }, 'none'));
    assert.match(message, /^There is no project "Nowhere" in organization "contoso"/);
    assert.equal(code, 'TF200016');
  });

  it('in an organization that does not exist is told as that', async () => {
    for (const unknownOrganization of ['html', 'json'] as const) {
      const { devOps, group } = situation({ unknownOrganization });
      const { message } = await told(findGroup(devOps, { ...group, organization: 'fabrikam' }, 'none'));
      assert.match(message, /^The organization "fabrikam" was not found/);
    }
  });

  it('whose change is not taken says why, in the service’s words', async () => {
    const { devOps, group } = situation();
    const { message, outcome } = await told(writeGroup(devOps, group, 1, { name: 'feeds', variables: {} }));
    assert.match(
      message,
      /HTTP 400, VariableGroupException\)\. Azure DevOps says: Project information name is not valid/,
    );
    assert.equal(outcome, 'refused');
  });

  it('is written once: a lost answer is unknown, and nothing is sent again', async () => {
    const { devOps, group, faults, writes } = situation();
    const document = await readGroup(devOps, group, 1);
    faults.always('groups.update', { kind: 'applyThenDrop' });
    assert.equal((await told(writeGroup(devOps, group, 1, document ?? {}))).outcome, 'unknown');
    assert.equal(writes().length, 1);
  });
});

describe('A service connection', () => {
  it('is found by its name, also if that holds a comma', async () => {
    const { devOps, endpoint, world } = situation();
    const idOf = (name: string) => world.endpoints.named('contoso', 'Auto mation', name).id;
    assert.equal(await findEndpoint(devOps, { ...endpoint, name: 'FEED' }), idOf('feed'));
    assert.equal(await findEndpoint(devOps, { ...endpoint, name: 'a, b' }), idOf('a, b'));
    assert.equal(await findEndpoint(devOps, { ...endpoint, name: 'a' }), undefined);
  });

  it('is written back with everything that was read', async () => {
    const { devOps, endpoint, requests } = situation();
    const id = (await findEndpoint(devOps, endpoint)) ?? '';
    const document = await readEndpoint(devOps, endpoint, id);
    await writeEndpoint(devOps, endpoint, id, document ?? {});
    assert.deepEqual(JSON.parse(requests().at(-1)?.body ?? ''), document);
    assert.equal(requests().at(-1)?.path, `/contoso/_apis/serviceendpoint/endpoints/${id}`);
  });

  it('is refused in a sentence: the role at organization level', async () => {
    for (const endpointRightMissing of [401, 403, 500] as const) {
      const { devOps, endpoint, world } = situation({ endpointRightMissing });
      const feed = world.endpoints.named('contoso', 'Auto mation', 'feed');
      const document = (await readEndpoint(devOps, endpoint, feed.id)) ?? {};
      world.endpoints.setRole(feed, world.entra.accountByUpn(SERVICE)?.id ?? '', 'projectAdministrator');
      const authorization = { scheme: 'Token', parameters: { apitoken: 'new value' } };
      const { message, outcome } = await told(writeEndpoint(devOps, endpoint, feed.id, { ...document, authorization }));
      assert.match(message, /role Administrator of that connection at organization level/);
      assert.equal(outcome, endpointRightMissing === 500 ? 'unknown' : 'refused');
    }
  });
});
