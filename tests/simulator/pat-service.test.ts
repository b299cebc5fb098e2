import assert from 'node:assert/strict';
import { createWorld, type PatSpec, type Settings, type World } from '../../simulator/index.ts';
import type { PatAnswer, PatUpdateRequest } from '../../simulator/pat-service.ts';
import { serviceTimestamp, storedInstant } from '../../simulator/service-time.ts';

const NOW = '2026-11-23T04:00:00Z';

/** A world with PATs in `contoso`, and the five operations in the name of its service account. */
function service(pats: readonly PatSpec[] = [], settings: Partial<Settings> = {}) {
  const world = createWorld({ now: NOW, settings, organizations: { contoso: { pats }, fabrikam: {} } });
  const owner = world.entra.accountByUpn('svc-pats@contoso.example')?.id ?? '';
  const idOf = (name: string): string => world.pats.named('contoso', name)[0]?.authorizationId ?? '';
  return {
    world,
    owner,
    idOf,
    list: (query = {}, organization = 'contoso') => {
      const answer = world.pats.list(organization, owner, query);
      return answer.kind === 'page' ? answer.pats.map((pat) => pat.displayName) : answer.kind;
    },
    create: (request: { scope?: string; validTo?: string; allOrgs?: boolean; displayName?: string } = {}) => {
      const { validTo, ...rest } = { displayName: 'Build feed', scope: 'vso.code', ...request };
      return world.pats.create('contoso', owner, {
        ...rest,
        ...(validTo === undefined ? {} : { validTo: Date.parse(validTo) }),
      });
    },
    update: (name: string, request: Omit<PatUpdateRequest, 'authorizationId'>) =>
      world.pats.update('contoso', owner, { authorizationId: idOf(name), ...request }),
  };
}

const errorOf = (answer: PatAnswer): string => (answer.kind === 'refused' ? answer.error : 'none');
const endOf = (answer: PatAnswer): string =>
  answer.kind === 'pat' ? serviceTimestamp(answer.pat.validTo) : answer.kind;

