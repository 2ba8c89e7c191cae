/**
 * Works on all items, at most so many at the same time; results in the order of the items. Rejects with the first fault,
 * and only when everything that had begun has come to rest.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const faults: unknown[] = [];
  const waiting = items.entries();
  async function workOn(): Promise<void> {
    for (const [index, item] of waiting) {
      if (faults.length > 0) return;
      try {
        results[index] = await work(item, index);
      } catch (fault) {
        faults.push(fault);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, workOn));
  if (faults.length > 0) throw faults[0];
  return results;
}
