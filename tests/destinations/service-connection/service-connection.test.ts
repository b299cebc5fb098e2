import assert from 'node:assert/strict';
import type { EndpointSpec, Settings } from '../../../simulator/index.ts';
import { readDescription } from '../../../src/destinations/one-slot/record-in-line.ts';
import type { Delivered, Looking, Parcel, Sight } from '../../../src/destinations/port.ts';
import { connectionPlace } from '../../../src/destinations/service-connection/service-connection.ts';
import { ANN, companyWith, SERVICE } from '../company.ts';
import { looking, type MadePat, parcelOf } from '../conformance.ts';

const named = { organization: 'contoso', project: 'Tools', name: 'feed' };

function open(spec: EndpointSpec = {}, settings: Partial<Settings> = {}) {
  const company = companyWith({ connections: { feed: spec } }, settings);
  const { world } = company;
  const endpoint = () => world.endpoints.named('contoso', 'Tools', 'feed');
  const look = (over: Partial<Looking> = {}): Promise<Sight> =>
    company.open((devOps) => connectionPlace(devOps, named)).look(looking(company.owner, over));
  const deliver = async (made: MadePat, over: Partial<Parcel> = {}): Promise<Delivered> =>
    (await look({ takeOver: true })).deliver(parcelOf(made, over));
  return {
    ...company,
    ...{ endpoint, look, deliver },
    value: () => world.endpoints.value('contoso', 'Tools', 'feed'),
    described: () => endpoint().references.map(({ description }) => readDescription(description)),
    page: (project = 'Tools') => world.endpoints.openPage(endpoint(), project),
  };
}

const shared: EndpointSpec = {
  description: 'Of the team.\nAsk Ann.',
  sharedWith: ['Web'],
  data: { wiki: 'yes' },
  more: { serviceManagementReference: 'tree' },
};

describe('A delivery into a service connection', () => {
  it('changes the token and the last line of each description, and nothing else', async () => {
    const { endpoint, deliver, make, value, described, writes } = open(shared);
    const before = endpoint();
    const made = make();
    assert.equal((await deliver(made)).kind, 'delivered');
    assert.equal(value(), made.token);
    for (const { personal, record } of described()) {
      assert.deepEqual([personal, record?.id], ['Of the team.\nAsk Ann.', made.pat.authorizationId]);
    }
    const {
      parameters: _,
      references: __,
      modifiedBy: ___,
      modificationDate: ____,
      readyFrom: _____,
      ...after
    } = endpoint();
    const { parameters, references, modifiedBy, modificationDate, readyFrom, ...untouched } = before;
    assert.deepEqual(after, untouched);
    assert.deepEqual(writes(), ['endpoints.update']);
  });

  it('replaces its own line and keeps a text of each project', async () => {
    const { page, deliver, make, described, ann } = open(shared);
    await deliver(make());
    page('Web').save(ann, { description: 'in Web' });
    const made = make();
    await deliver(made);
    assert.deepEqual(
      described().map(({ personal }) => personal),
      ['Of the team.\nAsk Ann.', 'in Web'],
    );
    assert.deepEqual(
      described().map(({ record }) => record?.id),
      [made.pat.authorizationId, made.pat.authorizationId],
    );
  });

  const types: readonly (readonly [type: string, scheme: string, key: string, more?: Record<string, string>])[] = [
    ['externalnugetfeed', 'Token', 'apitoken'],
    ['externalnugetfeed', 'UsernamePassword', 'password', { username: 'svc' }],
    ['externalnugetfeed', 'None', 'nugetkey'],
    ['externalnpmregistry', 'Token', 'apitoken'],
    ['externalpythondownloadfeed', 'UsernamePassword', 'password', { username: 'svc' }],
    ['externalpythonuploadfeed', 'Token', 'apitoken'],
    ['externalmavenrepository', 'Token', 'apitoken'],
    ['externalcargorepository', 'Token', 'apitoken'],
    ['externaltfs', 'Token', 'apitoken'],
    ['git', 'UsernamePassword', 'password', { username: 'svc' }],
    ['generic', 'UsernamePassword', 'password', { username: '' }],
    ['AZDOAPI', 'Token', 'apitoken'],
    ['TFSMarketplacePublishing', 'Token', 'apitoken'],
  ];
  for (const [type, scheme, key, more = {}] of types) {
    it(`knows where a token is in type ${type} with ${scheme}`, async () => {
      const { endpoint, deliver, make } = open({ type, scheme, parameters: { ...more, [key]: 'old' } });
      const made = make();
      assert.equal((await deliver(made)).kind, 'delivered');
      assert.deepEqual(endpoint().parameters, { ...more, [key]: made.token });
    });
  }

  for (const url of [
    'https://dev.azure.com/contoso/',
    'https://dev.azure.com/Contoso/Tools/_git/x',
    'https://contoso.visualstudio.com',
    'https://pkgs.dev.azure.com/contoso/_packaging/feed/npm/registry/',
    'https://contoso.pkgs.visualstudio.com/_packaging/feed/nuget/v3/index.json',
  ]) {
    it(`takes an address of its own organization: ${url}`, async () =>
      assert.equal((await open({ url }).look()).obstacle, undefined));
  }

  it('takes the Marketplace’s address for publishing', async () => {
    const spec = { type: 'TFSMarketplacePublishing', url: 'https://marketplace.visualstudio.com' };
    assert.equal((await open(spec).look()).obstacle, undefined);
  });
});

