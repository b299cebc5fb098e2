/** Rows as CSV (RFC 4180), for spreadsheets. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** A spreadsheet takes what begins like a formula for one, quoted or not: an apostrophe before it makes it text. */
function cell(text: string): string {
  const harmless = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
