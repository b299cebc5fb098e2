/**
 * The secret's name from the input `secretName`: `{pat}` and `{organization}` are replaced, then every
 * character that Key Vault does not allow becomes `-`.
 */
export function secretNameFor(template: string, organization: string, name: string): string {
  const filled = template.replace(/\{(pat|organization)\}/gi, (_, what: string) =>
    what.toLowerCase() === 'pat' ? name : organization,
  );
  return filled.replace(/[^0-9A-Za-z-]/gu, '-');
}

/**
 * The output variable's name, `PAT_<NAME>` or, with several organizations, `PAT_<ORGANIZATION>_<NAME>`.
 * Undefined when the name has no letter or digit to make a variable of.
 */
export function variableNameFor(organization: string | undefined, name: string): string | undefined {
  const part = variablePart(name);
  if (part === '') return undefined;
  return organization === undefined ? `PAT_${part}` : `PAT_${variablePart(organization)}_${part}`;
}

function variablePart(text: string): string {
  return text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

/** What a template holds in braces, or of them, that stands for nothing. */
export function unknownPlaceholders(template: string): readonly string[] {
  const found = template.match(/\{+[^{}]*\}+|[{}]/g) ?? [];
  return found.filter((text) => !/^\{(?:pat|organization)\}$/i.test(text));
}
