import { evaluate, isTruthy } from './expression.ts';
import type { TaskResult } from './task-result.ts';
import type { Variables } from './variables.ts';

/**
 * Whether a step of a job with this status runs. `variables['name']` is null where there is no such variable.
 * @throws Error if the condition is no expression: the step fails
 */
export function conditionHolds(condition: string, variables: Variables, status: TaskResult): boolean {
  const hasSucceeded = status === 'Succeeded' || status === 'SucceededWithIssues';
  const value = evaluate(condition, {
    names: { variables: { get: (name) => variables.get(name)?.value ?? null } },
    functions: {
      always: () => true,
      canceled: () => status === 'Canceled',
      failed: () => status === 'Failed',
      succeeded: () => hasSucceeded,
      succeededorfailed: () => hasSucceeded || status === 'Failed',
    },
  });
  return isTruthy(value);
}
