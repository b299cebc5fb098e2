import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Frame, Page, Route } from 'playwright-core';
import { type HostBuild, hostPage } from './host-page.ts';
import { type Theme, themes } from './themes.ts';

/** A build of which a browser shows the tab. */
export interface ShownBuild {
  /** The folder of the built tab: index.html, tab.js, tab.css. */
  readonly tabFolder: string;
  /** What its steps have attached; changed by a test, the next request sees it. */
  readonly attachments: readonly string[];
  readonly theme?: Theme;
  readonly status?: HostBuild['status'];
  /** The reader's clock. */
  readonly now: string;
  readonly width?: number;
  readonly height?: number;
  /** Of a host that hands over no `onBuildChanged`. */
  readonly tellsNoBuild?: boolean;
  /** Answers the REST API in place of the usual answers. */
  readonly answer?: (url: URL) => { readonly status: number; readonly body?: string } | undefined;
}

export interface BuildPage {
  readonly page: Page;
  /** The tab itself. */
  readonly tab: Frame;
  /** Every request that the tab made for the REST API: method, path, whether with the token. */
  readonly apiRequests: readonly string[];
  /** Requests to any place that a tab has no business with. */
  readonly strays: readonly string[];
  /** What went wrong in the page: exceptions, errors in the console, violated policies. */
  readonly troubles: readonly string[];
  readonly tellBuild: (status: HostBuild['status']) => Promise<void>;
  readonly tellTheme: (theme: Theme) => Promise<void>;
}

const organizationUrl = 'https://dev.azure.com/contoso/';
const tabOrigin = 'https://renew-pats.gallerycdn.vsassets.io';
const projectId = '8d3c5b7a-90c4-4b06-a1c5-6f1f2f0ad3b1';
const buildId = 1001;
const token = 'token-of-the-reader';
const timeline = '5f2d8a6e-3f0b-4c6c-9b44-1d5b0c7e9a21';
const record = '12f1170f-54f2-53f3-20dd-22fc7dff55f9';
const kind = 'renew-pats-report';

/**
 * Opens a tab within a page as Azure DevOps would. Every request is answered from here under the real host names; none
 * leaves the browser.
 */
export async function openBuildPage(browser: Browser, shown: ShownBuild): Promise<BuildPage> {
  const viewport = { width: shown.width ?? 1280, height: shown.height ?? 800 };
  const context = await browser.newContext({ viewport, serviceWorkers: 'block', deviceScaleFactor: 1 });
  const page = await context.newPage();
  await page.clock.setFixedTime(new Date(shown.now));
  const apiRequests: string[] = [];
  const strays: string[] = [];
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });

  const build = { id: buildId, status: shown.status ?? 2, project: { id: projectId } };
  const host = hostPage({
    tabUrl: `${tabOrigin}/tab/index.html`,
    apiUrl: organizationUrl,
    token,
    projectId,
    theme: themes[shown.theme ?? 'light'],
    build,
    tellsBuild: shown.tellsNoBuild !== true,
  });
  await context.route('**', async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    if (url.href === `${organizationUrl}build`) return route.fulfill({ contentType: 'text/html', body: host });
    if (url.origin === tabOrigin) return serveTab(route, shown.tabFolder, url.pathname);
    if (url.href.startsWith(`${organizationUrl}${projectId}/_apis/`)) {
      const hasToken = request.headers().authorization === `Bearer ${token}`;
      apiRequests.push(`${request.method()} ${url.pathname.slice(1)}${hasToken ? '' : ' without the token'}`);
      const { status, body } = shown.answer?.(url) ?? usualAnswer(url, shown.attachments);
      return route.fulfill({ status, body: body ?? '', headers: { 'access-control-allow-origin': '*' } });
    }
    strays.push(request.url());
    return route.abort();
  });
  await page.goto(`${organizationUrl}build`);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  if (frame === null) throw new Error('The page has no frame.');
  await frame.waitForSelector('h1:not(:text-matches("^Reading"))');
  return {
    page,
    tab: frame,
    apiRequests,
    strays,
    troubles,
    tellBuild: (status) => page.evaluate(`tellBuild(${JSON.stringify({ ...build, status })})`),
    tellTheme: (theme) => page.evaluate(`tellTheme(${JSON.stringify(themes[theme])})`),
  };
}

async function serveTab(route: Route, folder: string, path: string): Promise<void> {
  const name = /^\/tab\/([\w.]+)$/.exec(path)?.[1];
  if (name === undefined) return route.fulfill({ status: 404 });
  const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
  const contentType = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  await route.fulfill({ contentType, body: readFileSync(join(folder, name), 'utf8') });
}

/** As the REST API of builds answers: the list of a type, and the content of each. */
function usualAnswer(url: URL, attachments: readonly string[]): { status: number; body?: string } {
  const base = `/contoso/${projectId}/_apis/build/builds/${buildId}`;
  const name = (index: number) => `renew-pats-${index}.json`;
  if (url.pathname === `${base}/attachments/${kind}`) {
    const value = attachments.map((_, index) => ({
      name: name(index),
      _links: {
        self: { href: `https://dev.azure.com${base}/${timeline}/${record}/attachments/${kind}/${name(index)}` },
      },
    }));
    return { status: 200, body: JSON.stringify({ count: value.length, value }) };
  }
  const index = attachments.findIndex(
    (_, each) => url.pathname === `${base}/${timeline}/${record}/attachments/${kind}/${name(each)}`,
  );
  const body = attachments[index];
  return body === undefined ? { status: 404 } : { status: 200, body };
}
