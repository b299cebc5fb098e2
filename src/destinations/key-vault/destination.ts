import type { Destination } from '../destination.ts';
import { secretPlace } from './key-vault.ts';

/** Secrets of the vault that the input keyVault names. */
export const keyVault: Destination<'secret'> = {
  kind: 'secret',
  placeOf: ({ name }, { vault }) => {
    if (vault === undefined) return `secret ${name} needs a vault. Name one in the input keyVault.`;
    if (name.length < 1 || name.length > 127) {
      return (
        `its secret would be called "${name.slice(0, 40)}…" with ${name.length} characters, and Key Vault allows 1 to 127. ` +
        'Name a secret for it in the input pats ("name => secret-name").'
      );
    }
    return secretPlace(vault, name);
  },
};
