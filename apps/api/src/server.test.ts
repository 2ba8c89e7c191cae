import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { insertTenant } from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Readiness } from "./http/mount-health.ts";
import { startTestApi, type TestApi } from "./testing.ts";

let api: TestApi;
let folder: string;
let readiness: Readiness = { database: "ok", migrations: "current" };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gantry-web-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), "<!doctype html><title>Gantry</title>");
  await writeFile(join(folder, "assets", "app-1234.js"), "export {};");
  api = await startTestApi({ webRoot: folder, readiness: async () => readiness });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const page = { accept: "text/html,application/xhtml+xml" };

describe("the web app", () => {
  test("every page is the app, always asked for anew; its assets are kept for ever", async () => {
    for (const path of ["/", "/workflows/1?tab=runs", "/sign-in"]) {
      const response = await fetch(`${api.baseUrl}${path}`, { headers: page });
      expect(response.status).toBe(200);
      expect(response.headers.get("cache-control")).toBe("no-cache");
      expect(await response.text()).toContain("<title>Gantry</title>");
    }
    const asset = await fetch(`${api.baseUrl}/assets/app-1234.js`);
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  test("an asset or an API route that does not exist is no page", async () => {
    for (const path of ["/assets/gone.js", "/api/v2/nothing", "/trpc", "/api"]) {
      const response = await fetch(`${api.baseUrl}${path}`, { headers: page });
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.json()).toEqual({
        error: { code: "NOT_FOUND", message: "There is nothing at this address.", details: {} },
      });
    }
  });

  test("files outside of its folder are not served", async () => {
    const response = await fetch(`${api.baseUrl}/..%2f..%2fetc%2fpasswd`);
    expect(response.status).toBeGreaterThanOrEqual(400);
  });

  test("an address that cannot be read or is too long is told in the shape of every other error", async () => {
    const asked: [string, number, string][] = [
      ["/api/v2/workflows/%ff/execute", 400, "BAD_REQUEST"],
      [`/api/v2/workflows/${"a".repeat(5_001)}/execute`, 414, "ADDRESS_TOO_LONG"],
    ];
    for (const [path, status, code] of asked) {
      const response = await fetch(`${api.baseUrl}${path}`, { method: "POST" });
      expect([path, response.status]).toEqual([path, status]);
      expect(await response.json()).toEqual({ error: { code, message: expect.any(String), details: {} } });
    }
  });

  test("every answer forbids framing, sniffing and foreign content", async () => {
    for (const path of ["/", "/healthz", "/api/v2/nothing", "/trpc/system.status"]) {
      const { headers } = await fetch(`${api.baseUrl}${path}`, { headers: page });
      expect(headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});

describe("health", () => {
  test("/healthz answers as long as the process does", async () => {
    const response = await fetch(`${api.baseUrl}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
  });

  test("/readyz tells which check keeps it from being ready", async () => {
    const ready = await fetch(`${api.baseUrl}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: "ready" }]);
    for (const checks of [
      { database: "unreachable", migrations: "unknown" },
      { database: "ok", migrations: "pending" },
    ] as const) {
      readiness = checks;
      const response = await fetch(`${api.baseUrl}/readyz`);
      expect([response.status, await response.json()]).toEqual([503, { status: "not_ready", checks }]);
    }
  });
});

describe("the log", () => {
  test("tells each answer, and neither keys, cookies nor inputs", async () => {
    const tenant = await insertTenant(api.database.db);
    const client = api.client({ "x-api-key": tenant.apiKey, cookie: "gantry.session_token=secret-cookie" });
    await client.execution.explain.query({
      workflowId: tenant.workflowId,
      input: { message: "secret-input" },
    });
    await expect.poll(() => api.logLines.join("")).toContain("/trpc/execution.explain");
    const log = api.logLines.join("");
    for (const secret of [tenant.apiKey, "secret-cookie", "secret-input"]) expect(log).not.toContain(secret);
  });
});
