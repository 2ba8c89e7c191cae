import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { workflows } from "../index.ts";
import { insertTenant } from "./tenant.ts";
import { createTestDatabase } from "./test-database.ts";

describe("test databases", () => {
  test("a clone starts empty and carries the schema, a tenant's rows are whole, and clones do not share rows", async () => {
    await using first = await createTestDatabase();
    await using second = await createTestDatabase();
    const tenant = await insertTenant(first.db);
    const [workflow] = await first.db.select().from(workflows).where(eq(workflows.id, tenant.workflowId));
    expect(workflow?.activeVersionId).toBe(tenant.versionId);
    expect(await second.db.select().from(workflows)).toEqual([]);
  });
});
