import { secretForms } from './secret-forms.ts';

/** Shorter ones would blot out ordinary words. */
const shortest = 4;

/**
 * Hides secrets in texts that come from elsewhere: a service or a proxy may repeat what it was sent. An agent masks its
 * log, but no report, no summary, and nothing that a command prints.
 */
export class SecretMask {
  readonly #forms = new Set<string>();

  add(secret: string): void {
    for (const form of secretForms(secret)) if (form.length >= shortest) this.#forms.add(form);
  }

  hide(text: string): string {
    let hidden = text;
    // The longest first: one may be part of another.
    for (const form of [...this.#forms].sort((a, b) => b.length - a.length)) hidden = hidden.replaceAll(form, '***');
    return hidden;
  }
}
