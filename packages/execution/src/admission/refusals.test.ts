import { insertTenant, type TestDatabase } from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StartOutcome } from "../runs/start-run.ts";
import {
  type Failure,
  failures,
  type OrganizationTenant,
  payByOrganization,
} from "../testing/failing-gates.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { spending } from "../testing/spending.ts";
import { gateNames } from "./decision.ts";
import { type RefusalCode, refusalCatalogue } from "./refusal.ts";

let harness: Harness;
let database: TestDatabase;

beforeAll(async () => {
  harness = await startHarness();
  database = harness.database;
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

async function newTenant(): Promise<OrganizationTenant> {
  return await payByOrganization(database, await insertTenant(database.db));
}

function start(tenant: OrganizationTenant): Promise<StartOutcome> {
  return harness.execution.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: {},
  });
}

async function refusalOf(tenant: OrganizationTenant) {
  const outcome = await start(tenant);
  if (outcome.kind !== "refused") throw new Error(`The run was not refused but ${outcome.kind}.`);
  return outcome;
}

test("a run that nothing forbids is admitted, by ten verdicts in the order of the gates", async () => {
  const outcome = await start(await newTenant());
  if (outcome.kind !== "admitted") throw new Error(`Not admitted: ${JSON.stringify(outcome)}`);
  expect(outcome.run.decision.map(({ gate }) => gate)).toEqual([...gateNames]);
  expect(new Set(outcome.run.decision.map(({ verdict }) => verdict))).toEqual(new Set(["pass"]));
  expect(await outcome.run.finished).toMatchObject({ status: "completed", costMicros: 5_000 });
});

describe.each(failures)("$code", ({ code, status, arrange }) => {
  test(`answers ${status} with the numbers of its gate, and has spent nothing`, async () => {
    const tenant = await newTenant();
    await arrange(database, tenant);
    const before = await spending(database);
    const { refusal, decision } = await refusalOf(tenant);
    expect(refusal).toMatchObject({ code, status, message: refusalCatalogue[code].sentence });
    const at = decision.findIndex(({ verdict }) => verdict === "refuse");
    expect(decision[at]).toMatchObject({ code, numbers: refusal.numbers });
    expect(decision.slice(at + 1).every(({ verdict }) => verdict === "not_reached")).toBe(true);
    expect(decision).toHaveLength(gateNames.length);
    expect(await spending(database)).toEqual(before);
  });

  test("explain gives the same decision, and writes nothing", async () => {
    const tenant = await newTenant();
    await arrange(database, tenant);
    const before = await spending(database);
    const explained = await harness.execution.explain({
      credential: withKey(tenant.apiKey),
      workflowId: tenant.workflowId,
      input: {},
    });
    expect(await spending(database)).toEqual(before);
    const refused = await refusalOf(tenant);
    expect(explained).toMatchObject({ kind: "explained", refusal: { code }, decision: refused.decision });
  });
});

test("every code of the catalogue is arranged, but the one that only an outage brings about", () => {
  const arranged = [...failures.map(({ code }) => code), "ADMISSION_UNAVAILABLE"];
  expect(arranged.toSorted()).toEqual(Object.keys(refusalCatalogue).toSorted());
});

const pairs = failures.flatMap((earlier, i) => failures.slice(i + 1).map((later) => ({ earlier, later })));

test.each(pairs)(
  "$earlier.code before $later.code: the earlier gate answers, and nothing is spent",
  async ({ earlier, later }) => {
    const tenant = await newTenant();
    // The later one first, so that the order of arranging is not what decides.
    await later.arrange(database, tenant);
    await earlier.arrange(database, tenant);
    const before = await spending(database);
    const { refusal } = await refusalOf(tenant);
    expect(refusal.code).toBe(earlier.code);
    expect(await spending(database)).toEqual(before);
  },
);

describe("while the claim store is away", () => {
  const ofFacts = failures.filter(({ judgedBy }) => judgedBy === "facts");
  const ofClaim = failures.filter(({ judgedBy }) => judgedBy === "claim");

  test.each(ofFacts)("$code is still the answer: it needs no claim", async ({ code, arrange }) => {
    expect(await codeWithout("slots", arrange)).toBe(code);
  });

  test.each(ofClaim)("$code cannot be known: ADMISSION_UNAVAILABLE is told instead", async ({ arrange }) => {
    expect(await codeWithout("slots", arrange)).toBe("ADMISSION_UNAVAILABLE");
  });
});

test.each(failures)("while the facts cannot be read, $code cannot be known either", async ({ arrange }) => {
  expect(await codeWithout("payers", arrange)).toBe("ADMISSION_UNAVAILABLE");
});

/** How a tenant is refused while a table cannot be found: `slots` is the claim's alone, `payers` is read for the facts. */
async function codeWithout(table: "slots" | "payers", arrange: Failure["arrange"]): Promise<RefusalCode> {
  const tenant = await newTenant();
  await arrange(database, tenant);
  const before = await spending(database);
  await database.sql.unsafe(`ALTER TABLE ${table} RENAME TO hidden`);
  try {
    return (await refusalOf(tenant)).refusal.code;
  } finally {
    await database.sql.unsafe(`ALTER TABLE hidden RENAME TO ${table}`);
    expect(await spending(database)).toEqual(before);
  }
}

