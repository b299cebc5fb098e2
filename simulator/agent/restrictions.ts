import type { TaskDefinition } from './task-definition.ts';

/** What a step may not do, by its task's task.json or by its own `target:`. Each restriction binds by itself. */
export type Restrictions = NonNullable<TaskDefinition['restrictions']>;

/** A step's `target:` in YAML. */
export interface StepTarget {
  readonly commands?: 'any' | 'restricted';
  /** Names, or patterns with `*` and `?`. */
  readonly settableVariables?: 'none' | readonly string[];
}

export function restrictionsOf(definition: TaskDefinition, target: StepTarget | undefined): readonly Restrictions[] {
  const { settableVariables } = target ?? {};
  return [
    ...(definition.restrictions === undefined ? [] : [definition.restrictions]),
    ...(target?.commands === 'restricted' ? [{ commands: { mode: 'restricted' } }] : []),
    ...(settableVariables === undefined
      ? []
      : [{ settableVariables: { allowed: settableVariables === 'none' ? [] : settableVariables } }]),
  ];
}

/** Whether commands are forbidden that reach beyond the step: summaries, attachments, builds, artifacts. */
export function isRestricted(restrictions: readonly Restrictions[]): boolean {
  return restrictions.some(({ commands }) => commands?.mode === 'restricted');
}

/**
 * Whether a step may set a variable. No list allows all, an empty list none. The agent matches with Minimatch, ignoring
 * case; of its patterns only `*` and `?` are known here.
 */
export function maySetVariable(restrictions: readonly Restrictions[], name: string): boolean {
  return restrictions.every(({ settableVariables }) => {
    const allowed = settableVariables?.allowed;
    return allowed === undefined || allowed.some((pattern) => toRegExp(pattern).test(name));
  });
}

function toRegExp(pattern: string): RegExp {
  if (/[^\w.*?-]/.test(pattern)) throw new Error(`This agent cannot read the pattern ${pattern}.`);
  // Minimatch's * stops at a slash, and does not match a name that begins with a dot.
  const source = pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
  return new RegExp(`^(?!\\.)${source}$`, 'i');
}
