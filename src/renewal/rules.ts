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

export type IncludeRule = Extract<Rule, { kind: 'include' }>;

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

/**
 * Why rules that select nothing may be meant otherwise: a list, commas, `->`, quotes, or lines folded into one. A sentence that
 * shows how they are written; undefined: nothing about them is unusual.
 * @param names of the PATs that there are
 */
export function looksLikeAnotherWay(rules: readonly Rule[], names: readonly string[] = []): string | undefined {
  const known = new Set(names.map((name) => name.toLowerCase()));
  const lines = rules.flatMap(({ text }) => rewritten(text, known));
  if (lines.join('\n') === rules.map(({ text }) => text).join('\n')) return undefined;
  // An empty list has no line to show.
  const shown = (lines.length === 0 ? ['Build feed'] : lines).slice(0, 5).map((line) => `\n    ${line}`);
  return (
    'it selects nothing, and looks like another way of writing rules (a list, commas, quotes, ->, or lines folded into one). Each ' +
    `rule stands on a line of its own, as it is, and => comes before a place:\n  pats: |${shown.join('')}` +
    `${lines.length > 5 ? '\n    …' : ''}`
  );
}

/** The lines that somebody may have meant. */
function rewritten(text: string, known: ReadonlySet<string>): readonly string[] {
  const bare = text
    .replace(/^[-•]\s+/, '')
    .replace(/^\[(.*)\]$/s, '$1')
    .replace(/\s*(?:->|→)\s*/g, ' => ');
  return pieces(bare)
    .flatMap((line) => unfolded(line, known))
    .map((line) => line.replace(/(^|=>)\s*(["'`])(.*?)\2\s*(?==>|$)/g, '$1 $3 ').trim())
    .filter((line) => !/^[[\]]?$/.test(line));
}

/** What stands between the commas; but one behind => separates places. */
function pieces(text: string): readonly string[] {
  const found: string[] = [];
  for (const piece of text.split(/[,;]/)) {
    const last = found.at(-1);
    if (last?.includes('=>') && !piece.includes('=>')) found[found.length - 1] = `${last},${piece}`;
    else found.push(piece);
  }
  return found;
}

/** YAML's `>` makes one line of several: `* !Laptop* Build => build-pat`. */
function unfolded(line: string, known: ReadonlySet<string>): readonly string[] {
  const words = line.trim().split(/\s+/);
  const lines: string[] = [];
  let current = '';
  for (const [index, word] of words.entries()) {
    const hasPlace = / => .*[^\s,]$/.test(current) && words.includes('=>', index);
    const isDone = known.has(current.toLowerCase()) || current === '*' || hasPlace;
    const starts = current !== '' && word !== '=>' && (word.startsWith('!') || isDone);
    if (starts) lines.push(current);
    current = starts || current === '' ? word : `${current} ${word}`;
    if (index === words.length - 1) lines.push(current);
  }
  // A name of several words is no line that was folded.
  const isFolded = lines.length > 1 && !known.has(line.trim().toLowerCase());
  return isFolded ? lines : [line];
}
