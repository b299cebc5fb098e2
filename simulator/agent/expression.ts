/** A value of an expression. Objects are contexts such as `variables`: read by name, ignoring case. */
export type Value = boolean | null | number | string | ValueMap;
export interface ValueMap {
  readonly get: (name: string) => Value;
}

export interface ExpressionContext {
  /** `variables`, `dependencies`, …, in lower case. */
  readonly names: Readonly<Record<string, ValueMap>>;
  /** `succeeded` and the like, in lower case, beside those that every expression has. */
  readonly functions: Readonly<Record<string, (...values: readonly Value[]) => Value>>;
}

/**
 * Evaluates an expression of Azure Pipelines, such as `and(succeeded(), ne(variables['name'], ''))`.
 * @throws Error on what is no expression, and on functions and types that are not known here
 */
export function evaluate(text: string, context: ExpressionContext): Value {
  const reader = new Reader(text);
  const value = readOperand(reader, context);
  if (!reader.isAtEnd()) throw new Error(`Unexpected symbol: '${reader.rest()}'. Located within expression: ${text}`);
  return value;
}

/** As `and`, `or`, `not` and conditions take a value. */
export function isTruthy(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== '' && !Number.isNaN(value);
}

function readOperand(reader: Reader, context: ExpressionContext): Value {
  const text = reader.take(/'((?:[^']|'')*)'/y);
  if (text !== undefined) return (text[1] ?? '').replaceAll("''", "'");
  const number = reader.take(/-?(?:\d+\.?\d*|\.\d+)(?![\w.])/y);
  if (number !== undefined) return Number(number[0]);
  const name = reader.take(/[A-Za-z_]\w*/y)?.[0].toLowerCase();
  if (name === undefined) throw new Error(`Unexpected symbol: '${reader.rest()}'.`);
  if (reader.take(/\(/y)) return call(name, readArguments(reader, context), context);
  if (name === 'true' || name === 'false') return name === 'true';
  if (name === 'null') return null;
  const named = context.names[name];
  if (named === undefined) throw new Error(`Unrecognized value: '${name}'.`);
  return readProperties(reader, named, context);
}

function readArguments(reader: Reader, context: ExpressionContext): readonly Value[] {
  const values: Value[] = [];
  if (reader.take(/\)/y)) return values;
  do values.push(readOperand(reader, context));
  while (reader.take(/,/y));
  reader.need(/\)/y);
  return values;
}

/** `.name` and `['name']`, as many as there are. What is not there is null. */
function readProperties(reader: Reader, start: Value, context: ExpressionContext): Value {
  let value = start;
  for (;;) {
    const dotted = reader.take(/\.([A-Za-z_][\w-]*)/y)?.[1];
    const isIndexed = dotted === undefined && reader.take(/\[/y) !== undefined;
    if (dotted === undefined && !isIndexed) return value;
    const key = dotted ?? readOperand(reader, context);
    if (isIndexed) reader.need(/\]/y);
    value = typeof value === 'object' && value !== null && typeof key === 'string' ? value.get(key) : null;
  }
}

function call(name: string, values: readonly Value[], context: ExpressionContext): Value {
  const [first = null, second = null] = values;
  switch (name) {
    case 'and':
      return values.every(isTruthy);
    case 'or':
      return values.some(isTruthy);
    case 'not':
      return !isTruthy(first);
    case 'eq':
      return isEqual(first, second);
    case 'ne':
      return !isEqual(first, second);
    case 'gt':
      return compare(first, second) > 0;
    case 'ge':
      return compare(first, second) >= 0;
    case 'lt':
      return compare(first, second) < 0;
    case 'le':
      return compare(first, second) <= 0;
    case 'in':
      return values.slice(1).some((value) => isEqual(first, value));
    case 'notin':
      return !values.slice(1).some((value) => isEqual(first, value));
    case 'coalesce':
      return values.find((value) => value !== null && value !== '') ?? null;
    default: {
      const given = context.functions[name];
      if (given === undefined) throw new Error(`Unrecognized value: '${name}'.`);
      return given(...values);
    }
  }
}

/** The right side becomes what the left side is; what cannot become that is not equal. Text ignores case. */
function isEqual(left: Value, right: Value): boolean {
  const converted = converts(right, left);
  if (converted === undefined) return false;
  if (typeof left === 'string' && typeof converted === 'string') return left.toLowerCase() === converted.toLowerCase();
  return left === converted;
}

/** The right side becomes what the left side is; so two texts of digits are compared as texts. */
function compare(left: Value, right: Value): number {
  const converted = converts(right, left);
  if (typeof left === 'string' && typeof converted === 'string') {
    const [a, b] = [left.toUpperCase(), converted.toUpperCase()];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (typeof left === 'number' && typeof converted === 'number') return left - converted;
  if (typeof left === 'boolean' && typeof converted === 'boolean') return Number(left) - Number(converted);
  throw new Error(`Unable to convert from ${kindOf(right)} to ${kindOf(left)}.`);
}

/** The value as the other one's type; `undefined` if it has no such form. */
function converts(value: Value, to: Value): Value | undefined {
  if (typeof to === 'boolean') return isTruthy(value);
  if (to === null) return value === null || value === '' ? null : undefined;
  if (typeof to === 'string') {
    if (value === null) return '';
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    return typeof value === 'object' ? undefined : String(value);
  }
  if (typeof to === 'number') {
    if (typeof value === 'object') return value === null ? 0 : undefined;
    const number = Number(value);
    return Number.isNaN(number) ? undefined : number;
  }
  return value === to ? value : undefined;
}

function kindOf(value: Value): string {
  return value === null ? 'Null' : typeof value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** What stands here, if it fits; blanks before it are passed over. */
  take(sticky: RegExp): RegExpExecArray | undefined {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++;
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text);
    if (found === null) return undefined;
    this.#at = sticky.lastIndex;
    return found;
  }

  need(sticky: RegExp): void {
    if (this.take(sticky) === undefined) throw new Error(`Expected ${sticky.source} at '${this.rest()}'.`);
  }

  isAtEnd(): boolean {
    return this.rest().trim() === '';
  }

  rest(): string {
    return this.#text.slice(this.#at);
  }
}
