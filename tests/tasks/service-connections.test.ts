import assert from 'node:assert/strict';
import type { ConnectionProof, ServiceConnection } from '../../src/services/service-connection.ts';
import { readServiceConnection } from '../../tasks/RenewPats/service-connections.ts';

const id = '0a0b0c0d-1111-2222-3333-444444444444';
const upper = id.toUpperCase();

type Handed = Readonly<Record<string, string>>;

const read = (secrets: Handed, environment: NodeJS.ProcessEnv = {}) =>
  readServiceConnection(id, new Map(Object.entries(secrets)), environment);

/** The agent hands over the connection as JSON, and its parameters one by one. */
const handed = (scheme: string, parameters: Handed): Handed => ({
  [`ENDPOINT_AUTH_${upper}`]: JSON.stringify({ scheme, parameters }),
  [`ENDPOINT_AUTH_SCHEME_${upper}`]: scheme,
  ...Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      `ENDPOINT_AUTH_PARAMETER_${upper}_${name.toUpperCase()}`,
      value,
    ]),
  ),
});

const who = { tenantid: 'the tenant', serviceprincipalid: 'the client' };
const job = {
  ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: 'the job’s token',
  ENDPOINT_AUTH_SCHEME_SYSTEMVSSCONNECTION: 'OAuth',
};

const connection = (proof: ConnectionProof, rest: Partial<ServiceConnection> = {}): ServiceConnection => ({
  id,
  name: id,
  tenantId: 'the tenant',
  clientId: 'the client',
  subscription: undefined,
  authorityHost: undefined,
  vaultSuffix: undefined,
  proof,
  ...rest,
});

