import assert from 'node:assert/strict';
import type { InputName } from '../../src/settings/inputs.ts';
import { connection, problemsOf, settingsOf } from './pipeline.ts';

describe('the vault', () => {
  const urlOf = (inputs: Partial<Record<InputName, string>>, vaultSuffix?: string) =>
    settingsOf(inputs, { connection: { ...connection, vaultSuffix } }).vault?.url;

  it('is none by default', () => assert.equal(urlOf({}), undefined));

  const forms = [
    { name: 'by name', given: 'Contoso-Vault' },
    { name: 'by URL', given: 'https://contoso-vault.vault.azure.net' },
    { name: 'by URL with a slash', given: 'https://contoso-vault.vault.azure.net/' },
    { name: 'by host name', given: 'contoso-vault.vault.azure.net' },
  ];
  for (const { name, given } of forms) {
    it(`is given ${name}`, () => assert.equal(urlOf({ keyVault: given }), 'https://contoso-vault.vault.azure.net'));
  }

  const clouds = [
    { host: 'https://login.microsoftonline.com', expected: 'https://kv1.vault.azure.net' },
    { host: 'https://login.microsoftonline.us', expected: 'https://kv1.vault.usgovcloudapi.net' },
    { host: 'https://login.chinacloudapi.cn', expected: 'https://kv1.vault.azure.cn' },
    { host: 'https://login.partner.microsoftonline.cn', expected: 'https://kv1.vault.azure.cn' },
  ];
  for (const { host, expected } of clouds) {
    it(`given by name is of the cloud that the sign-in host belongs to: ${host}`, () => {
      assert.equal(urlOf({ keyVault: 'kv1', authorityHost: host }), expected);
    });
  }

  it('given by name is of the cloud of its service connection, if that says one', () => {
    const suffix = 'vault.usgovcloudapi.net';
    assert.equal(urlOf({ keyVault: 'kv1', azureSubscription: 'azure' }, suffix), 'https://kv1.vault.usgovcloudapi.net');
  });

  it('is opened by the service connection, or else by the service account itself', () => {
    assert.deepEqual(settingsOf({ keyVault: 'kv1', azureSubscription: 'azure' }).vault?.connection, connection);
    assert.equal(settingsOf({ keyVault: 'kv1' }).vault?.connection, undefined);
  });

  it('has secrets of the PATs’ names by default', () => {
    assert.equal(settingsOf({ keyVault: 'kv1' }).vault?.secretNameTemplate, '{pat}');
  });

  const name = 'is not a vault’s name (3 to 24 letters, digits and -).';
  const address = 'is not a vault’s address, such as https://contoso-vault.vault.azure.net.';
  const refused = [
    {
      name: 'over http://',
      given: 'http://kv1.vault.azure.net',
      problem: '"http://kv1.vault.azure.net" would send secrets in the clear. Use https://.',
    },
    {
      name: 'by another scheme',
      given: 'ftp://kv1.vault.azure.net',
      problem: '"ftp://kv1.vault.azure.net" is not an https:// address.',
    },
    { name: 'with a name of 2 characters', given: 'kv', problem: `"kv" ${name}` },
    { name: 'with a name of 25 characters', given: 'a'.repeat(25), problem: `"${'a'.repeat(25)}" ${name}` },
    { name: 'with a name that begins with a digit', given: '1vault', problem: `"1vault" ${name}` },
    { name: 'with a name that ends with -', given: 'vault-', problem: `"vault-" ${name}` },
    { name: 'with a name that holds _', given: 'my_vault', problem: `"my_vault" ${name}` },
    {
      name: 'by the URL of a secret',
      given: 'https://kv1.vault.azure.net/secrets/x',
      problem: `"https://kv1.vault.azure.net/secrets/x" ${address}`,
    },
    {
      name: 'by the portal’s page of it',
      given: 'https://portal.azure.com/#@contoso.com/resource/vaults/kv1',
      problem: `"https://portal.azure.com/#@contoso.com/resource/vaults/kv1" ${address}`,
    },
    {
      name: 'by the address of its private endpoint',
      given: 'https://kv1.privatelink.vaultcore.azure.net/',
      problem:
        '"https://kv1.privatelink.vaultcore.azure.net/" is where a private endpoint is found, and not the vault’s own address: give ' +
        'its name, "kv1". The network leads there by itself.',
    },
    {
      name: 'by the address of its private endpoint in another cloud',
      given: 'kv1.vaultcore.usgovcloudapi.net',
      problem:
        '"kv1.vaultcore.usgovcloudapi.net" is where a private endpoint is found, and not the vault’s own address: give its name, ' +
        '"kv1". The network leads there by itself.',
    },
    {
      name: 'by an IP address',
      given: '10.0.0.4',
      problem: '"10.0.0.4" is an IP address, for which no vault has a certificate. Give the vault’s name.',
    },
    {
      name: 'by a URL with somebody’s name in it',
      given: 'https://a:b@kv1.vault.azure.net',
      problem: '"https://…@kv1.vault.azure.net" is not an https:// address.',
    },
  ];
  for (const { name: how, given, problem } of refused) {
    it(`is refused ${how}`, () => {
      assert.deepEqual(problemsOf({ keyVault: given }), [`Input keyVault: ${problem}`]);
    });
  }

  const emptied =
    'Input keyVault: it is empty, and the input azureSubscription is given: a template expression or a variable that holds nothing? ' +
    'Name the vault, or leave azureSubscription empty if the values belong into none.';
  const token = 'https://kv1.vault.azure.net/secrets/token';
  const connections: readonly {
    name: string;
    inputs: Partial<Record<InputName, string>>;
    expected: readonly string[];
  }[] = [
    { name: 'in mode advanced', inputs: { mode: 'advanced' }, expected: [emptied] },
    { name: 'in mode revoke', inputs: { mode: 'revoke' }, expected: [emptied] },
    { name: 'with another place', inputs: { mode: 'advanced', variableGroup: 'P/G' }, expected: [emptied] },
    { name: 'in mode simple, which delivers nothing', inputs: { mode: 'simple' }, expected: [] },
    { name: 'in mode report', inputs: { mode: 'report' }, expected: [] },
    {
      name: 'where it is for the refresh token',
      inputs: { mode: 'advanced', signIn: 'RefreshToken', refreshTokenSecret: token },
      expected: [],
    },
    {
      name: 'where a refresh token is named and not used',
      inputs: { mode: 'advanced', refreshTokenSecret: token },
      expected: [emptied],
    },
  ];
  for (const { name: when, inputs, expected } of connections) {
    it(`left empty beside a service connection is ${expected.length === 0 ? 'fine' : 'refused'} ${when}`, () => {
      assert.deepEqual(problemsOf({ azureSubscription: 'azure', keyVault: '', ...inputs }), expected);
    });
  }

  it('tells what is wrong with its service connection', () => {
    assert.deepEqual(
      problemsOf(
        { keyVault: 'kv1', azureSubscription: 'azure' },
        { connection: 'the service connection "azure" is gone.' },
      ),
      ['Input azureSubscription: the service connection "azure" is gone.'],
    );
  });
});

describe('the secret’s name', () => {
  const templates = [
    { given: '{pat}', expected: [] },
    { given: 'x-{Organization}-{PAT}', expected: [] },
    { given: '{org}-{name}', expected: ['"{org}", "{name}" stands for nothing; only {pat} and {organization} do.'] },
    { given: '{pat}-{}', expected: ['"{}" stands for nothing; only {pat} and {organization} do.'] },
    { given: '{{pat}}', expected: ['"{{pat}}" stands for nothing; only {pat} and {organization} do.'] },
    { given: '{pat', expected: ['"{" stands for nothing; only {pat} and {organization} do.'] },
  ];
  for (const { given, expected } of templates) {
    it(`holds no other placeholders: ${given}`, () => {
      assert.deepEqual(
        problemsOf({ keyVault: 'kv1', secretName: given }),
        expected.map((problem) => `Input secretName: ${problem}`),
      );
    });
  }
});
