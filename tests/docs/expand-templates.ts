import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

type Parameters = Readonly<Record<string, unknown>>;

/**
 * A pipeline with its templates in their places, and `${{ parameters.… }}` replaced, as Azure Pipelines does before a run;
 * a template by itself with its defaults. Conditions and loops of templates are not known here.
 */
export function expandTemplates(content: unknown, folder: string, given: Parameters = {}): unknown {
  const declared = isMapping(content) && Array.isArray(content.parameters) ? content.parameters.filter(isMapping) : [];
  const defaults = Object.fromEntries(declared.map((parameter) => [String(parameter.name), parameter.default]));
  const surplus = Object.keys(given).find((name) => !(name in defaults));
  if (surplus !== undefined) throw new Error(`The template has no parameter ${surplus}.`);
  return expand(content, { folder, parameters: { ...defaults, ...given } });
}

function expand(content: unknown, scope: { readonly folder: string; readonly parameters: Parameters }): unknown {
  if (typeof content === 'string') return filledIn(content, scope.parameters);
  if (Array.isArray(content)) return content.flatMap((item) => templateAt(item, scope) ?? [expand(item, scope)]);
  if (!isMapping(content)) return content;
  return Object.fromEntries(
    Object.entries(content).map(([key, value]) => [key, key === 'parameters' ? value : expand(value, scope)]),
  );
}

/** The jobs, or steps, of the template that an item of a list names. */
function templateAt(item: unknown, { folder }: { readonly folder: string }): readonly unknown[] | undefined {
  if (!isMapping(item) || typeof item.template !== 'string') return undefined;
  const template: unknown = parse(readFileSync(join(folder, item.template), 'utf8'));
  const expanded = expandTemplates(template, folder, isMapping(item.parameters) ? item.parameters : {});
  const { jobs, steps } = expanded as { readonly jobs?: readonly unknown[]; readonly steps?: readonly unknown[] };
  return jobs ?? steps ?? [];
}

function filledIn(text: string, parameters: Parameters): unknown {
  const value = (name: string) => {
    if (!(name in parameters)) throw new Error(`There is no parameter ${name}.`);
    return parameters[name];
  };
  const whole = /^\$\{\{ parameters\.(\w+) \}\}$/.exec(text)?.[1];
  if (whole !== undefined) return value(whole);
  return text.replace(/\$\{\{ parameters\.(\w+) \}\}/g, (_, name: string) => String(value(name)));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
