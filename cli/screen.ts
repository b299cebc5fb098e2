import { plainLines, plainText } from '../src/report/plain-text.ts';
import { SecretMask } from '../src/secrecy/secret-mask.ts';
import { inCommandWords } from './wording.ts';

export interface Stream {
  readonly write: (text: string, done?: () => void) => unknown;
  readonly isTTY?: boolean;
}

export interface ScreenOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Standard output is for JSON alone. */
  readonly json: boolean;
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
  #progress = '';

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  registerSecret(value: string): void {
    this.#mask.add(value);
  }

  /** A line of the result, made harmless by whoever wrote it. */
  result(line: string, colour?: Colour): void {
    const to = this.#options.json ? this.#options.stderr : this.#options.stdout;
    this.#line(to, line, colour);
  }

  json(text: string): void {
    if (this.#options.json) this.#options.stdout.write(this.#mask.hide(text));
  }

  /** A sentence for the person beside the result, of text that is not trusted. */
  note(text: string, colour?: Colour): void {
    this.#line(this.#options.stderr, plainLines(text), colour);
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
    const { stderr } = this.#options;
    if (stderr.isTTY !== true) return;
    this.#progress = done >= total ? '' : `${done} of ${total}`;
    stderr.write(`\r\u001b[K${this.#progress}`);
  }

  /** Resolves when everything written so far has left the process. */
  async flushed(): Promise<void> {
    const { stdout, stderr } = this.#options;
    for (const stream of [stdout, stderr]) await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }

  #line(to: Stream, line: string, colour: Colour | undefined): void {
    // A progress line shares the terminal with what is written now.
    const { stderr } = this.#options;
    if (this.#progress !== '') stderr.write('\r\u001b[K');
    to.write(`${this.#coloured(to, this.#mask.hide(line), colour)}\n`);
    if (this.#progress !== '') stderr.write(this.#progress);
  }

  /** Source: https://no-color.org */
  #coloured(to: Stream, text: string, colour: Colour | undefined): string {
    const { environment } = this.#options;
    const isPlain = to.isTTY !== true || (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
    return colour === undefined || isPlain ? text : `\u001b[${codes[colour]}m${text}\u001b[0m`;
  }
}
