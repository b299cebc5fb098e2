/**
 * Finds rows by words, whatever their case, among the texts that a reader sees of them.
 * @returns whether a row is found, for the rows given
 */
export function searchFor<Row extends { readonly fields: readonly string[] }>(
  rows: readonly Row[],
  text: string,
): (row: Row) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const inOneField = ({ fields }: Row) => fields.some((field) => words.every((word) => field.includes(word)));
  const anywhere = ({ fields }: Row) => words.every((word) => fields.some((field) => field.includes(word)));
  // "sonar 9" means that name, not every sonar with a 9 in its dates; "vso.code sonar" means two things of one PAT.
  return words.length < 2 || !rows.some(inOneField) ? anywhere : inOneField;
}
