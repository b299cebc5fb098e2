/** What may clash with another family's: where its value goes, and its name within its organization. */
export interface Claim {
  readonly organization: string;
  readonly name: string;
  /** Distinguishes families of the same name. */
  readonly scope: string;
  readonly secretName: string | undefined;
  readonly variable: string | undefined;
}

/**
 * For each claim that clashes with another, the sentence that says with which. Secret and variable names collide
 * when they differ in case only; a name with two scope sets cannot tell which of the two its consumers need.
 */
export function collisions<T extends Claim>(claims: readonly T[]): ReadonlyMap<T, string> {
  const found = new Map<T, string>();
  const check = (keyOf: (claim: T) => string | undefined, sentence: (claim: T, other: T) => string) => {
    const groups = new Map<string, T[]>();
    for (const claim of claims) {
      const key = keyOf(claim);
      if (key === undefined) continue;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [claim]);
      else group.push(claim);
    }
    for (const group of groups.values()) {
      for (const claim of group) {
        const other = group.find((candidate) => candidate !== claim);
        if (other !== undefined && !found.has(claim)) found.set(claim, sentence(claim, other));
      }
    }
  };
  check(
    (claim) => JSON.stringify([claim.organization.toLowerCase(), claim.name]),
    (claim, other) =>
      `there are PATs named "${claim.name}" with different scopes ("${claim.scope}" and "${other.scope}"): ` +
      'which of them its consumers need is not known. Rename one of them or revoke it.',
  );
  check(
    (claim) => claim.secretName?.toLowerCase(),
    (claim, other) =>
      `"${claim.name}" (${claim.organization}) and "${other.name}" (${other.organization}) lead to the same secret ` +
      `"${claim.secretName}". Name a secret for one of them in the input pats ("name => secret-name"), or put ` +
      '{organization} into the input secretName.',
  );
  check(
    (claim) => claim.variable,
    (claim, other) =>
      `"${claim.name}" (${claim.organization}) and "${other.name}" (${other.organization}) lead to the same output ` +
      `variable ${claim.variable}. Rename one of them, or leave one out in the input pats.`,
  );
  return found;
}
