/**
 * Whether a task may set a variable: `restrictions.settableVariables.allowed` of its task.json. No list allows all, an
 * empty list none. The agent matches with Minimatch, ignoring case; of its patterns only `*` and `?` are known here.
 */
export function maySetVariable(allowed: readonly string[] | undefined, name: string): boolean {
  return allowed === undefined || allowed.some((pattern) => toRegExp(pattern).test(name));
}

function toRegExp(pattern: string): RegExp {
  if (/[^\w.*?-]/.test(pattern)) throw new Error(`This agent cannot read the pattern ${pattern}.`);
  // Minimatch's * stops at a slash, and does not match a name that begins with a dot.
  const source = pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
  return new RegExp(`^(?!\\.)${source}$`, 'i');
}
