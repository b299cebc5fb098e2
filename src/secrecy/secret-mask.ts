import { secretForms } from './secret-forms.ts';

/** Shorter ones would blot out ordinary words. */
const shortest = 4;

/**
 * Hides secrets in texts that come from elsewhere: a service or a proxy may repeat what it was sent. An agent masks its
 * log, but no report, no summary, and nothing that a command prints.
 */
export class SecretMask {
  /** By how they begin, the longest first: one may be part of another. */
  readonly #forms = new Map<string, string[]>();

  add(secret: string): void {
    for (const form of secretForms(secret)) {
      if (form.length < shortest) continue;
      const start = form.slice(0, shortest);
      const others = this.#forms.get(start) ?? [];
      if (others.includes(form)) continue;
      others.push(form);
      this.#forms.set(
        start,
        others.sort((a, b) => b.length - a.length),
      );
    }
  }

  /** Goes over the text once, however many secrets there are: a run may know tens of thousands. */
  hide(text: string): string {
    let hidden = '';
    let covered = 0;
    for (let at = 0; at + shortest <= text.length; at++) {
      const found = this.#forms.get(text.slice(at, at + shortest))?.find((form) => text.startsWith(form, at));
      if (found === undefined) continue;
      // Where two overlap, neither the one's beginning nor the other's end shows.
      if (at >= covered) hidden += `${text.slice(covered, at)}***`;
      covered = Math.max(covered, at + found.length);
    }
    return hidden + text.slice(covered);
  }
}
