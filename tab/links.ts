import { element } from './element.ts';
import { remedyAnchor } from './remedy.ts';

/** A link that leaves the frame: most of Azure DevOps' pages refuse to be shown in one. */
export function link(address: string, text: string): HTMLAnchorElement {
  return element('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, text);
}

/**
 * The page on which an account sees its own PATs; undefined if the name cannot be an organization's. Whoever opens it sees
 * the PATs of whom they are signed in as, so the words say whose are meant.
 */
export function settingsLink(organization: string, account: string | undefined): HTMLElement | undefined {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/i.test(organization)) return undefined;
  const who = account === undefined ? 'as the service account' : `as ${account}`;
  return link(
    `https://dev.azure.com/${organization}/_usersSettings/tokens`,
    `PATs of ${organization}, signed in ${who}`,
  );
}

/** The entry of the troubleshooting page, which comes with the extension, about the code that a message holds. */
export function remedyLink(message: string): HTMLElement {
  const anchor = remedyAnchor(message);
  return link(`../tab/troubleshooting.html${anchor === undefined ? '' : `#${anchor}`}`, 'Troubleshooting');
}
