import type { Database } from "@gantry/db";
import type { Keyring } from "@gantry/secrets";
import { type SealedTable, sealedTables, swapSealed } from "./sealed-rows.ts";

/** A value may be 64 KB long, and a batch is in memory three times over. */
const batchRows = 100;

export interface ResealedSecrets {
  /** How many were sealed anew. */
  readonly environmentValues: number;
  readonly providerKeys: number;
  /** What cannot be opened with any key of the ring and was left as it is: what it is and whose, never its value. */
  readonly unreadable: readonly string[];
}

/**
 * Seals every stored secret with the current key of the ring that is sealed with another one. Whoever uses them meanwhile
 * needs a ring with all these keys. A value that somebody sets at the same moment is theirs: a row is only written while
 * it holds the envelope that was read. Stopped anywhere and called again, it goes on with what is left.
 * Throws what the driver throws.
 */
export async function resealSecrets(sql: Database["sql"], keyring: Keyring): Promise<ResealedSecrets> {
  const environmentValues = await resealTable(sql, keyring, sealedTables.environmentValues);
  const providerKeys = await resealTable(sql, keyring, sealedTables.providerKeys);
  return {
    environmentValues: environmentValues.resealed,
    providerKeys: providerKeys.resealed,
    unreadable: [...environmentValues.unreadable, ...providerKeys.unreadable],
  };
}

interface Pass {
  readonly resealed: number;
  /** Rows that held another envelope, or were gone, by the time they were to be written. */
  readonly missed: number;
  readonly unreadable: readonly string[];
}

/** Until a pass finds nothing to do: a process that still seals with another key may have written behind the last one. */
async function resealTable(sql: Database["sql"], keyring: Keyring, table: SealedTable) {
  let resealed = 0;
  for (;;) {
    const pass = await resealOnce(sql, keyring, table);
    resealed += pass.resealed;
    if (pass.resealed === 0 && pass.missed === 0) return { resealed, unreadable: pass.unreadable };
  }
}

async function resealOnce(sql: Database["sql"], keyring: Keyring, table: SealedTable): Promise<Pass> {
  let [resealed, missed, after] = [0, 0, ""];
  const unreadable: string[] = [];
  for (;;) {
    const rows = await table.read(sql, after, keyring.currentPrefix, batchRows);
    const last = rows.at(-1);
    if (last === undefined) return { resealed, missed, unreadable };
    after = last.id;
    const swaps: { id: string; from: string; to: string }[] = [];
    for (const { id, sealed, context, description, inUse } of rows) {
      const opened = keyring.open(sealed, context);
      if (opened.ok) swaps.push({ id, from: sealed, to: keyring.seal(opened.value, context) });
      else if (inUse) unreadable.push(description);
    }
    const swapped = swaps.length === 0 ? 0 : await swapSealed(sql, table.name, swaps);
    resealed += swapped;
    missed += swaps.length - swapped;
  }
}
