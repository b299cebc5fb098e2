import assert from 'node:assert/strict';
import type { InputName } from '../../src/settings/inputs.ts';
import { connection, problemsOf, settingsOf } from './pipeline.ts';

const vault = { mode: 'advanced', keyVault: 'contoso-vault' } as const;

describe('a choice', () => {
  const cases: readonly { name: InputName; allowed: string }[] = [
    { name: 'mode', allowed: 'simple, advanced, revoke, report' },
    { name: 'allOrgs', allowed: 'keep, false, true' },
  ];
  for (const { name, allowed } of cases) {
    it(`is one of those that the contract lists: ${name}`, () => {
      for (const value of allowed.split(', ')) {
        assert.deepEqual(problemsOf({ [name]: value }), []);
        assert.deepEqual(problemsOf({ [name]: value.toUpperCase() }), []);
      }
      assert.deepEqual(problemsOf({ [name]: 'Other' }), [`Input ${name}: "Other" is not one of ${allowed}.`]);
    });
  }

  it('is one of those that the contract lists: signIn; what it needs is not asked for while it is not known', () => {
    assert.deepEqual(
      problemsOf(
        { signIn: 'certificate' },
        { variables: { 'System.CollectionUri': 'contoso', tenantid: 'contoso.com' } },
      ),
      ['Input signIn: "certificate" is not one of password, refreshToken.'],
    );
  });
});

describe('a choice in another case, as templates write it', () => {
  it('is what it is otherwise', () => {
    assert.equal(settingsOf({ mode: 'Advanced' }).mode, 'advanced');
    assert.equal(settingsOf({ allOrgs: 'False' }).policy.allOrgs, 'false');
    const refreshTokenSecret = 'https://contoso-vault.vault.azure.net/secrets/token';
    const given = { signIn: 'RefreshToken', refreshTokenSecret, azureSubscription: 'azure' };
    assert.equal(settingsOf(given).signIn.kind, 'refreshToken');
    assert.deepEqual(
      settingsOf({ ...given, refreshTokenSecret: 'token', keyVault: 'contoso-vault' }).vault?.connection,
      connection,
    );
  });
});

describe('an input whose default would do too much', () => {
  const cases: readonly { name: InputName; remedy: string }[] = [
    { name: 'pats', remedy: 'the default (*) would select every PAT. Write * if that is meant' },
    { name: 'dryRun', remedy: 'the default (false) would write. Write true or false' },
  ];
  for (const { name, remedy } of cases) {
    for (const given of ['', ' ', '\n']) {
      it(`is refused where it is given and empty: ${name} ${JSON.stringify(given)}`, () => {
        for (const mode of ['simple', 'advanced', 'revoke', 'report']) {
          assert.deepEqual(problemsOf({ mode, [name]: given }), [
            `Input ${name}: it is given and empty, as where a template expression or a variable holds nothing; ${remedy}, or leave ` +
              'the input out.',
          ]);
        }
      });
    }

    it(`has its default where it is not given: ${name}`, () => assert.deepEqual(problemsOf({}), []));
  }
});

describe('a character that nobody sees', () => {
  const cases: readonly { name: InputName; given: string; code: string }[] = [
    { name: 'organization', given: 'contoso\u200b', code: 'U+200B' },
    { name: 'username', given: 'svc\u200e@contoso.com', code: 'U+200E' },
    { name: 'tenantId', given: '\u2060contoso.com', code: 'U+2060' },
    { name: 'keyVault', given: 'contoso\u00ad-vault', code: 'U+00AD' },
    { name: 'lifetimeDays', given: '6\u200b0', code: 'U+200B' },
    { name: 'mode', given: 'simple\u202c', code: 'U+202C' },
    { name: 'secretName', given: '{pat}\u0007', code: 'U+0007' },
  ];
  for (const { name, given, code } of cases) {
    it(`is named: ${code} in ${name}`, () => {
      const [problem] = problemsOf({ keyVault: 'kv1', [name]: given });
      const expected = `holds a character that nobody sees (${code}), as it comes with a copy. Type it anew.`;
      assert.equal(problem, `Input ${name}: ${JSON.stringify(given)} ${expected}`);
    });
  }

  it('is a part of names and passwords, which may hold one', () => {
    assert.deepEqual(
      problemsOf({ pats: 'Build\u200d', variableGroup: 'P/\u{1F469}\u200d\u{1F4BB}', password: 'a\u200b' }),
      [],
    );
  });

  it('is no blank or line break around an input', () => {
    assert.deepEqual(problemsOf({ organization: '\ufeff contoso\r\n', username: 'svc@contoso.com\n' }), []);
  });
});

