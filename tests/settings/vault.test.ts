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
      name: 'by a URL with somebody’s name in it',
      given: 'https://a:b@kv1.vault.azure.net',
      problem: '"https://a:b@kv1.vault.azure.net" is not an https:// address.',
    },
  ];
  for (const { name: how, given, problem } of refused) {
    it(`is refused ${how}`, () => {
      assert.deepEqual(problemsOf({ keyVault: given }), [`Input keyVault: ${problem}`]);
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
