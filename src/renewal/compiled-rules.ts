import type { IncludeRule, Rule } from './rules.ts';

export type Selection = { readonly kind: 'selected'; readonly rule: IncludeRule } | { readonly kind: 'left out' };

/** The rules, prepared once for any number of names. */
export interface CompiledRules {
  /** The last rule that matches decides; a name that no rule matches is left out. */
  readonly select: (name: string) => Selection;
  /** Undefined: no rule matches. */
  readonly deciding: (name: string) => Rule | undefined;
  /** The rules that match none of these names, each in its place. */
  readonly matchingNone: (names: readonly string[]) => readonly Rule[];
}

/**
 * Patterns are looked up by what stands before their first `*` or `?`, and only those compared that begin as the name does.
 * @param compared hears of each comparison of a pattern with a name
 */
export function compileRules(rules: readonly Rule[], compared: () => void = () => {}): CompiledRules {
  const literal = new Map<string, number[]>();
  const wild = new Map<string, Wild[]>();
  for (const [index, { pattern }] of rules.entries()) {
    const folded = fold(pattern);
    const end = folded.findIndex((character) => character === '*' || character === '?');
    if (end < 0) listOf(literal, keyOf(folded)).push(index);
    else listOf(wild, keyOf(folded.slice(0, end))).push({ index, pattern: folded });
  }
  const fits = (pattern: Folded, name: Folded) => {
    compared();
    return matchesFolded(pattern, name);
  };
  const deciding = (name: string): Rule | undefined => {
    const folded = fold(name);
    let last = literal.get(keyOf(folded))?.at(-1) ?? -1;
    for (const candidates of beginnings(folded, wild)) {
      const found = candidates.findLast(({ index, pattern }) => index < last || fits(pattern, folded));
      last = Math.max(last, found?.index ?? -1);
    }
    return rules[last];
  };
  return {
    deciding,
    select: (name) => {
      const rule = deciding(name);
      return rule === undefined || rule.kind === 'exclude' ? { kind: 'left out' } : { kind: 'selected', rule };
    },
    matchingNone: (names) => {
      const matching = new Set<number>();
      for (const name of names.map(fold)) {
        for (const index of literal.get(keyOf(name)) ?? []) matching.add(index);
        for (const candidates of beginnings(name, wild)) {
          for (const { index, pattern } of candidates) {
            if (!matching.has(index) && fits(pattern, name)) matching.add(index);
          }
        }
      }
      return rules.filter((_, index) => !matching.has(index));
    },
  };
}

interface Wild {
  readonly index: number;
  readonly pattern: Folded;
}

/** What is listed for each beginning of the name: for none of it, for its first character, and so on. */
function* beginnings<T>(name: Folded, lists: ReadonlyMap<string, T>): Generator<T> {
  for (let length = 0; length <= name.length; length++) {
    const list = lists.get(keyOf(name.slice(0, length)));
    if (list !== undefined) yield list;
  }
}

function listOf<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** The separator stands in no name, and keeps ß (whose capital is two letters) from being SS. */
function keyOf(folded: Folded): string {
  return folded.join('\u0000');
}

/** Case is ignored; `*` is any run of characters, `?` is one; everything else is itself. */
export function matches(pattern: string, name: string): boolean {
  return matchesFolded(fold(pattern), fold(name));
}

/** A text's characters without their case. */
type Folded = readonly string[];

function fold(text: string): Folded {
  return [...text].map(withoutCase);
}

function matchesFolded(wanted: Folded, given: Folded): boolean {
  const end = wanted.at(-1);
  if (end !== '*' && end !== '?' && end !== given.at(-1)) return false;
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
