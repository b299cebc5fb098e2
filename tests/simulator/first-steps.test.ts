import assert from 'node:assert/strict';
import { createWorld, type Simulator, startSimulator } from '../../simulator/index.ts';
import { clientOf, DEVOPS, patsOf, signIn, VAULT, vaultOf } from './client.ts';

describe('The simulator, from sign-in to the vault', () => {
  let simulator: Simulator;

  before(async () => {
    const world = createWorld({
      organizations: { contoso: { pats: [{ displayName: 'Build feed', scope: 'vso.packaging' }] } },
      vaults: { 'contoso-kv': { secrets: { 'build-feed': { value: { pat: 'Build feed' } } } } },
    });
    simulator = await startSimulator({ world });
  });

  after(() => simulator.close());

  it('signs the service account in, renews its PAT, proves the new value and stores it', async () => {
    const pats = patsOf(simulator, await signIn(simulator, DEVOPS));
    const listed = await pats.get('');
    assert.deepEqual(
      listed.data.patTokens.map((pat: { displayName: string }) => pat.displayName),
      ['Build feed'],
    );

    const created = await pats.post('', {
      displayName: 'Build feed',
      scope: 'vso.packaging',
      validTo: '2027-01-22T04:00:00Z',
      allOrgs: false,
    });
    const { patToken, patTokenError } = created.data;
    assert.equal(patTokenError, 'none');
    assert.match(patToken.token, /^[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}$/);

    const proof = await clientOf(simulator).get('https://dev.azure.com/contoso/_apis/connectionData', {
      auth: { username: '', password: patToken.token },
    });
    assert.equal(proof.data.authenticatedUser.properties.Account.$value, 'svc-pats@contoso.example');

    const vault = vaultOf(simulator, await signIn(simulator, VAULT), 'contoso-kv.vault.azure.net');
    const stored = await vault.put('/secrets/build-feed', { value: patToken.token });
    assert.equal(stored.status, 200);
    const read = await vault.get('/secrets/build-feed');
    assert.equal(read.data.value, patToken.token);
  });
});
