import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { runTask, type TaskJob } from '../../../simulator/agent/run-task.ts';
import { environmentTask, makeTask, removeTasks } from './fixture-task.ts';

describe('the environment of a task', () => {
  afterEach(removeTasks);

  async function seen(names: readonly string[], job: Partial<TaskJob> = {}): Promise<Record<string, string | null>> {
    const definition = { inputs: [{ name: 'connection', type: 'connectedService:AzureRM' }] };
    const run = await runTask({ taskFolder: environmentTask(names, definition), ...job });
    return JSON.parse(run.rawOutput);
  }

  it('holds the variables of the job, the secret ones under another name only', async () => {
    const names = ['MY_VARIABLE', 'MY_PASSWORD', 'SECRET_MY_PASSWORD'];
    const variables = { 'my.variable': 'open', 'my password': { value: 'hidden', secret: true as const } };

    assert.deepEqual(await seen(names, { variables }), {
      MY_VARIABLE: 'open',
      MY_PASSWORD: null,
      SECRET_MY_PASSWORD: 'hidden',
    });
  });

  it('lists the names of the variables as they were written', async () => {
    const environment = await seen(['VSTS_PUBLIC_VARIABLES', 'VSTS_SECRET_VARIABLES'], {
      variables: { 'my.variable': 'open', 'my password': { value: 'hidden', secret: true } },
    });

    assert.ok(JSON.parse(environment.VSTS_PUBLIC_VARIABLES ?? '').includes('my.variable'));
    assert.deepEqual(JSON.parse(environment.VSTS_SECRET_VARIABLES ?? ''), ['System.AccessToken', 'my password']);
  });

  it("names the collection, the agent's version, a temporary folder and the host", async () => {
    const environment = await seen(
      [
        'SYSTEM_COLLECTIONURI',
        'SYSTEM_TEAMFOUNDATIONCOLLECTIONURI',
        'SYSTEM_HOSTTYPE',
        'AGENT_VERSION',
        'agent.jobstatus',
      ],
      { collectionUri: 'https://dev.azure.com/fabrikam/', agentVersion: '3.232.1' },
    );

    assert.deepEqual(environment, {
      SYSTEM_COLLECTIONURI: 'https://dev.azure.com/fabrikam/',
      SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: 'https://dev.azure.com/fabrikam/',
      SYSTEM_HOSTTYPE: 'build',
      AGENT_VERSION: '3.232.1',
      'agent.jobstatus': 'Succeeded',
    });
  });

  it('of a classic release has only the older name of the collection', async () => {
    const names = ['SYSTEM_COLLECTIONURI', 'SYSTEM_TEAMFOUNDATIONCOLLECTIONURI', 'SYSTEM_HOSTTYPE'];

    assert.deepEqual(await seen(names, { hostType: 'release' }), {
      SYSTEM_COLLECTIONURI: null,
      SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: 'https://dev.azure.com/contoso/',
      SYSTEM_HOSTTYPE: 'release',
    });
  });

  it("has the proxy and the authorities of the agent's configuration", async () => {
    const names = [
      'AGENT_PROXYURL',
      'AGENT_PROXYUSERNAME',
      'SECRET_AGENT_PROXYPASSWORD',
      'AGENT_PROXYBYPASSLIST',
      'AGENT_CAINFO',
    ];
    const proxy = { url: 'http://proxy:8080', username: 'me', password: 'pw', bypassList: ['\\.internal$'] };

    assert.deepEqual(await seen(names, { proxy, caInfo: '/etc/ca.pem' }), {
      AGENT_PROXYURL: 'http://proxy:8080',
      AGENT_PROXYUSERNAME: 'me',
      SECRET_AGENT_PROXYPASSWORD: 'pw',
      AGENT_PROXYBYPASSLIST: '["\\\\.internal$"]',
      AGENT_CAINFO: '/etc/ca.pem',
    });
  });

  const connection = {
    id: '3d7b1d5c-0f0b-4d0e-9a3e-111111111111',
    url: 'https://management.azure.com/',
    scheme: 'ServicePrincipal',
    parameters: { tenantid: 'the-tenant', serviceprincipalkey: 'the-key' },
    data: { subscriptionId: 'the-subscription' },
  };
  const connectionNames = ['URL_', 'AUTH_', 'AUTH_SCHEME_', 'DATA_'].map((part) => `ENDPOINT_${part}${connection.id}`);

  it('holds the service connection that an input names', async () => {
    const id = connection.id;
    const names = [
      'INPUT_CONNECTION',
      ...connectionNames,
      `ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALKEY`,
      `ENDPOINT_DATA_${id}_SUBSCRIPTIONID`,
    ];

    assert.deepEqual(
      await seen(names, { endpoints: { production: connection }, inputs: { connection: 'production' } }),
      {
        INPUT_CONNECTION: id,
        [`ENDPOINT_URL_${id}`]: connection.url,
        [`ENDPOINT_AUTH_${id}`]: JSON.stringify({ parameters: connection.parameters, scheme: connection.scheme }),
        [`ENDPOINT_AUTH_SCHEME_${id}`]: 'ServicePrincipal',
        [`ENDPOINT_DATA_${id}`]: JSON.stringify(connection.data),
        [`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALKEY`]: 'the-key',
        [`ENDPOINT_DATA_${id}_SUBSCRIPTIONID`]: 'the-subscription',
      },
    );
  });

  it('does not hold a service connection that no input names', async () => {
    const environment = await seen(connectionNames, { endpoints: { production: connection } });

    assert.deepEqual(Object.values(environment), [null, null, null, null]);
  });

  it('is never made for a service connection that does not exist', async () => {
    await assert.rejects(
      seen([], { inputs: { connection: 'prodution' } }),
      /Step input connection references service connection prodution which could not be found/,
    );
  });

  it("always holds the job's own connection and its token", async () => {
    const prefix = 'ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION';

    assert.deepEqual(
      await seen([`${prefix}_ACCESSTOKEN`, 'ENDPOINT_URL_SYSTEMVSSCONNECTION', 'SYSTEM_ACCESSTOKEN'], {
        accessToken: 'job-token',
      }),
      {
        [`${prefix}_ACCESSTOKEN`]: 'job-token',
        ENDPOINT_URL_SYSTEMVSSCONNECTION: 'https://dev.azure.com/contoso/',
        SYSTEM_ACCESSTOKEN: null,
      },
    );
  });

  it("has what the step's env: maps, with variables filled in", async () => {
    const job = { env: { TOKEN: '$(System.AccessToken)' }, accessToken: 'job-token' };

    assert.deepEqual(await seen(['TOKEN'], job), { TOKEN: 'job-token' });
  });

  it('has the variables first, and the inputs over them; what the step maps comes under both', async () => {
    const taskFolder = environmentTask(['INPUT_CONNECTION', 'MAPPED'], {
      inputs: [{ name: 'connection', type: 'string', defaultValue: 'the input' }],
    });
    const { rawOutput } = await runTask({
      taskFolder,
      variables: { 'input.connection': 'a variable', mapped: 'the variable' },
      env: { MAPPED: "the step's" },
    });

    assert.deepEqual(JSON.parse(rawOutput), { INPUT_CONNECTION: 'the input', MAPPED: 'the variable' });
  });

  it('says whether read-only variables are kept', async () => {
    assert.deepEqual(await seen(['AGENT_READONLYVARIABLES'], { readOnlyVariables: true }), {
      AGENT_READONLYVARIABLES: 'True',
    });
  });

  it('has no proxy if the address given to the agent is none', async () => {
    const proxy = { url: 'proxy.contoso.com', password: 'pw' };

    assert.deepEqual(await seen(['AGENT_PROXYURL', 'SECRET_AGENT_PROXYPASSWORD'], { proxy }), {
      AGENT_PROXYURL: null,
      SECRET_AGENT_PROXYPASSWORD: null,
    });
  });

  it('of a job in a container names a file of certificates that is not in there, and has nothing of the agent’s own', async () => {
    const { AGENT_CAINFO, NODE_EXTRA_CA_CERTS } = await seen(['AGENT_CAINFO', 'NODE_EXTRA_CA_CERTS'], {
      inContainer: true,
      caInfo: import.meta.filename,
      agentEnvironment: { PATH: process.env.PATH ?? '', NODE_EXTRA_CA_CERTS: import.meta.filename },
    });

    assert.equal(NODE_EXTRA_CA_CERTS, null);
    assert.ok(AGENT_CAINFO && !existsSync(AGENT_CAINFO));
  });

  it('has nothing else of this machine than what programs need to run', async () => {
    process.env.FIXTURE_LEAK = 'from the desk';
    try {
      assert.deepEqual(await seen(['FIXTURE_LEAK']), { FIXTURE_LEAK: null });
    } finally {
      delete process.env.FIXTURE_LEAK;
    }
  });

  it('lets the task run in the folder of the sources, and find no package of a checkout', async () => {
    const taskFolder = makeTask(`
      console.log(process.cwd() === process.env.SYSTEM_DEFAULTWORKINGDIRECTORY);
      console.log(require.main.paths.some((path) => require('node:fs').existsSync(path)));`);

    assert.equal((await runTask({ taskFolder })).rawOutput, 'true\nfalse');
  });
});
