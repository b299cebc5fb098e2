import { plainLines, plainText } from '../src/report/plain-text.ts';
import { SecretMask } from '../src/secrecy/secret-mask.ts';
import type { outputFormats } from './options.ts';
import { inCommandWords } from './wording.ts';
import { wrapped } from './wrapped.ts';

export interface Stream {
  readonly write: (text: string, done?: () => void) => unknown;
  readonly isTTY?: boolean;
  /** Of a terminal. */
  readonly columns?: number;
}

export type OutputFormat = (typeof outputFormats)[number];

export interface ScreenOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly format: OutputFormat;
  /** Shows only what needs a person. */
  readonly isQuiet: boolean;
}

/** A result for programs. */
export interface Data {
  readonly json: () => string;
  /** Untrusted text, in rows of fields. */
  readonly rows: () => readonly (readonly string[])[];
}

type Colour = 'red' | 'yellow' | 'green' | 'bold' | 'dim';

const codes: Readonly<Record<Colour, string>> = { red: '31', yellow: '33', green: '32', bold: '1', dim: '2' };

/**
 * What a person sees. Results go to standard output, everything else to standard error. No secret that was registered
 * gets through: nothing is meant to print one, and this makes sure of it.
 */
export class Screen {
  readonly #options: ScreenOptions;
  readonly #mask = new SecretMask();
  readonly #waits = new Set<string>();
  #count = '';
  #progress = '';

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  registerSecret(value: string): void {
    this.#mask.add(value);
  }

  /** A line of the result, made harmless by whoever wrote it. Beside a result for programs it is told aside. */
  result(line: string, colour?: Colour): void {
    const { format, isQuiet, stdout, stderr } = this.#options;
    if (isQuiet || format === 'none') return;
    this.#line(format === 'table' ? stdout : stderr, line, colour);
  }

  /** The result for programs, where one was asked for. */
  data({ json, rows }: Data): void {
    const { format, stdout } = this.#options;
    if (format === 'json') stdout.write(this.#mask.hide(json()));
    if (format !== 'tsv') return;
    const lines = rows().map((fields) => fields.map((field) => plainText(field, 2000)).join('\t'));
    stdout.write(this.#mask.hide(lines.map((line) => `${line}\n`).join('')));
  }

  /** A sentence for the person beside the result, of text that is not trusted. */
  note(text: string, colour?: Colour): void {
    this.#line(this.#options.stderr, this.#fitted(plainLines(text)), colour);
  }

  /** A sentence that nobody has to read. */
  aside(text: string): void {
    if (!this.#options.isQuiet) this.note(text, 'dim');
  }

  warning(text: string): void {
    this.note(`Warning: ${plainText(inCommandWords(text), 2000)}`, 'yellow');
  }

  error(text: string): void {
    this.note(`Error: ${plainLines(inCommandWords(text))}`, 'red');
  }

  /** Text that is shown as it stands: a question, a help page. */
  show(text: string): void {
    this.#options.stderr.write(this.#mask.hide(text));
  }

  /** One line that is written over and over; on a terminal only. */
  progress(done: number, total: number): void {
    this.#count = done >= total ? '' : `${done} of ${total}`;
    this.#drawProgress();
  }

  /** Tells on that line what is being waited for. @returns ends the telling */
  waiting(what: string): () => void {
    this.#waits.add(what);
    this.#drawProgress();
    return () => {
      this.#waits.delete(what);
      this.#drawProgress();
    };
  }

  /** Resolves when everything written so far has left the process. Nothing half-written stays on a terminal. */
  async flushed(): Promise<void> {
    const { stdout, stderr } = this.#options;
    this.#waits.clear();
    this.progress(0, 0);
    for (const stream of [stdout, stderr]) await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }

  #drawProgress(): void {
    const { stderr, isQuiet } = this.#options;
    if (stderr.isTTY !== true || isQuiet) return;
    const before = this.#progress;
    // A line that wraps could not be written over.
    this.#progress = [this.#count, [...this.#waits].at(-1) ?? '']
      .filter((part) => part !== '')
      .join(', ')
      .slice(0, (stderr.columns ?? 80) - 1);
    if (before !== this.#progress) stderr.write(`\r\u001b[K${this.#progress}`);
  }

  #line(to: Stream, line: string, colour: Colour | undefined): void {
    // A progress line shares the terminal with what is written now.
    const { stderr } = this.#options;
    if (this.#progress !== '') stderr.write('\r\u001b[K');
    to.write(`${this.#coloured(to, this.#mask.hide(line), colour)}\n`);
    if (this.#progress !== '') stderr.write(this.#progress);
  }

  /** Prose as wide as the terminal; in a file each sentence stays one line. */
  #fitted(text: string): string {
    const { isTTY, columns } = this.#options.stderr;
    return isTTY === true && columns !== undefined && columns >= 40 ? wrapped(text, columns, '  ') : text;
  }

  /** Source: https://no-color.org */
  #coloured(to: Stream, text: string, colour: Colour | undefined): string {
    const { environment } = this.#options;
    const isPlain = to.isTTY !== true || (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
    return colour === undefined || isPlain ? text : `\u001b[${codes[colour]}m${text}\u001b[0m`;
  }
}