describe('Before a PAT is made for a service connection', () => {
  const cases: readonly { name: string; spec: EndpointSpec; told: RegExp }[] = [
    {
      name: 'one of another type is refused',
      spec: { type: 'azurerm', scheme: 'ServicePrincipal', parameters: { serviceprincipalkey: 'x' } },
      told: /is of type "azurerm" with authentication "ServicePrincipal", and no such connection holds/,
    },
    {
      name: 'one with two secrets is refused',
      spec: { parameters: { apitoken: 'x', username: 'y' }, secrets: ['apitoken', 'username'] },
      told: /keeps more than one secret \(apitoken, username\)/,
    },
    { name: 'one that is disabled is refused', spec: { isDisabled: true }, told: /is disabled\. Enable it/ },
    {
      name: 'one whose fields are not shown is refused',
      spec: { roles: { [SERVICE]: 'reader' } },
      told: /sees little of .*role Administrator of that connection at organization level/,
    },
    {
      name: 'one with a long description is refused',
      spec: { description: 'x'.repeat(524) },
      told: /has 524 characters, .*shorten it to 523 characters/,
    },
    ...[
      'https://dev.azure.com/fabrikam/',
      'https://fabrikam.visualstudio.com',
      'https://dev.azure.com.example/contoso',
      'https://contoso.example/contoso',
      'http://dev.azure.com/contoso',
      'https://marketplace.visualstudio.com',
      'no address',
    ].map((url) => ({
      name: `one that leads elsewhere is refused: ${url}`,
      spec: { url },
      told: /is not organization "contoso": .* would be given away/,
    })),
  ];
  for (const { name, spec, told } of cases) {
    it(name, async () => {
      const { look, deliver, make, writes } = open(spec);
      assert.match((await look()).obstacle ?? '', told);
      assert.equal((await deliver(make())).kind, 'refused');
      assert.deepEqual(writes(), []);
    });
  }

  it('one that is missing, or that the account may not see, is told as that', async () => {
    const { look, world, endpoint, service, open: openPlace, owner } = open();
    const missing = openPlace((devOps) => connectionPlace(devOps, { ...named, name: 'none' })).look(looking(owner));
    await assert.rejects(missing, /^ServiceError: There is no service connection "none" in project "Tools"/);
    world.endpoints.setRole(endpoint(), service, undefined);
    await assert.rejects(look(), /There is no service connection "feed" .*that the service account may see/);
  });

  it('a token without a record is somebody’s, unless it may be taken over', async () => {
    const { look } = open();
    assert.deepEqual((await look()).occupant, { kind: 'unrecorded', value: 'not readable by anybody' });
    assert.deepEqual((await look({ takeOver: true })).occupant, { kind: 'unrecorded', value: 'pat' });
  });
});

