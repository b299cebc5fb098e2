import { type ApiAnswer, organizationUrl, projectId } from './open-page.ts';

const timeline = '5f2d8a6e-3f0b-4c6c-9b44-1d5b0c7e9a21';
const record = '12f1170f-54f2-53f3-20dd-22fc7dff55f9';
const kind = 'renew-pats-report';

/** As the REST API of builds answers: the list of the attachments of a type, and the content of each. */
export function answerAttachments(url: URL, buildId: number, attachments: readonly string[]): ApiAnswer {
  const base = `${new URL(organizationUrl).pathname}${projectId}/_apis/build/builds/${buildId}`;
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