describe('a flag', () => {
  const flags = ['includeExpired', 'setOutputVariables', 'dryRun'] as const;
  for (const name of flags) {
    it(`is true or false in any case: ${name}`, () => {
      const read = (given: string) => {
        const settings = settingsOf({ ...vault, [name]: given });
        return { ...settings.policy, ...settings }[name];
      };
      assert.equal(read('TRUE'), true);
      assert.equal(read('False'), false);
      assert.deepEqual(problemsOf({ ...vault, [name]: 'yes' }), [`Input ${name}: "yes" is neither true nor false.`]);
    });
  }
});

describe('an input that the chosen settings do not use', () => {
  const cases: readonly { name: string; inputs: Partial<Record<InputName, string>> }[] = [
    { name: 'dates in mode report', inputs: { mode: 'report', lifetimeDays: 'x', renewBeforeDays: 'x', allOrgs: 'x' } },
    { name: 'dates in mode revoke', inputs: { mode: 'revoke', lifetimeDays: 'x', renewBeforeDays: 'x', allOrgs: 'x' } },
    { name: 'the grace period in mode simple', inputs: { mode: 'simple', revokeAfterHours: 'x' } },
    { name: 'the grace period in mode report', inputs: { mode: 'report', revokeAfterHours: 'x' } },
    { name: 'includeExpired in mode simple', inputs: { mode: 'simple', includeExpired: 'x' } },
    {
      name: 'setOutputVariables in mode simple',
      inputs: { mode: 'simple', keyVault: 'contoso-vault', setOutputVariables: 'x' },
    },
    { name: 'setOutputVariables without a vault', inputs: { mode: 'advanced', setOutputVariables: 'x' } },
    { name: 'the secret’s name without a vault', inputs: { mode: 'advanced', secretName: '$(missing)' } },
    { name: 'the service connection without a vault', inputs: { mode: 'simple', azureSubscription: '$(missing)' } },
    { name: 'taking over in mode simple', inputs: { mode: 'simple', takeOver: 'x' } },
    { name: 'taking over where nothing has a place', inputs: { mode: 'advanced', takeOver: 'x' } },
    { name: 'what was handed over in mode report', inputs: { mode: 'report', handedOver: 'x' } },
    { name: 'the refresh token with signIn password', inputs: { refreshTokenSecret: 'http://not used' } },
    {
      name: 'username and password with signIn refreshToken',
      inputs: {
        signIn: 'refreshToken',
        refreshTokenSecret: 'https://contoso-vault.vault.azure.net/secrets/token',
        azureSubscription: 'azure',
        username: '$(missing)',
        password: '$(missing)',
      },
    },
  ];
  for (const { name, inputs } of cases) {
    it(`is not checked: ${name}`, () => assert.deepEqual(problemsOf(inputs), []));
  }

  it('is one only where it is certain: what belongs to a vault is checked although the vault’s name is wrong', () => {
    const inputs = { mode: 'advanced', keyVault: '?', secretName: '$(missing)', setOutputVariables: 'x' };
    const told = problemsOf(inputs).map((problem) => problem.split(':')[0]);
    assert.deepEqual(told, ['Input keyVault', 'Input secretName', 'Input setOutputVariables']);
  });

  it('is not the grace period in mode report where values have places: the report tells when PATs go', () => {
    assert.equal(problemsOf({ mode: 'report', revokeAfterHours: 'x', variableGroup: 'P/G' }).length, 1);
  });

  it('is not dryRun in mode report: report.json tells of it', () => {
    assert.equal(settingsOf({ mode: 'report', dryRun: 'true' }).dryRun, true);
  });
});
