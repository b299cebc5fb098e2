/** How the demonstration looks: plain text, at most so many columns wide, nothing that moves. */
import { styleText } from 'node:util';

const width = 110;
const margin = '   ';

export function heading(text: string): void {
  const line = process.stdout.isTTY ? styleText('bold', text) : text;
  console.log(`\n${line}`);
}

export function paragraph(text: string): void {
  for (const line of wrapped(text, width - margin.length)) console.log(`${margin}${line}`);
}

/** Lines of a log. What is too long goes on below: a table's last column as a whole, a sentence word by word. */
export function logLines(lines: readonly string[]): void {
  const columns = width - margin.length - 2;
  for (const line of lines) {
    const hang = /^(?:\S+(?: \S+)*?\s\s+|\w+: )/.exec(line)?.[0].length ?? 2;
    const lastColumn = line.search(/ {2}(?!.* {2})/);
    const parts =
      line.length > columns && lastColumn > hang ? [line.slice(0, lastColumn), line.slice(lastColumn + 2)] : [line];
    const [first = '', ...rest] = parts.flatMap((part, below) =>
      below > 0 ? wrapped(part.trim(), columns - hang) : wrapped(part.trim(), columns, hang),
    );
    console.log(`${margin}| ${first}`);
    for (const more of rest) console.log(`${margin}| ${' '.repeat(hang)}${more}`);
  }
}

export type Row = readonly string[];

/** A table with aligned columns. Repeated words in the first column are left out. */
export function table(head: Row, rows: readonly Row[]): void {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => [...(row[column] ?? '')].length)));
  const print = (row: Row) =>
    console.log(
      `${margin}${row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
        .join('  ')
        .trimEnd()}`,
    );
  print(head);
  print(widths.map((columns) => '-'.repeat(columns)));
  let group = '';
  for (const [name = '', ...cells] of rows) {
    print([name === group ? '' : name, ...cells]);
    group = name;
  }
}

/** Breaks at blanks. All lines but the first will be indented by `hang` columns. */
function wrapped(text: string, columns: number, hang = 0): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  let room = columns;
  while (rest.length > room) {
    const space = rest.lastIndexOf(' ', room);
    const at = space > 0 ? space : room;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
    room = columns - hang;
  }
  return [...lines, rest];
}
