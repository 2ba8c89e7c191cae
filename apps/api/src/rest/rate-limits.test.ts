import { insertBan, insertTenant, type Tenant } from "@gantry/db/testing";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { browser, signUp, startTestApi, type TestApi } from "../testing.ts";

// RateLimit and RateLimit-Policy: for every caller whose key is known, whatever the answer; for nobody else.

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(api.database.db);
  // 42 tokens and a half, and none comes back meanwhile.
  await setTokens(42.5);
});

const sql = () => api.database.sql;
const setTokens = (tokens: number) => sql()`
  INSERT INTO rate_buckets VALUES (${tenant.payerId}, 'sync', ${tokens}, now() + interval '1 hour')
  ON CONFLICT (payer_id, counter) DO UPDATE SET tokens = ${tokens}, refilled_at = now() + interval '1 hour'`;

function execute(request: {
  readonly workflowId?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}): Promise<Response> {
  const { workflowId = tenant.workflowId, headers = { "x-api-key": tenant.apiKey }, body = {} } = request;
  return fetch(`${api.baseUrl}/api/v2/workflows/${workflowId}/execute`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

function getRun(runId: string, headers: Record<string, string> = { "x-api-key": tenant.apiKey }) {
  return fetch(`${api.baseUrl}/api/v2/workflows/${tenant.workflowId}/runs/${runId}`, { headers });
}

function rateOf({ status, headers }: Response) {
  return [status, headers.get("ratelimit-policy"), headers.get("ratelimit")];
}

const policy = '"sync";q=100;w=120';
/** 58 are missing of 100, and 50 come back in a minute. */
const untouched = '"sync";r=42;t=70';

describe("a caller whose key is known is told the rate", () => {
  test("of an admitted run, what is left after it", async () => {
    expect(rateOf(await execute({}))).toEqual([200, policy, '"sync";r=41;t=71']);
    // What came back since then is not a whole one.
    const next = await execute({});
    expect(rateOf(next).slice(0, 2)).toEqual([200, policy]);
    expect(next.headers.get("ratelimit")).toMatch(/^"sync";r=4[01];t=7[12]$/);
  });

  test("of a stream of events, before the first one", async () => {
    const response = await execute({ body: { stream: true } });
    expect(rateOf(response)).toEqual([200, policy, '"sync";r=41;t=71']);
    await response.text();
  });

  test("of a run that failed, as of every admitted one", async () => {
    const definition = {
      schemaVersion: 1,
      variables: [],
      blocks: [
        { id: "s", name: "Start", type: "start", position: { x: 0, y: 0 }, inputs: [] },
        {
          id: "f",
          name: "F",
          type: "function",
          position: { x: 0, y: 0 },
          inputs: {},
          code: "throw new Error('no')",
        },
      ],
      edges: [{ id: "e", source: "s", sourceHandle: "out", target: "f" }],
    };
    tenant = await insertTenant(api.database.db, { definition });
    await setTokens(42.5);
    expect(rateOf(await execute({}))).toEqual([200, policy, '"sync";r=41;t=71']);
  });

  test.each<[string, number, () => Promise<unknown>, Parameters<typeof execute>[0]]>([
    ["400: an input that the workflow does not take", 400, nothing, { body: { input: { message: 7 } } }],
    ["400: a bound below the base charge", 400, nothing, { body: { maxCostMicros: 1 } }],
    ["402: a payer that is blocked", 402, block, {}],
    ["402: a usage limit that is reached", 402, () => limitTo(4_999), {}],
    ["402: what is left is held by others", 402, () => insertSlots(1, 4_999_000), {}],
    [
      "403: a workflow that is not deployed",
      403,
      () => sql()`UPDATE workflows SET active_version_id = NULL WHERE id = ${tenant.workflowId}`,
      {},
    ],
    [
      "403: a key whose user may only read",
      403,
      () => sql()`UPDATE workspace_permissions SET level = 'read' WHERE user_id = ${tenant.userId}`,
      {},
    ],
    [
      "403: an account that is suspended",
      403,
      () => insertBan(api.database.db, { userId: tenant.userId }),
      {},
    ],
    ["404: a workflow that is not there", 404, nothing, { workflowId: "none" }],
    ["429: as many runs as the plan allows", 429, () => insertSlots(10, 0), {}],
  ])("of a refused one as it stands. %s", async (_, status, arrange, request) => {
    await arrange();
    expect(rateOf(await execute(request))).toEqual([status, policy, untouched]);
  });

  test("of one that comes too soon, with the time until there is a token again", async () => {
    await setTokens(0.5);
    const refused = await execute({});
    expect(rateOf(refused)).toEqual([429, policy, '"sync";r=0;t=2']);
    expect(refused.headers.get("retry-after")).toBe("1");
  });

  test("when reading a run, whether it is there or not", async () => {
    const { data } = JSON.parse(await (await execute({})).text());
    await setTokens(42.5);
    expect(rateOf(await getRun(data.runId))).toEqual([200, policy, untouched]);
    expect(rateOf(await getRun("none"))).toEqual([404, policy, untouched]);
  });

  test("of their own payer and plan, not of whoever owns the workflow that they name", async () => {
    const other = await insertTenant(api.database.db);
    await sql()`UPDATE payers SET sync_runs_per_minute = 7 WHERE id = ${other.payerId}`;
    expect(rateOf(await execute({ workflowId: other.workflowId }))).toEqual([404, policy, untouched]);
    const own = await execute({ workflowId: other.workflowId, headers: { "x-api-key": other.apiKey } });
    expect(rateOf(own)).toEqual([200, '"sync";q=14;w=120', '"sync";r=13;t=9']);
  });
});

describe("nobody else is", () => {
  test("without a key, with one that nobody has, that was revoked or that has expired, or with a session", async () => {
    const { cookie } = await signUp(api);
    const revoked = await insertTenant(api.database.db);
    await sql()`UPDATE api_keys SET revoked_at = now() WHERE id = ${revoked.apiKeyId}`;
    const expired = await insertTenant(api.database.db);
    await sql()`UPDATE api_keys SET expires_at = now() - interval '1 s' WHERE id = ${expired.apiKeyId}`;
    const strangers: Record<string, string>[] = [
      {},
      { "x-api-key": "gty_unknown" },
      { "x-api-key": revoked.apiKey },
      { "x-api-key": expired.apiKey },
      { cookie, ...browser },
    ];
    for (const headers of strangers) {
      expect(rateOf(await execute({ headers }))).toEqual([401, null, null]);
      expect(rateOf(await getRun("none", headers))).toEqual([401, null, null]);
    }
  });

  test("where no payer is, there is no rate to tell", async () => {
    await sql()`UPDATE workspaces SET payer_id = NULL WHERE id = ${tenant.workspaceId}`;
    expect(rateOf(await execute({}))).toEqual([402, null, null]);
  });
});

test("a run can be read while nobody knows the rate", async () => {
  const { data } = JSON.parse(await (await execute({})).text());
  await sql()`ALTER TABLE rate_buckets RENAME TO hidden`;
  try {
    expect(rateOf(await getRun(data.runId))).toEqual([200, null, null]);
  } finally {
    await sql()`ALTER TABLE hidden RENAME TO rate_buckets`;
  }
});

describe("Retry-After", () => {
  const retryAfter = async () => {
    const { status, headers } = await execute({});
    return [status, headers.get("retry-after")];
  };
  /** Whole seconds, and the machine may have been slow. */
  const about = (seconds: number) =>
    expect.stringMatching(
      new RegExp(`^(${Array.from({ length: 20 }, (_, late) => seconds - late).join("|")})$`),
    );

  test("of a full house and of held money is when the first run is expected to end", async () => {
    await insertSlots(10, 0, 95);
    await insertSlots(1, 0, 42);
    expect(await retryAfter()).toEqual([429, about(42)]);
    await sql()`DELETE FROM slots WHERE payer_id = ${tenant.payerId}`;
    await insertSlots(1, 4_999_000, 77);
    expect(await retryAfter()).toEqual([402, about(77)]);
  });

  test("is left out where waiting does not help: what is settled stays settled", async () => {
    await insertSlots(1, 0, 42);
    await limitTo(4_999);
    expect(await retryAfter()).toEqual([402, null]);
    await sql()`UPDATE payers SET usage_limit_micros = NULL WHERE id = ${tenant.payerId}`;
    await block();
    expect(await retryAfter()).toEqual([402, null]);
    await sql()`UPDATE payers SET blocked_reason = NULL, concurrent_runs_max = 0 WHERE id = ${tenant.payerId}`;
    await sql()`DELETE FROM slots WHERE payer_id = ${tenant.payerId}`;
    expect(await retryAfter()).toEqual([429, null]);
  });
});

async function nothing(): Promise<void> {}

function block() {
  return sql()`UPDATE payers SET blocked_reason = 'dispute' WHERE id = ${tenant.payerId}`;
}

function limitTo(micros: number) {
  return sql()`UPDATE payers SET usage_limit_micros = ${micros} WHERE id = ${tenant.payerId}`;
}

async function insertSlots(count: number, holdMicros: number, expectedS = 60): Promise<void> {
  for (let slot = 0; slot < count; slot += 1) {
    await sql()`
      INSERT INTO slots (run_id, payer_id, user_id, workspace_id, workflow_id, profile, plan, input, decision, holder,
                         epoch, hold_micros, period_start, counts_for_member, expires_at, expected_end_at, deadline_at)
      VALUES (${uuidv7()}, ${tenant.payerId}, 'somebody', 'elsewhere', 'elsewhere', 'api', 'free', '{}', '[]', 'elsewhere',
              1, ${holdMicros}, now(), false, now() + interval '1 hour',
              now() + ${expectedS}::int * interval '1 second', now() + interval '1 hour')`;
  }
}
