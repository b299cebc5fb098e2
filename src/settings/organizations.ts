import { asHttps, type InputReading, quoted } from './input-reading.ts';

/** The names that the input `organization` gives, each once; of addresses the organization in them. */
export function readOrganizations(read: InputReading): readonly string[] {
  const text = read.required('organization', 'the organization');
  const names = new Map<string, string>();
  for (const part of (text ?? '').split(',').map((piece) => piece.trim())) {
    if (part === '') continue;
    const name = organizationName(part);
    if (name.kind === 'problem') read.problem('organization', name.sentence);
    else names.set(name.name.toLowerCase(), name.name);
  }
  if (
    text !== undefined &&
    names.size === 0 &&
    !read.problems.some((problem) => problem.startsWith('Input organization'))
  ) {
    read.problem('organization', 'it names no organization.');
  }
  return [...names.values()];
}

type OrganizationName = { kind: 'name'; name: string } | { kind: 'problem'; sentence: string };

const organizationPattern = /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/i;

function organizationName(text: string): OrganizationName {
  if (organizationPattern.test(text)) return { kind: 'name', name: text };
  const wrong = (sentence: string): OrganizationName => ({ kind: 'problem', sentence });
  // The clone button puts the organization's own name before an @; a password there is nothing to repeat.
  const [, user] = /^(?:[a-z]+:\/\/)?([^/@]*)@/i.exec(text) ?? [];
  if (user?.includes(':'))
    return wrong('it holds a password before the @. Give the organization’s name, and change that password.');
  const named = nameInAddress(text.replace(/^((?:https|ssh):\/\/)?[^/@]*@/i, '$1'));
  if (named !== undefined && organizationPattern.test(named)) return { kind: 'name', name: named };
  const url = asHttps(text);
  if (typeof url === 'string') {
    return wrong(/^http:/i.test(text) ? url : `${quoted(text)} is neither an organization’s name nor its address.`);
  }
  return wrong(
    `${quoted(text)} is no organization of Azure DevOps Services, such as contoso or https://dev.azure.com/contoso/ ` +
      '(Azure DevOps Server has no API for PATs).',
  );
}

/** The organization in an address of any of its pages, repositories, feeds and services. */
function nameInAddress(text: string): string | undefined {
  const [, ssh] =
    /^(?:ssh:\/\/)?(?:ssh\.dev\.azure|vs-ssh\.visualstudio)\.com(?::\d+)?[:/]v3\/([^/]+)/i.exec(text) ?? [];
  if (ssh !== undefined) return ssh;
  const url = asHttps(text);
  if (typeof url === 'string') return undefined;
  const host = url.hostname.toLowerCase();
  if (/^(?:[a-z0-9-]+\.)?dev\.azure\.com$/.test(host)) return url.pathname.split('/')[1];
  const [, name] = /^([a-z0-9-]+)\.(?:[a-z]+\.)?visualstudio\.com$/.exec(host) ?? [];
  return name !== undefined && /^(?:app|www|marketplace)$/.test(name) ? undefined : name;
}
