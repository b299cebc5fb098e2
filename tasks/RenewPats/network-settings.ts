import type { ClientCertificate, NetworkSettings, ProxySettings } from '../../src/services/network.ts';
import type { TakenSecrets } from './secrets.ts';

/** The agent's own proxy and certificates (`config --proxyurl … --sslcacert …`), which it hands over as variables. */
export function readNetworkSettings(environment: NodeJS.ProcessEnv, secrets: TakenSecrets): NetworkSettings {
  const read = (name: string) => {
    const value = environment[name] ?? secrets.get(`SECRET_${name}`) ?? secrets.get(name);
    return value === undefined || value === '' ? undefined : value;
  };
  return {
    proxy: readProxy(read),
    caFile: read('AGENT_CAINFO'),
    clientCertificate: readClientCertificate(read),
    skipCertificateValidation: read('AGENT_SKIPCERTVALIDATION')?.toLowerCase() === 'true',
  };
}

type Read = (name: string) => string | undefined;

function readProxy(read: Read): ProxySettings | undefined {
  const url = read('AGENT_PROXYURL');
  if (url === undefined) return undefined;
  return {
    url,
    username: read('AGENT_PROXYUSERNAME'),
    password: read('AGENT_PROXYPASSWORD'),
    bypass: readBypass(read('AGENT_PROXYBYPASSLIST')),
  };
}

/** A JSON array of regular expressions. Entries that are none are passed over, as other tasks on the agent do. */
function readBypass(json: string | undefined): readonly string[] {
  let entries: unknown;
  try {
    entries = JSON.parse(json ?? '[]');
  } catch {
    return [];
  }
  return (Array.isArray(entries) ? entries : []).filter((entry): entry is string => {
    try {
      return typeof entry === 'string' && new RegExp(entry, 'i') instanceof RegExp;
    } catch {
      return false;
    }
  });
}

function readClientCertificate(read: Read): ClientCertificate | undefined {
  const passphrase = read('AGENT_CLIENTCERTPASSWORD');
  const certFile = read('AGENT_CLIENTCERT');
  const keyFile = read('AGENT_CLIENTCERTKEY');
  if (certFile !== undefined && keyFile !== undefined) return { kind: 'pem', certFile, keyFile, passphrase };
  const file = read('AGENT_CLIENTCERTARCHIVE');
  return file === undefined ? undefined : { kind: 'archive', file, passphrase };
}
