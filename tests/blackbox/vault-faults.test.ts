import assert from 'node:assert/strict';
import { empty, html, json } from '../../simulator/http/exchange.ts';
import {
  type Fault,
  type HttpAnswer,
  type SeenRequest,
  serviceUnavailable,
  tooManyRequests,
} from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { account, type Situation, vaultHost } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
const monthly = { ...advanced, renewBeforeDays: '10' };

const answer = (given: HttpAnswer): Fault => ({ kind: 'answer', answer: given });
const forbidden = json(403, { error: { code: 'Forbidden', message: 'no', innererror: { code: 'ForbiddenByRbac' } } });

/** Answers the call that proves a new PAT, and only that one. */
function answerProof({ faults }: Situation, given: HttpAnswer): void {
  faults.use({
    decide: ({ operation, identity }) =>
      operation === 'devops.connectionData' && identity.kind === 'pat' ? answer(given) : { kind: 'pass' },
  });
}

const whoami = (id: string, descriptor: string) => json(200, { authenticatedUser: { id, descriptor } });
const person = ({ world }: Situation) => world.entra.accountByUpn(account)?.id ?? '';

describePackagedTask('When the answer to a creation is lost', (given) => {
  const losses: readonly [string, Fault][] = [
    ['after it took effect', { kind: 'applyThenDrop' }],
    ['before it took effect', { kind: 'drop' }],
    ['behind a 503', { kind: 'applyThenAnswer', answer: serviceUnavailable(0) }],
  ];
  for (const [how, fault] of losses) {
    it(`${how}, the task does not repeat it, revokes nothing, and says what came to be`, async () => {
      const { run, named, faults, isActive, versions } = await given({ pats: [{ displayName: 'Build feed' }] });
      faults.once('pats.create', fault);
      const { operations, result, line } = await run(advanced);
      assert.equal(operations['pats.create'], 1);
      assert.equal(operations['pats.revoke'], undefined);
      assert.equal(result, 'Failed');
      assert.deepEqual(versions('Build-feed'), []);
      assert.ok(named('Build feed').every(isActive));
      const { message = '' } = line('Build feed');
      const newcomer = named('Build feed')[1];
      assert.match(
        message,
        newcomer === undefined ? /No new PAT of that name is listed/ : new RegExp(newcomer.authorizationId),
      );
    });
  }

  it('the next runs deliver another one, and revoke the orphan once it is old enough', async () => {
    const { run, named, world, faults, isActive, newest } = await given({ pats: [{ displayName: 'Build feed' }] });
    faults.once('pats.create', { kind: 'applyThenDrop' });
    await run(advanced);
    world.advance({ hours: 1 });
    assert.equal((await run(monthly)).outputs.renewedCount, '1');
    assert.deepEqual(named('Build feed').map(isActive), [true, true, true]);
    world.advance({ hours: 49 });
    await run(monthly);
    assert.deepEqual(named('Build feed').map(isActive), [false, false, true]);
    assert.equal(newest('Build-feed').value, named('Build feed')[2]?.value);
  });

  it('but a creation that was only throttled is repeated', async () => {
    const { run, faults, named } = await given({ pats: [{ displayName: 'Build feed' }] });
    faults.once('pats.create', answer(tooManyRequests(0)));
    const { operations, result } = await run(advanced);
    assert.deepEqual([operations['pats.create'], result], [2, 'Succeeded']);
    assert.equal(named('Build feed').length, 2);
  });
});

