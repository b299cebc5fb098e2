/** One line of the input `pats`. */
export type Rule =
  | { readonly kind: 'include'; readonly pattern: string; readonly secretName?: string; readonly text: string }
  | { readonly kind: 'exclude'; readonly pattern: string; readonly text: string };

export type ParsedRules =
  | { readonly kind: 'rules'; readonly rules: readonly Rule[] }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** What a secret may be called in Key Vault (1 to 127 characters). */
export const secretNamePattern = /^[0-9A-Za-z-]+$/;

/** Reads `glob`, `!glob` and `glob => secret-name`, one per line; `#` starts a comment line. */
export function parseRules(text: string): ParsedRules {
  const rules: Rule[] = [];
  const problems: string[] = [];
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const parsed = parseRule(line);
    if (typeof parsed === 'string') problems.push(`line ${index + 1} (${JSON.stringify(line)}): ${parsed}`);
    else rules.push(parsed);
  }
  if (problems.length > 0) return { kind: 'problems', problems };
  if (rules.length === 0) return { kind: 'problems', problems: ['it holds no rule; write * to select every PAT'] };
  return { kind: 'rules', rules };
}

function parseRule(line: string): Rule | string {
  const excluded = line.startsWith('!');
  const body = excluded ? line.slice(1) : line;
  const arrow = body.lastIndexOf('=>');
  const pattern = (arrow < 0 ? body : body.slice(0, arrow)).trim();
  if (pattern === '') return 'a rule needs a pattern, such as * or Build*';
  if (arrow < 0) return excluded ? { kind: 'exclude', pattern, text: line } : { kind: 'include', pattern, text: line };
  if (excluded) return 'a rule that leaves PATs out cannot name a secret';
  const secretName = body.slice(arrow + 2).trim();
  if (secretName === '') return 'the name of the secret is missing after =>';
  if (!secretNamePattern.test(secretName)) return 'a secret name has only letters, digits and -';
  if (secretName.length > 127) return 'a secret name has at most 127 characters';
  return { kind: 'include', pattern, secretName, text: line };
}

export type Selection =
  | { readonly kind: 'selected'; readonly rule: Rule; readonly secretName?: string }
  | { readonly kind: 'left out' };

/** The last rule that matches decides; a name that no rule matches is left out. */
export function select(rules: readonly Rule[], name: string): Selection {
  const rule = decidingRule(rules, name);
  if (rule === undefined || rule.kind === 'exclude') return { kind: 'left out' };
  return rule.secretName === undefined
    ? { kind: 'selected', rule }
    : { kind: 'selected', rule, secretName: rule.secretName };
}

export function decidingRule(rules: readonly Rule[], name: string): Rule | undefined {
  return rules.findLast((rule) => matches(rule.pattern, name));
}

/** Case is ignored; `*` is any run of characters, `?` is one; everything else is itself. */
export function matches(pattern: string, name: string): boolean {
  const wanted = [...pattern].map(withoutCase);
  const given = [...name].map(withoutCase);
  // Two pointers with one point to return to: linear for what people write, and never exponential.
  let w = 0;
  let g = 0;
  let star = -1;
  let resume = 0;
  while (g < given.length) {
    if (wanted[w] === '*') {
      star = w++;
      resume = g;
    } else if (w < wanted.length && (wanted[w] === '?' || wanted[w] === given[g])) {
      w++;
      g++;
    } else if (star >= 0) {
      w = star + 1;
      g = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[w] === '*') w++;
  return w === wanted.length;
}

/** Letter by letter: in a whole word, lower case depends on the neighbours (Σ) and may lengthen it (İ). */
function withoutCase(character: string): string {
  return character.toLowerCase().toUpperCase();
}
