import { openDatabase } from "@gantry/db";
import { createTestDatabase } from "@gantry/db/testing";
import { expect, test } from "vitest";
import { until } from "../../testing/until.ts";
import { placesOf } from "../contract/looking.ts";
import { insertPerson, requestOf, settlementOf } from "../contract/requests.ts";
import { createPostgresClaimStore } from "../postgres/claim-store.ts";
import { insertRunRows, rowOf } from "./run-rows.ts";

test("a run that somebody else ends while its row is being written is never in progress again", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  // One connection, so that what is done through it is one transaction.
  const theirs = openDatabase({ url: database.url, poolMax: 1, applicationName: "theirs" });
  const request = requestOf(await insertPerson(database));
  const waiting = [{ row: rowOf(request), ageMs: 0 }];
  await insertRunRows(sql, waiting);
  await theirs.sql.unsafe("BEGIN");
  await createPostgresClaimStore(theirs.sql).settle(settlementOf(request));
  const written = insertRunRows(sql, waiting);
  // Its statement has begun, and waits for what becomes of the row.
  await until(async () => (await sql`SELECT 1 FROM pg_locks WHERE NOT granted`).length > 0);
  await theirs.sql.unsafe("COMMIT");
  await written;
  await theirs.close();
  expect(await placesOf(database, request.runId)).toMatchObject([{ status: "completed" }]);
});

test("a row is as old as its claim, whatever the clocks say", async () => {
  await using database = await createTestDatabase();
  const request = requestOf(await insertPerson(database), { leaseMs: 20_000 });
  await insertRunRows(database.sql, [{ row: rowOf(request), ageMs: 15_000 }]);
  const [row] = await database.sql`
    SELECT round(extract(epoch FROM now() - created_at)) BETWEEN 14 AND 60 AS aged,
           expires_at - created_at = interval '20 s' AS leased, input, payer
      FROM slots WHERE run_id = ${request.runId}`;
  expect(row).toEqual({ aged: true, leased: true, input: request.input, payer: request.payer });
});
