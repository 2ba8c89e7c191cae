import { connect } from "node:net";
import { text } from "node:stream/consumers";
import postgres from "postgres";
import { v7 as uuidv7 } from "uuid";
import { type Database, openDatabase } from "../pool.ts";
import type { TestServerAnswer } from "./test-server.ts";

export interface TestDatabase extends Database, AsyncDisposable {
  readonly url: string;
}

export interface TestDatabaseOptions {
  /** 10 when left out. */
  readonly poolMax?: number;
  /** False: without any table. */
  readonly migrated?: boolean;
}

/**
 * An empty, migrated database of its own (a clone of the run's template, about 40 ms), dropped on disposal:
 * `await using database = await createTestDatabase()`. Only inside vitest, whose global setup runs the server.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { adminUrl, template } = await testServer();
  const name = `test_${uuidv7().replaceAll("-", "")}`;
  const source = options.migrated === false ? "template0" : template;
  await administer(adminUrl, `create database ${name} template ${source}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const database = openDatabase({
    url: url.href,
    poolMax: options.poolMax ?? 10,
    applicationName: "gantry-test",
  });
  const dispose = async () => {
    await database.close();
    await administer(adminUrl, `drop database if exists ${name} with (force)`);
  };
  return { ...database, url: url.href, [Symbol.asyncDispose]: dispose };
}

async function testServer(): Promise<Extract<TestServerAnswer, { ok: true }>> {
  // Imported here, so that the rest of this door also works outside of vitest.
  const { inject } = await import("vitest");
  const answer: TestServerAnswer = JSON.parse(
    await text(connect({ host: "127.0.0.1", port: inject("testServerPort") })),
  );
  if (!answer.ok) throw new Error(`The test run's PostgreSQL did not start: ${answer.message}`);
  return answer;
}

async function administer(url: string, statement: string): Promise<void> {
  const admin = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    await admin.unsafe(statement);
  } finally {
    await admin.end();
  }
}
