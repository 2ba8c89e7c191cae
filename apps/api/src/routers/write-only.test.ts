import { insertMember, insertOrganization, insertPayer } from "@gantry/db/testing";
import { hiddenIn, sampleKeys } from "@gantry/providers/credentials/testing";
import type { AnyTRPCProcedure } from "@trpc/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { signUp, startTestApi, type TestApi } from "../testing.ts";
import { appRouter } from "./root.ts";

// Every procedure there is, called by somebody who may do everything, where every kind of secret is stored.

const secrets = {
  workspaceValue: "hidden-value-of-the-workspace",
  personalValue: "hidden-value-of-the-person",
  organizationKey: "sk-hidden-key-of-the-organization",
};
/** Of the keys of every provider: the workspace's. */
const keySecrets = Object.values(sampleKeys).flatMap(hiddenIn);

let api: TestApi;
let headers: Record<string, string>;
let known: Record<string, unknown>;
beforeAll(async () => {
  api = await startTestApi();
  headers = await signUp(api);
  known = await storeEverything();
});
afterAll(() => api[Symbol.asyncDispose]());

/** What inputs may name, by the names of their fields. */
async function storeEverything(): Promise<Record<string, unknown>> {
  const { db, sql } = api.database;
  const client = api.client(headers);
  const [user] = await sql<
    { id: string; email: string }[]
  >`UPDATE users SET role = 'admin' RETURNING id, email`;
  if (user === undefined) throw new Error("nobody signed up");
  const { id: organizationId } = await insertOrganization(db);
  await insertMember(db, { organizationId, userId: user.id, role: "owner" });
  const { id: payerId } = await insertPayer(db, { organizationId });
  const { id: workspaceId } = await client.workspace.create.mutate({ name: "Acme", organizationId });
  const definition = {
    schemaVersion: 1,
    blocks: [
      { id: "s", name: "Start", type: "start", position: { x: 0, y: 0 }, inputs: [] },
      {
        id: "r",
        name: "Response",
        type: "response",
        position: { x: 1, y: 0 },
        output: "{{SHARED}} and {{MINE}}",
      },
    ],
    edges: [{ id: "e", source: "s", sourceHandle: "out", target: "r" }],
    variables: [],
  };
  const { id: workflowId } = await client.workflow.create.mutate({ workspaceId, name: "Tells", definition });
  const { versionId } = await client.deployment.deploy.mutate({ workflowId });

  const scope = { kind: "workspace", workspaceId } as const;
  const set = client.environment.set.mutate;
  await set({ scope, name: "SHARED", value: secrets.workspaceValue });
  await set({ scope: { kind: "personal" }, name: "MINE", value: secrets.personalValue });
  const add = client.providerKey.add.mutate;
  for (const key of Object.values(sampleKeys)) await add({ owner: scope, name: key.provider, key });
  const organization = { kind: "organization", organizationId } as const;
  const theirs = { provider: "anthropic", apiKey: secrets.organizationKey } as const;
  await add({ owner: organization, name: "Theirs", key: theirs });
  const { runId } = await client.execution.run.mutate({ workflowId, input: {} });
  const account = { kind: "user", id: user.id };
  return { workspaceId, organizationId, payerId, workflowId, versionId, runId, userId: user.id, account };
}

/** By path, such as `workflow.get`. */
function proceduresOf(type: "query" | "mutation"): [string, AnyTRPCProcedure][] {
  const entries: [string, unknown][] = Object.entries(appRouter._def.procedures);
  return entries.flatMap(([path, procedure]): [string, AnyTRPCProcedure][] => {
    if (!isProcedure(procedure)) throw new Error(`${path} is no procedure`);
    return procedure._def.type === type ? [[path, procedure]] : [];
  });
}

function isProcedure(value: unknown): value is AnyTRPCProcedure {
  return typeof value === "function" && "_def" in value;
}

