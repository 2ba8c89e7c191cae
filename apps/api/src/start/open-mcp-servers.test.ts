import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGuard } from "@gantry/egress";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadOperatorServers, openMcpServers } from "./open-mcp-servers.ts";
import { OperatorError } from "./operator-error.ts";
import { Teardown } from "./teardown.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gantry-mcp-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function fileWith(content: unknown): Promise<string> {
  const file = join(folder, "servers.json");
  await writeFile(file, JSON.stringify(content));
  return file;
}

test("a file names processes and addresses; without one there is none", async () => {
  const file = await fileWith({
    search: { command: "search-mcp" },
    tickets: { url: "https://tickets.example/mcp", headers: { authorization: "Bearer 1" } },
  });
  expect(await loadOperatorServers(file)).toEqual({
    search: { command: "search-mcp", args: [], env: {} },
    tickets: { url: "https://tickets.example/mcp", headers: { authorization: "Bearer 1" } },
  });
  expect(await loadOperatorServers(null)).toEqual({});
});

test("everything that is wrong with a file is told in a sentence, by its place and without its values", async () => {
  const file = await fileWith({
    search: { command: "", env: { TOKEN: 1 } },
    tickets: { url: "ftp://hunter2.example", headers: { authorization: "hunter2" } },
    both: { command: "x", url: "https://x.example" },
    "not a name": { command: "x" },
  });
  const failure: unknown = await loadOperatorServers(file).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OperatorError);
  const said = String(failure);
  for (const place of [
    "MCP_SERVERS",
    "search: must be",
    "tickets.url: ",
    "both: must be",
    "not a name: must be named",
  ]) {
    expect(said).toContain(place);
  }
  expect(said).not.toContain("hunter2");
});

test("the operator's own addresses may be private; the same address named by a user is refused", async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const url = `http://127.0.0.1:${address.port}/mcp`;
  const teardown = new Teardown();
  const endpoints = createGuard({ policy: { allow: [], requireHttps: true } });
  const servers = openMcpServers({ tickets: { url, headers: {} } }, endpoints, teardown);
  const { signal } = new AbortController();
  const byName = await servers.open({ kind: "operator", name: "tickets" }, signal);
  expect(byName).toMatchObject({ ok: false, failure: expect.not.stringContaining("ADDRESS") });
  expect(requests).toBeGreaterThan(0);
  const before = requests;
  const byUrl = await servers.open({ kind: "http", url, headers: {} }, signal);
  expect(byUrl).toMatchObject({ ok: false, failure: "ADDRESS_NOT_ALLOWED" });
  expect(requests).toBe(before);
  await teardown.run();
  await new Promise((resolve) => server.close(resolve));
});