describe('a service connection', () => {
  it('with workload identity federation proves itself by the job’s token', () => {
    const uri = 'https://dev.azure.com/contoso/_apis/oidctoken';
    assert.deepEqual(
      read({ ...handed('WorkloadIdentityFederation', who), ...job }, { SYSTEM_OIDCREQUESTURI: uri }),
      connection({ kind: 'federation', oidcRequestUri: uri, jobToken: 'the job’s token' }),
    );
  });

  const federation = (address: string, environment: NodeJS.ProcessEnv = {}) =>
    read({ ...handed('WorkloadIdentityFederation', who), ...job }, { SYSTEM_OIDCREQUESTURI: address, ...environment });

  for (const address of [
    'https://dev.azure.com/contoso/_apis/x',
    'https://contoso.visualstudio.com/_apis/x',
    'https://vstoken.dev.azure.com/1',
    'https://app.vstoken.visualstudio.com/1',
    'https://DEV.AZURE.COM:443/contoso',
  ]) {
    it(`with workload identity federation shows the job’s token to Azure DevOps: ${address}`, () => {
      assert.equal(typeof federation(address), 'object');
    });
  }

  for (const address of [
    'https://evil.example/contoso',
    'https://dev.azure.com.evil.example/',
    'https://evildev.azure.com/',
    'https://notvisualstudio.com/',
    'https://dev.azure.com@evil.example/',
    'https://evil.example/?https://dev.azure.com',
    'https://dev.azure.com:8443/contoso',
    'http://dev.azure.com/contoso',
    'dev.azure.com/contoso',
    '',
    'https://evil.example#.dev.azure.com',
  ]) {
    it(`with workload identity federation does not show the job’s token to anybody else: ${address}`, () => {
      const forged = {
        SYSTEM_COLLECTIONURI: 'https://evil.example/',
        SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: 'https://evil.example/',
      };
      const told = federation(address, forged);
      assert.ok(typeof told === 'string');
      assert.match(
        told,
        /System\.OidcRequestUri names ".*", which is no host of Azure DevOps: the job’s token is not sent there/,
      );
    });
  }

  it('is known by its subscription, too: a job gets no connection’s name', () => {
    const environment = { [`ENDPOINT_DATA_${upper}_SUBSCRIPTIONNAME`]: 'Contoso production' };
    assert.deepEqual(
      read(handed('ManagedServiceIdentity', who), environment),
      connection({ kind: 'managed identity' }, { subscription: 'Contoso production' }),
    );
  });

  it('passes over a sign-in host without TLS', () => {
    const environment = { [`ENDPOINT_DATA_${upper}_ENVIRONMENTAUTHORITYURL`]: 'http://login.microsoftonline.us/' };
    assert.deepEqual(
      read(handed('ManagedServiceIdentity', who), environment),
      connection({ kind: 'managed identity' }),
    );
  });

  const without = [
    { name: 'no address for it', secrets: job, environment: {} },
    { name: 'no token of the job', secrets: {}, environment: { SYSTEM_OIDCREQUESTURI: 'https://x' } },
  ];
  for (const { name, secrets, environment } of without) {
    it(`with workload identity federation needs a job that offers it: ${name}`, () => {
      assert.equal(
        read({ ...handed('WorkloadIdentityFederation', who), ...secrets }, environment),
        `the service connection "${id}" uses workload identity federation, and this job offers no token for it ` +
          '(System.OidcRequestUri).',
      );
    });
  }

  it('with a service principal proves itself by its secret', () => {
    assert.deepEqual(
      read(handed('ServicePrincipal', { ...who, serviceprincipalkey: 'the key' })),
      connection({ kind: 'secret', secret: 'the key' }),
    );
  });

  it('with a service principal proves itself by its certificate', () => {
    const parameters = { ...who, authenticationType: 'spnCertificate', servicePrincipalCertificate: 'the pem' };
    assert.deepEqual(read(handed('ServicePrincipal', parameters)), connection({ kind: 'certificate', pem: 'the pem' }));
  });

  it('with managed identity needs no proof', () => {
    assert.deepEqual(
      read(handed('ManagedServiceIdentity', { tenantid: 'the tenant' })),
      connection({ kind: 'managed identity' }, { clientId: '' }),
    );
  });

  it('is read from its JSON alone too, as some agents hand it over', () => {
    const parameters = { TenantId: 'the tenant', ServicePrincipalId: 'the client', ServicePrincipalKey: 'the key' };
    assert.deepEqual(
      read({ [`ENDPOINT_AUTH_${upper}`]: JSON.stringify({ scheme: 'serviceprincipal', parameters }) }),
      connection({ kind: 'secret', secret: 'the key' }),
    );
  });

  it('knows its cloud: the sign-in host and the vaults’ domain', () => {
    const environment = {
      [`ENDPOINT_DATA_${upper}_ENVIRONMENTAUTHORITYURL`]: 'https://login.microsoftonline.us/',
      [`ENDPOINT_DATA_${id}_AzureKeyVaultDnsSuffix`]: '.vault.usgovcloudapi.net',
    };
    assert.deepEqual(
      read(handed('ManagedServiceIdentity', who), environment),
      connection(
        { kind: 'managed identity' },
        { authorityHost: 'https://login.microsoftonline.us', vaultSuffix: 'vault.usgovcloudapi.net' },
      ),
    );
  });

  it('passes over a sign-in host that is no address', () => {
    const environment = { [`ENDPOINT_DATA_${upper}_ENVIRONMENTAUTHORITYURL`]: 'no address' };
    assert.deepEqual(
      read(handed('ManagedServiceIdentity', who), environment),
      connection({ kind: 'managed identity' }),
    );
  });

  const refused = [
    {
      name: 'that was not handed over',
      secrets: {},
      sentence:
        ' is not available to this pipeline. Give its name as it stands in the project settings, as plain text (no runtime ' +
        'variable), and let the pipeline use it.',
    },
    { name: 'without its secret', secrets: handed('ServicePrincipal', who), sentence: ' has no secret.' },
    {
      name: 'without its certificate',
      secrets: handed('ServicePrincipal', { ...who, authenticationType: 'spnCertificate' }),
      sentence: ' has no certificate.',
    },
    {
      name: 'of another kind',
      secrets: handed('UsernamePassword', who),
      sentence:
        ' has the scheme "UsernamePassword", which this task does not know. Use an Azure Resource Manager connection.',
    },
    {
      name: 'that cannot be read',
      secrets: { [`ENDPOINT_AUTH_${upper}`]: 'no json' },
      sentence: ' has the scheme "", which this task does not know. Use an Azure Resource Manager connection.',
    },
  ];
  for (const { name, secrets, sentence } of refused) {
    it(`is refused ${name}`, () => assert.equal(read(secrets), `the service connection "${id}"${sentence}`));
  }
});
