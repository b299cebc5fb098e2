import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import { type Fault, type HttpAnswer, type SeenRequest, serviceUnavailable } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { account, type Situation, vaultHost } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
const others = ['First', 'Second', 'Fourth', 'Fifth'];
const pats = [...others.slice(0, 2), 'Ailing', ...others.slice(2)].map((displayName) => ({ displayName }));

const patError = (error: string): HttpAnswer => json(200, { patToken: null, patTokenError: error });
const vaultRefusal = json(403, {
  error: { code: 'Forbidden', message: 'no', innererror: { code: 'ForbiddenByRbac' } },
});
const answer = (given: HttpAnswer): Fault => ({ kind: 'answer', answer: given });

/** Which requests are about the ailing PAT, and no other. */
function isAboutIt(here: Situation, { path, body, query, identity }: SeenRequest): boolean {
  const ids = here.named('Ailing').map(({ authorizationId }) => authorizationId);
  if (identity.kind === 'pat' && ids.includes(identity.authorizationId)) return true;
  return path.includes('/Ailing') || body.includes('"Ailing') || ids.includes(query.get('authorizationId') ?? '');
}

interface Trouble {
  readonly what: string;
  readonly operation: string;
  readonly fault: Fault;
  /** How the message tells what is live, what is stored, and what the next run does. */
  readonly says: RegExp;
  /** PATs of that name that are active afterwards. */
  readonly active: number;
  /** False: its secret holds nothing yet. */
  readonly isAdopted?: false;
}

const before = /not touched.*nothing was stored.*next run tries again/;

const troubles: readonly Trouble[] = [
  {
    what: 'its creation is refused',
    operation: 'pats.create',
    fault: answer(patError('invalidScope')),
    says: /invalidScope.*No PAT was made.*not touched.*nothing was stored.*next run tries again/,
    active: 1,
  },
  {
    what: 'the answer to its creation is lost',
    operation: 'pats.create',
    fault: { kind: 'applyThenDrop' },
    says: /not certain.*has appeared.*not touched.*nothing was stored.*next runs renew it, and revoke what was made/,
    active: 2,
  },
  {
    what: 'its new PAT proves bad',
    operation: 'devops.connectionData',
    fault: answer(json(200, { authenticatedUser: { id: '11111111-2222-3333-4444-555555555555', descriptor: 'x;y' } })),
    says: new RegExp(`another identity.*revoked again.*${before.source}`),
    active: 1,
    isAdopted: false,
  },
  {
    what: 'the value in its secret is another identity’s',
    operation: 'devops.connectionData',
    fault: answer(json(200, { authenticatedUser: { id: '11111111-2222-3333-4444-555555555555', descriptor: 'x;y' } })),
    says: /Refused: secret contoso-vault\/Ailing holds a living PAT of another identity.*Nothing of it was touched; the next run/,
    active: 1,
  },
  {
    what: 'its record cannot be read',
    operation: 'vault.listVersions',
    fault: answer(vaultRefusal),
    says: /ForbiddenByRbac.*Nothing of it was touched; the next run looks at it again/,
    active: 1,
  },
  {
    what: 'its secret takes no value',
    operation: 'vault.setSecret',
    fault: answer(json(400, { error: { code: 'BadParameter', message: 'no' } })),
    says: new RegExp(`BadParameter.*revoked again.*${before.source}`),
    active: 1,
  },
  {
    what: 'its secret is closed to writes',
    operation: 'vault.setSecret',
    fault: answer(vaultRefusal),
    says: new RegExp(`ForbiddenByRbac.*revoked again.*${before.source}`),
    active: 1,
  },
  {
    what: 'its secret does not say whether the value arrived',
    operation: 'vault.setSecret',
    fault: answer(serviceUnavailable(0)),
    says: /not certain.*both it and the PAT in use stay valid.*next run looks at the place and carries on/,
    active: 2,
  },
];

