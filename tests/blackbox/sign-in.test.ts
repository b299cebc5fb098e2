import assert from 'node:assert/strict';
import { html, json } from '../../simulator/http/exchange.ts';
import {
  claimsChallenge,
  type Fault,
  type HttpAnswer,
  pageOfTheProxy,
  serviceUnavailable,
} from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { account, type Company, password, type Situation, type StepRun, tenantId } from './situation.ts';

const company: Company = { pats: [{ displayName: 'Build feed' }] };
const answer = (given: HttpAnswer): Fault => ({ kind: 'answer', answer: given });

/** The step fails with these plain words, with the code after them, and nothing was changed. */
function assertFailed(run: StepRun, words: RegExp, code: string): void {
  const message = run.errors.join('\n');
  assert.equal(run.result, 'Failed');
  assert.match(message, words);
  assert.ok(message.search(words) < message.indexOf(code), `${code} after the words: ${message}`);
  assert.deepEqual(run.written, []);
}

/** Entra's codes for a password sign-in, and the words that a person must find. */
const refusals: readonly [string, readonly number[], RegExp][] = [
  ['a locked account', [50053], /locked/],
  ['an expired password', [50055], /password.*expired/],
  ['an account without a password', [50056], /no password/],
  ['a disabled account', [50057], /disabled/],
  ['a second factor that is asked for', [50072, 50074, 50076, 50078, 50079, 50158], /second factor.*refreshToken/s],
  ['a managed device that is asked for', [53000, 53001, 50097], /managed device/],
  ['a Conditional Access policy', [53003, 530031], /Conditional Access/],
  ['a second factor that was never set up', [53004], /second factor/],
  ['an app for assigned users only', [50105], /[Aa]ssign/],
  ['consent that is missing', [65001], /consent/],
  ['an app of Microsoft’s that may not', [65002], /clientId/],
  ['an app that is disabled', [7000112], /disabled.*Enterprise applications/],
  ['an app that lists no permission for the service', [650057], /\(Azure DevOps\).*API permissions/],
  ['an app of a web page', [9002327], /single-page application/],
  ['security defaults', [530035], /security defaults.*refreshToken/],
  ['a password that has expired in the company’s own directory', [50144], /Active Directory/],
  ['a password that Entra does not take', [90013], /< and & in a password/],
  ['a guest', [90072], /guest/],
];

