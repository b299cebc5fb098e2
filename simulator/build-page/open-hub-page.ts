import type { Browser, Frame } from 'playwright-core';
import { answerAttachments } from './attachments.ts';
import { type ApiAnswer, type OpenPage, openPage, projectId, type ShownPage } from './open-page.ts';

/** A completed build of a project. */
export interface KeptRun {
  readonly id: number;
  readonly pipeline: { readonly id: number; readonly name: string; readonly queueStatus?: 'paused' | 'disabled' };
  readonly finishTime: string;
  readonly result: 'succeeded' | 'partiallySucceeded' | 'failed' | 'canceled';
  readonly tags: readonly string[];
  readonly attachments: readonly string[];
}

/** A project of which a browser shows the hub. */
export interface ShownProject extends Pick<ShownPage, 'theme' | 'now' | 'width' | 'height' | 'beforehand'> {
  /** The folder of the built hub: index.html, hub.js, hub.css. */
  readonly hubFolder: string;
  /** In any order; changed by a test, the next request sees it. */
  readonly runs: readonly KeptRun[];
  /** Builds in one page of a list. */
  readonly pageSize?: number;
  /** "One per pipeline" is counted before the tags are looked at: the documentation does not say. */
  readonly countsBeforeTags?: boolean;
  /** Answers the REST API in place of the usual answers. */
  readonly answer?: (url: URL) => ApiAnswer | undefined;
}

export interface HubPage extends OpenPage {
  readonly hub: Frame;
}

export async function openHubPage(browser: Browser, shown: ShownProject): Promise<HubPage> {
  const { hubFolder, runs, pageSize, countsBeforeTags, answer, ...more } = shown;
  const opened = await openPage(browser, {
    ...more,
    part: 'hub',
    folder: hubFolder,
    contribution: 'personal-access-tokens-hub',
    answer: (url) => answer?.(url) ?? usualAnswer(url, shown),
  });
  return { ...opened, hub: opened.frame };
}

function usualAnswer(url: URL, shown: ShownProject): ApiAnswer {
  if (url.pathname === `/contoso/${projectId}/_apis/build/builds`) return listBuilds(url.searchParams, shown);
  const id = Number(/\/builds\/(\d+)\//.exec(url.pathname)?.[1]);
  const run = shown.runs.find((each) => each.id === id);
  return run === undefined ? { status: 404 } : answerAttachments(url, id, run.attachments);
}

/** Builds - List of the REST API: the newest first. */
function listBuilds(asked: URLSearchParams, { runs, pageSize = 1000, countsBeforeTags }: ShownProject): ApiAnswer {
  if (asked.get('statusFilter') !== 'completed' || asked.get('queryOrder') !== 'finishTimeDescending')
    return {
      status: 400,
      body: JSON.stringify({ message: 'This stand-in lists completed builds, the newest first.' }),
    };
  const definitions = asked.get('definitions')?.split(',').map(Number);
  const results = asked.get('resultFilter')?.split(',');
  const tags = asked.get('tagFilters')?.split(',') ?? [];
  const perDefinition = Number(asked.get('maxBuildsPerDefinition') ?? Number.POSITIVE_INFINITY);
  const isTagged = (run: KeptRun) => tags.every((tag) => run.tags.includes(tag));
  const seen = new Map<number, number>();
  const isWithin = ({ pipeline }: KeptRun) => {
    const count = (seen.get(pipeline.id) ?? 0) + 1;
    seen.set(pipeline.id, count);
    return count <= perDefinition;
  };
  const wanted = [...runs]
    .sort((a, b) => (a.finishTime < b.finishTime ? 1 : -1))
    .filter(({ pipeline }) => definitions?.includes(pipeline.id) ?? true)
    .filter(({ result }) => results?.includes(result) ?? true)
    .filter((run) => (countsBeforeTags === true ? isWithin(run) && isTagged(run) : isTagged(run) && isWithin(run)));
  const from = Number(asked.get('continuationToken') ?? 0);
  const to = from + Math.min(pageSize, Number(asked.get('$top') ?? 1000));
  const value = wanted.slice(from, to).map(buildOf);
  const headers: Record<string, string> = to < wanted.length ? { 'x-ms-continuationtoken': String(to) } : {};
  return { status: 200, headers, body: JSON.stringify({ count: value.length, value }) };
}

function buildOf({ id, pipeline, finishTime, result, tags }: KeptRun): unknown {
  const { queueStatus = 'enabled', ...definition } = pipeline;
  return {
    id,
    buildNumber: `20261123.${id}`,
    status: 'completed',
    result,
    finishTime,
    tags,
    definition: { ...definition, queueStatus, type: 'build', project: { id: projectId } },
    project: { id: projectId, name: 'Operations' },
  };
}
