export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
  readonly isReadOnly: boolean;
}

/** The variables of a job. Names ignore case and keep the spelling of whoever set them last. */
export class Variables {
  readonly #byName = new Map<string, Variable>();

  get(name: string): Variable | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** Once secret or read-only, a variable stays so. */
  set(name: string, value: string, { isSecret = false, isReadOnly = false } = {}): void {
    const before = this.get(name);
    this.#byName.set(name.toLowerCase(), {
      name,
      value,
      isSecret: isSecret || (before?.isSecret ?? false),
      isReadOnly: isReadOnly || (before?.isReadOnly ?? false),
    });
  }

  *[Symbol.iterator](): Iterator<Variable> {
    yield* this.#byName.values();
  }

  /** Replaces each `$(name)` by its value. What was put in is not read again; an unknown name stays as it is. */
  expand(text: string): string {
    return expandMacros(text, (name) => this.get(name)?.value);
  }

  /** What the agent does once, at the start of a job: variables may hold variables, and take over their secrecy. */
  expandEachOther(): void {
    for (const { name } of [...this.#byName.values()]) {
      const { value, isSecret } = this.#resolve(name, []);
      this.set(name, value, { isSecret });
    }
  }

  #resolve(name: string, path: readonly string[]): { value: string; isSecret: boolean } {
    const variable = this.get(name);
    if (variable === undefined) throw new Error(`No variable ${name}`);
    let isSecret = variable.isSecret;
    const value = expandMacros(variable.value, (inner) => {
      if (this.get(inner) === undefined) return undefined;
      // The agent warns about a cycle and leaves the whole value alone; a test that meets one is mistaken.
      if ([...path, name].some((outer) => outer.toLowerCase() === inner.toLowerCase())) {
        throw new Error(`Unable to expand variable '${name}'. A cyclical reference was detected.`);
      }
      const resolved = this.#resolve(inner, [...path, name]);
      isSecret ||= resolved.isSecret;
      return resolved.value;
    });
    return { value, isSecret };
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
