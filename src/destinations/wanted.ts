import { secretNameFor, variableNameFor } from '../renewal/destination-name.ts';
import { checkedPlaces, type VariableGroup, type WantedPlace } from './places.ts';

/** Where the inputs put the values of rules without a place. */
export interface UsualPlaces {
  readonly vault: { readonly secretNameTemplate: string } | undefined;
  readonly variableGroup: VariableGroup | undefined;
  readonly organizations: readonly string[];
}

/**
 * Where the value of a PAT goes: the places that its rule names, else those of the inputs. The one that can be read comes
 * first: the others follow it.
 * @param ruled the places of its rule; empty if it names none
 */
export function wantedPlaces(
  ruled: readonly string[],
  { vault, variableGroup, organizations }: UsualPlaces,
  organization: string,
  name: string,
): readonly WantedPlace[] {
  if (ruled.length > 0) {
    const places = checkedPlaces(ruled);
    return [...places.filter(({ kind }) => kind === 'secret'), ...places.filter(({ kind }) => kind !== 'secret')];
  }
  const secret: readonly WantedPlace[] =
    vault === undefined ? [] : [{ kind: 'secret', name: secretNameFor(vault.secretNameTemplate, organization, name) }];
  const several = organizations.length > 1;
  const group: readonly WantedPlace[] =
    variableGroup === undefined
      ? []
      : [{ kind: 'group', ...variableGroup, variable: variableNameFor(several ? organization : undefined, name) }];
  return [...secret, ...group];
}