describePackagedTask('A new PAT that is proven bad is revoked, and the old one stays', (given) => {
  it('when another identity answers', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const old = here.active('Build feed');
    answerProof(
      here,
      whoami('11111111-2222-3333-4444-555555555555', 'Microsoft.IdentityModel.Claims.ClaimsIdentity;x'),
    );
    const { result, line, operations } = await here.run(advanced);
    assert.equal(here.active('Build feed').authorizationId, old.authorizationId);
    assert.deepEqual(here.versions('Build-feed'), []);
    assert.deepEqual([result, operations['vault.setSecret'], operations['pats.revoke']], ['Failed', undefined, 1]);
    assert.match(line('Build feed').message ?? '', /another identity/);
  });

  it('when the service says that it has expired', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const old = here.active('Build feed');
    const said = 'Access Denied: The Personal Access Token used has expired.';
    answerProof(
      here,
      json(401, { message: said, typeKey: 'AccessCheckException' }, { 'x-tfs-serviceerror': encodeURIComponent(said) }),
    );
    const { result } = await here.run(advanced);
    assert.equal(here.active('Build feed').authorizationId, old.authorizationId);
    assert.deepEqual([result, here.versions('Build-feed')], ['Failed', []]);
  });

  it('when the lifecycle API says that it is not active', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const old = here.active('Build feed');
    here.faults.use({
      before: ({ operation, identity }) => {
        if (operation !== 'devops.connectionData' || identity.kind !== 'pat') return;
        here.world.pats.revoke('contoso', person(here), identity.authorizationId);
      },
    });
    const { result, operations } = await here.run(advanced);
    assert.equal(here.active('Build feed').authorizationId, old.authorizationId);
    assert.deepEqual([result, operations['vault.setSecret']], ['Failed', undefined]);
  });
});

