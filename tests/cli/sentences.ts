import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

/** A text of the source with blanks between words; what is put in is `…`. */
export interface Sentence {
  readonly file: string;
  readonly text: string;
}

/** Every text of a folder's source that may be a sentence, or a piece of one. */
export function sentencesIn(folder: string): readonly Sentence[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .flatMap((name) => {
      const file = join(folder, name);
      // Joins texts that are put together over several lines, and leaves comments and types out.
      const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', minifySyntax: true, charset: 'utf8' });
      return textsOf(code)
        .filter((text) => /[\p{L}…"’,.:;)] [\p{L}…"(]/u.test(text) && /\p{Ll}{2}/u.test(text))
        .map((text) => ({ file, text }));
    });
}

/** The string and template literals of a script. */
export function textsOf(code: string): readonly string[] {
  const texts: string[] = [];
  let at = 0;
  /** Before a value a slash begins a regular expression, after one it divides. */
  let isValueDue = true;

  const readString = (quote: string): string => {
    let text = '';
    for (at++; here() !== quote; at++) text += here() === '\\' ? escaped() : here();
    at++;
    return text;
  };
  const here = (): string => {
    const character = code[at];
    if (character === undefined) throw new Error('The code ends within a text.');
    return character;
  };
  const escaped = () => {
    at++;
    return here() === 'n' ? '\n' : here();
  };
  const readTemplate = (): string => {
    let text = '';
    for (at++; here() !== '`'; ) {
      if (code.startsWith('${', at)) {
        at += 2;
        isValueDue = true;
        readCode('}');
        text += '…';
      } else {
        text += here() === '\\' ? escaped() : here();
        at++;
      }
    }
    at++;
    return text;
  };
  const skipPattern = () => {
    let isInClass = false;
    for (at++; here() !== '/' || isInClass; at++) {
      if (code[at] === '\\') at++;
      else if (code[at] === '[') isInClass = true;
      else if (code[at] === ']') isInClass = false;
    }
    at++;
  };
  const readCode = (end: string | undefined) => {
    for (let depth = 0; at < code.length; ) {
      const character = code[at] ?? '';
      if (character === end && depth === 0) {
        at++;
        isValueDue = false;
        return;
      }
      if (character === '"' || character === "'" || character === '`') {
        texts.push(character === '`' ? readTemplate() : readString(character));
        isValueDue = false;
      } else if (code.startsWith('//', at)) {
        at = code.indexOf('\n', at);
      } else if (code.startsWith('/*', at)) {
        at = code.indexOf('*/', at) + 2;
      } else if (character === '/' && isValueDue) {
        skipPattern();
        isValueDue = false;
      } else if (/[\w$]/.test(character)) {
        const word = /[\w$]+/y;
        word.lastIndex = at;
        const [found = ''] = word.exec(code) ?? [];
        at += found.length;
        isValueDue = /^(?:return|typeof|case|in|of|void|throw|await|yield)$/.test(found);
      } else {
        if (character === '{') depth++;
        if (character === '}') depth--;
        if (/\S/.test(character)) isValueDue = !/[)\]}]/.test(character);
        at++;
      }
    }
  };
  readCode(undefined);
  return texts;
}
