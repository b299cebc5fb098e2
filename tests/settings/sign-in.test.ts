import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InputName } from '../../src/settings/inputs.ts';
import { connection, problemsOf, settingsOf, variables } from './pipeline.ts';

describe('the tenant', () => {
  for (const given of ['11111111-2222-3333-4444-55555555555A', 'contoso.com', 'contoso.onmicrosoft.com']) {
    it(`is a GUID or a domain: ${given}`, () => assert.equal(settingsOf({ tenantId: given }).signIn.tenantId, given));
  }

  for (const given of ['common', '11111111-2222-3333-4444', 'contoso.com/../other', 'a b.com', '../x.y']) {
    it(`is nothing else: ${given}`, () => {
      assert.deepEqual(problemsOf({ tenantId: given }), [
        `Input tenantId: "${given}" is neither a GUID nor a domain such as contoso.onmicrosoft.com.`,
      ]);
    });
  }
});

describe('the client id', () => {
  it('is a GUID', () => {
    assert.deepEqual(problemsOf({ clientId: 'my-app' }), ['Input clientId: "my-app" is not a GUID.']);
  });
});

describe('the sign-in host', () => {
  const hostOf = (authorityHost: string) => settingsOf({ authorityHost }).signIn.authorityHost;

  for (const given of [
    'https://login.microsoftonline.us',
    'https://login.microsoftonline.us/',
    'login.microsoftonline.us',
  ]) {
    it(`is an https:// address, without a slash at the end: ${given}`, () => {
      assert.equal(hostOf(given), 'https://login.microsoftonline.us');
    });
  }

  it('is refused over http://', () => {
    assert.deepEqual(problemsOf({ authorityHost: 'http://login.microsoftonline.com' }), [
      'Input authorityHost: "http://login.microsoftonline.com" would send secrets in the clear. Use https://.',
    ]);
  });

  it('is refused when it is no address', () => {
    assert.deepEqual(problemsOf({ authorityHost: 'ftp://login' }), [
      'Input authorityHost: "ftp://login" is not an https:// address.',
    ]);
  });
});

describe('a sign-in with a refresh token', () => {
  const signIn: Partial<Record<InputName, string>> = {
    signIn: 'refreshToken',
    refreshTokenSecret: 'sign-in',
    keyVault: 'contoso-vault',
    azureSubscription: 'azure',
  };
  const secretOf = (inputs: Partial<Record<InputName, string>>) => {
    const settings = settingsOf({ ...signIn, ...inputs });
    return settings.signIn.kind === 'refreshToken' && settings.signIn.secret;
  };

  it('needs neither user name nor password', () => {
    const { sa_password: _, sa_username: __, ...given } = variables;
    assert.deepEqual(settingsOf(signIn, { variables: given }).signIn, {
      kind: 'refreshToken',
      authorityHost: 'https://login.microsoftonline.com',
      tenantId: 'contoso.onmicrosoft.com',
      clientId: '1950a258-227b-4e31-a9cf-717495945fc2',
      secret: { vaultUrl: 'https://contoso-vault.vault.azure.net', name: 'sign-in' },
      connection,
    });
  });

  it('takes the secret from another vault by URL', () => {
    const refreshTokenSecret = 'https://other-vault.vault.azure.net/secrets/sign-in';
    const expected = { vaultUrl: 'https://other-vault.vault.azure.net', name: 'sign-in' };
    assert.deepEqual(secretOf({ refreshTokenSecret }), expected);
    assert.deepEqual(secretOf({ refreshTokenSecret: `${refreshTokenSecret}/`, keyVault: '' }), expected);
  });

  const refused: readonly { name: string; given: Partial<Record<InputName, string>>; problem: string }[] = [
    {
      name: 'without the secret',
      given: { refreshTokenSecret: '' },
      problem: 'Input refreshTokenSecret: the secret that holds the refresh token is needed and missing.',
    },
    {
      name: 'without a service connection',
      given: { azureSubscription: '' },
      problem: 'Input azureSubscription: signIn refreshToken needs a service connection that may open the vault.',
    },
    {
      name: 'with a bare name and no vault',
      given: { keyVault: '' },
      problem:
        'Input refreshTokenSecret: a secret’s bare name needs the input keyVault; or give https://<vault>/secrets/<name>.',
    },
    {
      name: 'with a name that no secret has',
      given: { refreshTokenSecret: 'sign_in' },
      problem: 'Input refreshTokenSecret: "sign_in" is neither a secret’s name nor https://<vault>/secrets/<name>.',
    },
    {
      name: 'with a URL of something else',
      given: { refreshTokenSecret: 'https://contoso-vault.vault.azure.net/keys/x' },
      problem:
        'Input refreshTokenSecret: "https://contoso-vault.vault.azure.net/keys/x" is neither a secret’s name nor ' +
        'https://<vault>/secrets/<name>.',
    },
    {
      name: 'with the URL of one version: the rolled token is a new one',
      given: { refreshTokenSecret: 'https://contoso-vault.vault.azure.net/secrets/x/0123' },
      problem:
        'Input refreshTokenSecret: "https://contoso-vault.vault.azure.net/secrets/x/0123" is neither a secret’s name nor ' +
        'https://<vault>/secrets/<name>.',
    },
    {
      name: 'over http://',
      given: { refreshTokenSecret: 'http://contoso-vault.vault.azure.net/secrets/x' },
      problem:
        'Input refreshTokenSecret: "http://contoso-vault.vault.azure.net/secrets/x" would send secrets in the clear. Use https://.',
    },
  ];
  for (const { name, given, problem } of refused) {
    it(`is refused ${name}`, () => assert.deepEqual(problemsOf({ ...signIn, ...given }), [problem]));
  }

  it('tells all that is missing at once', () => {
    assert.deepEqual(problemsOf({ signIn: 'refreshToken' }), [
      'Input refreshTokenSecret: the secret that holds the refresh token is needed and missing.',
      'Input azureSubscription: signIn refreshToken needs a service connection that may open the vault.',
    ]);
  });

  it('tells what is wrong with the service connection', () => {
    assert.deepEqual(problemsOf(signIn, { connection: 'it is not available.' }), [
      'Input azureSubscription: it is not available.',
    ]);
  });
});

describe('the password', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 30 });
  // What reads $(name) is a variable that is missing: its name, and no password.
  const passwords = fc.string({ unit: 'binary', minLength: 10 }).filter((text) => !/^\s*\$\([^()]+\)\s*$/.test(text));

  it('stands in no message, whatever it and the other inputs are', () => {
    const names = [
      'mode',
      'organization',
      'signIn',
      'username',
      'tenantId',
      'clientId',
      'refreshTokenSecret',
      'lifetimeDays',
      'pats',
      'keyVault',
      'secretName',
      'variableGroup',
      'handedOver',
      'failDays',
      'dryRun',
      'authorityHost',
    ] as const;
    const others = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(
        anyText,
        fc.constantFrom('refreshToken', 'advanced', 'Revoke', '$(x)', '*\na => group:P/G/V, b', 'me:x@dev.azure.com/y'),
      ),
    );
    fc.assert(
      fc.property(passwords, others, fc.boolean(), (password, inputs, isVariable) => {
        const given = isVariable ? { ...variables, sa_password: password } : variables;
        const problems = problemsOf(
          { ...inputs, warnDays: 'x', ...(isVariable ? {} : { password }) },
          { variables: given },
        );
        assert.ok(problems.length > 0);
        for (const problem of problems) {
          assert.ok(!problem.includes(password) && !problem.includes(JSON.stringify(password).slice(1, -1)));
        }
      }),
    );
  });
});
