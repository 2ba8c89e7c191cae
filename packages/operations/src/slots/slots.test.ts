import { createTestDatabase, insertTenant, type TestDatabase } from "@gantry/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Account, OperationsDeps, Principal } from "../deps.ts";
import { entriesOf, insertAdmin, insertSlot, insertWorld, testDeps, type World } from "../testing.ts";
import { freeSlot } from "./free-slot.ts";
import { listSlots, slotsMax } from "./list-slots.ts";

let database: TestDatabase;
let deps: OperationsDeps;
let world: World;
let admin: Principal;
beforeEach(async () => {
  database = await createTestDatabase();
  deps = testDeps(database);
  world = await insertWorld(database);
  admin = await insertAdmin(database);
});
afterEach(() => database[Symbol.asyncDispose]());

async function list(cursor: string | null = null, limit = 10, account: Account | null = null) {
  const page = await listSlots(deps, admin, { account, cursor, limit });
  if (page.kind !== "ok") throw new Error(page.kind);
  return page;
}

const ago = (ms: number) => new Date(Date.now() - ms);

describe("slots", () => {
  test("are shown by payer, with workflow, holder, age, what is left of the lease, and hold; the oldest first", async () => {
    const runId = await insertSlot(database, world.tenant, {
      createdAt: ago(90_000),
      expiresAt: ago(-15_000),
      holder: "host:7",
    });
    const stale = { createdAt: ago(600_000), expiresAt: ago(5_000), cancelRequestedAt: ago(1_000) };
    await insertSlot(database, world.tenant, stale);
    const { items } = await list();
    expect(items).toMatchObject([{ payer: { ...world.user, name: "Ada" }, inUse: 2, limit: 10 }]);
    const [dead, live] = items[0]?.slots ?? [];
    expect(live).toMatchObject({
      runId,
      workflowName: "Workflow",
      actor: "Ada",
      holder: "host:7",
      profile: "api",
      holdMicros: 5_000,
      cancelling: false,
    });
    expect(live?.ageMs).toBeGreaterThanOrEqual(90_000);
    expect(live?.leaseLeftMs).toBeGreaterThan(0);
    expect(dead).toMatchObject({ cancelling: true });
    expect(dead?.leaseLeftMs).toBeLessThanOrEqual(-5_000);
  });

  test("are counted in full where only the oldest are listed, and page by payer", async () => {
    for (let i = 0; i < slotsMax + 2; i += 1) {
      await insertSlot(database, world.tenant, { createdAt: ago(i * 1_000) });
    }
    const other = await insertTenant(database.db);
    await insertSlot(database, other);
    const first = await list(null, 1);
    const second = await list(first.nextCursor, 1);
    const seen = [...first.items, ...second.items];
    expect(seen.map(({ payerId }) => payerId)).toEqual([world.tenant.payerId, other.payerId].toSorted());
    expect(second.nextCursor).toBeNull();
    const crowded = seen.find(({ payerId }) => payerId === world.tenant.payerId);
    expect(crowded?.inUse).toBe(slotsMax + 2);
    expect(crowded?.slots).toHaveLength(slotsMax);
    expect(crowded?.slots[0]?.ageMs).toBeGreaterThanOrEqual((slotsMax + 1) * 1_000);
    expect((await list(null, 10, { kind: "user", id: other.userId })).items).toHaveLength(1);
  });

  test("of a payer whose account is gone, or of a workflow that is, are still shown", async () => {
    await insertSlot(database, world.tenant, { payerId: "gone", workflowId: "gone", userId: "gone" });
    expect((await list()).items).toMatchObject([
      { payer: null, payerId: "gone", limit: null, slots: [{ workflowName: null, actor: null }] },
    ]);
  });
});

describe("freeing a slot", () => {
  test("is in the audit log before it is done, and stays there when nobody answers", async () => {
    const runId = await insertSlot(database, world.tenant);
    const seen: unknown[] = [];
    const fails = async () => {
      seen.push(...(await entriesOf(database)));
      throw new Error("no answer");
    };
    await expect(freeSlot({ ...deps, freeSlot: fails }, admin, runId)).rejects.toThrow("no answer");
    expect(seen).toMatchObject([
      {
        action: "slot.free",
        subject: runId,
        details: { before: { holder: "host:1", holdMicros: 5_000 }, after: null },
      },
    ]);
    expect(await entriesOf(database)).toEqual(seen);
  });

  test("holds no connection of the database while it waits for the store of slots", async () => {
    await using narrow = await createTestDatabase({ poolMax: 1 });
    const { tenant } = await insertWorld(narrow);
    const runId = await insertSlot(narrow, tenant);
    const free = async (id: string) => {
      const freed = await narrow.sql`DELETE FROM slots WHERE run_id = ${id} RETURNING 1`;
      return freed.length > 0;
    };
    const who = await insertAdmin(narrow);
    expect(await freeSlot({ ...testDeps(narrow), freeSlot: free }, who, runId)).toEqual({ kind: "freed" });
  });

  test("of a run that ended meanwhile, or of none, says so", async () => {
    const runId = await insertSlot(database, world.tenant);
    const late = { ...deps, freeSlot: async () => false };
    expect(await freeSlot(late, admin, runId)).toEqual({ kind: "already_ended" });
    expect(await freeSlot(late, admin, "none")).toEqual({ kind: "no_slot" });
  });
});
