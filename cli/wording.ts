import type { InputName } from '../src/settings/inputs.ts';
import { flagOf, inputOptions, variableOf } from './options.ts';

/** Says of the engine’s sentences, which speak of a task’s inputs, what they mean on a command line. */
export function inCommandWords(text: string): string {
  return text
    .replace(/\bInput (\w+): /g, (whole, name: string) => (isInput(name) ? `${named(name)}: ` : whole))
    .replace(/\bthe inputs? ((?:\w+, )*\w+(?: and \w+)?)/g, (whole, list: string) => {
      const names = list.split(/, | and /);
      return names.every(isInput)
        ? list.replace(/\w+/g, (word) => (word === 'and' ? word : `--${flagOf(word as InputName)}`))
        : whole;
    })
    .replaceAll('signIn: refreshToken', '--sign-in refresh-token')
    .replaceAll('signIn refreshToken', '--sign-in refresh-token')
    .replaceAll('service connection "environment"', 'the application of AZURE_CLIENT_ID')
    .replaceAll('service connection "managed-identity"', 'the managed identity')
    .replaceAll('the variables sa_username and sa_password', '--username and RENEWPATS_PASSWORD')
    .replace(/\bsa_username\b/g, '--username')
    .replace(/\band tenantid\b/g, 'and --tenant-id')
    .replace(/the agent’s proxy|the proxy of the agent/g, 'the proxy')
    .replaceAll('The agent’s proxy', 'The proxy')
    .replaceAll(
      'Configure the agent with --proxyusername and --proxypassword.',
      'Put user name and password into HTTPS_PROXY.',
    )
    .replaceAll('Check Agent.ProxyUrl.', 'Check HTTPS_PROXY.')
    .replaceAll(
      'authority to the agent (config with --sslcacert) or set NODE_EXTRA_CA_CERTS on the agent machine.',
      'authority with --ca-file, or set NODE_EXTRA_CA_CERTS.',
    );
}

function named(input: InputName): string {
  return input === 'password' ? variableOf(input) : `--${flagOf(input)} (or ${variableOf(input)})`;
}

function isInput(name: string): name is InputName {
  return name === 'password' || inputOptions.some(({ input }) => input === name);
}
