import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines, at \n, \r\n and a lone \r, as .NET does; the last one needs no line break. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Buffer): void {
    this.#rest += this.#decoder.write(bytes);
    // A \r at the end may be the first half of \r\n.
    const complete = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = complete.pop() ?? '';
    for (const line of complete) this.#onLine(line);
  }

  end(): void {
    this.#rest += this.#decoder.end();
    if (this.#rest !== '') this.#onLine(this.#rest.replace(/\r$/, ''));
    this.#rest = '';
  }
}
