import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuthoringDatabase, listWorkflows, listWorkspaces } from "@gantry/authoring";
import { users } from "@gantry/db";
import { createTestDatabase, type TestDatabase } from "@gantry/db/testing";
import { readPrincipal } from "@gantry/execution";
import { setRole } from "@gantry/operations";
import { createKeyring, hashApiKey } from "@gantry/secrets";
import { compile } from "@gantry/workflow";
import { v7 as uuidv7 } from "uuid";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAuth } from "../auth.ts";
import { orderDesk } from "./definitions/order-desk.ts";
import { prosAndCons } from "./definitions/pros-and-cons.ts";
import { quoteCalculator } from "./definitions/quote-calculator.ts";
import { summarizeText, summarizeTextInPoints } from "./definitions/summarize-text.ts";
import { supportTriage } from "./definitions/support-triage.ts";
import { type DemoDeps, ensureDemo } from "./ensure-demo.ts";

let dataDir = "";
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "gantry-demo-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function depsOf(database: TestDatabase): Promise<DemoDeps> {
  const newId = () => uuidv7();
  const secret = "s".repeat(32);
  const authIn = (db: AuthoringDatabase) =>
    createAuth({
      db,
      secret,
      publicUrl: null,
      localUrl: "http://127.0.0.1:3000",
      newId,
      goesOnPaying: async () => false,
      log: () => {},
    });
  const keyring = createKeyring({ current: { id: "test", key: randomBytes(32) } });
  return {
    authoring: { db: database.db, keyring, newId, randomBytes, now: () => Date.now() },
    operations: { sql: database.sql, newId },
    auth: await authIn(database.db),
    authIn,
    readPrincipal: (credential) => readPrincipal(database.sql, credential),
    dataDir,
  };
}

describe("the demo", () => {
  test.each(
    Object.entries({
      orderDesk: orderDesk("0b0c9a2e-6d0f-4c0e-9f0a-3d1f5a7b9c11"),
      prosAndCons,
      quoteCalculator,
      summarizeText,
      summarizeTextInPoints,
      supportTriage,
    }),
  )("%s compiles, and every required input has a default", (_, definition) => {
    expect(compile(definition)).toMatchObject({ ok: true });
    for (const block of definition.blocks) {
      if (block.type !== "start") continue;
      for (const input of block.inputs) expect(input.default).toBeDefined();
    }
  });

  test("is seeded once: a second start finds it and changes nothing", async () => {
    await using database = await createTestDatabase();
    const deps = await depsOf(database);
    const first = await ensureDemo(deps);
    expect(first?.workflows.map(({ name }) => name)).toContain("Summarize text");
    expect(await ensureDemo(deps)).toEqual(first);
    expect(await database.db.select().from(users)).toHaveLength(1);
    const principal = await deps.readPrincipal({ kind: "api_key", hash: hashApiKey(first?.apiKey ?? "") });
    if (principal === null) throw new Error("The demo's key opens nothing.");
    const [workspace] = await listWorkspaces(deps.authoring, principal);
    const listed = await listWorkflows(deps.authoring, principal, workspace?.id ?? "");
    if (listed.kind !== "ok") throw new Error(listed.kind);
    expect(Math.max(...listed.workflows.map(({ activeVersionNumber }) => activeVersionNumber ?? 0))).toBe(2);
  });

  test("its owner is an admin of the installation, until somebody else is", async () => {
    await using database = await createTestDatabase();
    const deps = await depsOf(database);
    await ensureDemo(deps);
    expect(await database.db.select().from(users)).toMatchObject([{ role: "admin" }]);
    const { operations } = deps;
    await deps.auth.createPerson({ name: "Grace", email: "grace@example.com", password: "correct horse" });
    await setRole(operations, { email: "grace@example.com", role: "admin" });
    await setRole(operations, { email: "demo@gantry.local", role: "user" });
    await ensureDemo(deps);
    expect(await database.sql`SELECT email FROM users WHERE role = 'admin'`).toEqual([
      { email: "grace@example.com" },
    ]);
  });

  test("two processes that start at once seed one demo between them", async () => {
    await using database = await createTestDatabase();
    const deps = await depsOf(database);
    const other = await mkdtemp(join(tmpdir(), "gantry-demo-"));
    try {
      const both = await Promise.all([ensureDemo(deps), ensureDemo({ ...deps, dataDir: other })]);
      expect(both.map((demo) => demo?.workflows.length)).toEqual([5, 5]);
      expect(await database.db.select().from(users)).toHaveLength(1);
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });

  test("half a demo is none: a seed that breaks off leaves nothing behind", async () => {
    await using database = await createTestDatabase();
    const deps = await depsOf(database);
    await database.sql`alter table api_keys add constraint broken check (name <> 'Demo key')`;
    await expect(ensureDemo(deps)).rejects.toThrow(/api_keys/);
    expect(await database.db.select().from(users)).toEqual([]);
    await database.sql`alter table api_keys drop constraint broken`;
    expect((await ensureDemo(deps))?.workflows).toHaveLength(5);
  });

  test.each([
    ["lost", (file: string) => rm(file)],
    [
      "of another database",
      (file: string) => writeFile(file, '{"apiKey":"gty_x","owner":{},"workflows":[]}'),
    ],
  ])("where demo.json is %s, the owner gets a new password and a new key that work", async (_, spoil) => {
    await using database = await createTestDatabase();
    const deps = await depsOf(database);
    const first = await ensureDemo(deps);
    const file = join(dataDir, "demo.json");
    await spoil(file);
    const renewed = await ensureDemo(deps);
    if (renewed === null) throw new Error("no demo");
    expect(renewed.workflows).toHaveLength(first?.workflows.length ?? 0);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(renewed);
    expect(await deps.readPrincipal({ kind: "api_key", hash: hashApiKey(renewed.apiKey) })).not.toBeNull();
    const signedIn = await deps.auth.handler(
      new Request("http://127.0.0.1:3000/api/auth/sign-in/email", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(renewed.owner),
      }),
    );
    expect(signedIn.status).toBe(200);
  });
});
