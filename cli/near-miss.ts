/**
 * What somebody may have meant who typed a word that there is not: the nearest one, if a slip or two lead there, or the
 * one that it begins.
 */
export function nearMiss(typed: string, words: readonly string[]): string | undefined {
  const begun = words.filter((word) => word.startsWith(typed));
  if (typed.length >= 3 && begun.length === 1) return begun[0];
  const slips = typed.length <= 4 ? 1 : typed.length <= 12 ? 2 : 3;
  const [nearest] = words
    .map((word) => ({ word, distance: distance(typed.toLowerCase(), word) }))
    .filter((one) => one.distance <= slips)
    .sort((a, b) => a.distance - b.distance);
  return nearest?.word;
}

/** Letters added, left out, changed, or two of them swapped (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const at = (up: number, left: number) => (rows[row - up] ?? line)[column - left] ?? 0;
      const changed = at(1, 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = row > 1 && column > 1 && isSwapped ? at(2, 2) + 1 : Number.POSITIVE_INFINITY;
      line.push(Math.min(changed, at(1, 0) + 1, (line[column - 1] ?? 0) + 1, swapped));
    }
    rows.push(line);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
