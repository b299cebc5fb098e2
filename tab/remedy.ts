/** A service's own code: `AADSTS50126`, `patLifespanPolicyViolation`, `ForbiddenByRbac`, `ENOTFOUND`. */
const code = /\b(?:AADSTS\d+|TF\d{6}|AKV\d+|E[A-Z]{4,}|[a-z]+(?:[A-Z]+[a-z]*)+|(?:[A-Z][a-z]+){2,})\b/g;

/**
 * Where the troubleshooting page speaks of a message; undefined: look from its beginning. A code stands after the plain
 * words, which may name inputs, so the last one counts. A place that the page does not have does no harm.
 */
export function remedyAnchor(message: string): string | undefined {
  if (/^Refused\b/.test(message)) return 'pats-that-are-refused';
  return /\bAADSTS\d+/.exec(message)?.[0] ?? message.match(code)?.at(-1);
}
