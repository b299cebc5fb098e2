import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Frame, Page, Route } from 'playwright-core';
import { type HostBuild, hostPage } from './host-page.ts';
import { type Theme, themes } from './themes.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page of the extension within a page of Azure DevOps, as a browser shows it. */
export interface ShownPage {
  readonly part: 'tab' | 'hub';
  /** The folder of the built page: index.html, script and style. */
  readonly folder: string;
  readonly contribution: string;
  readonly build?: HostBuild;
  /** Of a host that hands over no `onBuildChanged`. */
  readonly tellsNoBuild?: boolean;
  readonly theme?: Theme;
  /** The reader's clock. */
  readonly now: string;
  readonly width?: number;
  readonly height?: number;
  /** The REST API of the organization. */
  readonly answer: (url: URL) => ApiAnswer;
  /** Runs in the frame before anything of the page does. */
  readonly beforehand?: string;
}

export interface OpenPage {
  readonly page: Page;
  /** The page of the extension. */
  readonly frame: Frame;
  /** Every request for the REST API: method, path, whether with the token. */
  readonly apiRequests: readonly string[];
  /** Requests to any place that the page has no business with. */
  readonly strays: readonly string[];
  /** What went wrong in the page: exceptions, errors in the console, violated policies. */
  readonly troubles: readonly string[];
  readonly tellTheme: (theme: Theme) => Promise<void>;
}

export const organizationUrl = 'https://dev.azure.com/contoso/';
export const projectId = '8d3c5b7a-90c4-4b06-a1c5-6f1f2f0ad3b1';
const frameOrigin = 'https://renew-pats.gallerycdn.vsassets.io';
const token = 'token-of-the-reader';

/** Pages that nobody looks at any more. A new one costs several processes of the browser. */
const idle = new WeakMap<Browser, Page>();

async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ serviceWorkers: 'block', deviceScaleFactor: 1 });
  // Whoever waits for nothing is ended by his own limit: a slow machine is no reason.
  context.setDefaultTimeout(0);
  return context.newPage();
}

/** Ends the look at a page. The next one may get it, unless something runs in it beforehand. */
export async function closePage({ page }: Pick<OpenPage, 'page'>, { beforehand }: Pick<ShownPage, 'beforehand'>) {
  const context = page.context();
  const browser = context.browser();
  if (browser === null || beforehand !== undefined || idle.has(browser)) return context.close();
  page.removeAllListeners();
  await page.goto('about:blank');
  await context.unrouteAll({ behavior: 'ignoreErrors' });
  idle.set(browser, page);
}

/**
 * Opens a page of the extension within one as Azure DevOps has it. Every request is answered from here under the real host
 * names; none leaves the browser.
 */
export async function openPage(browser: Browser, shown: ShownPage): Promise<OpenPage> {
  const page = idle.get(browser) ?? (await newPage(browser));
  const context = page.context();
  idle.delete(browser);
  await page.setViewportSize({ width: shown.width ?? 1280, height: shown.height ?? 800 });
  await page.clock.setFixedTime(new Date(shown.now));
  if (shown.beforehand !== undefined) await page.addInitScript(shown.beforehand);
  const apiRequests: string[] = [];
  const strays: string[] = [];
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  const host = hostPage({
    contribution: shown.contribution,
    frameUrl: `${frameOrigin}/${shown.part}/index.html`,
    apiUrl: organizationUrl,
    token,
    projectId,
    theme: themes[shown.theme ?? 'light'],
    build: shown.build,
    tellsBuild: shown.build !== undefined && shown.tellsNoBuild !== true,
  });
  await context.route('**', async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    if (url.href === `${organizationUrl}page`) return route.fulfill({ contentType: 'text/html', body: host });
    if (url.origin === frameOrigin) return servePage(route, shown, url.pathname);
    if (url.href.startsWith(`${organizationUrl}${projectId}/_apis/`)) {
      const hasToken = request.headers().authorization === `Bearer ${token}`;
      apiRequests.push(`${request.method()} ${url.pathname.slice(1)}${hasToken ? '' : ' without the token'}`);
      const { status, body, headers } = shown.answer(url);
      const allowed = {
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'X-MS-ContinuationToken',
        ...headers,
      };
      return route.fulfill({ status, body: body ?? '', headers: allowed });
    }
    strays.push(request.url());
    return route.abort();
  });
  await page.goto(`${organizationUrl}page`);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  if (frame === null) throw new Error('The page has no frame.');
  await frame.waitForSelector('h1:not(:text-matches("^Reading"))');
  return {
    page,
    frame,
    apiRequests,
    strays,
    troubles,
    tellTheme: (theme) => page.evaluate(`tellTheme(${JSON.stringify(themes[theme])})`),
  };
}

async function servePage(route: Route, { part, folder }: ShownPage, path: string): Promise<void> {
  const name = new RegExp(`^/${part}/([\\w.]+)$`).exec(path)?.[1];
  if (name === undefined) return route.fulfill({ status: 404 });
  const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
  const contentType = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  await route.fulfill({ contentType, body: readFileSync(join(folder, name), 'utf8') });
}
