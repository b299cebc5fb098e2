import type { Place } from '../destinations/port.ts';
import { wantedPlaces } from '../destinations/wanted.ts';
import { type CompiledRules, compileRules } from '../renewal/compiled-rules.ts';
import { variableNameFor } from '../renewal/destination-name.ts';
import type { Family } from '../renewal/family.ts';
import { looksLikeAnotherWay, type Rule } from '../renewal/rules.ts';
import { unseenDifferences } from '../renewal/unseen.ts';
import type { Settings } from '../settings/settings.ts';
import type { World } from '../world.ts';
import type { Listing } from './listing.ts';

/** A selected family and where its value goes. */
export interface SelectedFamily {
  readonly listing: Listing;
  readonly family: Family;
  readonly destination: FamilyDestination;
}

export type FamilyDestination =
  /** The first place is the one that can be read, if there are several. The output variable comes on top. */
  | { readonly kind: 'places'; readonly places: readonly Place[]; readonly variable: string | undefined }
  /** Undefined: this mode hands nothing over. */
  | { readonly kind: 'handed over'; readonly variable: string | undefined }
  /** Why the family's value cannot have a place, as a sentence. */
  | { readonly kind: 'none'; readonly problem: string };

export interface Selected {
  readonly families: readonly SelectedFamily[];
  /** Plain names of which some PAT is active, by alphabet. */
  readonly leftOut: ReadonlyMap<Listing, readonly string[]>;
  /** By place: the active PAT that no rule selects, and whose value would stand there. */
  readonly leftOutAt: ReadonlyMap<string, string>;
  /** Why the rules are no rules: nothing may be done by them. */
  readonly inputError: string | undefined;
  /** What is wrong with the rules. */
  readonly warnings: readonly string[];
  /** What may be a slip. */
  readonly notices: readonly string[];
}

/** Applies the rules to the plain names of all families; marked PATs come with the family of their plain name. */
export function selectFamilies(
  listings: readonly Listing[],
  settings: Settings,
  world: Pick<World, 'placeOf'>,
): Selected {
  const compiled = compileRules(settings.rules);
  const families: SelectedFamily[] = [];
  const leftOut = new Map<Listing, readonly string[]>();
  const leftOutAt = new Map<string, string>();
  for (const listing of listings) {
    const omitted = new Set<string>();
    for (const family of listing.families) {
      const selection = compiled.select(family.name);
      if (selection.kind === 'selected') {
        const destination = destinationOf(listing, family, selection.rule.places, settings, world);
        families.push({ listing, family, destination });
      } else if (listing.activeNames.has(family.name)) {
        omitted.add(family.name);
        const destination = destinationOf(listing, family, [], settings, world);
        if (destination.kind !== 'places') continue;
        for (const { key } of destination.places) leftOutAt.set(key, family.name);
      }
    }
    leftOut.set(listing, [...omitted].sort());
  }
  return { families, leftOut, leftOutAt, ...wordsOnRules(settings.rules, compiled, families.length, listings) };
}

function destinationOf(
  listing: Listing,
  { name }: Family,
  ruled: readonly string[],
  settings: Settings,
  world: Pick<World, 'placeOf'>,
): FamilyDestination {
  const organization = listing.organization.name;
  const several = settings.organizations.length > 1;
  const variable = variableNameFor(several ? organization : undefined, name);
  const wanted = wantedPlaces(ruled, settings, organization, name);
  const sets = settings.mode === 'advanced' && (wanted.length === 0 || settings.setOutputVariables);
  if (sets && variable === undefined) {
    return {
      kind: 'none',
      problem:
        'its name has no letter (A to Z) or digit to make an output variable’s name of. Rename the PAT, or leave it out in the input pats.',
    };
  }
  if (wanted.length === 0) return { kind: 'handed over', variable: sets ? variable : undefined };
  const places: Place[] = [];
  for (const one of wanted) {
    const place = world.placeOf(one, { organization, name });
    if (typeof place === 'string') return { kind: 'none', problem: place };
    places.push(place);
  }
  return { kind: 'places', places, variable: sets ? variable : undefined };
}

function wordsOnRules(
  rules: readonly Rule[],
  compiled: CompiledRules,
  selected: number,
  listings: readonly Listing[],
): Pick<Selected, 'inputError' | 'warnings' | 'notices'> {
  const names = [...new Set(listings.flatMap(({ families }) => families.map(({ name }) => name)))];
  if (names.length === 0) return { inputError: undefined, warnings: [], notices: [] };
  const where = listings.map((listing) => listing.organization.name).join(', ');
  const idle = compiled.matchingNone(names);
  const anotherWay = idle.length === 0 ? undefined : looksLikeAnotherWay(idle, names);
  if (anotherWay !== undefined) {
    return { inputError: `Input pats: ${anotherWay}`, warnings: [], notices: [] };
  }
  const unseenIn = unseenDifferences(names);
  if (selected === 0) {
    const unseen = rules.map(({ pattern }) => unseenIn(pattern)).find((sentence) => sentence !== undefined);
    return {
      inputError: undefined,
      warnings: [
        `No PAT is selected: the rules in the input pats (${rules.map((rule) => rule.text).join('; ')}) select none of the ` +
          `service account’s PATs in ${where}. ${unseen ?? 'Check the rules, and that the PATs belong to this account.'}`,
      ],
      notices: [],
    };
  }
  const deciding = new Set(names.map((name) => compiled.deciding(name)));
  const matchesNothing = new Set(idle);
  const warnings = idle.map(
    (rule) =>
      `The rule "${rule.text}" in the input pats matches no PAT in ${where}. ${unseenIn(rule.pattern) ?? 'Correct or remove it.'}`,
  );
  const notices = rules
    .filter((rule) => !deciding.has(rule) && !matchesNothing.has(rule))
    // That a wide rule finds nothing left for itself is no mistake.
    .filter((rule) => rule.kind === 'exclude' || rule.places.length > 0)
    .map(
      (rule) =>
        `The rule "${rule.text}" in the input pats has no effect: a later rule decides about each PAT that it matches, and the ` +
        'last rule that matches wins. Put it below, or remove it.',
    );
  return { inputError: undefined, warnings, notices };
}
