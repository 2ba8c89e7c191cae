import { createTestDatabase, type TestDatabase } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Claimant, insertPerson, requestOf } from "./contract/requests.ts";
import type { ClaimRequest, ClaimStore } from "./port.ts";
import { createPostgresClaimStore } from "./postgres/claim-store.ts";

// Each run has a lease of its own: what happens to one says nothing about another.

let database: TestDatabase;
let claims: ClaimStore;
let person: Claimant;
beforeAll(async () => {
  database = await createTestDatabase();
  claims = createPostgresClaimStore(database.sql);
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  person = await insertPerson(database);
});

async function claimed(changes: Partial<ClaimRequest> = {}): Promise<string> {
  const request = requestOf(person, changes);
  expect(await claims.claim(request)).toMatchObject({ result: "claimed" });
  return request.runId;
}

async function leaseOf(runId: string): Promise<number> {
  const [row] = await database.sql<{ left_ms: number }[]>`
    SELECT extract(epoch FROM expires_at - created_at)::float8 * 1000 AS left_ms FROM slots WHERE run_id = ${runId}`;
  return row?.left_ms ?? Number.NaN;
}

const expire = (runId: string) =>
  database.sql`UPDATE slots SET expires_at = now() - interval '1 second' WHERE run_id = ${runId}`;

test("a run with a short lease does not shorten that of a longer one, when it starts, is renewed or ends", async () => {
  const long = await claimed({ leaseMs: 3_600_000 });
  const short = await claimed({ leaseMs: 1_000 });
  expect(await leaseOf(long)).toBeCloseTo(3_600_000, 0);
  await claims.renew("holder", [short], 1_000);
  expect(await leaseOf(long)).toBeCloseTo(3_600_000, 0);
  await claims.release(short, "holder");
  expect(await leaseOf(long)).toBeCloseTo(3_600_000, 0);
  await claims.release(long, "holder");
});

test("of a payer's runs only those are reaped whose own lease has run out, and both payers' at once", async () => {
  const stays = await claimed();
  const dead = [await claimed(), await claimed()];
  person = await insertPerson(database);
  dead.push(await claimed());
  for (const runId of dead) await expire(runId);
  expect((await claims.reap()).toSorted()).toEqual(dead.toSorted());
  const left = await database.sql<{ run_id: string }[]>`SELECT run_id FROM slots`;
  expect(left.map(({ run_id }) => run_id)).toEqual([stays]);
  await claims.release(stays, "holder");
});

test("one that cannot be ended twice, or whose workflow is gone, keeps none of the others from being reaped", async () => {
  const ended = await claimed();
  const orphan = await claimed({ workflowId: "gone" });
  const other = await claimed();
  await database.sql`
    INSERT INTO runs (id, workspace_id, workflow_id, profile, actor_user_id, status, decision, ended_at)
    VALUES (${ended}, ${person.workspaceId}, ${person.workflowId}, 'api', ${person.userId}, 'completed', '[]', now())`;
  for (const runId of [ended, orphan, other]) await expire(runId);
  expect((await claims.reap()).toSorted()).toEqual([ended, orphan, other].toSorted());
  expect(await database.sql`SELECT 1 FROM slots`).toHaveLength(0);
  const ends = await database.sql<{ id: string; status: string }[]>`
    SELECT id, status FROM runs WHERE workflow_id = ${person.workflowId} ORDER BY 1`;
  expect(ends.map(({ id, status }) => [id, status])).toEqual([
    [ended, "completed"],
    [other, "lost"],
  ]);
});