describePackagedTask('One PAT’s failure never stops the others', (given) => {
  for (const { what, operation, fault, says, active, isAdopted = true } of troubles) {
    it(`in mode advanced, when ${what}; the message says what is live, what is stored, and what comes next`, async () => {
      const adopted = pats.filter(({ displayName }) => isAdopted || displayName !== 'Ailing');
      const secrets = Object.fromEntries(
        adopted.map(({ displayName }) => [displayName, { value: { pat: displayName } }]),
      );
      const here = await given({ pats, secrets });
      here.faults.use({
        decide: (request) => (request.operation === operation && isAboutIt(here, request) ? fault : { kind: 'pass' }),
      });
      const { result, line, outputs, errors } = await here.run({ ...advanced, concurrency: '2' });
      assert.deepEqual([result, outputs.renewedCount, outputs.failedCount], ['Failed', '4', '1']);
      for (const name of others) {
        assert.equal(line(name).outcome, 'done');
        assert.equal(here.newest(name).value, here.named(name)[1]?.value);
      }
      assert.match(line('Ailing').message ?? '', says);
      assert.ok(
        errors.some((error) => error.includes('"Ailing"') && says.test(error)),
        'the log says so, too',
      );
      assert.equal(here.named('Ailing').filter(here.isActive).length, active);

      here.faults.clear();
      here.world.advance({ hours: 49 });
      await here.run({ ...advanced, renewBeforeDays: '10' });
      here.world.advance({ hours: 49 });
      const last = await here.run({ ...advanced, renewBeforeDays: '10' });
      assert.equal(last.result, 'Succeeded');
      for (const { displayName } of pats) assert.equal(here.newest(displayName).value, here.active(displayName).value);
    });
  }

  for (const [what, fault, says] of [
    ['is refused', answer(patError('accessDenied')), /accessDenied.*It is still valid; the PAT in use .*next run/],
    [
      'may have got lost',
      { kind: 'drop' },
      /not certain; the PAT in use .* and what is stored stay as they are.*next run/,
    ],
  ] as const) {
    it(`in mode revoke, when its revocation ${what}`, async () => {
      const here = await given({ pats });
      await here.run(advanced);
      here.world.advance({ hours: 49 });
      here.faults.use({
        decide: (request) =>
          request.operation === 'pats.revoke' && isAboutIt(here, request) ? fault : { kind: 'pass' },
      });
      const { result, outputs, pats: lines } = await here.run({ ...advanced, mode: 'revoke' });
      assert.deepEqual([result, outputs.revokedCount, outputs.failedCount], ['Failed', '4', '1']);
      const [failed] = lines.filter(({ outcome }) => outcome === 'failed');
      assert.match(failed?.message ?? '', says);
      here.faults.clear();
      await here.run({ ...advanced, mode: 'revoke' });
      assert.equal(here.newest('Ailing').value, here.active('Ailing').value);
    });
  }

  it('in mode revoke, when a last look fails: the PAT was not revoked, and the message does not leave that open', async () => {
    const here = await given({ pats });
    await here.run(advanced);
    here.world.advance({ hours: 49 });
    here.faults.use({
      decide: (request) =>
        request.operation === 'vault.getSecret' && isAboutIt(here, request) ? { kind: 'drop' } : { kind: 'pass' },
    });
    const { outputs, pats: lines, operations } = await here.run({ ...advanced, mode: 'revoke' });
    assert.deepEqual([operations['pats.revoke'], outputs.failedCount], [4, '1']);
    assert.match(lines.find(({ outcome }) => outcome === 'failed')?.message ?? '', /It is still valid; /);
  });

  for (const [what, fault, says] of [
    [
      'is refused',
      answer(patError('patLifespanPolicyViolation')),
      /It still ends on \S+; its value stays valid.*next run/,
    ],
    [
      'may have got lost',
      { kind: 'drop' },
      /It still ends on \S+, unless only the answer was lost; .*next run tries again/,
    ],
  ] as const) {
    it(`in mode simple, when its extension ${what}`, async () => {
      const here = await given({ pats });
      here.faults.use({
        decide: (request) =>
          request.operation === 'pats.update' && isAboutIt(here, request) ? fault : { kind: 'pass' },
      });
      const { result, outputs, line } = await here.run();
      assert.deepEqual([result, outputs.renewedCount, outputs.failedCount], ['Failed', '4', '1']);
      assert.match(line('Ailing').message ?? '', says);
    });
  }

  it('with output variables, when it cannot be renamed to confirm it: the others are, and the message says what to do', async () => {
    const here = await given({ pats });
    here.faults.use({
      decide: (request) =>
        request.operation === 'pats.update' && isAboutIt(here, request)
          ? answer(patError('failedToUpdateAccessToken'))
          : { kind: 'pass' },
    });
    const { outputs, handedOver = '' } = await here.run({ mode: 'advanced' });
    assert.equal(outputs.renewedCount, '5');
    assert.ok(outputs.PAT_AILING);
    const { result, pats: lines } = await here.run({ mode: 'revoke', handedOver });
    assert.equal(result, 'SucceededWithIssues');
    const ailing = lines.find(({ displayName }) => displayName === 'Ailing (Renew PATs: new)');
    assert.match(ailing?.message ?? '', /could not be renamed.*by hand.*not confirmed.*nothing is superseded/);
    for (const name of others) assert.equal(here.active(name).value, outputs[`PAT_${name.toUpperCase()}`]);
  });

  it('nor does one organization that is out of order stop another one', async () => {
    const here = await given({
      organizations: { contoso: { pats }, fabrikam: { pats: [{ displayName: 'Elsewhere' }] } },
    });
    here.faults.use({
      decide: ({ path }) => (path.startsWith('/fabrikam') ? answer(serviceUnavailable(0)) : { kind: 'pass' }),
    });
    await here.run({ ...advanced, organization: 'contoso' });
    here.world.advance({ days: 7 });
    const { result, outputs, errors } = await here.run({ ...advanced, organization: 'fabrikam,contoso' });
    assert.deepEqual([result, outputs.renewedCount, outputs.failedCount], ['Failed', '5', '0']);
    assert.match(errors[0] ?? '', /^Organization "fabrikam" could not be read\./);
    assert.ok(errors.some((error) => /"fabrikam" was left out/.test(error)));
  });

  it('even if several fail in several ways at once', async () => {
    const here = await given({
      pats,
      secrets: { Second: { value: 'a password of somebody' }, Fourth: { value: { pat: 'Fourth' } } },
    });
    const owner = here.world.entra.accountByUpn(account)?.id ?? '';
    here.world.vaults.deleteSecret(vaultHost, owner, 'Fourth');
    here.faults.use({
      decide: (request) =>
        request.operation === 'pats.create' && isAboutIt(here, request) ? { kind: 'drop' } : { kind: 'pass' },
    });
    const { result, outputs, line } = await here.run({ ...advanced, concurrency: '1' });
    assert.deepEqual([result, outputs.renewedCount, outputs.failedCount], ['Failed', '2', '3']);
    assert.match(line('Second').message ?? '', /no PAT.*Nothing of it was touched; the next run looks at it again/);
    assert.match(line('Fourth').message ?? '', /Recover the secret or purge it.*revoked again.*next run tries again/);
    assert.match(line('Ailing').message ?? '', /not certain.*No new PAT of that name is listed/);
    for (const name of ['First', 'Fifth']) assert.equal(here.newest(name).value, here.named(name)[1]?.value);
  });
});
