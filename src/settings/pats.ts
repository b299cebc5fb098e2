import { parsePlace, placeKey, type WantedPlace } from '../destinations/places.ts';
import type { Mode } from '../renewal/policy.ts';
import { parseRules, type Rule } from '../renewal/rules.ts';
import { type InputReading, quoted } from './input-reading.ts';

/** Reads the rules of the input `pats`, and checks the places that they name. */
export function readRules(read: InputReading, mode: Mode | undefined): readonly Rule[] {
  const text = read.text('pats');
  if (text === undefined) return [];
  // What only tells or extends takes a place that it does not use as it stands.
  const delivers = mode === 'advanced' || mode === 'revoke';
  const needs = { vault: delivers && !read.isGiven('keyVault'), readable: delivers };
  const parsed = parseRules(text, (places) => placeProblems(places, needs));
  if (parsed.kind === 'rules') return parsed.rules;
  for (const problem of parsed.problems) read.problem('pats', `${problem}.`);
  return [];
}

function placeProblems(
  texts: readonly string[],
  needs: { readonly vault: boolean; readonly readable: boolean },
): readonly string[] {
  const read = texts.map(parsePlace);
  const problems = read.filter((place): place is string => typeof place === 'string');
  if (problems.length > 0) return problems;
  const places = read.filter((place): place is WantedPlace => typeof place !== 'string');
  const keys = places.map(placeKey);
  const twice = texts.filter((_, index) => keys.indexOf(keys[index] ?? '') !== index);
  const hasSecret = places.some(({ kind }) => kind === 'secret');
  return [
    ...twice.map((text) => `it names the place ${quoted(text)} twice`),
    ...(hasSecret && needs.vault ? ['a secret needs the vault that it is in: give the input keyVault'] : []),
    ...(places.length > 1 && !hasSecret && needs.readable
      ? [
          'of several places one must be a secret of the vault, because nobody can read a value back from the others: add the ' +
            'name of a secret',
        ]
      : []),
  ];
}
