import type { SecretMasker } from './secret-masker.ts';

export interface Issue {
  readonly type: 'error' | 'warning';
  readonly message: string;
}

/** So many errors, and so many warnings, of a step are kept for the run's page, over all its attempts. The log has all. */
const keptIssues = 10;

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
    const isKept = this.issues.filter((issue) => issue.type === type).length < keptIssues;
    if (isKept) this.issues.push({ type, message: this.#masker.mask(message) });
    if (message !== '') this.write(`##[${type}]${message}`);
  }
}