test("only refusals that waiting can cure say how long to wait", async () => {
  for (const { code, arrange } of failures) {
    const tenant = await newTenant();
    await arrange(database, tenant);
    const { refusal } = await refusalOf(tenant);
    expect([code, refusal.retryAfterMs !== null]).toEqual([code, refusalCatalogue[code].retry !== "no"]);
    expect(refusal.retryable).toBe(refusal.retryAfterMs !== null);
  }
});

test("a workspace that never had a payer is refused like one whose payer was deleted", async () => {
  const nobody = await newTenant();
  await database.sql`UPDATE workspaces SET payer_id = NULL WHERE id = ${nobody.workspaceId}`;
  expect((await refusalOf(nobody)).refusal).toMatchObject({ code: "PAYER_UNRESOLVED", status: 402 });
});

test("a ban past its end does not count; of the owner or the payer it does", async () => {
  const { sql } = database;
  const past = await newTenant();
  await sql`INSERT INTO bans (id, user_id, reason, ends_at) VALUES ('past', ${past.userId}, 'x', now() - interval '1 s')`;
  expect((await start(past)).kind).toBe("admitted");

  const payer = await newTenant();
  await sql`INSERT INTO bans (id, organization_id, reason, ends_at)
            VALUES ('payer', ${payer.organizationId}, 'x', now() + interval '1 h')`;
  expect((await refusalOf(payer)).refusal).toMatchObject({
    code: "ACCOUNT_SUSPENDED",
    numbers: { subject: "payer" },
  });

  const owned = await newTenant();
  const stranger = await newTenant();
  await sql`UPDATE workflows SET owner_id = ${stranger.userId} WHERE id = ${owned.workflowId}`;
  await sql`INSERT INTO bans (id, user_id, reason) VALUES ('owner', ${stranger.userId}, 'x')`;
  expect((await refusalOf(owned)).refusal).toMatchObject({
    code: "ACCOUNT_SUSPENDED",
    numbers: { subject: "workflow_owner", endsAt: null },
  });
});

test("a workflow of another workspace answers exactly like one that does not exist", async () => {
  const mine = await newTenant();
  const other = await newTenant();
  const ask = async (workflowId: string) => {
    const outcome = await harness.execution.start({
      credential: withKey(mine.apiKey),
      workflowId,
      input: {},
    });
    if (outcome.kind !== "refused") throw new Error("not refused");
    const { timings: _, ...rest } = outcome;
    return rest;
  };
  expect(await ask(other.workflowId)).toEqual(await ask("no-such-workflow"));
});

test("an API key reaches only its own workspace, even if its user may run in others", async () => {
  const mine = await newTenant();
  const other = await newTenant();
  await database.sql`INSERT INTO workspace_permissions VALUES (${mine.userId}, ${other.workspaceId}, 'admin')`;
  const outcome = await harness.execution.start({
    credential: withKey(mine.apiKey),
    workflowId: other.workflowId,
    input: {},
  });
  expect(outcome).toMatchObject({ kind: "refused", refusal: { code: "WORKFLOW_NOT_FOUND" } });
});

test("a session runs the draft and takes no rate token; a key runs the active version", async () => {
  const tenant = await newTenant();
  await database.sql`INSERT INTO sessions (id, token, user_id, expires_at)
                     VALUES (${tenant.userId}, ${`token-${tenant.userId}`}, ${tenant.userId}, now() + interval '1 h')`;
  await failures.find(({ code }) => code === "RATE_LIMITED")?.arrange(database, tenant);
  const draft = await harness.execution.start({
    credential: { kind: "session", token: `token-${tenant.userId}` },
    workflowId: tenant.workflowId,
    input: {},
  });
  expect(draft).toMatchObject({ kind: "admitted", run: { version: null, rate: null } });
  expect((await refusalOf(tenant)).refusal.code).toBe("RATE_LIMITED");
});

test("input that the start block does not take is reported whole, and nothing is spent", async () => {
  const tenant = await newTenant();
  const before = await spending(database);
  const outcome = await harness.execution.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: { message: 1, other: true },
  });
  expect(outcome).toMatchObject({
    kind: "invalid_input",
    problems: [{ path: ["other"] }, { path: ["message"] }],
  });
  expect(await spending(database)).toEqual(before);
});

test("a refused run is in the list with its decision; a stranger's attempt is not", async () => {
  const tenant = await newTenant();
  await failures.find(({ code }) => code === "PAYER_BLOCKED")?.arrange(database, tenant);
  const { runId } = await refusalOf(tenant);
  const stranger = await newTenant();
  await harness.execution.start({
    credential: withKey(stranger.apiKey),
    workflowId: tenant.workflowId,
    input: {},
  });
  const principal = { userId: tenant.userId, apiKeyId: null, workspaceId: null };
  await expect
    .poll(() =>
      harness.execution.list({
        principal,
        workspaceId: tenant.workspaceId,
        workflowId: null,
        status: [],
        cursor: null,
        limit: 10,
      }),
    )
    .toMatchObject({
      items: [{ id: runId, status: "refused", refusalCode: "PAYER_BLOCKED", costMicros: 0 }],
    });
  const view = await harness.execution.get({ principal, runId: runId ?? "" });
  expect(view?.refusal).toMatchObject({ code: "PAYER_BLOCKED", numbers: { reason: "dispute" } });
  expect(view?.decision).toHaveLength(gateNames.length);
});
