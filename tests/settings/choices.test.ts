import assert from 'node:assert/strict';
import type { InputName } from '../../src/settings/inputs.ts';
import { problemsOf, settingsOf } from './pipeline.ts';

const vault = { mode: 'advanced', keyVault: 'contoso-vault' } as const;

describe('a choice', () => {
  const cases: readonly { name: InputName; allowed: string }[] = [
    { name: 'mode', allowed: 'simple, advanced, revoke, report' },
    { name: 'allOrgs', allowed: 'keep, false, true' },
  ];
  for (const { name, allowed } of cases) {
    it(`is one of those that the contract lists: ${name}`, () => {
      for (const value of allowed.split(', ')) assert.deepEqual(problemsOf({ [name]: value }), []);
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
    { name: 'the service connection without a vault', inputs: { mode: 'advanced', azureSubscription: '$(missing)' } },
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

  it('is not dryRun in mode report: report.json tells of it', () => {
    assert.equal(settingsOf({ mode: 'report', dryRun: 'true' }).dryRun, true);
  });
});
