import type { Browser, Frame } from 'playwright-core';
import { answerAttachments } from './attachments.ts';
import type { HostBuild } from './host-page.ts';
import { type ApiAnswer, type OpenPage, openPage, projectId, type ShownPage } from './open-page.ts';

/** A build of which a browser shows the tab. */
export interface ShownBuild
  extends Pick<ShownPage, 'theme' | 'now' | 'width' | 'height' | 'tellsNoBuild' | 'beforehand'> {
  /** The folder of the built tab: index.html, tab.js, tab.css. */
  readonly tabFolder: string;
  /** What its steps have attached; changed by a test, the next request sees it. */
  readonly attachments: readonly string[];
  readonly status?: HostBuild['status'];
  /** Answers the REST API in place of the usual answers. */
  readonly answer?: (url: URL) => ApiAnswer | undefined;
}

export interface BuildPage extends OpenPage {
  /** The tab itself. */
  readonly tab: Frame;
  readonly tellBuild: (status: HostBuild['status']) => Promise<void>;
}

const buildId = 1001;

/** Opens the tab of a run's page. */
export async function openBuildPage(browser: Browser, shown: ShownBuild): Promise<BuildPage> {
  const { tabFolder, attachments, status, answer, ...more } = shown;
  const build = { id: buildId, status: status ?? 2, project: { id: projectId } };
  const opened = await openPage(browser, {
    ...more,
    part: 'tab',
    folder: tabFolder,
    contribution: 'personal-access-tokens-tab',
    build,
    answer: (url) => answer?.(url) ?? answerAttachments(url, buildId, attachments),
  });
  return {
    ...opened,
    tab: opened.frame,
    tellBuild: (status) => opened.page.evaluate(`tellBuild(${JSON.stringify({ ...build, status })})`),
  };
}
