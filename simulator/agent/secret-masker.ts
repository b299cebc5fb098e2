type Span = readonly [start: number, end: number];

/** Replaces what it was told is secret by `***`, with the agent's own idea of which spellings of a value count. */
export class SecretMasker {
  readonly #values = new Set<string>();

  /** A value that becomes known while the job runs, from `setsecret` or a secret variable. Whole values only: no base64, no lines. */
  add(value: string): void {
    for (const spelling of [value, jsonEscaped(value), uriEscaped(value), backslashUnescaped(value)]) {
      if (spelling !== '') this.#values.add(spelling);
    }
  }

  /** A secret variable that the job starts with: the agent also knows its base64, unquoted, trimmed and escaped spellings. */
  addJobSecret(value: string): void {
    if (value.trim() === '') return;
    for (const text of [value, Buffer.from(value).toString('base64')]) {
      const lineBreaksEscaped = text.replaceAll('\r', '%0D').replaceAll('\n', '%0A');
      for (const spelling of [text, lineBreaksEscaped, lineBreaksEscaped.replaceAll('%', '%AZP25')]) {
        this.add(spelling);
        this.add(spelling.replace(/^[\r\n ]+|[\r\n ]+$/g, ''));
        // A shell would strip the quotes around a value.
        if (/^".*"$/s.test(spelling)) this.add(spelling.replace(/^"+|"+$/g, ''));
        if (/^'.*'$/s.test(spelling)) this.add(spelling.replace(/^'+|'+$/g, ''));
      }
    }
  }

  /** Secrets that overlap or touch become one `***`. */
  mask(text: string): string {
    let masked = '';
    let written = 0;
    for (const [start, end] of merge(this.#find(text))) {
      masked += `${text.slice(written, start)}***`;
      written = end;
    }
    return masked + text.slice(written);
  }

  #find(text: string): Span[] {
    const spans: Span[] = [];
    for (const value of this.#values) {
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) spans.push([at, at + value.length]);
    }
    return spans;
  }
}

function merge(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const [start, end] of spans.sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last === undefined || start > last[1]) merged.push([start, end]);
    else merged[merged.length - 1] = [last[0], Math.max(last[1], end)];
  }
  return merged;
}

function jsonEscaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** .NET's Uri.EscapeDataString, which leaves fewer characters alone than encodeURIComponent. */
function uriEscaped(value: string): string {
  return encodeURIComponent(Buffer.from(value).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What a shell leaves of a value in which somebody escaped quotes and backslashes. */
function backslashUnescaped(value: string): string {
  return value.replaceAll('\\\\', '\\').replaceAll("\\'", "'").replaceAll('\\"', '"').replaceAll('\\t', '\t');
}
