/**
 * Whether a value looks like a PAT: 84 characters with `AZDO` at 76, or the older 52 in lower-case base32. A line break
 * or blanks around it are no part of it: people paste them.
 * Source: Azure DevOps release notes, sprint 241; microsoft/security-utilities SEC101/102.
 */
export function hasPatShape(value: string): boolean {
  return /^(?:[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|[a-z2-7]{52})$/.test(value.trim());
}