describePackagedTask('The sign-in with a password', (given) => {
  it('is one request, and the vault’s token comes from the same sign-in', async () => {
    const { run } = await given(company);
    const { requests } = await run({ mode: 'advanced', keyVault: 'contoso-vault' });
    const signIns = requests.filter(({ host }) => host === 'login.microsoftonline.com');
    assert.deepEqual(
      signIns.map(({ operation }) => operation),
      ['entra.token.password', 'entra.token.refreshToken'],
    );
    assert.ok(
      requests
        .filter(({ host }) => host.includes('vault'))
        .every(({ status }) => status === 200 || status === 401 || status === 404),
    );
  });

  it('takes the password from the input as well as from the variable', async () => {
    const { run } = await given(company);
    const { result } = await run({ password }, { variables: { sa_password: 'something-else-entirely' } });
    assert.equal(result, 'Succeeded');
  });

  it('warns of a password that is not secret, or stands in the pipeline, and says what to click', async () => {
    const { run } = await given(company);
    const inTheOpen = await run({}, { variables: { sa_password: password } });
    assert.match(inTheOpen.warnings.join('\n'), /variable sa_password holds .* is not secret.* padlock/);
    // Whoever reads the summary or the report is told as well, and the log does not say it twice.
    assert.match(inTheOpen.summary, /padlock/);
    assert.match(inTheOpen.report.warnings.join('\n'), /padlock/);
    assert.doesNotMatch(inTheOpen.raw.rawOutput, /^Note: .*padlock/m);
    const written = await run({ password }, { variables: { sa_password: { value: 'another one', secret: true } } });
    assert.match(written.warnings.join('\n'), /no secret variable’s value.* padlock/);
    const kept = await run();
    assert.doesNotMatch(kept.warnings.join('\n'), /padlock/);
  });

  it('says of a refused password that a variable’s value may have come into it, and what nobody sees at its end', async () => {
    const { run } = await given(company);
    const failed = await run({ password: 'pass-$(stage)-word\u200b' }, { variables: { stage: 'prod' } });
    assertFailed(failed, /ends with a zero-width space.*may have arrived changed/s, 'AADSTS50126');
  });

  it('sends a wrong password exactly once', async () => {
    const { run } = await given(company);
    const failed = await run({}, { variables: { sa_password: { value: 'a-wrong-password', secret: true } } });
    assert.deepEqual(failed.operations, { 'entra.token.password': 1 });
    assertFailed(failed, /password.*wrong.*sa_username.*sa_password.*not sent again/s, 'AADSTS50126');
  });

  it('sends a wrong password once however often the step is tried again, and says so', async () => {
    const { run } = await given(company);
    const sa_password = { value: 'a-wrong-password', secret: true } as const;
    const failed = await run({}, { variables: { sa_password }, retryCountOnTaskFailure: 3 });
    assert.deepEqual(failed.operations, { 'entra.token.password': 1 });
    assert.equal(failed.result, 'Failed');
    assert.match(failed.errors.at(-1) ?? '', /refused in an earlier attempt.* not sent again.*\(AADSTS50126\)/);
  });

  it('signs in when the step is tried again after an outage, which judged no password', async () => {
    const here = await given(company);
    for (let attempt = 0; attempt < 4; attempt++) {
      here.faults.once('entra.token.password', { kind: 'answer', answer: serviceUnavailable(0) });
    }
    const { result, outputs } = await here.run({}, { retryCountOnTaskFailure: 1 });
    assert.deepEqual([result, outputs.renewedCount], ['Succeeded', '1']);
  });

  it('sends it once also where its refusal comes with an error of the service, or got lost', async () => {
    const refusal = json(500, { error: 'invalid_grant', error_description: 'AADSTS50126: …', error_codes: [50126] });
    for (const fault of [{ kind: 'answer', answer: refusal }, { kind: 'applyThenDrop' }] as const) {
      const here = await given(company);
      here.faults.always('entra.token.password', fault);
      const failed = await here.run();
      assert.deepEqual([failed.result, failed.operations], ['Failed', { 'entra.token.password': 1 }]);
    }
  });

  it('asks again for the vault’s token, which no password goes with, when that answer is lost', async () => {
    const here = await given(company);
    here.faults.once('entra.token.refreshToken', { kind: 'applyThenDrop' });
    const { result, operations } = await here.run({ mode: 'advanced', keyVault: 'contoso-vault' });
    assert.deepEqual(
      [result, operations['entra.token.password'], operations['entra.token.refreshToken']],
      ['Succeeded', 1, 2],
    );
  });

  it('comes again after an error of the service that says nothing of the password', async () => {
    const here = await given(company);
    here.faults.once('entra.token.password', { kind: 'answer', answer: serviceUnavailable(0) });
    const { result, operations } = await here.run();
    assert.deepEqual([result, operations['entra.token.password']], ['Succeeded', 2]);
  });

  for (const [what, codes, words] of refusals) {
    it(`explains ${what} (${codes.map((code) => `AADSTS${code}`).join(', ')})`, async () => {
      await Promise.all(
        codes.map(async (code) => {
          const { run, world } = await given(company);
          world.entra.refuseAccount(account, code);
          const failed = await run();
          assertFailed(failed, words, `AADSTS${code}`);
          assert.deepEqual(failed.operations, { 'entra.token.password': 1 });
        }),
      );
    });
  }

  const inputs: readonly [string, Readonly<Record<string, string>>, RegExp, string][] = [
    [
      'an account that the tenant does not have',
      { username: 'nobody@contoso.com' },
      /no account nobody@contoso\.com/,
      'AADSTS50034',
    ],
    ['a tenant that does not exist', { tenantId: 'fabrikam.onmicrosoft.com' }, /no tenant fabrikam/, 'AADSTS90002'],
    [
      'an app that the tenant does not know',
      { clientId: '11111111-2222-3333-4444-555555555555' },
      /app.*not known/,
      'AADSTS700016',
    ],
  ];
  for (const [what, wrong, words, code] of inputs) {
    it(`explains ${what} (${code})`, async () => {
      const { run } = await given(company);
      assertFailed(await run(wrong), words, code);
    });
  }

  it('explains an app that is no public client (AADSTS7000218)', async () => {
    const clientId = '11111111-2222-3333-4444-555555555555';
    const { run } = await given({ ...company, applications: [{ clientId, secret: 'the-secret-of-the-app' }] });
    assertFailed(await run({ clientId }), /public client/, 'AADSTS7000218');
  });

  it('explains a tenant that never used Azure DevOps (AADSTS500011)', async () => {
    const { run, world } = await given(company);
    const tenant = world.entra.tenant(tenantId);
    assert.ok(tenant);
    world.entra.putTenant({ ...tenant, missingResources: ['azureDevOps'] });
    assertFailed(await run(), /does not know the service/, 'AADSTS500011');
  });

  it('tells a code that it has no words for', async () => {
    const { run, faults } = await given(company);
    const said = { error: 'invalid_grant', error_codes: [7654321], error_description: 'AADSTS7654321: Something new.' };
    faults.always('entra.token.password', answer(json(400, said)));
    assertFailed(
      await run(),
      /refused the sign-in of account renew@contoso\.com.*It says: Something new\./,
      'AADSTS7654321',
    );
  });

  it('waits for Entra when it is not available for a moment (AADSTS90033)', async () => {
    const { run, faults } = await given(company);
    const busy = {
      error: 'temporarily_unavailable',
      error_codes: [90033],
      error_description: 'AADSTS90033: Try again.',
    };
    faults.once('entra.token.password', answer(json(503, busy, { 'retry-after': '0' })));
    const { result, operations } = await run();
    assert.deepEqual([result, operations['entra.token.password']], ['Succeeded', 2]);
  });

  it('waits for those whom Entra asks, too (AADSTS80002, AADSTS90061, AADSTS50166, AADSTS501661)', async () => {
    await Promise.all(
      [80002, 90061, 50166, 501661].map(async (code) => {
        const { run, faults } = await given(company);
        const body = { error: 'invalid_grant', error_codes: [code], error_description: `AADSTS${code}: Try again.` };
        faults.once('entra.token.password', answer(json(400, body, { 'retry-after': '0' })));
        const { result, operations } = await run();
        assert.deepEqual([result, operations['entra.token.password']], ['Succeeded', 2], `AADSTS${code}`);
      }),
    );
  });

  it('names Key Vault where a policy stops the vault’s token alone', async () => {
    const { run, world } = await given(company);
    world.entra.refuseAccount(account, { refreshToken: 53003 });
    const failed = await run({ mode: 'advanced', keyVault: 'contoso-vault' });
    assertFailed(
      failed,
      /policy blocks account renew@contoso\.com for Azure Key Vault.*azureSubscription/,
      'AADSTS53003',
    );
  });

  it('does not take an answer without a token, or a page, for a sign-in', async () => {
    const answers = [
      json(200, { token_type: 'Bearer', expires_in: 3600, access_token: '' }),
      json(200, {}),
      pageOfTheProxy(),
    ];
    await Promise.all(
      answers.map(async (wrong) => {
        const { run, faults } = await given(company);
        faults.always('entra.token.password', answer(wrong));
        const failed = await run();
        assert.equal(failed.result, 'Failed');
        assert.match(failed.errors.join('\n'), /without an access token|a page in place of data/);
        assert.ok(Object.keys(failed.operations).every((operation) => operation.startsWith('entra.')));
      }),
    );
  });

  it('signs in at another host of a national cloud when authorityHost says so', async () => {
    const { run } = await given({
      ...company,
      tenant: { id: tenantId, domains: ['contoso.onmicrosoft.us'], cloud: 'usGovernment' },
      accounts: [{ upn: account, password }],
    });
    const { requests, result } = await run({ authorityHost: 'https://login.microsoftonline.us', tenantId });
    assert.equal(requests[0]?.host, 'login.microsoftonline.us');
    assert.equal(result, 'Succeeded');
  });
});

