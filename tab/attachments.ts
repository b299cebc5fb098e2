import type { Host } from './host.ts';
import type { Attachment } from './report.ts';
import { get, itemsOf } from './rest.ts';

/** As the task attaches it (`attachmentType` in src/report/attachment.ts). */
const type = 'renew-pats-report';

/** A build, by its number, of a project, by its id. */
export interface BuildPlace {
  readonly id: number;
  readonly projectId: string;
}

/**
 * All reports that the steps of a build have attached.
 * @throws Error with a sentence for the reader, if not even their list can be read
 */
export async function readAttachments(host: Host, build: BuildPlace): Promise<readonly Attachment[]> {
  const base = `${encodeURIComponent(build.projectId)}/_apis/build/builds/${build.id}`;
  const list = itemsOf(await get(host, `${base}/attachments/${type}`));
  return Promise.all(
    pathsOf(list).map((path) =>
      get(host, `${base}/${path}`).then(
        ({ text }): Attachment => ({ kind: 'text', text }),
        (error: unknown): Attachment => ({
          kind: 'unread',
          why: error instanceof Error ? error.message : String(error),
        }),
      ),
    ),
  );
}

/**
 * `<timeline>/<record>/attachments/<type>/<name>` of each attachment. Of the listed addresses only these parts are
 * used: the token goes to no place but the API's.
 */
function pathsOf(list: readonly unknown[]): readonly string[] {
  return list.flatMap((item) => {
    const href = (item as { _links?: { self?: { href?: unknown } } } | null)?._links?.self?.href;
    const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
    const match = new RegExp(`/(${guid})/(${guid})/attachments/${type}/([^/?#]+)(?:[?#]|$)`, 'i').exec(String(href));
    return match === null ? [] : [`${match[1]}/${match[2]}/attachments/${type}/${match[3]}`];
  });
}
