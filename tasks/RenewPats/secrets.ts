import { secretForms } from '../../src/secrecy/secret-forms.ts';
import { usualPassword } from '../../src/settings/input-reading.ts';
import { writeCommand } from './logging-command.ts';

/** Secrets that the agent handed over, no longer in the environment. Names in upper case. */
export type TakenSecrets = ReadonlyMap<string, string>;

/** Under which name the agent puts a variable into the environment. */
export function environmentName(variable: string): string {
  return variable.replaceAll(/[. ]/g, '_').toUpperCase();
}

const taken = [
  /^INPUT_PASSWORD$/i,
  /^SECRET_/i,
  /^ENDPOINT_AUTH_/i,
  /^(?:AGENT_PROXYPASSWORD|AGENT_CLIENTCERTPASSWORD)$/i,
];

/**
 * Takes the secrets out of the environment and registers them. This must come before azure-pipelines-task-lib is
 * loaded: what that library finds there it prints with System.Debug.
 */
export function takeSecrets(environment: NodeJS.ProcessEnv, register = registerSecret): TakenSecrets {
  const secrets = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !taken.some((pattern) => pattern.test(name))) continue;
    secrets.set(name.toUpperCase(), value);
    delete environment[name];
  }
  for (const value of valuesToHide(secrets)) register(value);
  return secrets;
}

/** Tells the agent to mask the value, in every form in which it may travel: whole forms only, and each once. */
export const registerSecret = secretRegistry((form) => writeCommand('task.setsecret', form));

/** @param tell called once for each form of each value */
export function secretRegistry(tell: (form: string) => void): (value: string) => void {
  const registered = new Set<string>();
  return (value) => {
    for (const form of secretForms(value)) {
      if (registered.has(form)) continue;
      registered.add(form);
      tell(form);
    }
  };
}

function valuesToHide(secrets: TakenSecrets): readonly string[] {
  const values: string[] = [];
  for (const [name, value] of secrets) {
    // It arrives so where the pipeline has no such variable, and the message has to name it. Any other $(…) may be a password
    // that only looks so.
    if (value.trim() === '' || usualPassword.test(value)) continue;
    // The connection as a whole is JSON: its parameters come one by one as well.
    if (/^ENDPOINT_AUTH_(?!PARAMETER_|SCHEME_)/.test(name)) values.push(...secretParameters(value));
    else if (!/^ENDPOINT_AUTH_SCHEME_/.test(name) && isSecretParameter(name)) values.push(value);
  }
  return values;
}

/** Of a connection's parameters these are public: masking a tenant's id everywhere would hide what messages need. */
const publicParameter = /(?:SERVICEPRINCIPALID|TENANTID|AUTHENTICATIONTYPE|ACCESSTOKENTYPE|SCOPE|ROLE)$/i;

function isSecretParameter(name: string): boolean {
  return !(name.startsWith('ENDPOINT_AUTH_') && publicParameter.test(name));
}

function secretParameters(json: string): readonly string[] {
  try {
    const { parameters } = (JSON.parse(json) ?? {}) as { parameters?: Record<string, unknown> };
    return Object.entries(parameters ?? {}).flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() !== '' && !publicParameter.test(name) ? [value] : [],
    );
  } catch {
    return [json];
  }
}
