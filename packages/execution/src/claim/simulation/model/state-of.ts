import type { State } from "../state.ts";
import type { ModelEnd, Parts } from "./parts.ts";
import { rowState, slotState } from "./slot.ts";

/** All that the store must show. */
export function stateOf({ slots, ends, money, buckets, now }: Parts): State {
  const rows = [...slots].flatMap(([runId, slot]) =>
    slot.row === null ? [] : [[runId, rowState(slot, slot.row, now)] as const],
  );
  const runs = rows.length + ends.size;
  return {
    ...money.state(),
    slots: Object.fromEntries([...slots].map(([runId, slot]) => [runId, slotState(slot, now)])),
    rows: Object.fromEntries(rows),
    tokens: buckets.state(),
    ended: byStatus(ends.values()),
    rowsOfRuns: runs,
    runs,
    astray: [],
    faults: [],
  };
}

function byStatus(ends: Iterable<ModelEnd>): State["ended"] {
  const totals: Record<string, { runs: number; costMicros: number }> = {};
  for (const { status, costMicros } of ends) {
    const before = totals[status] ?? { runs: 0, costMicros: 0 };
    totals[status] = { runs: before.runs + 1, costMicros: before.costMicros + costMicros };
  }
  return totals;
}
