/**
 * Handles items with so many workers at once; results in the items' order. A worker that throws stops the pool:
 * what may fail for one item is that item's result, not an exception.
 */
export async function inPool<T, R>(
  items: readonly T[],
  workers: number,
  handle: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = new Array<R>(items.length);
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await handle(item);
  };
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, work));
  return results;
}
