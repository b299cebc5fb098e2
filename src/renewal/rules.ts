/** One line of the input `pats`. */
export type Rule =
  | {
      readonly kind: 'include';
      readonly pattern: string;
      /** Where the values go, as the rule says it; empty: it says nothing. Which places there are is not known here. */
      readonly places: readonly string[];
      readonly text: string;
    }
  | { readonly kind: 'exclude'; readonly pattern: string; readonly text: string };

export type ParsedRules =
  | { readonly kind: 'rules'; readonly rules: readonly Rule[] }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/**
 * Reads `glob`, `!glob` and `glob => place, place …`, one per line; `#` starts a comment line.
 * @param problemsOf what is wrong with the places of one rule
 */
export function parseRules(text: string, problemsOf: (places: readonly string[]) => readonly string[]): ParsedRules {
  const rules: Rule[] = [];
  const problems: string[] = [];
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const parsed = parseRule(line);
    const wrong = typeof parsed === 'string' ? [parsed] : parsed.kind === 'include' ? problemsOf(parsed.places) : [];
    problems.push(...wrong.map((problem) => `line ${index + 1} (${JSON.stringify(line)}): ${problem}`));
    if (typeof parsed !== 'string') rules.push(parsed);
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
  if (arrow < 0 && excluded) return { kind: 'exclude', pattern, text: line };
  if (arrow < 0) return { kind: 'include', pattern, places: [], text: line };
  if (excluded) return 'a rule that leaves PATs out cannot name a place';
  const places = body
    .slice(arrow + 2)
    .split(',')
    .map((place) => place.trim());
  if (places.every((place) => place === '')) return 'the name of the place is missing after =>';
  if (places.includes('')) return 'a place is missing before or after a comma';
  return { kind: 'include', pattern, places, text: line };
}

export type Selection = { readonly kind: 'selected'; readonly rule: IncludeRule } | { readonly kind: 'left out' };

export type IncludeRule = Extract<Rule, { kind: 'include' }>;

/** The last rule that matches decides; a name that no rule matches is left out. */
export function select(rules: readonly Rule[], name: string): Selection {
  const rule = decidingRule(rules, name);
  return rule === undefined || rule.kind === 'exclude' ? { kind: 'left out' } : { kind: 'selected', rule };
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
