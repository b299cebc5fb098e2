/** In the agent's order: what stands further back is worse. */
const results = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped', 'Abandoned'] as const;

export type TaskResult = (typeof results)[number];

/** Spelling counts here, as in the agent: `Cancelled` with two l is no result. */
export function parseTaskResult(text: string): TaskResult | undefined {
  return results.find((result) => result === text);
}

/** The worst wins, except that nothing follows after Canceled, Skipped or Abandoned. */
export function mergeResults(current: TaskResult | undefined, coming: TaskResult): TaskResult {
  if (current === undefined) return coming;
  if (results.indexOf(current) > results.indexOf('Failed')) return current;
  return results.indexOf(coming) >= results.indexOf(current) ? coming : current;
}
