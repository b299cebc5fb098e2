import type { Build, Host } from './host.ts';

/** As the task attaches it (`attachmentType` in src/report/attachment.ts). */
const type = 'renew-pats-report';

/** The texts of all reports that the steps of a build have attached. @throws Error with a sentence for the reader */
export async function readAttachments(host: Host, build: Build): Promise<readonly string[]> {
  const base = `${await host.apiUrl()}${encodeURIComponent(build.projectId)}/_apis/build/builds/${build.id}`;
  const list: unknown = JSON.parse(await get(host, `${base}/attachments/${type}`, 'application/json'));
  return Promise.all(pathsOf(list).map((path) => get(host, `${base}/${path}`, 'application/octet-stream')));
}

/**
 * `<timeline>/<record>/attachments/<type>/<name>` of each attachment. Of the listed addresses only these parts are
 * used: the token goes to no place but the API's.
 */
function pathsOf(list: unknown): readonly string[] {
  const { value } = Object(list) as { value?: unknown };
  const items = Array.isArray(value) ? (value as readonly { _links?: { self?: { href?: unknown } } }[]) : [];
  return items.flatMap((item) => {
    const href = item?._links?.self?.href;
    const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
    const match = new RegExp(`/(${guid})/(${guid})/attachments/${type}/([^/?#]+)(?:[?#]|$)`, 'i').exec(String(href));
    return match === null ? [] : [`${match[1]}/${match[2]}/attachments/${type}/${match[3]}`];
  });
}

async function get(host: Host, url: string, accept: string): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(`${url}?api-version=7.1`, {
      headers: { Authorization: `Bearer ${await host.accessToken()}`, Accept: accept },
      redirect: 'error',
    });
  } catch {
    throw new Error('Azure DevOps could not be reached.');
  }
  if (!answer.ok) throw new Error(`Azure DevOps answered with status ${answer.status}.`);
  return answer.text();
}
