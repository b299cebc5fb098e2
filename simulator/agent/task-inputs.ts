import type { TaskDefinition } from './task-definition.ts';

/**
 * The inputs of a step by their real names: defaults filled in, values trimmed and expanded.
 *
 * The server resolves aliases before an agent sees the step, and it refuses a step with an input that the task does not have.
 * @throws Error on an unknown input, and on one that is given twice.
 */
export function resolveInputs(
  definition: TaskDefinition,
  given: Readonly<Record<string, string>>,
  expand: (text: string) => string,
): Map<string, string> {
  const realNames = new Map<string, string>();
  const inputs = new Map<string, string>();
  for (const { name, aliases = [], defaultValue = '' } of definition.inputs ?? []) {
    for (const alias of [name, ...aliases]) realNames.set(alias.toLowerCase(), name);
    inputs.set(name, String(defaultValue).trim());
  }

  const seen = new Set<string>();
  for (const [key, value] of Object.entries(given)) {
    const name = realNames.get(key.trim().toLowerCase());
    if (name === undefined) throw new Error(`Task ${definition.name} has no input '${key}'.`);
    if (seen.has(name)) throw new Error(`Input '${name}' of task ${definition.name} is given twice.`);
    seen.add(name);
    inputs.set(name, value.trim());
  }

  for (const [name, value] of inputs) inputs.set(name, expand(value));
  return inputs;
}
