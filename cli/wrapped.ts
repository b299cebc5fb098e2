/** Breaks lines between words, so that none is wider than so many columns; a longer word stays whole, to be copied. */
export function wrapped(text: string, columns: number, indent = ''): string {
  return text
    .split('\n')
    .map((line) => wrappedLine(line, columns, indent))
    .join('\n');
}

function wrappedLine(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' && lines.length === 0 ? word : `${line} ${word}`;
    if (line !== '' && [...longer].length > columns) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line].join('\n');
}
