/** Counts by name, for the names that were counted last: the one that has waited longest is forgotten first. */
export function createBoundedCounter<What>(namesMax: number) {
  const counted = new Map<string, { readonly what: What; readonly count: number }>();
  return {
    count(name: string, what: What): void {
      const before = counted.get(name)?.count ?? 0;
      // Set anew, so that the map's order is that of the last use.
      counted.delete(name);
      counted.set(name, { what, count: before + 1 });
      if (counted.size <= namesMax) return;
      const [oldest] = counted.keys();
      if (oldest !== undefined) counted.delete(oldest);
    },
    counts: () => [...counted.values()],
    clear: () => counted.clear(),
  };
}
