import type { SecretMasker } from './secret-masker.ts';

export interface Issue {
  readonly type: 'error' | 'warning';
  readonly message: string;
}

/** What a person sees of a step: its log, masked, and the issues on the run's page. */
export class StepLog {
  readonly lines: string[] = [];
  readonly issues: Issue[] = [];
  readonly #masker: SecretMasker;
  readonly #isDebug: boolean;
  readonly #onLine: (line: string) => void;

  constructor(masker: SecretMasker, isDebug: boolean, onLine: (line: string) => void) {
    this.#masker = masker;
    this.#isDebug = isDebug;
    this.#onLine = onLine;
  }

  write(message: string): void {
    const line = this.#masker.mask(message);
    this.lines.push(line);
    this.#onLine(line);
  }

  /** Shown only when System.Debug is on. */
  debug(message: string): void {
    if (this.#isDebug) this.write(`##[debug]${message}`);
  }

  issue(type: Issue['type'], message: string): void {
    this.issues.push({ type, message: this.#masker.mask(message) });
    if (message !== '') this.write(`##[${type}]${message}`);
  }
}
