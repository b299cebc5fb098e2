/**
 * Types of service connections that hold an Azure DevOps PAT: by scheme, the one parameter that is secret.
 * Sources: terraform-provider-azuredevops (resource_serviceendpoint_*.go), azure-pipelines-tasks (task.json).
 */
const feed: Readonly<Record<string, string>> = { token: 'apitoken', usernamepassword: 'password' };

const secretKeys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  externalnugetfeed: { ...feed, none: 'nugetkey' },
  externalnpmregistry: feed,
  externalpythondownloadfeed: feed,
  externalpythonuploadfeed: feed,
  externalmavenrepository: feed,
  externalcargorepository: feed,
  externaltfs: { token: 'apitoken' },
  git: { usernamepassword: 'password' },
  generic: { usernamepassword: 'password' },
  azdoapi: { token: 'apitoken' },
  tfsmarketplacepublishing: feed,
};

/** The parameter that holds the PAT, or undefined if connections of this type and scheme hold none. */
export function secretKeyOf(type: string, scheme: string): string | undefined {
  const schemes = Object.hasOwn(secretKeys, type.toLowerCase()) ? secretKeys[type.toLowerCase()] : undefined;
  return schemes !== undefined && Object.hasOwn(schemes, scheme.toLowerCase())
    ? schemes[scheme.toLowerCase()]
    : undefined;
}

/** Types whose URL is Microsoft's own, whatever organization the PAT is of. */
const marketplace = 'tfsmarketplacepublishing';

/** Whether the URL is of this organization: a token sent elsewhere would be given away. */
export function isOfOrganization(url: string, type: string, organization: string): boolean {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || address.protocol !== 'https:') return false;
  const host = address.hostname.toLowerCase();
  const name = organization.toLowerCase();
  if (type.toLowerCase() === marketplace && host === 'marketplace.visualstudio.com') return true;
  if (host === 'dev.azure.com' || host.endsWith('.dev.azure.com')) {
    const first = address.pathname.split('/')[1] ?? '';
    return decoded(first).toLowerCase() === name;
  }
  // contoso.visualstudio.com, contoso.pkgs.visualstudio.com
  return host.endsWith('.visualstudio.com') && host.split('.')[0] === name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
