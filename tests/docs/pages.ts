import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { expandTemplates } from './expand-templates.ts';

/** A pipeline, or a piece of one, that a reader may copy. */
export interface Snippet {
  /** Such as `examples/rotate.yml`, or `overview.md, line 40`. */
  readonly where: string;
  readonly text: string;
  readonly content: unknown;
}

/** The pages that readers get. */
export function pages(): readonly string[] {
  return [...markdownIn('.'), ...markdownIn('docs'), ...markdownIn('examples')];
}

function markdownIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`));
}

/** Every example, and every YAML block of every page. */
export function snippets(): readonly Snippet[] {
  return [...examples(), ...pages().flatMap(yamlBlocks)];
}

export function examples(): readonly Snippet[] {
  return readdirSync('examples')
    .filter((name) => name.endsWith('.yml'))
    .map((name) => {
      const text = readFileSync(`examples/${name}`, 'utf8');
      return { where: `examples/${name}`, text, content: expandTemplates(parse(text), 'examples') };
    });
}

export function yamlBlocks(page: string): readonly Snippet[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    const block = match[1] ?? '';
    return { where: `${page}, line ${line}`, text: block, content: parse(block) as unknown };
  });
}

/** Every mapping in a snippet, at any depth. */
export function* mappings(content: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(content)) for (const item of content) yield* mappings(item);
  else if (typeof content === 'object' && content !== null) {
    yield content as Readonly<Record<string, unknown>>;
    for (const value of Object.values(content)) yield* mappings(value);
  }
}

/** A step that uses the task. */
export interface TaskStep {
  readonly task: string;
  readonly name?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export function taskSteps(content: unknown): readonly TaskStep[] {
  return [...mappings(content)].filter(
    (mapping): mapping is Readonly<Record<string, unknown>> & TaskStep =>
      typeof mapping.task === 'string' && /^RenewPats@/i.test(mapping.task),
  );
}
