import assert from 'node:assert/strict';
import { createWorld, type PublishedContract, readPublishedContract, startSimulator } from '../../simulator/index.ts';
import { DEVOPS, patsOf, signIn } from './client.ts';

const folder = process.env.RENEWPATS_OPENAPI;

describe('The published OpenAPI description of the PAT API (if RENEWPATS_OPENAPI names the folder that holds it)', () => {
  let contract: PublishedContract;

  before(async function () {
    if (folder === undefined) this.skip();
    contract = await readPublishedContract(folder);
  });

  it('has nothing against the simulator’s answers, nor against requests that are as they should be', async () => {
    const pats = [{ displayName: 'Build feed' }, { displayName: 'Everywhere', allOrgs: true }];
    const simulator = await startSimulator({ world: createWorld({ organizations: { contoso: { pats } } }) });
    const api = patsOf(simulator, await signIn(simulator, DEVOPS));
    const filter = { displayFilterOption: 'all', sortByOption: 'displayName', isSortAscending: true, $top: 1 };
    const first = await api.get('', { params: filter });
    await api.get('', { params: { ...filter, continuationToken: first.data.continuationToken } });
    const { authorizationId } = first.data.patTokens[0];
    const request = { displayName: 'New', scope: 'vso.code', validTo: '2027-01-22T04:00:00.319Z' };
    await api.get('', { params: { authorizationId } });
    await api.post('', { ...request, allOrgs: false });
    await api.post('', { ...request, allOrgs: true });
    await api.put('', { authorizationId, validTo: '2027-01-22T04:00:00Z' });
    await api.delete('', { params: { authorizationId } });
    await simulator.close();
    assert.equal(simulator.requests.length, 8);
    assert.deepEqual(contract.answerProblems(simulator.requests), []);
    assert.deepEqual(contract.requestProblems(simulator.requests), []);
  });

  it('finds requests that it does not describe', async () => {
    const simulator = await startSimulator();
    const api = patsOf(simulator, await signIn(simulator, DEVOPS));
    await api.get('', { params: { filter: 'all', displayFilterOption: 'some', $top: 'ten' } });
    await api.get('', { params: { authorizationId: 'no GUID' } });
    await api.get('', { params: { 'api-version': undefined } });
    await api.post('', { displayName: 'New', scopes: ['vso.code'], validTo: 'soon', allOrgs: 'no' });
    await api.put('', '{', { headers: { 'content-type': 'application/json' }, transformRequest: (body) => body });
    await api.delete('', { params: { authorizationId: '00000000-0000-0000-0000-000000000000' }, data: { a: 1 } });
    await api.patch('', {});
    await simulator.close();
    assert.deepEqual(
      contract.requestProblems(simulator.requests).map((problem) => problem.replace(/^.*?\): /, '')),
      [
        'Pats_List knows no query parameter "filter".',
        '"displayFilterOption" must not be "some".',
        '"$top" must not be "ten".',
        '"authorizationId" must not be "no GUID".',
        '"api-version" is missing.',
        ' should NOT have additional properties {"additionalProperty":"scopes"}',
        '.allOrgs should be boolean {"type":"boolean"}',
        '.validTo should match format "date-time" {"format":"date-time"}',
        'the body is no JSON.',
        'Pats_Revoke takes no body.',
        'the description has no such operation.',
      ],
    );
  });
});
