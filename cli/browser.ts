import { spawn } from 'node:child_process';

/** Opens an address in the browser: that of `BROWSER`, or the system's. Whether one opens is not told, so the address is shown too. */
export async function openBrowser(
  url: string,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Promise<void> {
  const [program, ...args] = opener(environment.BROWSER, platform);
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

function opener(browser: string | undefined, platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (browser !== undefined && browser !== '') return [browser];
  if (platform === 'darwin') return ['open'];
  // Not `start`, which would let the shell read the address.
  return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
}
