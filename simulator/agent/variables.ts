export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
  readonly isReadOnly: boolean;
}

/** The variables of a job. Names ignore case and keep the spelling of whoever set them last. */
export class Variables {
  /** As they were set: with `$(name)` in them. */
  readonly #written = new Map<string, Variable>();
  #expanded = new Map<string, Variable>();
  readonly #hide: (secret: string) => void;

  /** @param hide called with each value that is secret, as it becomes known */
  constructor(hide: (secret: string) => void = () => {}) {
    this.#hide = hide;
  }

  get(name: string): Variable | undefined {
    return this.#expanded.get(name.toLowerCase());
  }

  /** Once secret or read-only, a variable stays so. What stands in the value is expanded when the next step begins. */
  set(name: string, value: string, { isSecret = false, isReadOnly = false } = {}): void {
    const before = this.get(name);
    const variable = {
      name,
      value,
      isSecret: isSecret || (before?.isSecret ?? false),
      isReadOnly: isReadOnly || (before?.isReadOnly ?? false),
    };
    this.#written.set(name.toLowerCase(), variable);
    this.#expanded.set(name.toLowerCase(), variable);
    if (variable.isSecret) this.#hide(value);
  }

  unset(name: string): void {
    this.#written.delete(name.toLowerCase());
    this.#expanded.delete(name.toLowerCase());
  }

  *[Symbol.iterator](): Iterator<Variable> {
    yield* this.#expanded.values();
  }

  /** Replaces each `$(name)` by its value. What was put in is not read again; an unknown name stays as it is. */
  expand(text: string): string {
    return expandMacros(text, (name) => this.get(name)?.value);
  }

  /**
   * What the agent does before each step: variables may hold variables, at any depth, and take over their secrecy.
   * @returns warnings: a variable that holds itself is left as it was written
   */
  expandEachOther(): readonly string[] {
    const warnings: string[] = [];
    const expanded = new Map<string, Variable>();
    for (const [key, written] of this.#written) {
      const resolved = this.#resolve(written, []);
      if (resolved === undefined) {
        warnings.push(`Unable to expand variable '${written.name}'. A cyclical reference was detected.`);
      }
      const variable = { ...written, ...resolved };
      if (variable.isSecret && variable.value !== written.value) this.#hide(variable.value);
      expanded.set(key, variable);
    }
    this.#expanded = expanded;
    return warnings;
  }

  #resolve(variable: Variable, outer: readonly Variable[]): Pick<Variable, 'value' | 'isSecret'> | undefined {
    let { isSecret } = variable;
    let isCircle = false;
    const path = [...outer, variable];
    const value = expandMacros(variable.value, (name) => {
      const inner = this.#written.get(name.toLowerCase());
      if (inner === undefined) return undefined;
      const resolved = path.includes(inner) ? undefined : this.#resolve(inner, path);
      if (resolved === undefined) {
        isCircle = true;
        return undefined;
      }
      isSecret ||= resolved.isSecret;
      return resolved.value;
    });
    return isCircle ? undefined : { value, isSecret };
  }
}

/** The agent's VarUtil.ExpandValues: in `$($(name))` the inner macro is found, because an unknown name moves on by one character. */
export function expandMacros(text: string, lookUp: (name: string) => string | undefined): string {
  let expanded = text;
  let from = 0;
  for (;;) {
    const start = expanded.indexOf('$(', from);
    const end = start < 0 ? -1 : expanded.indexOf(')', start);
    if (end < 0) return expanded;
    const name = expanded.slice(start + 2, end);
    const value = name === '' ? undefined : lookUp(name);
    if (value === undefined) {
      from = start + 1;
    } else {
      expanded = expanded.slice(0, start) + value + expanded.slice(end + 1);
      from = start + value.length;
    }
  }
}

/** `System.CollectionUri` as a process sees it: `SYSTEM_COLLECTIONURI`. */
export function environmentName(name: string): string {
  return name.replace(/[. ]/g, '_').toUpperCase();
}