const serviceAnswers: readonly [string, HttpAnswer, RegExp][] = [
  ['203 with a sign-in page', html(203, '<html><title>Sign In</title></html>'), /sign-in page.*tenantId/s],
  [
    'a redirect',
    html(302, '<html>Object moved</html>', { location: 'https://spsprodweu1.vssps.visualstudio.com/_signin' }),
    /sign-in page/,
  ],
  ['a page with 200', pageOfTheProxy(), /sign-in page/],
  [
    '403 to a service principal',
    json(403, {
      message: 'Service principals are not allowed to perform this action.',
      typeKey: 'InvalidAccessException',
    }),
    /user only.*service principal.*InvalidAccessException/s,
  ],
  ['a claims challenge', claimsChallenge(), /continuous access evaluation/],
  [
    '401',
    json(401, {
      message: "TF400813: The user '' is not authorized to access this resource.",
      typeKey: 'UnauthorizedRequestException',
    }),
    /member of the organization.*vso\.pats_manage/s,
  ],
];

describePackagedTask('An answer of Azure DevOps that only looks like success', (given) => {
  for (const [what, said, words] of serviceAnswers) {
    it(`is not taken for one: ${what}`, async () => {
      const { run, faults } = await given(company);
      faults.always('pats.list', answer(said));
      const failed = await run();
      assert.equal(failed.result, 'Failed');
      assert.match(failed.errors.join('\n'), words);
      assert.deepEqual(failed.written, []);
    });
  }

  const isWriting: readonly [string, (here: Situation) => Promise<StepRun>][] = [
    ['an update', ({ run }) => run()],
    ['a creation', ({ run }) => run({ mode: 'advanced', keyVault: 'contoso-vault' })],
  ];
  for (const [what, act] of isWriting) {
    it(`and never for the answer to ${what}`, async () => {
      const here = await given(company);
      here.faults.use({
        decide: ({ operation }) =>
          operation === 'pats.update' || operation === 'pats.create'
            ? answer(html(203, '<html>Sign In</html>'))
            : { kind: 'pass' },
      });
      const failed = await act(here);
      assert.deepEqual([failed.result, failed.outputs.failedCount, failed.outputs.renewedCount], ['Failed', '1', '0']);
      assert.equal(failed.operations['pats.revoke'], undefined);
      assert.deepEqual(here.activeNames(), ['Build feed']);
    });
  }

  it('nor is an error inside a 200', async () => {
    const here = await given(company);
    here.faults.once(
      'pats.create',
      answer(
        json(200, { patToken: null, patTokenError: 'disablePatCreationPolicyViolation', patTokenErrorMessage: 'no' }),
      ),
    );
    const { line, operations } = await here.run({ mode: 'advanced', keyVault: 'contoso-vault' });
    assert.match(
      line('Build feed').message ?? '',
      /policy of the organization.*disablePatCreationPolicyViolation.*No PAT was made/s,
    );
    assert.equal(operations['pats.create'], 1);
  });
});
