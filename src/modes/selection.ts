import { checkedPlaces } from '../destinations/places.ts';
import { type CompiledRules, compileRules } from '../renewal/compiled-rules.ts';
import { secretNameFor, variableNameFor } from '../renewal/destination-name.ts';
import type { Family } from '../renewal/family.ts';
import type { Rule } from '../renewal/rules.ts';
import { unseenDifferences } from '../renewal/unseen.ts';
import type { Settings } from '../settings/settings.ts';
import type { Directory } from './directory.ts';

/** A selected family and where its value goes. */
export interface SelectedFamily {
  readonly directory: Directory;
  readonly family: Family;
  /** Undefined without a vault. */
  readonly secretName: string | undefined;
  /** Undefined where no output variable is to be set. */
  readonly variable: string | undefined;
  /** Why the family's value cannot have a place, if it cannot. */
  readonly nameProblem: string | undefined;
}

export interface Selected {
  readonly families: readonly SelectedFamily[];
  /** Plain names of which some PAT is active, by alphabet. */
  readonly leftOut: ReadonlyMap<Directory, readonly string[]>;
  readonly warnings: readonly string[];
}

/** Applies the rules to the plain names of all families; marked PATs come with the family of their plain name. */
export function selectFamilies(directories: readonly Directory[], settings: Settings): Selected {
  const compiled = compileRules(settings.rules);
  const families: SelectedFamily[] = [];
  const leftOut = new Map<Directory, readonly string[]>();
  for (const directory of directories) {
    const omitted = new Set<string>();
    for (const family of directory.families) {
      const selection = compiled.select(family.name);
      if (selection.kind === 'selected') {
        families.push(withDestination(directory, family, secretOf(selection.rule.places), settings));
      } else if (directory.activeNames.has(family.name)) omitted.add(family.name);
    }
    leftOut.set(directory, [...omitted].sort());
  }
  return { families, leftOut, warnings: warningsOf(settings.rules, compiled, families.length, directories) };
}

function secretOf(places: readonly string[]): string | undefined {
  return checkedPlaces(places).find((place) => place.kind === 'secret')?.name;
}

function withDestination(
  directory: Directory,
  family: Family,
  ruleSecret: string | undefined,
  settings: Settings,
): SelectedFamily {
  const organization = directory.organization.name;
  const setsVariable = settings.mode === 'advanced' && (settings.vault === undefined || settings.setOutputVariables);
  const several = settings.organizations.length > 1;
  const variable = setsVariable ? variableNameFor(several ? organization : undefined, family.name) : undefined;
  const secretName =
    settings.vault === undefined
      ? undefined
      : (ruleSecret ?? secretNameFor(settings.vault.secretNameTemplate, organization, family.name));
  const noVariable = setsVariable && variable === undefined;
  const nameProblem = noVariable
    ? 'its name has no letter (A to Z) or digit to make an output variable’s name of. Rename the PAT, or leave it out in the input pats.'
    : secretName !== undefined && (secretName.length > 127 || secretName.length === 0)
      ? `its secret would be called "${secretName.slice(0, 40)}…" with ${secretName.length} characters, and Key Vault allows 1 to 127. ` +
        'Name a secret for it in the input pats ("name => secret-name").'
      : undefined;
  return { directory, family, secretName, variable, nameProblem };
}

function warningsOf(
  rules: readonly Rule[],
  compiled: CompiledRules,
  selected: number,
  directories: readonly Directory[],
): readonly string[] {
  if (directories.length === 0) return [];
  const where = directories.map((directory) => directory.organization.name).join(', ');
  const names = [...new Set(directories.flatMap(({ families }) => families.map(({ name }) => name)))];
  const unseenIn = unseenDifferences(names);
  if (selected === 0) {
    const unseen = rules.map(({ pattern }) => unseenIn(pattern)).find((sentence) => sentence !== undefined);
    return [
      `No PAT is selected: the rules in the input pats (${rules.map((rule) => rule.text).join('; ')}) select none of the ` +
        `service account’s PATs in ${where}. ${unseen ?? 'Check the rules, and that the PATs belong to this account.'}`,
    ];
  }
  const deciding = new Set(names.map((name) => compiled.deciding(name)));
  const idle = new Set(compiled.matchingNone(names));
  return rules.flatMap((rule) => {
    if (deciding.has(rule)) return [];
    if (idle.has(rule)) {
      return [
        `The rule "${rule.text}" in the input pats matches no PAT in ${where}. ${unseenIn(rule.pattern) ?? 'Correct or remove it.'}`,
      ];
    }
    // That a wide rule finds nothing left for itself is no mistake.
    const saysMore = rule.kind === 'exclude' || rule.places.length > 0;
    return saysMore
      ? [
          `The rule "${rule.text}" in the input pats has no effect: a later rule decides about each PAT that it matches, and the ` +
            'last rule that matches wins. Put it below, or remove it.',
        ]
      : [];
  });
}
