/** One `##vso[area.event key=value;…]data` that a task printed; names are compared ignoring case, so they are kept in lower case. */
export interface LoggingCommand {
  readonly area: string;
  readonly event: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

const prefix = '##vso[';

/**
 * Reads the logging command of a line as the agent does (its Command.TryParse): the prefix may stand anywhere in the
 * line, the first `]` after it ends the properties, and what comes before the prefix is lost.
 */
export function parseLoggingCommand(line: string): LoggingCommand | undefined {
  const start = line.indexOf(prefix);
  if (start < 0) return undefined;
  const end = line.indexOf(']', start);
  if (end < 0) return undefined;

  const info = line.slice(start + prefix.length, end);
  const space = info.indexOf(' ');
  const names = (space < 0 ? info : info.slice(0, space)).split('.').filter((name) => name !== '');
  const [area, event] = names;
  if (names.length !== 2 || area === undefined || event === undefined) return undefined;

  const properties = new Map<string, string>();
  for (const text of space > 0 ? info.slice(space + 1).split(';') : []) {
    // A property without a value does not count as given.
    const [, name, value] = /^=*([^=]+)=+(.+)$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) properties.set(name.toLowerCase(), unescapeText(value));
  }
  return { area: area.toLowerCase(), event: event.toLowerCase(), properties, data: unescapeText(line.slice(end + 1)) };
}

/** The agent unescapes data and property values alike, `%` last. */
export function unescapeText(text: string): string {
  return text
    .replaceAll('%3B', ';')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%5D', ']')
    .replaceAll('%AZP25', '%');
}

/** The form in which a value stands in a command that a task library wrote. */
export function escapeText(text: string): string {
  return text
    .replaceAll('%', '%AZP25')
    .replaceAll(';', '%3B')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll(']', '%5D');
}
