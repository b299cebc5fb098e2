import type { ServiceConnection } from './service-connection.ts';
import { environmentName, type Variables } from './variables.ts';

type Environment = Record<string, string>;

/**
 * What a task's process finds in its environment, besides the agent's own and the step's `env:`: the variables, over them
 * the inputs, the connections that the inputs name, and the job's own connection. A secret variable is there only as
 * SECRET_NAME.
 */
export function taskEnvironment(
  inputs: ReadonlyMap<string, string>,
  connections: readonly ServiceConnection[],
  job: { readonly collectionUri: string; readonly accessToken: string },
  variables: Variables,
): Environment {
  return {
    ...variableEnvironment(variables),
    ...secretEnvironment(variables),
    ...inputEnvironment(inputs),
    ...Object.assign({}, ...connections.map((connection) => connectionEnvironment(connection.id, connection))),
    ...connectionEnvironment('SYSTEMVSSCONNECTION', {
      url: job.collectionUri,
      scheme: 'OAuth',
      parameters: { AccessToken: job.accessToken },
    }),
    TF_BUILD: 'True',
  };
}

/** What a script finds there: of the variables only those that are not secret. */
export function scriptEnvironment(variables: Variables): Environment {
  return { ...variableEnvironment(variables), TF_BUILD: 'True' };
}

function inputEnvironment(inputs: ReadonlyMap<string, string>): Environment {
  return Object.fromEntries([...inputs].map(([name, value]) => [`INPUT_${environmentName(name)}`, value]));
}

function connectionEnvironment(
  key: string,
  { url, scheme, parameters, data }: Omit<ServiceConnection, 'id'>,
): Environment {
  const environment: Environment = {
    [`ENDPOINT_URL_${key}`]: url,
    [`ENDPOINT_AUTH_${key}`]: JSON.stringify({ parameters, scheme }),
    [`ENDPOINT_AUTH_SCHEME_${key}`]: scheme,
  };
  for (const [name, value] of Object.entries(parameters)) {
    environment[`ENDPOINT_AUTH_PARAMETER_${key}_${environmentName(name)}`] = value;
  }
  // The job's own connection has no data.
  if (key === 'SYSTEMVSSCONNECTION') return environment;
  environment[`ENDPOINT_DATA_${key}`] = JSON.stringify(data ?? {});
  for (const [name, value] of Object.entries(data ?? {})) {
    environment[`ENDPOINT_DATA_${key}_${environmentName(name)}`] = value;
  }
  return environment;
}

function variableEnvironment(variables: Variables): Environment {
  const open = [...variables].filter(({ isSecret }) => !isSecret);
  return {
    ...Object.fromEntries(open.map(({ name, value }) => [environmentName(name), value])),
    // This one also stands under its own name.
    'agent.jobstatus': variables.get('Agent.JobStatus')?.value ?? '',
    VSTS_PUBLIC_VARIABLES: JSON.stringify(open.map(({ name }) => name)),
  };
}

function secretEnvironment(variables: Variables): Environment {
  const secret = [...variables].filter(({ isSecret }) => isSecret);
  return {
    ...Object.fromEntries(secret.map(({ name, value }) => [`SECRET_${environmentName(name)}`, value])),
    VSTS_SECRET_VARIABLES: JSON.stringify(secret.map(({ name }) => name)),
  };
}
