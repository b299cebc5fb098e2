import type { ClientCertificate, NetworkSettings, ProxySettings } from '../../src/services/network.ts';
import { networkProblems } from '../../src/services/network-problems.ts';
import { InputProblems } from '../../src/settings/input-reading.ts';
import type { TakenSecrets } from './secrets.ts';

/**
 * The agent's own proxy and certificates (`config --proxyurl … --sslcacert …`), which it hands over as variables. Whether
 * it skips the check of certificates is not asked: a pipeline could set that variable, too.
 */
export function readNetworkSettings(environment: NodeJS.ProcessEnv, secrets: TakenSecrets): NetworkSettings {
  const read = (name: string) => {
    const value = environment[name] ?? secrets.get(`SECRET_${name}`) ?? secrets.get(name);
    return value === undefined || value === '' ? undefined : value;
  };
  return { proxy: readProxy(read), caFile: read('AGENT_CAINFO'), clientCertificate: readClientCertificate(read) };
}

/** @throws InputProblems if one of them cannot be used */
export function checkedNetworkSettings(environment: NodeJS.ProcessEnv, secrets: TakenSecrets): NetworkSettings {
  const settings = readNetworkSettings(environment, secrets);
  const problems = networkProblems(settings, {
    proxy: 'It comes from Agent.ProxyUrl: configure the agent anew with --proxyurl.',
    authorities:
      'Agent.CAInfo names it: configure the agent anew with --sslcacert (in a container the file has to be there, too).',
    clientCertificate:
      'Agent.ClientCert, Agent.ClientCertKey and Agent.ClientCertArchive name it: configure the agent anew with ' +
      '--sslclientcert, --sslclientcertkey, --sslclientcertarchive and --sslclientcertpassword.',
  });
  if (problems.length > 0) throw new InputProblems(problems);
  return settings;
}

type Read = (name: string) => string | undefined;

/** What is no absolute URI at all is dropped, as the agent does it. */
function readProxy(read: Read): ProxySettings | undefined {
  const url = read('AGENT_PROXYURL');
  if (url === undefined || !URL.canParse(url)) return undefined;
  return {
    url,
    username: read('AGENT_PROXYUSERNAME'),
    password: read('AGENT_PROXYPASSWORD'),
    bypass: readBypass(read('AGENT_PROXYBYPASSLIST')),
  };
}

/** A JSON array of regular expressions; the agent passes over blank lines of its file. */
function readBypass(json: string | undefined): readonly string[] {
  let entries: unknown;
  try {
    entries = JSON.parse(json ?? '[]');
  } catch {
    return [];
  }
  return (Array.isArray(entries) ? (entries as unknown[]) : [])
    .filter((entry): entry is string => typeof entry === 'string' && entry.trim() !== '')
    .map((entry) => entry.trim());
}

function readClientCertificate(read: Read): ClientCertificate | undefined {
  const passphrase = read('AGENT_CLIENTCERTPASSWORD');
  const certFile = read('AGENT_CLIENTCERT');
  const keyFile = read('AGENT_CLIENTCERTKEY');
  const file = read('AGENT_CLIENTCERTARCHIVE');
  if (certFile !== undefined && keyFile !== undefined) return { kind: 'pem', certFile, keyFile, passphrase };
  if (file !== undefined) return { kind: 'archive', file, passphrase };
  return certFile === undefined && keyFile === undefined ? undefined : { kind: 'half', passphrase };
}