describe('What people do to a service connection', () => {
  it('a page that was opened earlier and is saved brings the old record back, and it shows', async () => {
    const { page, deliver, make, look, ann, value, world } = open(shared);
    const [first, second] = [make(), make()];
    await deliver(first);
    const stale = page('Web');
    world.advance({ minutes: 20 });
    await deliver(second, { others: [first.pat] });
    stale.save(ann);
    const { occupant, edit } = await look();
    assert.equal(value(), second.token);
    assert.equal(occupant.kind === 'delivered' && occupant.claim.authorizationId, first.pat.authorizationId);
    assert.equal(edit?.by, ANN);
  });

  it('descriptions that differ are an edit, also where the object does not say who changed it', async () => {
    const { page, deliver, make, look, ann } = open(shared, { endpointModified: 'absent' });
    await deliver(make());
    assert.equal((await look()).edit, undefined);
    page('Web').save(ann, { description: 'in Web' });
    const { edit, occupant } = await look();
    assert.deepEqual([occupant.kind, edit?.by], ['delivered', 'somebody']);
    await deliver(make());
    assert.equal((await look()).edit, undefined);
  });

  it('a description that was wiped leaves somebody’s token', async () => {
    const { page, deliver, make, look, ann } = open();
    await deliver(make());
    page().save(ann, { description: '' });
    assert.equal((await look()).occupant.kind, 'unrecorded');
  });

  it('one that is disabled or deleted while a PAT is made gets no token', async () => {
    const disabled = open();
    const sight = await disabled.look({ takeOver: true });
    disabled.world.endpoints.setDisabled(disabled.endpoint(), true);
    assert.equal((await sight.deliver(parcelOf(disabled.make()))).kind, 'refused');
    const deleted = open();
    const seen = await deleted.look({ takeOver: true });
    deleted.world.endpoints.remove(deleted.endpoint());
    assert.equal((await seen.deliver(parcelOf(deleted.make()))).kind, 'refused');
  });
});

describe('A write of a connection that the service breaks off', () => {
  for (const brokenEndpointWrite of ['nothing', 'secretsOnly', 'plainOnly'] as const) {
    it(`having stored ${brokenEndpointWrite} is put again, until both are there`, async () => {
      const { world, make, deliver, value, described } = open({}, { brokenEndpointWrite });
      const made = make();
      world.endpoints.breakNextWrite();
      assert.equal((await deliver(made)).kind, 'delivered');
      assert.deepEqual([value(), described()[0]?.record?.id], [made.token, made.pat.authorizationId]);
    });
  }
});

describe('Whatever the service of connections answers to what is open', () => {
  const settings: readonly Partial<Settings>[] = [
    { endpointNullSecret: 'wiped' },
    { endpointAbsentSecret: 'wiped' },
    { endpointEmptySecret: 'refused' },
    { endpointPutByProject: 'refused' },
    { endpointUnknownData: 'refused' },
    { endpointDescription: 'one' },
    { endpointDescriptionTooLong: 'cut' },
    { endpointReferenceLeftOut: 'kept' },
    { endpointModified: 'absent' },
    { endpointDescriptionEdit: 'undated' },
    { endpointReadyAfterSeconds: 10 },
    { endpointUnknown: 'notFound' },
    { endpointNamesAsked: 'exact' },
    { endpointReadLagSeconds: 3 },
    { endpointPageSave: 'absent' },
  ];
  for (const setting of settings) {
    it(`a value is delivered and superseded: ${JSON.stringify(setting)}`, async () => {
      const { make, deliver, value, look, world, endpoint } = open(shared, setting);
      const [first, second] = [make(), make()];
      assert.equal((await deliver(first)).kind, 'delivered');
      world.advance({ minutes: 5 });
      assert.equal((await deliver(second, { others: [first.pat] })).kind, 'delivered');
      world.advance({ minutes: 5 });
      const sight = await look();
      assert.equal(value(), second.token);
      assert.deepEqual([sight.edit, await sight.isUnchanged(), endpoint().references.length], [undefined, true, 2]);
      assert.ok(sight.log[0]?.since?.has(first.pat.authorizationId));
    });
  }

  it('own fields that it does not want sent back are a refusal in its words', async () => {
    const { make, deliver } = open({}, { endpointOwnFieldsSent: 'refused' });
    const delivered = await deliver(make());
    assert.match(
      delivered.kind === 'refused' ? delivered.error.message : '',
      /Azure DevOps says: The field createdBy cannot be set/,
    );
  });

  it('a Reader who is refused is told of the role', async () => {
    const { look } = open({ roles: { [SERVICE]: 'reader' } }, { endpointForReader: 'refused' });
    await assert.rejects(look(), /lacks a right to service connection "feed".*at organization level/);
  });

  it('a role of the project’s level is refused, or unknown where the answer is a 500', async () => {
    for (const endpointRightMissing of [401, 403, 500] as const) {
      const { make, deliver, value } = open(
        { parameters: { apitoken: 'old' }, roles: { [SERVICE]: 'projectAdministrator' } },
        { endpointRightMissing },
      );
      const delivered = await deliver(make());
      assert.equal(delivered.kind, endpointRightMissing === 500 ? 'unknown' : 'refused');
      const told = delivered.kind === 'refused' || delivered.kind === 'unknown' ? delivered.error.message : '';
      assert.match(told, /role Administrator of that connection at organization level/);
      assert.equal(value(), 'old');
    }
  });
});
