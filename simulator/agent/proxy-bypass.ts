/**
 * Whether the agent reaches an address without its proxy. Loopback always; otherwise an entry of the bypass list has to fit
 * somewhere in `scheme://host`, with `:port` where that is not the scheme's own. Paths and queries are never looked at, and
 * entries that are no regular expression are passed over (its AgentWebProxy.cs).
 */
export function bypassesProxy(address: string, bypassList: readonly string[]): boolean {
  const { protocol, host, hostname } = new URL(address);
  if (isLoopback(hostname)) return true;
  const matched = `${protocol}//${host}`;
  return bypassList.some((entry) => entry.trim() !== '' && (toRegExp(entry)?.test(matched) ?? false));
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|loopback|127(?:\.\d+){3}|\[::1\])$/i.test(hostname);
}

function toRegExp(entry: string): RegExp | undefined {
  try {
    return new RegExp(entry.trim(), 'i');
  } catch {
    return undefined;
  }
}
