import { type Collision, collisions } from '../renewal/collide.ts';
import { activeMembers } from '../renewal/family.ts';
import { isWanted } from '../renewal/plan.ts';
import { isObserved, type Observed, type SeenPlace } from './observe.ts';
import type { RunContext } from './run-context.ts';

interface Claimant {
  readonly item: Observed;
  readonly organization: string;
  readonly name: string;
  readonly scope: string;
  readonly places: readonly string[];
  readonly variable: string | undefined;
}

/** For each family that clashes with another, the sentence that says with which. Only active PATs, and expired ones that are to be replaced, can. */
export function clashesOf(context: RunContext, observed: readonly Observed[]): ReadonlyMap<Observed, string> {
  const { mode, policy } = context.settings;
  const claimants = observed
    .filter((item) => {
      if (activeMembers(item.selected.family).length > 0) return true;
      return mode === 'advanced' && isObserved(item) && isWanted(item.family, item.observation, policy);
    })
    .map((item): Claimant => {
      const { family, destination } = item.selected;
      const { organization, name, scope } = family;
      const places =
        destination.kind === 'places' ? [...destination.places.map(({ key }) => key), ...seenKeys(item)] : [];
      const variable = destination.kind === 'none' ? undefined : destination.variable;
      return { item, organization, name, scope, places, variable };
    });
  return new Map([...collisions(claimants)].map(([claimant, found]) => [claimant.item, sentenceOf(claimant, found)]));
}

/** What projects share has a name in each of them: by its names alone it would be taken for several places. */
function seenKeys(item: Observed): readonly string[] {
  return seenOf(item).map(({ sight }) => sight.key);
}

function seenOf(item: Observed): readonly SeenPlace[] {
  return isObserved(item) ? item.seen : [];
}

function sentenceOf(claimant: Claimant, found: Collision<Claimant>): string {
  const { other } = found;
  const both = `"${claimant.name}" (${claimant.organization}) and "${other.name}" (${other.organization})`;
  switch (found.over) {
    case 'name':
      return (
        `there are PATs named "${claimant.name}" with different scopes ("${claimant.scope}" and "${other.scope}"): ` +
        'which of them its consumers need is not known. Rename one of them or revoke it.'
      );
    case 'place': {
      const { destination } = claimant.item.selected;
      const named = destination.kind === 'places' ? destination.places.find(({ key }) => key === found.key) : undefined;
      const place = named ?? seenOf(claimant.item).find(({ sight }) => sight.key === found.key)?.place;
      const template =
        claimant.organization.toLowerCase() === other.organization.toLowerCase()
          ? ''
          : ', or put {organization} into the input secretName';
      return `${both} lead to the same place, ${place?.phrase ?? ''}. Name a place for one of them in the input pats ("name => place")${template}.`;
    }
    case 'variable':
      return `${both} lead to the same output variable ${claimant.variable}. Rename one of them, or leave one out in the input pats.`;
  }
}
