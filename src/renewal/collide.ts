/** What may clash with another family's: where its value goes, and its name within its organization. */
export interface Claimant {
  readonly organization: string;
  readonly name: string;
  /** Distinguishes families of the same name. */
  readonly scope: string;
  /** Keys of the places of its value; what is one place has one key. */
  readonly places: readonly string[];
  readonly variable: string | undefined;
}

/** With whom a family clashes, and over what. */
export type Collision<T> =
  | { readonly over: 'name'; readonly other: T }
  | { readonly over: 'place'; readonly key: string; readonly other: T }
  | { readonly over: 'variable'; readonly other: T };

/** A name with two scope sets cannot tell which of the two its consumers need; one place holds one value. */
export function collisions<T extends Claimant>(claimants: readonly T[]): ReadonlyMap<T, Collision<T>> {
  const found = new Map<T, Collision<T>>();
  const check = (keysOf: (claimant: T) => readonly string[], collision: (key: string, other: T) => Collision<T>) => {
    const groups = new Map<string, T[]>();
    for (const claimant of claimants) {
      for (const key of new Set(keysOf(claimant))) {
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [claimant]);
        else group.push(claimant);
      }
    }
    for (const [key, group] of groups) {
      for (const claimant of group) {
        const other = group.find((candidate) => candidate !== claimant);
        if (other !== undefined && !found.has(claimant)) found.set(claimant, collision(key, other));
      }
    }
  };
  check(
    ({ organization, name }) => [JSON.stringify([organization.toLowerCase(), name])],
    (_, other) => ({ over: 'name', other }),
  );
  check(
    ({ places }) => places,
    (key, other) => ({ over: 'place', key, other }),
  );
  check(
    ({ variable }) => (variable === undefined ? [] : [variable]),
    (_, other) => ({ over: 'variable', other }),
  );
  return found;
}