/** Null where the input needs something that is not known. */
function inputFor(parser: unknown): Record<string, unknown> | null {
  if (parser === undefined) return {};
  if (!(parser instanceof z.ZodObject)) return null;
  const fields = Object.entries(parser.shape).filter(([name]) => known[name] !== undefined);
  const input = Object.fromEntries(fields.map(([name]) => [name, known[name]]));
  return parser.safeParse(input).success ? input : null;
}

async function answerOf(path: string, input: Record<string, unknown>): Promise<string> {
  const query = encodeURIComponent(JSON.stringify(input));
  const response = await fetch(`${api.baseUrl}/trpc/${path}?input=${query}`, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return text;
}

test("no query answers with a stored value or key, opened or sealed, whatever it is asked about", async () => {
  const answers = new Map<string, string>();
  const notAsked: string[] = [];
  for (const [path, { _def }] of proceduresOf("query")) {
    const input = inputFor(_def.inputs[0]);
    if (input === null) notAsked.push(path);
    else answers.set(path, await answerOf(path, input));
  }
  // A query that is not asked proves nothing: tell `storeEverything` what it needs.
  expect(notAsked).toEqual([]);
  expect(answers.size).toBeGreaterThan(10);
  // The values are there, under their names.
  expect(answers.get("environment.list")).toContain("SHARED");
  expect(answers.get("execution.get")).toContain("{{SHARED}} and {{MINE}}");
  expect(answers.get("providerKey.list")).toContain("...0003 · eu-central-1");

  const sealed = await api.database.sql<{ sealed: string }[]>`
    SELECT sealed FROM environment_values UNION ALL SELECT sealed FROM provider_keys`;
  expect(sealed).toHaveLength(3 + Object.keys(sampleKeys).length);
  expect(keySecrets.length).toBeGreaterThan(Object.keys(sampleKeys).length);
  const hidden = [...Object.values(secrets), ...keySecrets, ...sealed.map((row) => row.sealed)];
  const told = [...answers].filter(([, answer]) => hidden.some((secret) => answer.includes(secret)));
  expect(told.map(([path]) => path)).toEqual([]);
});

test("what changes a stored value or key answers with an id at most", async () => {
  const changes = proceduresOf("mutation").map(([path]) => path);
  expect(changes.filter((path) => /^(environment|providerKey)\./.test(path)).sort()).toEqual([
    "environment.remove",
    "environment.set",
    "providerKey.add",
    "providerKey.revoke",
  ]);
  const client = api.client(headers);
  const owner = { kind: "organization", organizationId: String(known["organizationId"]) } as const;
  const scope = { kind: "personal" } as const;
  const value = "another-hidden-value";
  expect(await client.environment.set.mutate({ scope, name: "OTHER", value })).toEqual({});
  expect(await client.environment.remove.mutate({ scope, name: "OTHER" })).toEqual({});
  for (const key of Object.values(sampleKeys)) {
    const added = await client.providerKey.add.mutate({ owner, name: "Other", key });
    expect(added).toEqual({ id: expect.any(String) });
    expect(await client.providerKey.revoke.mutate({ owner, providerKeyId: added.id })).toEqual({});
  }
  for (const secret of [value, ...keySecrets]) expect(api.logLines.join("")).not.toContain(secret);
});

test("a key that is refused is told field by field, and none of it is repeated or logged", async () => {
  const owner = { kind: "organization", organizationId: String(known["organizationId"]) } as const;
  const key = {
    provider: "bedrock",
    region: "us-east-1@hunter2.example/",
    accessKeyId: "hunter2",
    secretAccessKey: "hunter2",
  } as const;
  const refused = await api
    .client(headers)
    .providerKey.add.mutate({ owner, name: "Wrong", key })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({
    data: {
      httpStatus: 400,
      problems: [
        { path: ["key", "region"] },
        { path: ["key", "accessKeyId"] },
        { path: ["key", "secretAccessKey"] },
      ],
    },
  });
  expect(JSON.stringify(refused)).not.toContain("hunter2");
  expect(api.logLines.join("")).not.toContain("hunter2");
});
