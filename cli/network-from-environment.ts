import type { NetworkSettings, ProxySettings } from '../src/services/network.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy as every command-line tool takes it; names in lower case come first, as in curl. */
export function networkFromEnvironment(environment: Environment, caFile: string | undefined): NetworkSettings {
  return { proxy: readProxy(environment), caFile, clientCertificate: undefined };
}

function readProxy(environment: Environment): ProxySettings | undefined {
  const address = either(environment, 'https_proxy') ?? either(environment, 'all_proxy');
  if (address === undefined) return undefined;
  // Some tools leave the scheme out.
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  return {
    url: URL.canParse(url) ? new URL(url).href : url,
    username: undefined,
    password: undefined,
    bypass: bypassPatterns(either(environment, 'no_proxy') ?? ''),
  };
}

function either(environment: Environment, name: string): string | undefined {
  return environment[name] || environment[name.toUpperCase()] || undefined;
}

/**
 * `NO_PROXY` as regular expressions on `scheme://host[:port]`: names separated by commas or blanks; each stands for itself
 * and for what is below it, with or without a dot or `*.` in front; a port limits it to that port; `*` is everything.
 * Source: curl's manual, and what Go and Python read from it.
 */
export function bypassPatterns(list: string): readonly string[] {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry) => {
      if (entry === '*') return '^';
      const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\*?\./, '')) ?? [];
      const host = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return `^https?://(?:[^/]+\\.)?${host}${portPattern(port)}$`;
    });
}

/** An address with the usual port does not spell it out. */
function portPattern(port: string | undefined): string {
  if (port === undefined) return '(?::\\d+)?';
  return port === '443' ? '' : `:${port}`;
}
