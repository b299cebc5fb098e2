import { environmentName, type TakenSecrets } from './secrets.ts';

/**
 * Whether setting a variable of that name is refused, so that its value would be lost: the pipeline has one, and the agent
 * holds variables of the pipeline to be read-only.
 * Source: microsoft/azure-pipelines-agent, TaskCommandExtension.cs (agent.readOnlyVariables)
 */
export function isReadOnly(name: string, environment: NodeJS.ProcessEnv, secrets: TakenSecrets): boolean {
  if (!/^(?:true|1)$/i.test(environment.AGENT_READONLYVARIABLES ?? '')) return false;
  const key = environmentName(name);
  return environment[key] !== undefined || secrets.has(`SECRET_${key}`);
}
