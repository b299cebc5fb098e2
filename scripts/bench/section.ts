/** One part of the report: text, and a table. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function markdown({ title, text, head, rows }: Section): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [`## ${title}`, '', text, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const milliseconds = (value: number): string => `${Math.round(value).toLocaleString('en')} ms`;
export const seconds = (value: number): string => `${(value / 1000).toFixed(1)} s`;
export const megabytes = (value: number): string => `${Math.round(value)} MB`;
export const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024)} KB`;
export const times = (value: number): string => value.toFixed(2);

/** A figure beside what it was to be. */
export function target(value: number, most: number, unit = ''): string {
  return `${value <= most ? 'met' : 'not met'} (at most ${most}${unit})`;
}
