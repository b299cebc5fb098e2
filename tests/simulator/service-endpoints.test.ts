import assert from 'node:assert/strict';
import type { AxiosInstance } from 'axios';
import {
  createWorld,
  readPublishedContract,
  type ServiceEndpoint,
  type Settings,
  type Simulator,
  startSimulator,
} from '../../simulator/index.ts';
import { DEVOPS, devopsOf, signIn } from './client.ts';

const LIST = '/Automation/_apis/serviceendpoint/endpoints';
const SERVICE = 'svc-pats@contoso.example';
const folder = process.env.RENEWPATS_OPENAPI;

describe('The simulated service connections', () => {
  let simulator: Simulator;
  let api: AxiosInstance;

  const world = () => simulator.world;
  const endpoint = (): ServiceEndpoint => world().endpoints.named('contoso', 'Automation', 'feed');
  const secret = () => world().endpoints.value('contoso', 'Automation', 'feed');
  const descriptions = () => endpoint().references.map(({ description }) => description);
  const person = (upn = 'ann@contoso.example') => world().entra.accountByUpn(upn)?.id ?? '';
  const read = async () => (await api.get(`${LIST}/${endpoint().id}`)).data;
  const put = (body: unknown) => api.put(`/_apis/serviceendpoint/endpoints/${endpoint().id}`, body);
  const playing = (settings: Partial<Settings>) => world().configure(settings);
  const asRole = (role: Parameters<typeof simulator.world.endpoints.setRole>[2]) =>
    world().endpoints.setRole(endpoint(), person(SERVICE), role);

  beforeEach(async () => {
    const feed = { description: 'the feed', parameters: { apitoken: 'old value' }, sharedWith: ['Web'] };
    simulator = await startSimulator({
      world: createWorld({
        accounts: [{ upn: SERVICE }, { upn: 'ann@contoso.example' }],
        organizations: { contoso: { projects: { Automation: { connections: { feed } }, Web: {} } } },
      }),
    });
    api = devopsOf(simulator, await signIn(simulator, DEVOPS), '7.1');
  });

  afterEach(() => simulator.close());

  describe('answer', () => {
    it('a list by names, without regard to case or exactly', async () => {
      const found = () => api.get(LIST, { params: { endpointNames: 'FEED,none' } });
      assert.deepEqual((await found()).data.value[0].name, 'feed');
      playing({ endpointNamesAsked: 'exact' });
      assert.equal((await found()).data.count, 0);
    });

    it('one by its id: the secret is null; who changed it and when is new in 7.2', async () => {
      const { authorization, isReady, modifiedBy, serviceEndpointProjectReferences } = await read();
      assert.deepEqual(authorization, { parameters: { apitoken: null }, scheme: 'Token' });
      assert.deepEqual([isReady, modifiedBy.uniqueName], [true, SERVICE]);
      assert.equal(serviceEndpointProjectReferences.length, 2);
      playing({ endpointModified: 'absent' });
      assert.equal((await read()).modifiedBy, undefined);
    });

    it('a Reader with little, or not at all; an unknown id with null, or 404', async () => {
      asRole('reader');
      assert.deepEqual(Object.keys(await read()).sort(), ['description', 'id', 'isReady', 'isShared', 'name']);
      playing({ endpointForReader: 'refused', endpointUnknown: 'null' });
      assert.equal((await api.get(`${LIST}/${endpoint().id}`)).status, 403);
      const unknown = `${LIST}/00000000-0000-4000-8000-000000000000`;
      assert.equal((await api.get(unknown)).data, null);
      playing({ endpointUnknown: 'notFound' });
      assert.equal((await api.get(unknown)).status, 404);
    });
  });

  describe('replace the whole object in a write', () => {
    it('whose path names a project or not', async () => {
      const document = await read();
      document.authorization.parameters.apitoken = 'new value';
      assert.equal((await put(document)).data.authorization.parameters.apitoken, null);
      assert.equal(secret(), 'new value');
      assert.equal((await api.put(`${LIST}/${endpoint().id}`, document)).status, 200);
      playing({ endpointPutByProject: 'refused' });
      assert.equal((await api.put(`${LIST}/${endpoint().id}`, document)).status, 405);
    });

    it('keep or wipe a secret that is null, absent or empty', async () => {
      const sent = async (parameters: Readonly<Record<string, unknown>>, settings: Partial<Settings>) => {
        playing(settings);
        const document = await read();
        document.authorization.parameters = parameters;
        const { status } = await put(document);
        const left = secret();
        world().endpoints.plant({ ...endpoint(), parameters: { apitoken: 'old value' } });
        return [status, left];
      };
      assert.deepEqual(await sent({ apitoken: null }, {}), [200, 'old value']);
      assert.deepEqual(await sent({ apitoken: null }, { endpointNullSecret: 'wiped' }), [200, '']);
      assert.deepEqual(await sent({}, {}), [200, 'old value']);
      assert.deepEqual(await sent({}, { endpointAbsentSecret: 'wiped' }), [200, '']);
      assert.deepEqual(await sent({ apitoken: '' }, {}), [200, '']);
      assert.deepEqual(await sent({ apitoken: '' }, { endpointEmptySecret: 'refused' }), [400, 'old value']);
    });

    it('with a description for each project, or one for all', async () => {
      const document = await read();
      document.description = 'for all';
      document.serviceEndpointProjectReferences[1].description = 'in Web';
      await put(document);
      assert.deepEqual(descriptions(), ['the feed', 'in Web']);
      playing({ endpointDescription: 'one' });
      await put(document);
      assert.deepEqual(descriptions(), ['for all', 'for all']);
    });

    it('with a description that is too long: refused, or cut', async () => {
      const document = await read();
      document.serviceEndpointProjectReferences[0].description = 'x'.repeat(1100);
      assert.equal((await put(document)).status, 400);
      playing({ endpointDescriptionTooLong: 'cut' });
      await put(document);
      assert.equal(descriptions()[0]?.length, 1024);
    });

    it('that leaves a project out: not shared any more, or kept', async () => {
      const document = await read();
      document.serviceEndpointProjectReferences.pop();
      playing({ endpointReferenceLeftOut: 'kept' });
      await put(document);
      assert.equal(descriptions().length, 2);
      playing({ endpointReferenceLeftOut: 'unshared' });
      await put(document);
      assert.equal(descriptions().length, 1);
    });

    it('with an unknown key in data: kept, dropped, or refused', async () => {
      const document = await read();
      document.data.renewPats = 'record';
      await put(document);
      assert.deepEqual(endpoint().data, { renewPats: 'record' });
      world().endpoints.plant({ ...endpoint(), data: {} });
      playing({ endpointUnknownData: 'dropped' });
      await put(document);
      assert.deepEqual(endpoint().data, {});
      playing({ endpointUnknownData: 'refused' });
      assert.equal((await put(document)).status, 400);
    });

    it('with the service’s own fields sent back: ignored, or refused', async () => {
      assert.equal((await put(await read())).status, 200);
      playing({ endpointOwnFieldsSent: 'refused' });
      assert.equal((await put(await read())).status, 400);
    });

    it('that moves the date, unless it is of a description alone and that does not count', async () => {
      world().advance({ hours: 1 });
      const document = await read();
      document.serviceEndpointProjectReferences[0].description = 'another';
      playing({ endpointDescriptionEdit: 'undated' });
      await put(document);
      assert.notEqual((await read()).modificationDate, '2026-11-23T05:00:00Z');
      document.authorization.parameters.apitoken = 'new value';
      await put(document);
      assert.equal((await read()).modificationDate, '2026-11-23T05:00:00Z');
    });

    it('after which it may take a while until it is ready, or until a read shows it', async () => {
      playing({ endpointReadyAfterSeconds: 5, endpointReadLagSeconds: 3 });
      const document = await read();
      document.url = 'https://pkgs.dev.azure.com/contoso/other';
      assert.equal((await put(document)).data.isReady, false);
      assert.notEqual((await read()).url, document.url);
      world().advance({ seconds: 5 });
      const { url, isReady } = await read();
      assert.deepEqual([url, isReady], [document.url, true]);
    });

    it('by an administrator of the project only: names and descriptions, and not the secret', async () => {
      asRole('projectAdministrator');
      const document = await read();
      document.serviceEndpointProjectReferences[0].description = 'described';
      assert.equal((await put(document)).status, 200);
      document.authorization.parameters.apitoken = 'new value';
      for (const status of [403, 401, 500] as const) {
        playing({ endpointRightMissing: status });
        assert.equal((await put(document)).status, status);
      }
      assert.deepEqual([secret(), descriptions()[0]], ['old value', 'described']);
    });
  });

  it('break a write off with a 500, having stored nothing, the secret only, or all but the secret', async () => {
    const document = await read();
    document.authorization.parameters.apitoken = 'new value';
    document.serviceEndpointProjectReferences[0].description = 'record';
    const expected = {
      nothing: ['old value', 'the feed'],
      secretsOnly: ['new value', 'the feed'],
      plainOnly: ['old value', 'record'],
    };
    for (const [stores, left] of Object.entries(expected)) {
      world().endpoints.plant({
        ...endpoint(),
        parameters: { apitoken: 'old value' },
        references: endpoint().references.map((each) => ({ ...each, description: 'the feed' })),
      });
      playing({ brokenEndpointWrite: stores as Settings['brokenEndpointWrite'] });
      world().endpoints.breakNextWrite();
      assert.equal((await put(document)).status, 500);
      assert.deepEqual([secret(), descriptions()[0]], left);
    }
  });

  describe('have people', () => {
    it('who save a page that they opened earlier: the description goes back, the secret stays', async () => {
      const page = world().endpoints.openPage(endpoint(), 'Web');
      const document = await read();
      document.authorization.parameters.apitoken = 'new value';
      for (const reference of document.serviceEndpointProjectReferences) reference.description = 'record';
      await put(document);
      page.save(person());
      assert.deepEqual([secret(), descriptions()], ['new value', ['the feed', 'the feed']]);
      playing({ endpointPageSave: 'absent' });
      world().endpoints.openPage(endpoint(), 'Web').save(person(), { description: 'typed' });
      assert.deepEqual([secret(), descriptions()], ['new value', ['the feed', 'typed']]);
      playing({ endpointPageSave: 'asks' });
      world().endpoints.openPage(endpoint(), 'Web').save(person(), { description: 'not without the token' });
      assert.deepEqual(descriptions(), ['the feed', 'typed']);
    });

    it('who paste a value, disable or delete the connection', async () => {
      world().endpoints.openPage(endpoint(), 'Automation').save(person(), { secret: 'pasted' });
      assert.equal(secret(), 'pasted');
      world().endpoints.setDisabled(endpoint(), true);
      assert.equal((await read()).isDisabled, true);
      world().endpoints.remove(endpoint());
      assert.equal((await api.get(LIST)).data.count, 0);
    });

    it('whose jobs get the connection of their start, or of the moment at which they were queued', () => {
      playing({ jobReads: 'queued' });
      const job = world().endpoints.queueJob(endpoint());
      world().endpoints.openPage(endpoint(), 'Automation').save(person(), { secret: 'pasted' });
      assert.equal(job.start().apitoken, 'old value');
      playing({ jobReads: 'started' });
      assert.equal(job.start().apitoken, 'pasted');
    });
  });

  it('fit the published description (if RENEWPATS_OPENAPI names the folder that holds it)', async function () {
    if (folder === undefined) this.skip();
    const contract = await readPublishedContract(folder);
    await api.get(LIST, { params: { endpointNames: 'feed' } });
    await api.get(LIST);
    await put(await read());
    asRole('reader');
    await read();
    assert.deepEqual(contract.answerProblems(simulator.requests), []);
    assert.deepEqual(contract.requestProblems(simulator.requests), []);
  });
});