describe('The simulated PAT service', () => {
  describe('keeps dates as the published examples show', () => {
    const examples = [
      { sent: '2020-12-01T23:46:23.319Z', kept: '2020-12-01T23:46:23.32Z' },
      { sent: '2020-11-02T22:56:52.103Z', kept: '2020-11-02T22:56:52.1033333Z' },
      { sent: '2020-10-24T03:04:19.147Z', kept: '2020-10-24T03:04:19.1466667Z' },
      { sent: '2027-01-22T04:00:00Z', kept: '2027-01-22T04:00:00Z' },
    ];
    for (const { sent, kept } of examples)
      it(`${sent} comes back as ${kept}`, () => {
        assert.equal(serviceTimestamp(storedInstant(Date.parse(sent), 'databaseTime')), kept);
      });

    it('or to the second, where that is set', () => {
      const { create } = service([], { timePrecision: 'seconds' });
      assert.equal(endOf(create({ validTo: '2027-01-22T04:00:00.319Z' })), '2027-01-22T04:00:00Z');
    });
  });

  describe('lists', () => {
    const pats: readonly PatSpec[] = [
      { displayName: 'active' },
      { displayName: 'expired', validTo: '2026-11-22T04:00:00Z' },
      { displayName: 'revoked', revokedAt: '2026-11-20T04:00:00Z' },
    ];

    it('by status', () => {
      const { list } = service(pats);
      assert.deepEqual(list({ filter: 'active' }), ['active']);
      assert.deepEqual(list({ filter: 'expired' }), ['expired']);
      assert.deepEqual(list({ filter: 'revoked' }), ['revoked']);
      assert.deepEqual(list({ filter: 'all', sortBy: 'displayName' }), ['active', 'expired', 'revoked']);
    });

    it('active ones if no filter is given, or all of them (a setting)', () => {
      assert.deepEqual(service(pats).list(), ['active']);
      assert.equal(service(pats, { defaultFilter: 'all' }).list().length, 3);
    });

    it('page by page, at most 100 at a time, until the continuation token is empty', () => {
      const many = Array.from({ length: 250 }, (_, index) => ({ displayName: `PAT ${index}` }));
      const { world, owner } = service(many);
      const sizes: number[] = [];
      const names = new Set<string>();
      let continuationToken = '';
      do {
        const answer = world.pats.list('contoso', owner, { filter: 'active', top: 1000, continuationToken });
        assert.ok(answer.kind === 'page');
        sizes.push(answer.pats.length);
        for (const pat of answer.pats) names.add(pat.displayName);
        continuationToken = answer.continuationToken;
      } while (continuationToken !== '');
      assert.deepEqual(sizes, [100, 100, 50]);
      assert.equal(names.size, 250);
    });

    it('go on only with the same filtering options', () => {
      const { world, owner } = service([{ displayName: 'one' }, { displayName: 'two' }]);
      const first = world.pats.list('contoso', owner, { filter: 'active', top: 1 });
      assert.ok(first.kind === 'page');
      const { continuationToken } = first;
      assert.equal(
        world.pats.list('contoso', owner, { filter: 'all', top: 1, continuationToken }).kind,
        'badContinuation',
      );
    });

    for (const { continuation, seen } of [
      { continuation: 'key', seen: ['third'] },
      { continuation: 'offset', seen: [] },
    ] as const)
      it(`can${continuation === 'key' ? 'not' : ''} lose an entry when one is revoked between two pages (continuation: ${continuation})`, () => {
        const { world, owner, idOf } = service(
          ['first', 'second', 'third'].map((displayName) => ({ displayName })),
          { continuation },
        );
        const query = { filter: 'active', sortBy: 'displayName', top: 2 } as const;
        const page = world.pats.list('contoso', owner, query);
        assert.ok(page.kind === 'page');
        world.pats.revoke('contoso', owner, idOf('first'));
        const next = world.pats.list('contoso', owner, { ...query, continuationToken: page.continuationToken });
        assert.ok(next.kind === 'page');
        assert.deepEqual(
          next.pats.map((pat) => pat.displayName),
          seen,
        );
      });

    it('can lag behind a creation, while GET by id does not (a setting)', () => {
      const { world, owner, create, list } = service([], { listLagSeconds: 30 });
      const created = create();
      assert.ok(created.kind === 'pat');
      assert.deepEqual(list(), []);
      assert.equal(world.pats.get('contoso', owner, created.pat.authorizationId).kind, 'pat');
      world.advance({ seconds: 30 });
      assert.deepEqual(list(), ['Build feed']);
    });

    for (const globalsListedEverywhere of [true, false])
      it(`show a PAT of several named organizations in each of them, or where it was made (globalsListedEverywhere: ${globalsListedEverywhere})`, () => {
        const { list } = service([{ displayName: 'both', alsoIn: ['fabrikam'] }, { displayName: 'one' }], {
          globalsListedEverywhere,
        });
        assert.deepEqual(list({ sortBy: 'displayName' }), ['both', 'one']);
        assert.deepEqual(list({}, 'fabrikam'), globalsListedEverywhere ? ['both'] : []);
      });

    it('show only the requesting user’s own PATs, and a global one in every organization', () => {
      const { list, world } = service([{ displayName: 'local' }, { displayName: 'global', allOrgs: true }]);
      assert.deepEqual(list({}, 'fabrikam'), ['global']);
      const answer = world.pats.list('contoso', 'somebody else');
      assert.ok(answer.kind === 'page' && answer.pats.length === 0);
    });
  });

  describe('creates', () => {
    it('a PAT with a value that nobody can read again', () => {
      const answer = service().create({ validTo: '2027-01-22T04:00:00Z' });
      assert.ok(answer.kind === 'pat');
      assert.equal(answer.pat.validTo, Date.parse('2027-01-22T04:00:00Z'));
      assert.equal(answer.pat.value.length, 84);
    });

    it('a second one of the same name, unless duplicates are refused (a setting)', () => {
      assert.equal(errorOf(service([{ displayName: 'Build feed' }]).create()), 'none');
      const strict = service([{ displayName: 'Build feed' }], { duplicateNames: 'refused' });
      assert.equal(errorOf(strict.create()), 'invalidDisplayName');
    });

    const refused = [
      { what: 'without a name', request: { displayName: '' }, error: 'displayNameRequired' },
      { what: 'with a name that is too long', request: { displayName: 'x'.repeat(257) }, error: 'invalidDisplayName' },
      { what: 'with a scope that is none', request: { scope: 'everything' }, error: 'invalidScope' },
      { what: 'with scopes two blanks apart', request: { scope: 'vso.code  vso.work' }, error: 'invalidScope' },
      { what: 'that has ended already', request: { validTo: '2026-11-22T04:00:00Z' }, error: 'invalidValidTo' },
      { what: 'that lives over a year', request: { validTo: '2027-11-23T04:00:01Z' }, error: 'invalidValidTo' },
      { what: 'with a date nobody can read', request: { validTo: 'soon' }, error: 'invalidValidTo' },
      { what: 'for all organizations', request: { allOrgs: true }, error: 'globalPATCreationBlocked' },
    ];
    for (const { what, request, error } of refused)
      it(`none ${what}: ${error}`, () => {
        assert.equal(errorOf(service().create(request)), error);
      });

    it('one for exactly a year, and cuts a longer one where that is set', () => {
      assert.equal(endOf(service().create({ validTo: '2027-11-23T04:00:00Z' })), '2027-11-23T04:00:00Z');
      const cutting = service([], { beyondOneYear: 'clamped' });
      assert.equal(endOf(cutting.create({ validTo: '2030-01-01T00:00:00Z' })), '2027-11-23T04:00:00Z');
    });

    it('one with the scopes that were asked, or with all that these include (a setting)', () => {
      const scopeOf = (answer: PatAnswer) => (answer.kind === 'pat' ? answer.pat.scope : answer.kind);
      const request = { scope: 'vso.code_write vso.packaging' };
      assert.equal(scopeOf(service().create(request)), 'vso.code_write vso.packaging');
      const wider = service([], { newScopes: 'withImplied' });
      assert.equal(scopeOf(wider.create(request)), 'vso.code_write vso.packaging vso.code vso.profile');
      assert.equal(scopeOf(wider.create({ scope: 'app_token' })), 'app_token');
    });

    it('one for 30 days if no end is asked', () => {
      assert.equal(endOf(service().create()), '2026-12-23T04:00:00Z');
    });
  });

  describe('updates', () => {
    it('the end alone, and keeps name, scope, value and the rest', () => {
      const { world, idOf, update } = service([{ displayName: 'Build feed', scope: 'vso.packaging' }]);
      const before = world.pats.byId(idOf('Build feed'));
      const answer = update('Build feed', { validTo: Date.parse('2027-01-22T04:00:00Z') });
      assert.ok(answer.kind === 'pat');
      assert.deepEqual(answer.pat, { ...before, validTo: Date.parse('2027-01-22T04:00:00Z') });
    });

    it('no expired PAT, unless that is still possible (a setting)', () => {
      const pats = [{ displayName: 'late', validTo: '2026-11-22T04:00:00Z' }];
      const request = { validTo: Date.parse('2027-01-22T04:00:00Z') };
      assert.equal(errorOf(service(pats).update('late', request)), 'expiredPatCannotBeExtended');
      assert.equal(errorOf(service(pats, { expiredExtendable: 'yes' }).update('late', request)), 'none');
    });

    it('no revoked PAT, and none that is unknown', () => {
      const { update } = service([{ displayName: 'gone', revokedAt: '2026-11-20T00:00:00Z' }]);
      assert.equal(errorOf(update('gone', { displayName: 'back' })), 'authorizationNotFound');
      assert.equal(errorOf(update('never there', { displayName: 'back' })), 'authorizationNotFound');
    });

    it('keeps a PAT global when allOrgs is absent, or narrows it (a setting)', () => {
      const pats = [{ displayName: 'global', allOrgs: true }];
      const isGlobal = (world: World): boolean | undefined => world.pats.named('contoso', 'global')[0]?.allOrgs;
      const keeping = service(pats);
      keeping.update('global', { validTo: Date.parse('2026-11-30T00:00:00Z') });
      assert.equal(isGlobal(keeping.world), true);
      const narrowing = service(pats, { allOrgsOmitted: 'reset' });
      narrowing.update('global', { validTo: Date.parse('2026-11-30T00:00:00Z') });
      assert.equal(isGlobal(narrowing.world), false);
    });

    for (const { severalAccountsUpdate, allOrgs, left } of [
      { severalAccountsUpdate: 'keptUnlessAsked', allOrgs: undefined, left: 1 },
      { severalAccountsUpdate: 'keptUnlessAsked', allOrgs: false, left: 0 },
      { severalAccountsUpdate: 'narrowed', allOrgs: undefined, left: 0 },
      { severalAccountsUpdate: 'narrowed', allOrgs: false, left: 0 },
      { severalAccountsUpdate: 'refused', allOrgs: undefined, left: 1 },
    ] as const)
      it(`leaves a PAT of several named organizations ${left} beside its own (${severalAccountsUpdate}, allOrgs: ${allOrgs})`, () => {
        const { update, world } = service([{ displayName: 'both', alsoIn: ['fabrikam'] }], { severalAccountsUpdate });
        const answer = update('both', {
          validTo: Date.parse('2027-01-22'),
          ...(allOrgs === undefined ? {} : { allOrgs }),
        });
        assert.equal(errorOf(answer), severalAccountsUpdate === 'refused' ? 'invalidTargetAccounts' : 'none');
        assert.equal(world.pats.named('contoso', 'both')[0]?.otherAccounts.length, left);
      });

    it('counts the year from now, or from the creation (a setting)', () => {
      const pats = [{ displayName: 'old', validFrom: '2026-06-01T00:00:00Z' }];
      const request = { validTo: Date.parse('2027-09-01T00:00:00Z') };
      assert.equal(errorOf(service(pats).update('old', request)), 'none');
      const fromCreation = service(pats, { updateYearCountsFrom: 'creation' });
      assert.equal(errorOf(fromCreation.update('old', request)), 'invalidValidTo');
    });

    it('keeps validFrom, or moves it, where that is set', () => {
      const pats = [{ displayName: 'old', validFrom: '2026-06-01T00:00:00Z' }];
      const request = { validTo: Date.parse('2027-01-01T00:00:00Z') };
      for (const [validFromOnExtension, from] of [
        ['kept', '2026-06-01T00:00:00Z'],
        ['moved', '2026-11-23T04:00:00Z'],
      ] as const) {
        const answer = service(pats, { validFromOnExtension }).update('old', request);
        assert.equal(answer.kind === 'pat' && answer.pat.validFrom, Date.parse(from));
      }
    });
  });

  describe('applies policies', () => {
    it('maximum lifespan cuts a new PAT to now + maximum, without a word', () => {
      const { world, create } = service();
      world.pats.setPolicies('contoso', { maximumLifespanDays: 7 });
      assert.equal(endOf(create({ validTo: '2027-01-22T04:00:00Z' })), '2026-11-30T04:00:00Z');
    });

    it('maximum lifespan cuts an update to creation + maximum', () => {
      const { world, update } = service([{ displayName: 'Build feed', validFrom: '2026-11-01T00:00:00Z' }]);
      world.pats.setPolicies('contoso', { maximumLifespanDays: 30 });
      assert.equal(
        endOf(update('Build feed', { validTo: Date.parse('2027-01-22T04:00:00Z') })),
        '2026-12-01T00:00:00Z',
      );
    });

    it('full-scope restriction refuses app_token; the allowlist is exempt', () => {
      const { world, owner, create } = service();
      world.pats.setPolicies('contoso', { restrictFullScope: true });
      assert.equal(errorOf(create({ scope: 'app_token' })), 'fullScopePatPolicyViolation');
      assert.equal(errorOf(create({ scope: 'vso.code' })), 'none');
      world.pats.setPolicies('contoso', { allowlist: new Set([owner]) });
      assert.equal(errorOf(create({ scope: 'app_token' })), 'none');
    });

    it('global restriction refuses PATs for all organizations, where these can still be made', () => {
      const { world, create } = service([], { globalCreation: 'allowed' });
      assert.equal(errorOf(create({ allOrgs: true })), 'none');
      world.pats.setPolicies('contoso', { restrictGlobal: true });
      assert.equal(errorOf(create({ allOrgs: true })), 'globalPatPolicyViolation');
    });

    it('restricted creation refuses every new PAT, or all but packaging ones', () => {
      const { world, create } = service();
      world.pats.setPolicies('contoso', { restrictCreation: 'on' });
      assert.equal(errorOf(create({ scope: 'vso.packaging' })), 'disablePatCreationPolicyViolation');
      world.pats.setPolicies('contoso', { restrictCreation: 'exceptPackaging' });
      assert.equal(errorOf(create({ scope: 'vso.packaging' })), 'none');
      assert.equal(errorOf(create({ scope: 'vso.code' })), 'disablePatCreationPolicyViolation');
    });

    it('a rename of a PAT that breaks a later policy passes, or is refused (a setting)', () => {
      for (const [nonCompliantUpdate, error] of [
        ['allowed', 'none'],
        ['refused', 'fullScopePatPolicyViolation'],
      ] as const) {
        const { world, update } = service([{ displayName: 'all', scope: 'app_token' }], { nonCompliantUpdate });
        world.pats.setPolicies('contoso', { restrictFullScope: true });
        assert.equal(errorOf(update('all', { displayName: 'all (Renew PATs: new)' })), error);
      }
    });
  });

  describe('revokes', () => {
    it('at once, in the list and for use', () => {
      const { world, owner, idOf, list } = service([{ displayName: 'Build feed' }]);
      const value = world.pats.named('contoso', 'Build feed')[0]?.value ?? '';
      assert.equal(world.pats.use('contoso', value).kind, 'accepted');
      assert.equal(world.pats.revoke('contoso', owner, idOf('Build feed')).kind, 'revoked');
      assert.deepEqual(list(), []);
      assert.equal(world.pats.use('contoso', value).kind, 'refused');
    });

    it('with the value still working for a while, where that is set', () => {
      const { world, owner, idOf } = service([{ displayName: 'Build feed' }], { revokedPatWorksForSeconds: 3600 });
      const value = world.pats.named('contoso', 'Build feed')[0]?.value ?? '';
      world.pats.revoke('contoso', owner, idOf('Build feed'));
      assert.equal(world.pats.use('contoso', value).kind, 'accepted');
      world.advance({ hours: 1 });
      assert.equal(world.pats.use('contoso', value).kind, 'refused');
    });

    for (const revokeOfUnknown of ['accepted', 'authorizationNotFound', 'notFound'] as const)
      it(`an unknown id: ${revokeOfUnknown} (a setting)`, () => {
        const { world, owner } = service([], { revokeOfUnknown });
        const answer = world.pats.revoke('contoso', owner, '00000000-0000-0000-0000-000000000000');
        const expected = { accepted: 'revoked', authorizationNotFound: 'refused', notFound: 'notFound' };
        assert.equal(answer.kind, expected[revokeOfUnknown]);
      });

    for (const [revokedPatById, expected] of [
      ['authorizationNotFound', 'refused'],
      ['stillShown', 'pat'],
      ['notFound', 'notFound'],
    ] as const)
      it(`and a revoked PAT is afterwards, by id: ${revokedPatById} (a setting)`, () => {
        const { world, owner, idOf } = service([{ displayName: 'Build feed' }], { revokedPatById });
        world.pats.revoke('contoso', owner, idOf('Build feed'));
        assert.equal(world.pats.get('contoso', owner, idOf('Build feed')).kind, expected);
      });
  });

  it('takes a PAT of several named organizations in each of them, after 2026-12-01 too, and revokes it from each', () => {
    const { world, owner, idOf } = service([{ displayName: 'both', alsoIn: ['fabrikam'] }]);
    const value = world.pats.named('contoso', 'both')[0]?.value ?? '';
    world.now = Date.parse('2026-12-01T00:00:00Z');
    assert.equal(world.pats.use('fabrikam', value).kind, 'accepted');
    assert.equal(world.pats.revoke('fabrikam', owner, idOf('both')).kind, 'revoked');
    assert.equal(world.pats.use('contoso', value).kind, 'refused');
  });

  it('goes by its own clock, where that is not the world’s', () => {
    const ahead = { clockAheadSeconds: { azureDevOps: 3600 } };
    const { create, list } = service([{ displayName: 'soon over', validTo: '2026-11-23T05:00:00Z' }], ahead);
    assert.deepEqual(list(), []);
    const made = create();
    assert.ok(made.kind === 'pat');
    assert.equal(made.pat.validFrom, Date.parse('2026-11-23T05:00:00Z'));
  });

  it('refuses a PAT in another organization, and a global one from 2026-12-01 on', () => {
    const { world } = service([{ displayName: 'local' }, { displayName: 'global', allOrgs: true }]);
    const use = (name: string): string =>
      world.pats.use('fabrikam', world.pats.named('contoso', name)[0]?.value ?? '').kind;
    assert.equal(use('local'), 'refused');
    assert.equal(use('global'), 'accepted');
    world.now = Date.parse('2026-12-01T00:00:00Z');
    assert.equal(use('global'), 'refused');
  });
});