describePackagedTask('A proof that shows nothing does not stop the delivery', (given) => {
  const answers: readonly [string, HttpAnswer][] = [
    ['401', json(401, {})],
    ['403', json(403, { message: 'The request is blocked by an IP policy.' })],
    [
      '203 with a sign-in page',
      { status: 203, headers: { 'content-type': 'text/html' }, body: '<html>Sign In</html>' },
    ],
    [
      'an anonymous 200',
      whoami('aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 'System:PublicAccess;aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'),
    ],
  ];
  for (const [name, proof] of answers) {
    it(`when the organization answers ${name}`, async () => {
      const here = await given({ pats: [{ displayName: 'Build feed' }] });
      answerProof(here, proof);
      const { result } = await here.run(advanced);
      assert.equal(result, 'Succeeded');
      assert.equal(here.newest('Build-feed').value, here.named('Build feed')[1]?.value);
    });
  }
});

describePackagedTask('When the vault answers without a word of its own', (given) => {
  const bodies = [
    ['an empty body', empty],
    ['a body that is no object', (status: number) => json(status, null)],
    ['a page', (status: number) => html(status, '<html>Service unavailable</html>')],
  ] as const;
  for (const [what, bodied] of bodies) {
    it(`(${what}), what may pass is tried again`, async () => {
      const here = await given({ pats: [{ displayName: 'Build feed' }] });
      here.faults.once('vault.setSecret', answer(bodied(503)));
      const { result, operations } = await here.run(advanced);
      assert.deepEqual([result, operations['vault.setSecret']], ['Succeeded', 2]);
    });

    it(`(${what}), its 403 is none of the vault’s: the new PAT is left, for a filter may have kept the answer back`, async () => {
      const here = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy' }] });
      const isFor = (secret: string) => (request: SeenRequest) =>
        request.operation === 'vault.setSecret' && request.path.endsWith(`/${secret}`);
      here.faults.use({
        decide: (request) => {
          if (isFor('Build-feed')(request)) return answer(bodied(403));
          return isFor('Deploy')(request) ? { kind: 'applyThenAnswer', answer: bodied(403) } : { kind: 'pass' };
        },
      });
      const { line } = await here.run(advanced);
      assert.match(line('Build feed').message ?? '', /HTTP 403.*a filter or proxy.*\(Page403\).*not certain/);
      assert.deepEqual(here.named('Build feed').map(here.isActive), [true, true]);
      assert.equal(line('Deploy').outcome, 'done');
      const consumed = here.world.pats.byValue(here.newest('Deploy').value);
      assert.ok(consumed && here.isActive(consumed));
    });
  }
});

describePackagedTask('When the vault does not take a value', (given) => {
  it('the new PAT is revoked again if every attempt was refused, and no further PAT is made', async () => {
    const { run, faults, activeNames, named } = await given({
      pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy' }],
    });
    faults.always('vault.setSecret', answer(forbidden));
    const { operations, result, errors, outputs } = await run({ ...advanced, concurrency: '1' });
    assert.deepEqual([operations['pats.create'], operations['pats.revoke']], [1, 1]);
    assert.deepEqual(activeNames(), ['Build feed', 'Deploy']);
    assert.ok([...named('Build feed'), ...named('Deploy')].length === 3);
    assert.deepEqual([result, outputs.failedCount], ['Failed', '2']);
    assert.ok(errors.some((error) => /Key Vault Secrets Officer.*ForbiddenByRbac/.test(error)));
  });

  it('the new PAT is left if any attempt’s fate is not known, the report says so, and the next run carries on', async () => {
    const { run, faults, named, isActive, world, newest } = await given({ pats: [{ displayName: 'Build feed' }] });
    faults.times('vault.setSecret', 4, answer(serviceUnavailable(0)));
    const first = await run(advanced);
    assert.equal(first.result, 'Failed');
    assert.equal(first.operations['pats.revoke'], undefined);
    assert.ok(named('Build feed').every(isActive));
    const { message = '' } = first.line('Build feed');
    assert.ok(message.includes(named('Build feed')[1]?.authorizationId ?? '?') && /not certain/.test(message), message);
    world.advance({ minutes: 1 });
    await run(monthly);
    world.advance({ hours: 49 });
    await run(monthly);
    assert.deepEqual(named('Build feed').map(isActive), [false, false, true]);
    assert.equal(newest('Build-feed').value, named('Build feed')[2]?.value);
  });

  it('the new PAT is left if an attempt was lost before another was refused', async () => {
    const { run, faults, named, isActive } = await given({ pats: [{ displayName: 'Build feed' }] });
    faults.once('vault.setSecret', answer(serviceUnavailable(0)));
    faults.times('vault.setSecret', 1, answer(forbidden));
    const { operations } = await run(advanced);
    assert.deepEqual([operations['vault.setSecret'], operations['pats.revoke']], [2, undefined]);
    assert.ok(named('Build feed').every(isActive));
  });

  it('a value that arrived although every answer was lost is found there', async () => {
    const { run, faults, named, newest, world, isActive } = await given({ pats: [{ displayName: 'Build feed' }] });
    faults.times('vault.setSecret', 4, { kind: 'applyThenAnswer', answer: serviceUnavailable(0) });
    const { result, line } = await run(advanced);
    assert.deepEqual([result, line('Build feed').outcome], ['Succeeded', 'done']);
    assert.equal(newest('Build-feed').value, named('Build feed')[1]?.value);
    world.advance({ hours: 49 });
    await run(monthly);
    assert.deepEqual(named('Build feed').map(isActive), [false, true]);
  });

  it('a lost answer is repeated: two versions of one PAT do no harm', async () => {
    const { run, faults, versions, named } = await given({ pats: [{ displayName: 'Build feed' }] });
    faults.once('vault.setSecret', { kind: 'applyThenDrop' });
    const { result } = await run(advanced);
    assert.equal(result, 'Succeeded');
    const made = named('Build feed')[1]?.value;
    assert.deepEqual(
      versions('Build-feed').map(({ value }) => value),
      [made, made],
    );
    assert.deepEqual((await run(monthly)).written, []);
  });

  it('nothing is delivered more than 30 minutes after the creation: the new PAT is revoked again', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { run, faults, world, activeNames, versions } = here;
    faults.use({
      before: ({ operation, identity }) => {
        if (operation === 'devops.connectionData' && identity.kind === 'pat') world.advance({ minutes: 31 });
      },
    });
    const { result, operations } = await run(advanced);
    assert.deepEqual([result, operations['vault.setSecret'], operations['pats.revoke']], ['Failed', undefined, 1]);
    assert.deepEqual([activeNames(), versions('Build-feed')], [['Build feed'], []]);
  });

  it('a vault that cannot be opened at all costs no PAT', async () => {
    const { run, world, named } = await given({ pats: [{ displayName: 'Build feed' }] });
    world.vaults.setShutOut(vaultHost, true);
    const refused = await run(advanced);
    assert.equal(refused.result, 'Failed');
    assert.match(refused.line('Build feed').message ?? '', /firewall.*ForbiddenByFirewall/);
    assert.equal(named('Build feed').length, 1);
  });
});

