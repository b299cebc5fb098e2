import assert from 'node:assert/strict';
import { type Change, createWorld, type World } from '../../simulator/index.ts';

const owner = (world: World): string => world.entra.accountByUpn('svc-pats@contoso.example')?.id ?? '';

const createPat = (world: World): string => {
  const answer = world.pats.create('contoso', owner(world), { displayName: 'Build feed', scope: 'vso.packaging' });
  assert.equal(answer.kind, 'pat');
  return answer.kind === 'pat' ? answer.pat.authorizationId : '';
};

describe('The simulated world', () => {
  it('stands still until it is told to move', () => {
    const world = createWorld({ now: '2026-11-23T04:00:00Z' });
    assert.equal(world.now, Date.parse('2026-11-23T04:00:00Z'));
    world.advance({ days: 1, hours: 24, minutes: 30 });
    assert.equal(world.now, Date.parse('2026-11-25T04:30:00Z'));
    world.now = Date.parse('2027-01-01T00:00:00Z');
    assert.equal(world.now, Date.parse('2027-01-01T00:00:00Z'));
  });

  it('can follow real time from its start', () => {
    const before = Date.now();
    const world = createWorld({ now: '2026-11-23T04:00:00Z', ticking: true });
    const passed = world.now - Date.parse('2026-11-23T04:00:00Z');
    assert.ok(passed >= 0 && passed <= Date.now() - before);
  });

  it('comes out the same for the same seed, and different for another', () => {
    const valueFor = (seed: number): string | undefined => {
      const world = createWorld({ seed });
      return world.pats.byId(createPat(world))?.value;
    };
    assert.equal(valueFor(7), valueFor(7));
    assert.notEqual(valueFor(7), valueFor(8));
  });

  it('tells its observers of every change, with what was and what is', () => {
    const world = createWorld({ vaults: { 'contoso-kv': {} } });
    const changes: Change[] = [];
    const stop = world.onChange((change) => changes.push(change));
    const id = createPat(world);
    world.pats.update('contoso', owner(world), { authorizationId: id, validTo: Date.parse('2027-01-22T04:00:00Z') });
    world.vaults.setSecret('contoso-kv.vault.azure.net', owner(world), 'build-feed', { value: 'a value' });
    world.pats.revoke('contoso', owner(world), id);
    stop();
    createPat(world);

    assert.deepEqual(
      changes.map((change) => change.kind),
      ['pat.created', 'pat.updated', 'secret.set', 'pat.revoked'],
    );
    const revoked = changes.at(-1);
    assert.ok(revoked?.kind === 'pat.revoked');
    assert.deepEqual(revoked.after, { ...revoked.before, revokedAt: world.now });
  });

  it('can be forked: both go on alike, and neither sees what the other does', () => {
    const world = createWorld();
    const id = createPat(world);
    const fork = world.fork();
    fork.pats.revoke('contoso', owner(fork), id);
    fork.advance({ hours: 1 });
    assert.equal(world.pats.byId(id)?.revokedAt, undefined);
    assert.equal(world.now, Date.parse('2026-11-23T04:00:00Z'));
    assert.equal(createPat(world), createPat(fork));
  });

  it('can rename an organization: same ids, same PATs, under the new name only', () => {
    const world = createWorld({ organizations: { contoso: { pats: [{ displayName: 'Build feed' }] }, fabrikam: {} } });
    const { id } = world.pats.organization('contoso') ?? {};
    const [pat] = world.pats.named('contoso', 'Build feed');
    const job = world.pipelines.newJobToken('contoso');
    world.rename('contoso', 'contoso-emea');
    assert.equal(world.pats.organization('contoso'), undefined);
    assert.equal(world.pats.organization('contoso-emea')?.id, id);
    assert.deepEqual(world.pats.named('contoso-emea', 'Build feed'), [{ ...pat, organization: 'contoso-emea' }]);
    assert.equal(world.pats.use('contoso-emea', pat?.value ?? '').kind, 'accepted');
    assert.deepEqual(
      ['contoso', 'contoso-emea'].map((name) => world.pipelines.isJobToken(job, name)),
      [false, true],
    );
  });

  it('makes PAT values of the current shape, or of the older one', () => {
    const current = createWorld({ organizations: { contoso: { pats: [{ displayName: 'Build feed' }] } } });
    assert.match(current.pats.named('contoso', 'Build feed')[0]?.value ?? '', /^[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}$/);
    const legacy = createWorld({
      settings: { valueShape: 'legacy' },
      organizations: { contoso: { pats: [{ displayName: 'Build feed' }] } },
    });
    assert.match(legacy.pats.named('contoso', 'Build feed')[0]?.value ?? '', /^[a-z2-7]{52}$/);
  });
});
