import { payers, users } from "@gantry/db";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browser, signUp, startTestApi, type TestApi } from "./testing.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${api.baseUrl}/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: api.baseUrl, ...headers },
    body: JSON.stringify(body),
  });
}

const person = { name: "Grace", email: "grace@example.com", password: "correct horse battery" };

describe("accounts", () => {
  test("who signs up is signed in, with a strict cookie, and administers a personal workspace that they pay for", async () => {
    const response = await post("/sign-up/email", person, browser);
    expect(response.status).toBe(200);
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^gantry\.session_token=/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);

    const client = api.client({ cookie, ...browser });
    expect(await client.workspace.list.query()).toMatchObject([
      { name: "Personal", level: "admin", payer: { kind: "user", name: "Grace" } },
    ]);
    const [user] = await api.database.db.select().from(users).where(eq(users.email, person.email));
    const owned = await api.database.db
      .select()
      .from(payers)
      .where(eq(payers.userId, user?.id ?? ""));
    expect(owned).toHaveLength(1);
  });

  test("signing out ends the session at once, also for a copy of its cookie", async () => {
    const session = await signUp(api);
    const client = api.client(session);
    await client.workspace.list.query();
    expect((await post("/sign-out", {}, session)).status).toBe(200);
    await expect(client.workspace.list.query()).rejects.toMatchObject({ data: { httpStatus: 401 } });
  });

  test("a cookie with a forged signature is nobody's", async () => {
    const session = await signUp(api);
    const forged = session.cookie.replace(/\.[^.]*$/, `.${"A".repeat(43)}%3D`);
    const client = api.client({ ...session, cookie: forged });
    await expect(client.workspace.list.query()).rejects.toMatchObject({ data: { httpStatus: 401 } });
  });

  test("a wrong password, and an unknown address, get the same answer", async () => {
    await signUp(api);
    const wrong = await post("/sign-in/email", { ...person, password: "wrong password" }, browser);
    const unknown = await post("/sign-in/email", { ...person, email: "nobody@example.com" }, browser);
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual(await unknown.json());
  });

  test("bad input is named, without a stack", async () => {
    const response = await post(
      "/sign-up/email",
      { name: "Ada", email: "no address", password: "short" },
      browser,
    );
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/\bat .*\.m?[jt]s|node_modules/);
  });

  test("what is our fault is told without SQL, and logged", async () => {
    await api.database.sql`alter table accounts rename to gone`;
    try {
      const response = await post("/sign-up/email", { ...person, email: "late@example.com" }, browser);
      expect(response.status).toBe(500);
      const answer: unknown = JSON.parse(await response.text());
      expect(answer).toEqual({ code: "INTERNAL", message: expect.stringMatching(/^Something went wrong/) });
      const log = api.logLines.join("");
      expect(log).toMatch(/relation .*accounts.* does not exist/);
      // Nor what the statement would have stored, such as the password's hash.
      expect(log).not.toContain("credential");
    } finally {
      await api.database.sql`alter table gone rename to accounts`;
    }
  });

  test("another site cannot sign out somebody who has a session", async () => {
    const session = await signUp(api);
    const foreign = {
      cookie: session.cookie,
      origin: "https://evil.example",
      "sec-fetch-site": "cross-site",
    };
    const response = await post("/sign-out", {}, foreign);
    expect(response.status).toBe(403);
    await api.client(session).workspace.list.query();
  });

  test("an organization's owner makes a workspace that the organization pays for", async () => {
    const session = await signUp(api);
    const headers = session;
    const response = await post("/organization/create", { name: "Acme", slug: "acme" }, headers);
    expect(response.status).toBe(200);
    const organization: { id: string } = JSON.parse(await response.text());
    const client = api.client(session);
    const { id } = await client.workspace.create.mutate({ name: "Team", organizationId: organization.id });
    expect(await client.workspace.list.query()).toContainEqual({
      id,
      name: "Team",
      level: "admin",
      payer: { kind: "organization", name: "Acme" },
    });
    const stranger = api.client(await signUp(api));
    await expect(
      stranger.workspace.create.mutate({ name: "Team", organizationId: organization.id }),
    ).rejects.toMatchObject({ data: { httpStatus: 404 } });
  });

  test("guessing passwords is slowed down", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      const guess = { email: person.email, password: `guess number ${i}` };
      statuses.push((await post("/sign-in/email", guess, browser)).status);
      if (statuses.at(-1) === 429) break;
    }
    expect(statuses.at(-1)).toBe(429);
  });
});