describePackagedTask('Right before a revocation', (given) => {
  /** A renewed PAT whose grace is over. */
  async function renewed(here: Situation) {
    await here.run(advanced);
    here.world.advance({ hours: 49 });
    const [old, made] = here.named('Build feed');
    assert.ok(old && made);
    return { old, made };
  }

  it('the record is read again: if somebody changed it, nothing is revoked', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { old, made } = await renewed(here);
    const { tags } = here.newest('Build-feed');
    here.faults.use({
      before: ({ operation }) => {
        if (operation !== 'vault.getSecret') return;
        here.world.vaults.setSecret(vaultHost, person(here), 'Build-feed', {
          value: old.value,
          tags: { team: 'x', ...tags, 'renewPats-deliveredAt': '' },
        });
      },
    });
    const { warnings, operations } = await here.run(monthly);
    assert.equal(operations['pats.revoke'], undefined);
    assert.ok(here.isActive(old) && here.isActive(made));
    assert.ok(warnings.some((warning) => warning.includes('contoso-vault/Build-feed') && warning.includes('changed')));
  });

  it('the current PAT is fetched: if it is not active any more, nothing is revoked', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { old, made } = await renewed(here);
    here.faults.use({
      before: ({ operation }) => {
        if (operation === 'pats.get') here.world.pats.revoke('contoso', made.accountId, made.authorizationId);
      },
    });
    const { operations, warnings } = await here.run(monthly);
    assert.equal(operations['pats.revoke'], undefined);
    assert.ok(here.isActive(old));
    assert.ok(warnings.some((warning) => warning.includes(made.authorizationId)));
  });

  it('nothing is revoked twice: a revocation whose answer was lost is repeated, and counts once', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { old } = await renewed(here);
    here.faults.once('pats.revoke', { kind: 'applyThenDrop' });
    const { outputs, result } = await here.run(monthly);
    assert.equal(here.isActive(old), false);
    assert.deepEqual([outputs.revokedCount, result], ['1', 'Succeeded']);
  });

  it('a revocation that is refused fails the step, and the next run tries again', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { old } = await renewed(here);
    here.faults.once('pats.revoke', answer(json(200, { patToken: null, patTokenError: 'accessDenied' })));
    const refused = await here.run(monthly);
    assert.equal(refused.result, 'Failed');
    assert.ok(refused.errors.some((error) => error.includes('accessDenied') && error.includes(old.authorizationId)));
    await here.run(monthly);
    assert.equal(here.isActive(old), false);
  });

  it('a version that cannot be disabled is told of, and the next run tries again: its value is dead', async () => {
    const here = await given({
      pats: [{ displayName: 'Build feed' }],
      secrets: { 'Build-feed': { value: { pat: 'Build feed' } } },
    });
    const { old } = await renewed(here);
    here.faults.once('vault.updateVersion', answer(forbidden));
    const first = await here.run(monthly);
    assert.deepEqual([first.result, here.isActive(old)], ['Succeeded', false]);
    assert.ok(
      first.notices.some((notice) => /contoso-vault\/Build-feed.*could not be disabled.*ForbiddenByRbac/.test(notice)),
    );
    await here.run(monthly);
    assert.deepEqual(
      here.versions('Build-feed').map(({ enabled }) => enabled),
      [false, true],
    );
  });
});
