import assert from 'node:assert/strict';
import { InputProblems } from '../../src/settings/input-reading.ts';
import { readSettings, type Settings } from '../../src/settings/settings.ts';
import { connection, problemsOf, settingsOf, variables } from './pipeline.ts';

describe('settings', () => {
  const defaults: Settings = {
    mode: 'simple',
    organizations: ['contoso'],
    signIn: {
      kind: 'password',
      authorityHost: 'https://login.microsoftonline.com',
      tenantId: 'contoso.onmicrosoft.com',
      clientId: '1950a258-227b-4e31-a9cf-717495945fc2',
      username: 'svc-pats@contoso.com',
      password: 'correct horse',
    },
    rules: [{ kind: 'include', pattern: '*', places: [], text: '*' }],
    policy: {
      lifetimeDays: 60,
      renewBeforeDays: undefined,
      revokeAfterHours: 48,
      includeExpired: false,
      allOrgs: 'keep',
    },
    vault: undefined,
    hasPlaces: false,
    variableGroup: undefined,
    takeOver: false,
    handedOver: [],
    setOutputVariables: false,
    warnDays: 14,
    failDays: undefined,
    dryRun: false,
    concurrency: 8,
    pipelineStart: undefined,
    doubts: [],
  };

  it('are the defaults of the contract where no input is given', () => {
    assert.deepEqual(settingsOf({}), defaults);
  });

  it('are the defaults also where an input holds only blanks', () => {
    assert.deepEqual(settingsOf({ mode: ' ', lifetimeDays: '\t', organization: ' ', concurrency: ' ' }), defaults);
  });

  it('are what the inputs say', () => {
    const given = settingsOf({
      mode: 'advanced',
      organization: 'contoso, fabrikam',
      username: 'other@contoso.com',
      password: 'battery staple',
      tenantId: '11111111-2222-3333-4444-555555555555',
      clientId: '22222222-2222-3333-4444-555555555555',
      lifetimeDays: '30',
      renewBeforeDays: '7',
      revokeAfterHours: '24',
      pats: 'Build* => group:Fabrikam/Shared/FEED, build-pat',
      allOrgs: 'false',
      includeExpired: 'true',
      keyVault: 'contoso-vault',
      azureSubscription: 'azure',
      secretName: '{organization}-{pat}',
      variableGroup: 'Fabrikam/Renew PATs',
      takeOver: 'true',
      setOutputVariables: 'True',
      warnDays: '30',
      failDays: '3',
      dryRun: 'true',
      concurrency: '4',
      authorityHost: 'https://login.microsoftonline.us/',
    });

    assert.deepEqual(given, {
      mode: 'advanced',
      organizations: ['contoso', 'fabrikam'],
      signIn: {
        kind: 'password',
        authorityHost: 'https://login.microsoftonline.us',
        tenantId: '11111111-2222-3333-4444-555555555555',
        clientId: '22222222-2222-3333-4444-555555555555',
        username: 'other@contoso.com',
        password: 'battery staple',
      },
      rules: [
        {
          kind: 'include',
          pattern: 'Build*',
          places: ['group:Fabrikam/Shared/FEED', 'build-pat'],
          text: 'Build* => group:Fabrikam/Shared/FEED, build-pat',
        },
      ],
      policy: { lifetimeDays: 30, renewBeforeDays: 7, revokeAfterHours: 24, includeExpired: true, allOrgs: 'false' },
      hasPlaces: true,
      vault: {
        url: 'https://contoso-vault.vault.usgovcloudapi.net',
        connection,
        secretNameTemplate: '{organization}-{pat}',
      },
      variableGroup: { project: 'Fabrikam', group: 'Renew PATs' },
      takeOver: true,
      handedOver: [],
      setOutputVariables: true,
      warnDays: 30,
      failDays: 3,
      dryRun: true,
      concurrency: 4,
      pipelineStart: undefined,
      doubts: [],
    });
  });

  it('keep the blanks of a password', () => {
    const { signIn } = settingsOf({ password: ' pass word ' });
    assert.equal(signIn.kind === 'password' && signIn.password, ' pass word ');
  });

  it('with problems tell all of them in one message, before anything is sent', () => {
    const inputs = { mode: 'sometimes', lifetimeDays: '0', warnDays: 'x', concurrency: '33', pats: '!' };
    const read = () =>
      readSettings({
        read: (name) => (({ ...inputs }) as Record<string, string>)[name],
        variable: (name) => variables[name],
        serviceConnection: () => connection,
      });

    assert.throws(read, (error: unknown) => {
      assert.ok(error instanceof InputProblems);
      assert.equal(
        error.message,
        '4 inputs need attention:\n' +
          '- Input mode: "sometimes" is not one of simple, advanced, revoke, report.\n' +
          '- Input pats: line 1 ("!"): a rule needs a pattern, such as * or Build*.\n' +
          '- Input warnDays: "x" is not a whole number from 0 to 365.\n' +
          '- Input concurrency: "33" is not a whole number from 1 to 32.',
      );
      return true;
    });
  });

  it('with one problem tell it as it is', () => {
    assert.throws(() => settingsOf({ warnDays: '366' }), {
      name: 'InputProblems',
      message: 'Input warnDays: "366" is not a whole number from 0 to 365.',
    });
  });

  it('tell each problem of the rules in pats', () => {
    assert.deepEqual(problemsOf({ pats: '!\nBuild =>' }), [
      'Input pats: line 1 ("!"): a rule needs a pattern, such as * or Build*.',
      'Input pats: line 2 ("Build =>"): the name of the place is missing after =>.',
    ]);
  });
});
